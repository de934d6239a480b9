/** One request, as `fetch` takes it. */
export type BackgroundFetchRequest = string | URL | Request;

/** An image resource, as in a web app manifest. */
export interface ImageResource {
  src: string;
  sizes?: string;
  type?: string;
  label?: string;
}

/** How a background fetch is shown to people. */
export interface BackgroundFetchUIOptions {
  title?: string;
  icons?: Iterable<ImageResource>;
}

/**
 * How a background fetch is shown and performed. What a browser does not know stands below
 * `downloadTotal`.
 */
export interface BackgroundFetchOptions extends BackgroundFetchUIOptions {
  /** The most bytes that all bodies together may have; 0, the default: no limit. */
  downloadTotal?: number;
  retry?: {
    /** Attempts per request, the first included. */
    limit?: number;
    /** Answers of these statuses are tried again, too. */
    statuses?: number[];
    /** Requests of every method, POST too, may be sent more than once. */
    unsafe?: boolean;
  };
  /** Durations such as `500ms`, `30s`, `6h`. */
  timeouts?: { connect?: string; firstByte?: string; idle?: string; total?: string };
  /** For how long records stay readable after the end. */
  retentionSeconds?: number;
}

/** Which records match beside those of exactly the same request. */
export interface CacheQueryOptions {
  ignoreSearch?: boolean;
  ignoreMethod?: boolean;
  ignoreVary?: boolean;
}

/** A problem document (RFC 9457): the `problem` of every exception that stands for a refusal. */
export interface Problem {
  status: number;
  type?: string;
  title?: string;
  detail?: string;
  /** Of the exception. */
  name?: string;
  /** Which requests of a list are wrong, the first 100. */
  errors?: { index: number; detail: string; name?: string }[];
}

type Listener = ((event: Event) => void) | { handleEvent(event: Event): void };

type ListenerOptions =
  boolean | { capture?: boolean; once?: boolean; passive?: boolean; signal?: AbortSignal };

export type BackgroundFetchResult = '' | 'success' | 'failure';

export type BackgroundFetchFailureReason =
  '' | 'aborted' | 'bad-status' | 'fetch-error' | 'quota-exceeded' | 'download-total-exceeded';

export interface BackgroundFetchManagerOptions {
  /**
   * What relative URLs are resolved against; the base URL of the document, where there is one,
   * unless said.
   */
  base?: string | URL;
  /** Sent as `Authorization: Bearer`. */
  apiKey?: string;
  /** To use instead of the global `fetch`. */
  fetch?: (input: string, init?: RequestInit) => Promise<Response>;
  /**
   * Whether the records of a fetch are released when the handlers of its end, and all that they
   * wait for, are done. Where that end has no handler they stay.
   */
  releaseRecords?: boolean;
}

export interface BackgroundFetchManagerEventMap {
  backgroundfetchsuccess: BackgroundFetchUpdateUIEvent;
  backgroundfetchfail: BackgroundFetchUpdateUIEvent;
  backgroundfetchabort: BackgroundFetchEvent;
  backgroundfetchclick: BackgroundFetchEvent;
  /** A refusal that no call waits for, such as that of the event stream. */
  error: Event & { readonly error: Error };
}

/** The browser's `BackgroundFetchManager`, served by a bgfetch gateway. */
export class BackgroundFetchManager extends EventTarget {
  /** @param url of the gateway */
  constructor(url: string | URL, options?: BackgroundFetchManagerOptions);

  /**
   * Registers a background fetch. Rejects with a TypeError, or a DOMException named
   * `QuotaExceededError` or `NotAllowedError`.
   *
   * @param id not that of an active one
   * @param requests an async iterable is sent while it comes, and only once
   */
  fetch(
    id: string,
    requests:
      | BackgroundFetchRequest
      | Iterable<BackgroundFetchRequest>
      | AsyncIterable<BackgroundFetchRequest>,
    options?: BackgroundFetchOptions,
  ): Promise<BackgroundFetchRegistration>;

  /** The active fetch of this id, the same object for as long as somebody has it. */
  get(id: string): Promise<BackgroundFetchRegistration | undefined>;

  /** The ids of all active fetches. */
  getIds(): Promise<string[]>;

  /**
   * Ends all connections: nothing is heard any more, and what is under way, or called later,
   * rejects with `AbortError`; so do the bodies of responses.
   */
  close(): void;

  onbackgroundfetchsuccess:
    ((this: BackgroundFetchManager, event: BackgroundFetchUpdateUIEvent) => unknown) | null;
  onbackgroundfetchfail:
    ((this: BackgroundFetchManager, event: BackgroundFetchUpdateUIEvent) => unknown) | null;
  onbackgroundfetchabort:
    ((this: BackgroundFetchManager, event: BackgroundFetchEvent) => unknown) | null;
  onbackgroundfetchclick:
    ((this: BackgroundFetchManager, event: BackgroundFetchEvent) => unknown) | null;

  addEventListener<K extends keyof BackgroundFetchManagerEventMap>(
    type: K,
    listener: (this: BackgroundFetchManager, event: BackgroundFetchManagerEventMap[K]) => unknown,
    options?: ListenerOptions,
  ): void;
  removeEventListener<K extends keyof BackgroundFetchManagerEventMap>(
    type: K,
    listener: (this: BackgroundFetchManager, event: BackgroundFetchManagerEventMap[K]) => unknown,
    options?: ListenerOptions,
  ): void;
  addEventListener(type: string, listener: Listener | null, options?: ListenerOptions): void;
  removeEventListener(type: string, listener: Listener | null, options?: ListenerOptions): void;
}

/** One background fetch. Its properties follow the service. */
export class BackgroundFetchRegistration extends EventTarget {
  private constructor();

  readonly id: string;
  /** UUID of this very fetch. */
  readonly uid: string;
  readonly uploadTotal: number;
  readonly uploaded: number;
  readonly downloadTotal: number;
  readonly downloaded: number;
  readonly result: BackgroundFetchResult;
  readonly failureReason: BackgroundFetchFailureReason;
  readonly recordsAvailable: boolean;
  readonly paused: boolean;

  onprogress: ((this: BackgroundFetchRegistration, event: Event) => unknown) | null;

  /**
   * Whether it was this call that ended the fetch. Where an answer was lost and the call made
   * again, an abort by somebody else at the same time counts as this one.
   */
  abort(): Promise<boolean>;
  /** Rejects with `InvalidStateError` when it has ended, or not all of it is GET. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Rejects with `InvalidStateError` when the records are not available any more. */
  match(
    request: BackgroundFetchRequest,
    options?: CacheQueryOptions,
  ): Promise<BackgroundFetchRecord | undefined>;
  /** All records where no request is given, in the order of the list. */
  matchAll(
    request?: BackgroundFetchRequest,
    options?: CacheQueryOptions,
  ): Promise<BackgroundFetchRecord[]>;

  addEventListener(
    type: 'progress',
    listener: (this: BackgroundFetchRegistration, event: Event) => unknown,
    options?: ListenerOptions,
  ): void;
  removeEventListener(
    type: 'progress',
    listener: (this: BackgroundFetchRegistration, event: Event) => unknown,
    options?: ListenerOptions,
  ): void;
  addEventListener(type: string, listener: Listener | null, options?: ListenerOptions): void;
  removeEventListener(type: string, listener: Listener | null, options?: ListenerOptions): void;
}

/** One request of a background fetch and the response to it. */
export class BackgroundFetchRecord {
  private constructor();

  readonly request: Request;
  /**
   * Resolves when the head of the response is known; the body then comes as it arrives. Rejects
   * with `AbortError` for what was aborted, with a TypeError for what has no response.
   */
  readonly responseReady: Promise<Response>;
}

/** `backgroundfetchabort` or `backgroundfetchclick`. */
export class BackgroundFetchEvent extends Event {
  constructor(
    type: string,
    init: { bubbles?: boolean; cancelable?: boolean; registration: BackgroundFetchRegistration },
  );

  readonly registration: BackgroundFetchRegistration;
  /** Keeps the records for as long as the promise takes. */
  waitUntil(promise: unknown): void;
}

/** `backgroundfetchsuccess` or `backgroundfetchfail`. */
export class BackgroundFetchUpdateUIEvent extends BackgroundFetchEvent {
  /** Gives the fetch another title, other icons, or both; once. */
  updateUI(ui?: BackgroundFetchUIOptions): Promise<void>;
}
