import { BackgroundFetchEvent, BackgroundFetchUpdateUIEvent } from './background-fetch-event.js';
import { BackgroundFetchRegistration } from './background-fetch-registration.js';
import { Ends } from './ends.js';
import { ambientBase } from './environment.js';
import { Gateway } from './gateway.js';
import { FINISHED, INTERNAL, UPDATE } from './internal.js';
import { ListenedEventTarget } from './listened-event-target.js';
import { News } from './news.js';
import { idempotencyKey, register } from './registering.js';
import { appearance, registrationHead } from './registration-head.js';
import { listed, listedOne } from './request-list.js';

const PAGE = 1_000;
const ABORT = 'backgroundfetchabort';
const CLICK = 'backgroundfetchclick';
const FAIL = 'backgroundfetchfail';
const SUCCESS = 'backgroundfetchsuccess';
const TYPES = [ABORT, CLICK, FAIL, SUCCESS];

/**
 * The browser's `BackgroundFetchManager`, served by a bgfetch gateway. Its events are those that a
 * service worker would get: of all fetches of the tenant, whoever registered them. While they have
 * handlers a connection is open.
 */
export class BackgroundFetchManager extends ListenedEventTarget {
  #gateway;
  #base;
  #releaseRecords;
  #news;
  #ends = new Ends();
  #registrations = new Map();
  #collected = new FinalizationRegistry(({ uid, reference }) => {
    if (this.#registrations.get(uid) === reference) {
      this.#registrations.delete(uid);
    }
  });

  /**
   * @param {string | URL} url of the gateway
   * @param {object} [options]
   * @param {string | URL} [options.base] what relative URLs are resolved against; the document's
   *   own unless said
   * @param {string} [options.apiKey] sent as `Authorization: Bearer`
   * @param {typeof fetch} [options.fetch] to use instead of the global one
   * @param {boolean} [options.releaseRecords] whether records are released when the handlers of an
   *   end are done
   */
  constructor(url, options = {}) {
    super();
    const { base, apiKey, fetch, releaseRecords = false } = options;
    this.#gateway = new Gateway(new URL(url, ambientBase()), apiKey, fetch);
    this.#base = base === undefined ? undefined : new URL(base, ambientBase()).href;
    this.#releaseRecords = Boolean(releaseRecords);
    this.#news = new News(this.#gateway, {
      opened: () => this.#ends.opened(),
      heard: (type, state) => this.#heard(type, state),
      refused: (refusal) => this.#refused(refusal),
    });
  }

  /** A page may get another base while it lives. */
  get #currentBase() {
    return this.#base ?? ambientBase();
  }

  /**
   * Registers a background fetch.
   *
   * @param {string} id not that of an active one
   * @param {RequestInfo | URL | Iterable<RequestInfo | URL> | AsyncIterable<RequestInfo | URL>}
   *   requests
   * @param {object} [options] title, icons, downloadTotal; retry, timeouts, retentionSeconds
   * @returns {Promise<BackgroundFetchRegistration>}
   */
  async fetch(id, requests, options = {}) {
    if (arguments.length < 2) {
      throw new TypeError('An id and requests are needed');
    }
    const base = this.#currentBase;
    const list =
      requests?.[Symbol.asyncIterator] === undefined
        ? listed(requests, base)
        : arriving(requests, base);
    const head = registrationHead(`${id}`, base, options);
    return this.#registration(await register(this.#gateway, head, list, idempotencyKey()));
  }

  /**
   * The active fetch of this id; the same object for as long as somebody has it.
   *
   * @param {string} id
   * @returns {Promise<BackgroundFetchRegistration | undefined>}
   */
  async get(id) {
    const text = `${id}`;
    if (arguments.length === 0 || text === '') {
      throw new TypeError('The id is empty');
    }
    if (!isWellFormed(text)) {
      return undefined; // nothing has such an id
    }
    const page = await this.#gateway.json(
      `v1/fetches?active=true&limit=1&id=${encodeURIComponent(text)}`,
    );
    const [state] = page.registrations;
    return state === undefined ? undefined : this.#registration(state);
  }

  /**
   * The ids of all active fetches.
   *
   * @returns {Promise<string[]>}
   */
  async getIds() {
    const ids = [];
    let cursor = null;
    do {
      const from = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await this.#gateway.json(`v1/fetches?active=true&limit=${PAGE}${from}`);
      page.registrations.forEach(({ id }) => ids.push(id));
      cursor = page.next;
    } while (cursor !== null);
    return ids;
  }

  /**
   * Ends all connections: nothing is heard any more, and what is under way, or called later,
   * rejects with `AbortError`; so do the bodies of responses.
   */
  close() {
    this.#news.close();
    this.#gateway.close();
  }

  listenersChanged() {
    this.#news.handlers = this.isListenedTo(...TYPES);
  }

  /** The object of a registration, brought up to date. */
  #registration(state) {
    const known = this.#registrations.get(state.uid)?.deref();
    if (known !== undefined) {
      known[UPDATE](state);
      this.#expect(known, state);
      return known;
    }
    const registration = new BackgroundFetchRegistration(
      INTERNAL,
      this.#gateway,
      this.#news,
      state,
    );
    const reference = new WeakRef(registration);
    this.#registrations.set(state.uid, reference);
    this.#collected.register(registration, { uid: state.uid, reference });
    this.#expect(registration, state);
    return registration;
  }

  #expect(registration, state) {
    if (state.result === '') {
      this.#news.expect(registration);
    }
  }

  #heard(type, state) {
    switch (type) {
      case SUCCESS:
      case FAIL:
      case ABORT:
        if (this.#ends.first(state.uid)) {
          this.#ended(type, state);
        }
        break;
      case CLICK:
        this.dispatchEvent(
          new BackgroundFetchEvent(CLICK, { registration: this.#registration(state) }),
        );
        break;
      default:
    }
  }

  async #ended(type, state) {
    const handled = this.isListenedTo(type);
    const registration = this.#registration(state);
    const event =
      type === ABORT
        ? new BackgroundFetchEvent(type, { registration })
        : new BackgroundFetchUpdateUIEvent(type, {
            registration,
            update: (ui) => this.#update(registration, ui),
          });
    this.dispatchEvent(event);
    await event[FINISHED]();
    if (handled && this.#releaseRecords && registration.recordsAvailable) {
      await this.#release(registration);
    }
  }

  async #update(registration, ui) {
    const json = appearance(ui, this.#currentBase);
    if (Object.keys(json).length > 0) {
      registration[UPDATE](
        await this.#gateway.json(`v1/fetches/${registration.uid}`, { method: 'PATCH', json }),
      );
    }
  }

  async #release(registration) {
    try {
      const path = `v1/fetches/${registration.uid}/release`;
      registration[UPDATE](await this.#gateway.json(path, { method: 'POST' }));
    } catch (failure) {
      this.#refused(failure); // they expire then
    }
  }

  /** What no call waits for, and somebody should know. */
  #refused(failure) {
    if (this.#gateway.closed.aborted) {
      return;
    }
    this.dispatchEvent(Object.assign(new Event('error'), { error: failure }));
  }
}

for (const type of TYPES) {
  Object.defineProperty(BackgroundFetchManager.prototype, `on${type}`, {
    get() {
      return this.getHandler(type);
    },
    set(handler) {
      this.setHandler(type, handler);
    },
    enumerable: true,
    configurable: true,
  });
}

async function* arriving(requests, base) {
  for await (const request of requests) {
    yield listedOne(request, base);
  }
}

function isWellFormed(text) {
  try {
    encodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
