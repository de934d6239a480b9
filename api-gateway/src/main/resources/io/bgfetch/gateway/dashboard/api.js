const KEY = 'bgfetch.key';
const PATIENCE = 20_000;

/** An answer that is no success, or none at all (then the status is 0). */
export class ApiProblem extends Error {
  /**
   * @param {number} status
   * @param {string} detail one line for people
   */
  constructor(status, detail) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
  }
}

/**
 * The HTTP interface of the gateway that the page came from. Where it wants a key, a person is
 * asked for one; it is kept for the session of the browser's tab and sent in a header, never in a
 * URL.
 */
export class Api {
  #base;
  #askForKey;
  #asking = null;

  /**
   * @param {URL} base what the paths are relative to
   * @param {(wrong: boolean) => Promise<string>} askForKey told whether the last one was refused
   */
  constructor(base, askForKey) {
    this.#base = base;
    this.#askForKey = askForKey;
  }

  get #key() {
    return sessionStorage.getItem(KEY);
  }

  /** Whether requests need a header that a plain link cannot have. */
  get needsKey() {
    return this.#key !== null;
  }

  /** The address of a path, for links. */
  url(path, query = {}) {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== '') {
        url.searchParams.set(name, value);
      }
    }
    return url;
  }

  /** The JSON of a GET. */
  async get(path, query = {}) {
    return (await this.#send('GET', this.url(path, query), within())).json();
  }

  /** The JSON that a POST is answered with; null where there is none. */
  async post(path) {
    const response = await this.#send('POST', this.url(path), within());
    return response.headers.get('content-type') === 'application/json' ? response.json() : null;
  }

  async delete(path) {
    await this.#send('DELETE', this.url(path), within());
  }

  /** A body, whole. It may take as long as it takes. */
  async blob(path) {
    return (await this.#send('GET', this.url(path), {})).blob();
  }

  /**
   * The bytes of an event stream.
   *
   * @param {string} lastEventId `''` for none
   * @param {AbortSignal} signal ends it
   * @returns {Promise<ReadableStream<Uint8Array>>}
   */
  async stream(path, lastEventId, signal) {
    const headers = { Accept: 'text/event-stream' };
    if (lastEventId !== '') {
      headers['Last-Event-ID'] = lastEventId;
    }
    return (await this.#send('GET', this.url(path), { headers, signal })).body;
  }

  /** Each try has the whole time: the clock does not run while a person types. */
  async #send(method, url, { headers = {}, signal, timeout }) {
    for (;;) {
      const key = this.#key;
      const response = await this.#fetch(url, {
        method,
        cache: 'no-store',
        redirect: 'error',
        signal: timeout ? AbortSignal.timeout(timeout) : signal,
        headers: key === null ? headers : { ...headers, Authorization: `Bearer ${key}` },
      });
      if (response.ok) {
        return response;
      }
      if (response.status !== 401) {
        throw await problemOf(response);
      }
      await response.body?.cancel();
      if (key === this.#key) {
        await this.#newKey(key !== null);
      }
    }
  }

  async #fetch(url, options) {
    try {
      return await fetch(url, options);
    } catch (failure) {
      const late = failure.name === 'TimeoutError';
      throw new ApiProblem(0, `The gateway ${late ? 'does not answer' : 'cannot be reached'}`);
    }
  }

  /** However many requests were refused, there is one question. */
  #newKey(wrong) {
    this.#asking ??= this.#askForKey(wrong)
      .then((key) => sessionStorage.setItem(KEY, key))
      .finally(() => (this.#asking = null));
    return this.#asking;
  }
}

function within() {
  return { timeout: PATIENCE };
}

async function problemOf(response) {
  const problem = await response.json().catch(() => null);
  const detail = problem?.detail ?? problem?.title ?? response.statusText;
  return new ApiProblem(response.status, detail || `status ${response.status}`);
}

/** The path of one registration, or of something below it. */
export function fetchPath(uid, ...rest) {
  return ['v1', 'fetches', uid, ...rest].map(encodeURIComponent).join('/');
}
