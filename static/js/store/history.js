/** Brings pages of a room's past into its log. */

import { signal } from "@preact/signals";
import { Failure } from "../net/failure.js";
import { Gap } from "./log.js";

/** @import {Api, Where} from "../net/api.js" */
/** @import {Log} from "./log.js" */
/** @import {Page} from "../types.js" */

const PAGE = 60;

export class History {
  /** What is being fetched. @type {import("@preact/signals").Signal<"" | "open" | "older" | "newer">} */
  loading = signal("");
  /** @type {import("@preact/signals").Signal<Failure | null>} */
  failure = signal(null);

  /** What goes somewhere else waits for what is under way. @type {Promise<void>} */
  #current = Promise.resolve();

  /** @param {Api} api @param {Log} log */
  constructor(api, log) {
    this.api = api;
    this.log = log;
  }

  /** Have something to show; what is in memory will do. */
  async open() {
    if (!this.log.run.value.loaded) await this.newest();
  }

  /** Go to the newest entries. */
  async newest() {
    if (this.log.atEnd.value) return;
    await this.#load("open", {}, (page) => this.log.replace(page));
  }

  /** Go to the entries around one. @param {number} seq */
  async around(seq) {
    const { first, last } = this.log;
    if (first <= seq && seq < last) return;
    await this.#load("open", { around: seq }, (page) => this.log.replace(page));
  }

  async older() {
    const { loaded, start } = this.log.run.value;
    if (!loaded || start || this.failure.value) return;
    await this.#load("older", { before: this.log.first }, (page) => this.log.prepend(page));
  }

  async newer() {
    if (!this.log.run.value.loaded || this.log.atEnd.value || this.failure.value) return;
    if (this.log.catchUp()) return;
    await this.#load("newer", { after: this.log.last }, (page) => this.log.append(page));
  }

  /** After a failure: what was wanted is asked for again. */
  async again() {
    this.failure.value = null;
    await this.open();
    await this.older();
    await this.newer();
  }

  /**
   * @param {"open" | "older" | "newer"} what
   * @param {Where} where
   * @param {(page: Page) => void} keep
   */
  async #load(what, where, keep) {
    if (this.loading.value && what !== "open") return;
    await this.#current;
    this.#current = this.#fetch(what, where, keep);
    await this.#current;
  }

  /** @param {"open" | "older" | "newer"} what @param {Where} where @param {(page: Page) => void} keep */
  async #fetch(what, where, keep) {
    this.loading.value = what;
    this.failure.value = null;
    const before = this.log.run.value;
    try {
      const page = await this.api.entries(this.log.room, { ...where, limit: PAGE });
      if (what === "open" || this.#same(before)) keep(page);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.loading.value = "";
    }
  }

  /** The run was only extended by live entries meanwhile. @param {import("./log.js").Run} before */
  #same(before) {
    const now = this.log.run.value;
    return now.loaded && now.entries[0] === before.entries[0];
  }

  /** @param {unknown} error */
  #failed(error) {
    if (error instanceof Gap) this.log.reset(this.log.position.value, this.log.tag);
    else if (error instanceof Failure) this.failure.value = error;
    else throw error;
  }
}
