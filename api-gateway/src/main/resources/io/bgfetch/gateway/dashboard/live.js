import { readServerSentEvents } from './server-sent-events.js';

/** The gateway sends at least a comment every 15 seconds. */
const SILENCE = 40_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15_000;

/**
 * What happens to the tenant's registrations, for as long as the page is there. A stream that
 * breaks, or says nothing for too long, is followed by another that begins where it ended.
 */
export class LiveEvents {
  #api;
  #path;
  #onEvent;
  #onConnected;
  #onState;
  #lastEventId = '';
  #pause = FIRST_PAUSE;
  #wake = () => {};

  /**
   * @param {import('./api.js').Api} api
   * @param {string} path
   * @param {object} listener
   * @param {(type: string, data: object) => void} listener.onEvent
   * @param {() => void} listener.onConnected each time a stream has begun
   * @param {(state: 'connecting' | 'live' | 'reconnecting') => void} listener.onState
   */
  constructor(api, path, { onEvent, onConnected, onState }) {
    this.#api = api;
    this.#path = path;
    this.#onEvent = onEvent;
    this.#onConnected = onConnected;
    this.#onState = onState;
  }

  /** Follows for ever. */
  async run() {
    this.#onState('connecting');
    for (;;) {
      try {
        await this.#follow();
      } catch (broken) {
        console.info('bgfetch: the event stream broke:', broken.message);
      }
      this.#onState('reconnecting');
      await this.#rest();
    }
  }

  /** Does not wait any longer: there is reason to believe that the network is back. */
  hurry() {
    this.#pause = FIRST_PAUSE;
    this.#wake();
  }

  async #follow() {
    const silence = new Silence(SILENCE);
    try {
      const stream = await this.#api.stream(this.#path, this.#lastEventId, silence.signal);
      this.#onState('live');
      this.#onConnected();
      const watched = stream.pipeThrough(this.#watch(silence));
      const identified = (id) => (this.#lastEventId = id);
      for await (const { event, data } of readServerSentEvents(watched, { identified })) {
        this.#onEvent(event, JSON.parse(data));
      }
    } finally {
      silence.end();
    }
  }

  /** Comments are no events, so it is the bytes that show that somebody is there. */
  #watch(silence) {
    return new TransformStream({
      transform: (chunk, controller) => {
        silence.broken();
        this.#pause = FIRST_PAUSE;
        controller.enqueue(chunk);
      },
    });
  }

  /** Longer each time, and not all pages at the same moment. */
  async #rest() {
    const pause = this.#pause * (0.5 + Math.random() / 2);
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause * 2);
    await new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}

/** Aborts what is silent for too long. */
class Silence {
  #controller = new AbortController();
  #longest;
  #timer;

  constructor(longest) {
    this.#longest = longest;
    this.broken();
  }

  get signal() {
    return this.#controller.signal;
  }

  broken() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#longest);
  }

  /** Also what is still open is closed. */
  end() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}
