/**
 * Own messages that the server has not confirmed yet.
 *
 * Each has a `client_id` of its own and is kept in the browser's storage until it is confirmed, so
 * that neither a lost connection nor a reload loses it; sent again, it is the same post. In a room
 * one is under way at a time, which keeps them in the order in which they were written.
 */

import { signal } from "@preact/signals";
import { Failure } from "../net/failure.js";
import { Kept } from "./kept.js";
import { newId } from "./newid.js";

/** @import {Link} from "../net/socket.js" */
/** @import {Entry, Outgoing} from "../types.js" */

const LEAST_WAIT = 1_000;

export class Outbox {
  /** @type {import("@preact/signals").Signal<Outgoing[]>} */
  items = signal([]);
  /** Rooms with a message under way. */
  #busy = new Set();

  /**
   * @param {Link} link
   * @param {string} me
   * @param {Storage | null} storage
   * @param {(room: string) => number} position up to where the room was heard
   */
  constructor(link, me, storage, position) {
    this.link = link;
    this.position = position;
    this.kept = new Kept(`chatelaine.outbox.${me}.`, storage);
    this.items.value = this.#restore();
  }

  /** @param {string} room */
  of(room) {
    return this.items.value.filter((item) => item.room === room);
  }

  /** @param {string} room @param {string} text */
  post(room, text) {
    /** @type {Outgoing} */
    const item = { client_id: newId(), room, text, at: this.#now(), state: "waiting", seq: 0, error: "" };
    this.#put(item);
    this.#pump(room);
  }

  /** No two are written at the same moment, so that a reload can tell their order. */
  #now() {
    return Math.max(Date.now(), ...this.items.value.map((item) => item.at + 1));
  }

  /** The link is open (again): what waits is sent. */
  resume() {
    for (const room of new Set(this.items.value.map((item) => item.room))) this.#pump(room);
  }

  /** Try a refused message again: as a new one, for the server would answer the old as before. @param {string} id */
  retry(id) {
    const item = this.#find(id);
    if (!item) return;
    this.discard(id);
    this.post(item.room, item.text);
  }

  /** @param {string} id */
  discard(id) {
    this.items.value = this.items.value.filter((item) => item.client_id !== id);
    this.kept.set(id, "");
  }

  /** An own message came back in the log. @param {Entry} entry */
  heard(entry) {
    const own = this.of(entry.room).find(
      (item) => item.client_id === entry.client_id || (item.state === "kept" && item.seq === entry.seq),
    );
    if (own) this.discard(own.client_id);
  }

  /** The room is gone: its unsent messages are given back. @param {string} room @returns {string[]} */
  giveBack(room) {
    const items = this.of(room).filter((item) => item.state !== "kept");
    for (const item of this.of(room)) this.discard(item.client_id);
    return items.map((item) => item.text);
  }

  /** @param {string} room */
  async #pump(room) {
    if (this.#busy.has(room) || this.link.state.value !== "open") return;
    const item = this.of(room).find(({ state }) => state === "waiting");
    if (!item) return;
    this.#busy.add(room);
    const wait = await this.#send(item);
    if (wait) await new Promise((done) => setTimeout(done, wait));
    this.#busy.delete(room);
    this.#pump(room);
  }

  /** @param {Outgoing} item @returns {Promise<number>} ms to wait before the next try */
  async #send(item) {
    const { room, client_id, text } = item;
    this.#put({ ...item, state: "sending" });
    try {
      const answer = await this.link.request({ t: "post", room, client_id, text });
      this.#confirmed(client_id, answer.t === "posted" ? answer.seq : 0);
      return 0;
    } catch (error) {
      return this.#refused(client_id, error);
    }
  }

  /** Shown until the entry itself is heard; not kept any longer. @param {string} id @param {number} seq */
  #confirmed(id, seq) {
    const item = this.#find(id);
    if (!item) return;
    if (this.position(item.room) >= seq) return this.discard(id);
    this.#show({ ...item, state: "kept", seq });
    this.kept.set(id, "");
  }

  /** @param {string} id @param {unknown} error */
  #refused(id, error) {
    if (!(error instanceof Failure)) throw error;
    const item = this.#find(id);
    if (!item) return 0;
    if (!error.retryable) this.#put({ ...item, state: "failed", error: error.message });
    else this.#put({ ...item, state: "waiting" });
    const lost = error.code === "connection_lost";
    return error.retryable && !lost ? Math.max(LEAST_WAIT, error.retryAfter * 1000) : 0;
  }

  /** @param {string} id */
  #find(id) {
    return this.items.value.find((item) => item.client_id === id);
  }

  /** @param {Outgoing} item */
  #put(item) {
    this.#show(item);
    this.kept.set(item.client_id, JSON.stringify(item));
  }

  /** @param {Outgoing} item */
  #show(item) {
    const known = this.#find(item.client_id);
    const rest = this.items.value.map((other) => (other.client_id === item.client_id ? item : other));
    this.items.value = known ? rest : [...rest, item];
  }

  /** @returns {Outgoing[]} */
  #restore() {
    const items = this.kept.keys().map((key) => JSON.parse(this.kept.get(key)));
    const unsent = items.map((item) => (item.state === "failed" ? item : { ...item, state: "waiting" }));
    return unsent.sort((a, b) => a.at - b.at);
  }
}
