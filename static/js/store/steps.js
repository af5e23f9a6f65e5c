/** The first three steps of whoever sets the place up: a room, someone invited, something said. */

import { signal } from "@preact/signals";
import { Kept } from "./kept.js";

/** @typedef {"room" | "invite" | "post" | "hidden"} Step */

export class Steps {
  /** @type {import("@preact/signals").Signal<ReadonlySet<string>>} */
  done = signal(new Set());

  /** @param {string} me @param {Storage | null} storage */
  constructor(me, storage) {
    this.kept = new Kept(`chatelaine.steps.${me}.`, storage);
    this.done.value = new Set(this.kept.keys());
  }

  /** @param {Step} step */
  take(step) {
    if (this.done.value.has(step)) return;
    this.kept.set(step, "1");
    this.done.value = new Set(this.done.value).add(step);
  }

  get over() {
    const { value } = this.done;
    return value.has("hidden") || ["room", "invite", "post"].every((step) => value.has(step));
  }
}
