/** What is being written, room by room; it outlives a reload. */

import { Kept } from "./kept.js";

export class Drafts {
  /** @type {Map<string, string>} */
  #texts = new Map();

  /** @param {string} me @param {Storage | null} storage */
  constructor(me, storage) {
    this.kept = new Kept(`chatelaine.draft.${me}.`, storage);
  }

  /** @param {string} room */
  get(room) {
    return this.#texts.get(room) ?? this.kept.get(room);
  }

  /** @param {string} room @param {string} text */
  set(room, text) {
    this.#texts.set(room, text);
    this.kept.set(room, text.trim() ? text : "");
  }
}
