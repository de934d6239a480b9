import { nameOf, stateOf } from './registration-view.js';

const TOGETHER = 1500;

/** Tells those who listen to the page what has ended: each by its name, many by their number. */
export class Announcer {
  #element;
  #ended = [];
  #timer = null;

  /** @param {HTMLElement} element a live region */
  constructor(element) {
    this.#element = element;
  }

  tellEnd(registration) {
    this.#ended.push(`${nameOf(registration)}: ${stateOf(registration).label}`);
    this.#timer ??= setTimeout(() => {
      const ended = this.#ended;
      this.#ended = [];
      this.#timer = null;
      this.#element.textContent =
        ended.length <= 3 ? ended.join('. ') : `${ended.length} fetches have ended`;
    }, TOGETHER);
  }
}
