/** How long to wait before the next try: doubling, capped, and spread by chance. */

export class Backoff {
  #tries = 0;

  /**
   * @param {number} base the first ceiling, in ms
   * @param {number} cap the highest ceiling, in ms
   * @param {() => number} random a number in [0, 1)
   */
  constructor(base = 600, cap = 30_000, random = Math.random) {
    this.base = base;
    this.cap = cap;
    this.random = random;
  }

  /** The next wait in ms: between half of the ceiling and the ceiling, so that clients spread. */
  next() {
    const ceiling = Math.min(this.cap, this.base * 2 ** this.#tries);
    this.#tries += 1;
    return ceiling * (0.5 + this.random() / 2);
  }

  reset() {
    this.#tries = 0;
  }
}
