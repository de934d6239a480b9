import { backOff } from './gateway.js';
import { pause } from './internal.js';
import { isMissing } from './problem.js';
import { readServerSentEvents } from './server-sent-events.js';

/** The gateway sends a comment every 15 s: after three that are missing nobody is there. */
const SILENCE = 45_000;

/** Refusals that pass by themselves; after others it is still tried again, but they are told. */
const BUSY = new Set([408, 429, 502, 503, 504]);

const SLOWEST = 7;

/**
 * One stream of server-sent events that is kept up: connected again after a failure, or when it
 * falls silent, from where it was.
 */
export class EventSubscription {
  #gateway;
  #path;
  #listener;
  #ended = new AbortController();
  #lastEventId;
  #failures = 0;

  /**
   * @param {import('./gateway.js').Gateway} gateway
   * @param {string} path
   * @param {object} listener
   * @param {(event: import('./server-sent-events.js').ServerSentEvent) => unknown} listener.heard
   *   the next event waits for what it gives
   * @param {(resumed: boolean) => void} [listener.opened] whether what was missed is made up for
   * @param {() => void} [listener.lost] the connection is; there will be another
   * @param {(missing: boolean) => void} [listener.gone] there is nothing to follow, or nothing any
   *   more; without it that is a refusal as others are
   * @param {(refusal: Error) => void} [listener.refused]
   * @param {string} [lastEventId] where to go on
   */
  constructor(gateway, path, listener, lastEventId = '') {
    this.#lastEventId = lastEventId;
    this.#gateway = gateway;
    this.#path = path;
    this.#listener = listener;
    this.#run();
  }

  /** Behind which event another subscription could go on. */
  get lastEventId() {
    return this.#lastEventId;
  }

  close() {
    this.#ended.abort();
  }

  async #run() {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        await this.#connection();
      } catch (failure) {
        this.#judge(failure);
      }
      if (!signal.aborted) {
        this.#listener.lost?.();
        this.#failures = Math.min(SLOWEST, this.#failures + 1);
        await pause(backOff(this.#failures), signal);
      }
    }
  }

  /** One connection from its beginning to its end, which no end of the stream itself is. */
  async #connection() {
    const control = new AbortController();
    const close = () => control.abort();
    this.#ended.signal.addEventListener('abort', close);
    let timer;
    const touch = () => {
      clearTimeout(timer);
      timer = setTimeout(close, SILENCE);
    };
    touch();
    try {
      const answer = await this.#gateway.openOnce(this.#path, {
        headers: this.#headers(),
        signal: control.signal,
      });
      if (answer.status === 204) {
        this.#end(false);
        return;
      }
      if (this.#ended.signal.aborted) {
        answer.body.cancel().catch(() => {});
        return;
      }
      this.#listener.opened?.(this.#lastEventId !== '');
      await this.#listen(watched(answer.body, control.signal, touch));
    } finally {
      close(); // what still comes in shall not set the timer once more
      clearTimeout(timer);
      this.#ended.signal.removeEventListener('abort', close);
    }
  }

  #headers() {
    const accept = { Accept: 'text/event-stream' };
    return this.#lastEventId === '' ? accept : { ...accept, 'Last-Event-ID': this.#lastEventId };
  }

  async #listen(bytes) {
    const identified = (id) => {
      this.#lastEventId = id;
    };
    for await (const event of readServerSentEvents(bytes, { identified })) {
      if (this.#ended.signal.aborted) {
        return;
      }
      this.#failures = 0;
      await this.#listener.heard(event);
    }
  }

  #judge(failure) {
    const status = failure?.problem?.status;
    if (isMissing(failure) && this.#listener.gone !== undefined) {
      this.#end(true);
    } else if (status >= 400 && status < 500 && !BUSY.has(status)) {
      this.#failures = SLOWEST;
      this.#listener.refused?.(failure);
    }
  }

  #end(missing) {
    if (this.#listener.gone !== undefined) {
      this.close();
      this.#listener.gone(missing);
    }
  }
}

/**
 * The same bytes; `touch` is called whenever some come. Where the signal aborts they end with its
 * reason: that of the call does not reach the body on every platform once the call itself is
 * garbage.
 */
function watched(body, signal, touch) {
  const reader = body.getReader();
  const give = (controller) => {
    controller.error(signal.reason);
    reader.cancel().catch(() => {});
  };
  return new ReadableStream(
    {
      start(controller) {
        signal.addEventListener('abort', () => give(controller), { once: true });
      },
      async pull(controller) {
        const { done, value } = await reader.read();
        if (signal.aborted) {
          return;
        }
        touch();
        if (done) {
          controller.close();
        } else {
          controller.enqueue(value);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
