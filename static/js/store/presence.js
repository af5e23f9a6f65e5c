/** Who of each room is here now. */

import { signal } from "@preact/signals";

/** @import {Person} from "../types.js" */

export class Presence {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, Person[]>>} */
  rooms = signal(new Map());

  /** How many more are here than are named: of a crowd. @type {Map<string, number>} */
  #others = new Map();

  /** Those who are here; of a crowd, some. @param {string} room @returns {Person[]} */
  here(room) {
    return this.rooms.value.get(room) ?? [];
  }

  /** Whether only some are named. @param {string} room */
  isCrowd(room) {
    return (this.#others.get(room) ?? 0) > 0;
  }

  /** How many are here. @param {string} room */
  count(room) {
    return this.here(room).length + (this.#others.get(room) ?? 0);
  }

  /** Whether someone is here in any room of one's own. @param {Person} person */
  sees({ id }) {
    return [...this.rooms.value.values()].some((here) => here.some((other) => other.id === id));
  }

  /** @param {string} room @param {Person[]} here @param {number} [others] */
  set(room, here, others = 0) {
    this.#others.set(room, others);
    this.rooms.value = new Map(this.rooms.value).set(room, here);
  }

  /** The link is down: nobody knows who is here. */
  clear() {
    this.rooms.value = new Map();
  }
}
