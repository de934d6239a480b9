import { fetchPath } from './api.js';
import { httpUrl } from './elements.js';

const AT_ONCE = 4;
const MOST_KNOWN = 5000;

/**
 * Where registrations fetch from: the origin of their first record's URL. It is asked for when
 * somebody looks, some at a time, the latest question first.
 */
export class Origins {
  #api;
  #known = new Map();
  /** Who asks about which: a set of callbacks for each uid. */
  #waiting = new Map();
  #asked = new Map();

  /** @param {import('./api.js').Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** What is known of it; undefined where nobody has asked. */
  get(uid) {
    return this.#known.get(uid);
  }

  /**
   * Asks once, however many want to know.
   *
   * @param {string} uid
   * @param {(origin: string) => void} found given `''` where it cannot be told any more
   * @returns {() => void} to be called when this one does not want to know any more
   */
  ask(uid, found) {
    if (this.#known.has(uid)) {
      found(this.#known.get(uid));
      return () => {};
    }
    const asking = this.#asked.get(uid) ?? this.#waiting.get(uid) ?? new Set();
    asking.add(found);
    if (!this.#asked.has(uid)) {
      this.#waiting.delete(uid);
      this.#waiting.set(uid, asking);
      this.#next();
    }
    return () => {
      asking.delete(found);
      if (asking.size === 0 && this.#waiting.get(uid) === asking) {
        this.#waiting.delete(uid);
      }
    };
  }

  #next() {
    while (this.#asked.size < AT_ONCE && this.#waiting.size > 0) {
      const [uid, asking] = [...this.#waiting].at(-1);
      this.#waiting.delete(uid);
      this.#asked.set(uid, asking);
      this.#look(uid)
        .then((origin) => {
          this.#remember(uid, origin);
          asking.forEach((found) => found(origin));
        })
        .catch(() => {}) // asked again when it comes into sight the next time
        .finally(() => {
          this.#asked.delete(uid);
          this.#next();
        });
    }
  }

  async #look(uid) {
    try {
      const { records } = await this.#api.get(fetchPath(uid, 'records'), { limit: 1 });
      return httpUrl(records[0]?.request.url)?.origin ?? '';
    } catch (problem) {
      if (problem.status === 404 || problem.status === 409) {
        return '';
      }
      throw problem;
    }
  }

  #remember(uid, origin) {
    this.#known.set(uid, origin);
    if (this.#known.size > MOST_KNOWN) {
      this.#known.delete(this.#known.keys().next().value);
    }
  }
}
