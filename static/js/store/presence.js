/** Who of each room is here now. */

import { signal } from "@preact/signals";

/** @import {Person} from "../types.js" */

export class Presence {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, Person[]>>} */
  rooms = signal(new Map());

  /** @param {string} room @returns {Person[]} */
  here(room) {
    return this.rooms.value.get(room) ?? [];
  }

  /** Whether someone is here in any room of one's own. @param {Person} person */
  sees({ id }) {
    return [...this.rooms.value.values()].some((here) => here.some((other) => other.id === id));
  }

  /** @param {string} room @param {Person[]} here */
  set(room, here) {
    this.rooms.value = new Map(this.rooms.value).set(room, here);
  }

  /** The link is down: nobody knows who is here. */
  clear() {
    this.rooms.value = new Map();
  }
}
