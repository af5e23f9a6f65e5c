/** Finds a dead link: asks after some silence, and gives up when no answer comes. */

export class Heartbeat {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {() => void} ask sends a ping
   * @param {() => void} dead the link does not answer
   * @param {{quiet: number, patience: number}} times ms of silence before asking, ms to wait for an answer
   */
  constructor(ask, dead, times = { quiet: 20_000, patience: 8_000 }) {
    this.ask = ask;
    this.dead = dead;
    this.times = times;
  }

  /** Something came in: the link lives. */
  heard() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.check(), this.times.quiet);
  }

  /** Ask now (the page came back into view, the network changed). */
  check() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.dead, this.times.patience);
    this.ask();
  }

  stop() {
    clearTimeout(this.#timer);
  }
}
