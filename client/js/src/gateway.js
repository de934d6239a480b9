import { pause } from './internal.js';
import { exceptionOf, isMissing } from './problem.js';

/** A call is made at least so often, and for so many milliseconds, before it is given up. */
const ATTEMPTS = 5;
const PATIENCE = 30_000;

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
const ANSWER_WITHIN = 30_000;

/** What a platform's timer can count to. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** No answer of a gateway that is there, but of one that soon will be. */
const PASSING = new Set([502, 503, 504]);

const RETRY_AFTER = Symbol('milliseconds to wait');

/**
 * @typedef {object} Call
 * @property {string} [method] GET unless said
 * @property {unknown} [json] the body, as JSON
 * @property {() => BodyInit} [body] makes the body, anew for each attempt
 * @property {Record<string, string>} [headers]
 * @property {number} [within] milliseconds for one attempt to be answered
 * @property {boolean} [once] whether it is not to be sent again
 * @property {number} [patience] milliseconds until no other attempt is made
 * @property {() => void} [repeated] called before each attempt but the first
 * @property {AbortSignal} [signal]
 */

/** The way to one gateway: URLs, keys, attempts, deadlines, refusals. */
export class Gateway {
  #url;
  #apiKey;
  #fetch;
  #closed = new AbortController();

  constructor(url, apiKey, fetch) {
    this.#url = new URL(url);
    if (!/^https?:$/.test(this.#url.protocol)) {
      throw new TypeError(`Not an http or https URL: ${url}`);
    }
    if (!this.#url.pathname.endsWith('/')) {
      this.#url.pathname += '/';
    }
    if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
      // Without the key: messages end in logs.
      throw new TypeError('The API key is empty, or has a character that no header can carry');
    }
    this.#apiKey = apiKey;
    // Looked up late, so that a replaced global counts; called without a receiver, as browsers
    // demand.
    this.#fetch = fetch ?? ((input, init) => globalThis.fetch(input, init));
  }

  /** Aborts, from the outside, all that is under way once the gateway is done with. */
  get closed() {
    return this.#closed.signal;
  }

  /** Ends all calls; from then on each rejects with `AbortError`. */
  close() {
    this.#closed.abort(new DOMException('The manager is closed', 'AbortError'));
  }

  /**
   * Calls and reads the answer's JSON.
   *
   * @param {string} path below the gateway's URL, without a leading slash
   * @param {Call} [call]
   */
  async json(path, call = {}) {
    return this.#attempts(path, call, (answer) =>
      answer.status === 204 ? undefined : answer.json(),
    );
  }

  /** As `json`, or undefined where the gateway knows no such thing. */
  async find(path, call = {}) {
    try {
      return await this.json(path, call);
    } catch (exception) {
      if (isMissing(exception)) {
        return undefined;
      }
      throw exception;
    }
  }

  /**
   * Calls, and leaves the body of the answer to the caller; so is its deadline from then on.
   *
   * @param {string} path
   * @param {Call} [call]
   * @returns {Promise<Response>} of status 200 to 299
   */
  async open(path, call = {}) {
    return this.#attempts(path, call, (answer) => answer);
  }

  /**
   * Calls once, without a deadline of its own. Refusals are thrown, and so is what `fetch` throws.
   */
  async openOnce(path, call) {
    const { method = 'GET', json, body, headers, signal } = call;
    const sent = new Headers(headers);
    if (this.#apiKey !== undefined) {
      sent.set('Authorization', `Bearer ${this.#apiKey}`);
    }
    const init = { method, headers: sent, signal, cache: 'no-store' };
    if (json !== undefined) {
      sent.set('Content-Type', 'application/json');
      init.body = JSON.stringify(json);
    } else if (body !== undefined) {
      init.body = body();
      if (init.body instanceof ReadableStream) {
        init.duplex = 'half';
      }
    }
    const answer = await (0, this.#fetch)(new URL(path, this.#url).href, init);
    if (!answer.ok) {
      throw Object.defineProperty(await exceptionOf(answer), RETRY_AFTER, {
        value: retryAfter(answer),
      });
    }
    return answer;
  }

  async #attempts(path, call, read) {
    const { patience = PATIENCE } = call;
    const start = Date.now();
    for (let attempt = 1; ; attempt++) {
      this.#closed.signal.throwIfAborted();
      if (attempt > 1) {
        call.repeated?.();
      }
      try {
        return await this.#withinDeadline(path, call, read);
      } catch (exception) {
        const status = exception.problem?.status;
        const passes = status === undefined || PASSING.has(status);
        const last = attempt >= ATTEMPTS && Date.now() - start >= patience;
        if (!passes || call.once || call.signal?.aborted || last) {
          throw exception;
        }
        await pause(pauseAfter(attempt, exception), call.signal ?? this.#closed.signal);
      }
    }
  }

  async #withinDeadline(path, call, read) {
    const { within = ANSWER_WITHIN, signal } = call;
    const control = new AbortController();
    const closed = this.#closed.signal;
    const give = ({ target }) => control.abort(target.reason);
    for (const outer of [closed, signal]) {
      outer?.addEventListener('abort', give);
      if (outer?.aborted) {
        give({ target: outer });
      }
    }
    const late = () => control.abort(new TypeError(`No answer within ${within} ms`));
    const timer =
      within === Infinity ? undefined : setTimeout(late, Math.min(within, LONGEST_TIMER));
    try {
      const answer = await this.openOnce(path, { ...call, signal: control.signal });
      return await Promise.race([read(answer), aborted(control.signal)]);
    } catch (exception) {
      closed.throwIfAborted();
      throw asNetworkError(exception, control.signal.aborted ? control.signal.reason : undefined);
    } finally {
      clearTimeout(timer);
      closed.removeEventListener('abort', give);
      signal?.removeEventListener('abort', give);
    }
  }
}

/** Some platforms forget to fail a body whose call was aborted. */
function aborted(signal) {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** As `fetch` itself: no answer is a TypeError, whatever the platform's reason was. */
function asNetworkError(exception, reason) {
  if (exception.problem !== undefined || exception instanceof TypeError) {
    return exception;
  }
  return (
    reason ??
    new TypeError(`The gateway cannot be reached: ${exception.message}`, { cause: exception })
  );
}

/** As the gateway says, but no storm of calls where it says so again and again. */
function pauseAfter(attempt, exception) {
  const said = exception[RETRY_AFTER];
  return said === undefined || attempt >= ATTEMPTS
    ? Math.max(said ?? 0, backOff(attempt))
    : said;
}

/**
 * How long to wait before the attempt after this one; half of it by chance, so that clients spread.
 */
export function backOff(attempt) {
  const whole = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
  return whole / 2 + (Math.random() * whole) / 2;
}

/** Milliseconds, not more than our own longest pause; undefined where the answer does not say. */
function retryAfter(answer) {
  const value = answer.headers.get('Retry-After');
  if (value === null) {
    return undefined;
  }
  const wait = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_PAUSE, Math.max(0, wait));
}
