import { BackgroundFetchRegistration } from './background-fetch-registration.js';
import { FINISHED } from './internal.js';

/** `backgroundfetchabort` or `backgroundfetchclick`. */
export class BackgroundFetchEvent extends Event {
  #registration;
  #extensions = [];
  #unsettled = 0;

  constructor(type, init) {
    super(type, init);
    if (!(init?.registration instanceof BackgroundFetchRegistration)) {
      throw new TypeError('An event of a background fetch has a registration');
    }
    this.#registration = init.registration;
  }

  get registration() {
    return this.#registration;
  }

  /**
   * Keeps the records for as long as the promise takes.
   *
   * @throws {DOMException} `InvalidStateError` when the handlers, and all that they wait for, are
   *   done
   */
  waitUntil(promise) {
    this.requireActive();
    this.#unsettled++;
    this.#extensions.push(
      new Promise((resolve) => {
        // Service Workers, section 4.4.1: in one more microtask, so that a reaction to the promise
        // may still ask for more.
        const settled = () =>
          queueMicrotask(() => {
            this.#unsettled--;
            resolve();
          });
        Promise.resolve(promise).then(settled, settled);
      }),
    );
  }

  /** Service Workers, section 4.4: being dispatched, or waited for. */
  requireActive() {
    if (this.eventPhase === Event.NONE && this.#unsettled === 0) {
      throw new DOMException('The event is over', 'InvalidStateError');
    }
  }

  /** To be asked for after the dispatch. */
  async [FINISHED]() {
    for (let next = 0; next < this.#extensions.length; next++) {
      await this.#extensions[next];
    }
  }
}

/** `backgroundfetchsuccess` or `backgroundfetchfail`. */
export class BackgroundFetchUpdateUIEvent extends BackgroundFetchEvent {
  #update;
  #updated = false;

  /**
   * @param {{registration: BackgroundFetchRegistration, update?: (ui: object) => Promise<void>}}
   *   init
   */
  constructor(type, init) {
    super(type, init);
    this.#update = init.update ?? (async () => {});
  }

  /**
   * Gives the fetch another title, other icons, or both; once.
   *
   * @param {{title?: string, icons?: object[]}} [ui]
   * @returns {Promise<void>}
   * @throws {DOMException} `InvalidStateError` the second time, and when the event is over
   */
  async updateUI(ui = {}) {
    this.requireActive();
    if (this.#updated) {
      throw new DOMException('The event has updated the UI before', 'InvalidStateError');
    }
    this.#updated = true;
    await this.#update(ui);
  }
}
