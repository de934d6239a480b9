/** How long an end is remembered after it was told, at the least. */
const REMEMBERED = 60 * 60 * 1_000;

/**
 * For how long nothing is forgotten after a stream was opened: a resumed one may tell again what
 * was told before it was lost, however long ago that is.
 */
const RETOLD_WITHIN = 10 * 60 * 1_000;

/** The ends that were told, so that none is told twice. Forgets those of long ago. */
export class Ends {
  #told = new Map();
  #now;
  #keptUntil = 0;

  /** @param {() => number} [now] milliseconds of a clock that never goes back */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** A stream was opened. */
  opened() {
    this.#keptUntil = this.#now() + RETOLD_WITHIN;
  }

  /**
   * Whether this is the first time for the end of this registration.
   *
   * @param {string} uid
   */
  first(uid) {
    if (this.#told.has(uid)) {
      return false;
    }
    const now = this.#now();
    this.#told.set(uid, now);
    if (now > this.#keptUntil) {
      this.#forgetBefore(now - REMEMBERED);
    }
    return true;
  }

  #forgetBefore(time) {
    for (const [oldest, when] of this.#told) {
      if (when >= time) {
        return;
      }
      this.#told.delete(oldest);
    }
  }
}
