import { notify } from './dialogs.js';
import { partsOf, setText } from './elements.js';
import * as format from './format.js';
import { RegistrationRow } from './registration-row.js';

const STEP = 50;

/**
 * A group of registrations: its first ones, and a button for more. However many there are, the page
 * has rows only for those that were asked for.
 */
export class RegistrationList {
  #section;
  #parts;
  #store;
  #origins;
  #rows = new Map();
  /** What takes the question for the origin of a row back. */
  #questions = new Map();
  #limit = STEP;
  #all = [];
  #hasMore = false;
  #sight;

  /**
   * @param {HTMLElement} section
   * @param {import('./store.js').Store} store
   * @param {import('./origins.js').Origins} origins
   * @param {() => Promise<void>} loadMore called when more are asked for than are known
   */
  constructor(section, store, origins, loadMore = async () => {}) {
    this.#section = section;
    this.#parts = partsOf(section);
    this.#store = store;
    this.#origins = origins;
    this.#sight = new IntersectionObserver((entries) => this.#look(entries), {
      rootMargin: '100px',
    });
    this.#parts.more.addEventListener('click', () => this.#more(loadMore));
  }

  /**
   * Shows these, in this order.
   *
   * @param {object[]} registrations
   * @param {Set<string>} changed uids of those that may look different than before
   * @param {boolean} hasMore whether the gateway has more of them
   */
  show(registrations, changed, hasMore = false) {
    this.#all = registrations;
    this.#hasMore = hasMore;
    const shown = registrations.slice(0, this.#limit);
    this.#dropAllBut(new Set(shown.map(({ uid }) => uid)));
    shown.forEach((registration) => this.#showRow(registration, changed));
    this.#order(shown);
    setText(
      this.#parts.count,
      registrations.length > 0 ? format.count(registrations.length) + (hasMore ? '+' : '') : '',
    );
    this.#parts.none.hidden = registrations.length > 0;
    this.#parts.more.hidden = registrations.length <= this.#limit && !hasMore;
  }

  /** Goes on showing what changes by itself. */
  tick() {
    for (const [uid, row] of this.#rows) {
      row.showPace(this.#store.rateOf(uid));
    }
  }

  /** The uids of its rows. */
  get uids() {
    return [...this.#rows.keys()];
  }

  set hidden(hidden) {
    this.#section.hidden = hidden;
  }

  #showRow(registration, changed) {
    let row = this.#rows.get(registration.uid);
    if (!row) {
      row = new RegistrationRow(registration);
      this.#rows.set(registration.uid, row);
      this.#sight.observe(row.element);
    } else if (!changed.has(registration.uid)) {
      return;
    }
    row.show(registration, this.#store.rateOf(registration.uid));
  }

  #dropAllBut(uids) {
    for (const [uid, row] of this.#rows) {
      if (!uids.has(uid)) {
        this.#rows.delete(uid);
        this.#sight.unobserve(row.element);
        this.#takeBack(uid);
        row.element.remove();
      }
    }
  }

  /** Moves only what stands in the wrong place: moving takes the focus away. */
  #order(shown) {
    let place = this.#parts.rows.firstElementChild;
    for (const { uid } of shown) {
      const { element } = this.#rows.get(uid);
      if (element === place) {
        place = place.nextElementSibling;
      } else {
        this.#parts.rows.insertBefore(element, place);
      }
    }
  }

  #look(entries) {
    for (const { target, isIntersecting } of entries) {
      const { uid } = target.dataset;
      const row = this.#rows.get(uid);
      this.#takeBack(uid);
      if (isIntersecting && row) {
        this.#questions.set(
          uid,
          this.#origins.ask(uid, (origin) => row.showOrigin(origin)),
        );
      }
    }
  }

  #takeBack(uid) {
    this.#questions.get(uid)?.();
    this.#questions.delete(uid);
  }

  async #more(loadMore) {
    const { more } = this.#parts;
    this.#limit += STEP;
    if (this.#hasMore && this.#all.length < this.#limit) {
      more.disabled = true;
      await loadMore().catch((problem) => notify(problem.message, 'problem'));
      more.disabled = false;
    }
    this.show(this.#all, new Set(), this.#hasMore);
  }
}
