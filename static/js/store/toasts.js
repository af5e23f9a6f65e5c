/** Short notices that pass, with a way back where there is one. */

import { signal } from "@preact/signals";
import { Failure } from "../net/failure.js";

/** @typedef {{label: string, run: () => void}} Undo */
/** @typedef {{id: number, text: string, undo?: Undo}} Toast */

const SHOWN = 8_000;

export class Toasts {
  /** @type {import("@preact/signals").Signal<Toast[]>} */
  list = signal([]);
  #last = 0;

  /** @param {string} text @param {Undo} [undo] */
  say(text, undo) {
    this.#last += 1;
    const id = this.#last;
    this.list.value = [...this.list.value, { id, text, ...(undo && { undo }) }].slice(-3);
    setTimeout(() => this.close(id), SHOWN);
  }

  /** Do it; a failure is told. @param {() => Promise<unknown>} action */
  async attempt(action) {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.say(error.message);
    }
  }

  /** @param {number} id */
  close(id) {
    this.list.value = this.list.value.filter((toast) => toast.id !== id);
  }
}
