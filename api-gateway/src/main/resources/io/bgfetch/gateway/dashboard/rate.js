const WINDOW = 5000;
const SPACING = 200;

/** How fast a number grows, over the last five seconds: it falls when there is no news. */
export class RateMeter {
  #samples = [];

  /**
   * Notes the value at a time. A value that shrank starts the measurement again.
   *
   * @param {number} now in milliseconds, never less than before
   * @param {number} value
   */
  note(now, value) {
    const last = this.#samples.at(-1);
    if (last && value < last.value) {
      this.#samples.length = 0;
    }
    // The newest sample always has the newest value; it becomes fixed when it is old enough.
    if (this.#samples.length > 1 && now - this.#samples.at(-2).now < SPACING) {
      this.#samples.pop();
    }
    this.#samples.push({ now, value });
    while (this.#samples.length > 2 && now - this.#samples[0].now > WINDOW) {
      this.#samples.shift();
    }
  }

  /** Per second; 0 when too little is known. */
  get perSecond() {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    return first && last.now > first.now
      ? ((last.value - first.value) * 1000) / (last.now - first.now)
      : 0;
  }
}
