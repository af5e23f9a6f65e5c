/** Who belongs to a room and how many can read and post, fetched when it is looked at. */

import { signal } from "@preact/signals";
import { Failure } from "../net/failure.js";

/** @import {Api} from "../net/api.js" */
/** @import {People} from "../types.js" */

/** What happens in a room that changes who belongs to it. */
const CHANGES = new Set([
  ...["joined", "left", "invited", "removed", "access", "made", "muted", "unmuted", "banned", "unbanned"],
  ...["let_in", "expired", "account", "glass", "settings", "archived", "unarchived"],
]);
const LATER = 250;

export class Peoples {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, People>>} */
  rooms = signal(new Map());
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #due = new Map();

  /** @param {Api} api */
  constructor(api) {
    this.api = api;
  }

  /** @param {string} room */
  of(room) {
    return this.rooms.value.get(room);
  }

  /** Something happened in a room whose people are shown. @param {string} room @param {string} kind */
  heard(room, kind) {
    if (CHANGES.has(kind) && this.rooms.peek().has(room)) this.refresh(room);
  }

  /** Ask again soon; many wishes are one request. @param {string} room */
  refresh(room) {
    clearTimeout(this.#due.get(room));
    this.#due.set(room, setTimeout(() => this.load(room), LATER));
  }

  /** @param {string} room */
  async load(room) {
    try {
      const people = await this.api.people(room);
      this.rooms.value = new Map(this.rooms.value).set(room, people);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** @param {string} room */
  drop(room) {
    clearTimeout(this.#due.get(room));
    const rest = new Map(this.rooms.value);
    rest.delete(room);
    this.rooms.value = rest;
  }
}
