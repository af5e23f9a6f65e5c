/** Rooms that were lost while they were open, and the text that is given back. */

import { signal } from "@preact/signals";

/** @typedef {{name: string, direct: boolean, texts: string[]}} Farewell */

export class Farewells {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, Farewell>>} */
  rooms = signal(new Map());
  /** Rooms that the person leaves of their own will. */
  #leaving = new Set();

  /** @param {string} room */
  leaving(room) {
    this.#leaving.add(room);
  }

  /** They could not leave after all. @param {string} room */
  staying(room) {
    this.#leaving.delete(room);
  }

  /** @param {string} room @param {Farewell} farewell */
  say(room, farewell) {
    if (this.#leaving.delete(room)) return;
    this.rooms.value = new Map(this.rooms.value).set(room, farewell);
  }

  /** The room is back, or the person has seen it. @param {string} room */
  forget(room) {
    if (!this.rooms.value.has(room)) return;
    const rest = new Map(this.rooms.value);
    rest.delete(room);
    this.rooms.value = rest;
  }
}
