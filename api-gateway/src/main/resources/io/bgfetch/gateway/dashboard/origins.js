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
  #waiting = new Map();
  #running = 0;

  /** @param {import('./api.js').Api} api */
  constructor(api) {
    this.#api = api;
  }

  /** What is known of it; undefined where nobody has asked. */
  get(uid) {
    return this.#known.get(uid);
  }

  /** Asks once; `found` is called with the origin, `''` where it cannot be told any more. */
  ask(uid, found) {
    if (this.#known.has(uid)) {
      found(this.#known.get(uid));
      return;
    }
    this.#waiting.delete(uid);
    this.#waiting.set(uid, found);
    this.#next();
  }

  /** Nobody looks any more. */
  cancel(uid) {
    this.#waiting.delete(uid);
  }

  #next() {
    while (this.#running < AT_ONCE && this.#waiting.size > 0) {
      const [uid, found] = [...this.#waiting].at(-1);
      this.#waiting.delete(uid);
      this.#running++;
      this.#look(uid)
        .then((origin) => {
          this.#remember(uid, origin);
          found(origin);
        })
        .catch(() => {}) // asked again when it comes into sight the next time
        .finally(() => {
          this.#running--;
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
