/** How long to wait before the next try: by chance, under a ceiling that doubles. */

export class Backoff {
  #tries = 0;
  #window = 0;

  /**
   * @param {number} base the first ceiling, in ms
   * @param {number} cap the highest ceiling, in ms
   * @param {() => number} random a number in [0, 1)
   */
  constructor(base = 1_000, cap = 30_000, random = Math.random) {
    this.base = base;
    this.cap = cap;
    this.random = random;
  }

  /** The next wait in ms: anything below the ceiling, so that clients spread over all of it. */
  next() {
    const ceiling = this.#window || Math.min(this.cap, this.base * 2 ** this.#tries);
    if (!this.#window) this.#tries += 1;
    this.#window = 0;
    return ceiling * this.random();
  }

  /**
   * The server said over how long its clients are to spread: the next wait is within that.
   * @param {number} ms
   */
  spread(ms) {
    this.#window = ms;
  }

  reset() {
    this.#tries = 0;
    this.#window = 0;
  }
}
