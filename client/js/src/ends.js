/**
 * How far back a resumed stream may tell ends again, at the very most: usually a minute, and what its
 * gateway was behind.
 */
const REMEMBERED = 60 * 60 * 1_000;

/** The ends that were told, so that none is told twice. Forgets those of long ago. */
export class Ends {
  #told = new Map();

  /**
   * Whether this is the first time for the end of this registration.
   *
   * @param {{uid: string, endedAt: string}} state
   */
  first({ uid, endedAt }) {
    if (this.#told.has(uid)) {
      return false;
    }
    const at = Date.parse(endedAt);
    this.#told.set(uid, at);
    for (const [oldest, when] of this.#told) {
      if (when > at - REMEMBERED) {
        break;
      }
      this.#told.delete(oldest);
    }
    return true;
  }
}
