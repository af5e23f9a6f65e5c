/**
 * What is in memory of a room's log: one run of entries without holes, and where the socket stands.
 *
 * `position` is the last entry heard on the socket; the run may end before it, when the reader is
 * far back in history. Every seq is heard exactly once and in order: anything else is a `Gap`.
 */

import { computed, signal } from "@preact/signals";

/** @import {Entry, Page, Room} from "../types.js" */
/** @typedef {{entries: Entry[], start: boolean, loaded: boolean}} Run */

/** As many entries are kept (and are in the page) at most. */
export const MOST = 300;
const RECENT = 300;

/** The log is not what it should be: an entry is missing, came twice or out of order. */
export class Gap extends Error {}

/** @type {Run} */
const NOTHING = { entries: [], start: false, loaded: false };

export class Log {
  /** @type {import("@preact/signals").Signal<Run>} */
  run = signal(NOTHING);
  position = signal(0);
  /** True when the run reaches to the newest entry. */
  atEnd = computed(() => this.run.value.loaded && this.last >= this.position.value);
  /** The reader is at the newest entry: what is oldest may go when something new comes. */
  following = true;
  /** Where the reader was when they left the room. @type {{seq: number, offset: number} | null} */
  anchor = null;
  /** A fault was found: nothing is taken until the server has named a place to start from. */
  distrusted = false;
  /** @type {Entry[]} */
  #recent = [];

  /** @param {Pick<Room, "id" | "seq" | "tag" | "history">} room */
  constructor(room) {
    this.room = room.id;
    this.tag = room.tag;
    this.position.value = room.seq;
    /** A person who was away may not read everything: pages may have holes then. */
    this.whole = room.history === "all";
  }

  get first() {
    return this.run.value.entries[0]?.seq ?? 0;
  }

  get last() {
    return this.run.value.entries.at(-1)?.seq ?? 0;
  }

  /** The next entry from the socket. @param {Entry} entry */
  hear(entry) {
    if (entry.seq !== this.position.value + 1) {
      throw new Gap(`${this.room}: heard ${entry.seq} after ${this.position.value}`);
    }
    this.tag = entry.tag;
    this.#recent = [...this.#recent.slice(1 - RECENT), entry];
    const attached = this.atEnd.value && this.last < entry.seq;
    const room = this.following || this.run.value.entries.length < MOST;
    this.position.value = entry.seq;
    if (attached && room) this.#extend([entry]);
  }

  /** Nothing here is certain: wait until the server names a place to start from. */
  distrust() {
    this.reset(0, "");
    this.distrusted = true;
  }

  /** Start anew at a place that the server named. @param {number} seq @param {string} tag */
  reset(seq, tag) {
    this.run.value = NOTHING;
    this.#recent = [];
    this.tag = tag;
    this.position.value = seq;
    this.anchor = null;
    this.distrusted = false;
  }

  /** Show this page instead of what was there. @param {Page} page */
  replace(page) {
    this.#check(page.entries);
    this.run.value = { entries: page.entries, start: page.start, loaded: true };
    this.catchUp();
  }

  /** @param {Page} page what comes before the run */
  prepend(page) {
    this.#check(page.entries);
    const { entries } = this.run.value;
    this.#meet(page.entries.at(-1), entries[0]);
    const joined = [...page.entries, ...entries].slice(0, MOST);
    this.run.value = { entries: joined, start: page.start, loaded: true };
  }

  /** @param {Page} page what comes after the run */
  append(page) {
    this.#check(page.entries);
    this.#meet(this.run.value.entries.at(-1), page.entries[0]);
    this.#extend(page.entries);
    this.catchUp();
  }

  /** Join what was heard meanwhile to the run, as far as it connects. @returns {boolean} joined any */
  catchUp() {
    const missing = this.#recent.filter((entry) => entry.seq > this.last);
    const connects = missing.length > 0 && missing[0]?.seq === this.last + 1;
    if (connects) this.#extend(missing);
    return connects;
  }

  /** @param {Entry[]} entries */
  #extend(entries) {
    const { entries: old, start } = this.run.value;
    const all = [...old, ...entries];
    const cut = Math.max(0, all.length - MOST);
    this.run.value = { entries: all.slice(cut), start: start && cut === 0, loaded: true };
  }

  /** @param {Entry[]} entries */
  #check(entries) {
    entries.forEach((entry, index) => index && this.#meet(entries[index - 1], entry));
  }

  /** @param {Entry | undefined} before @param {Entry | undefined} after */
  #meet(before, after) {
    if (!before || !after) return;
    const fits = this.whole ? after.seq === before.seq + 1 : after.seq > before.seq;
    if (!fits) throw new Gap(`${this.room}: a page has ${after.seq} after ${before.seq}`);
  }
}
