/** Requests on the socket that wait for their answer. */

import { _ } from "../i18n.js";
import { Failure } from "./failure.js";

/** @import {ServerFrame} from "../types.js" */
/** @typedef {{resolve: (frame: ServerFrame) => void, reject: (failure: Failure) => void}} Waiter */

export const lost = () =>
  new Failure({ code: "connection_lost", message: _("The connection was lost."), retryable: true });

export class Pending {
  #last = 0;
  /** @type {Map<number, Waiter>} */
  #waiters = new Map();

  id() {
    this.#last += 1;
    return this.#last;
  }

  /**
   * @param {number} id
   * @returns {Promise<ServerFrame>}
   */
  wait(id) {
    return new Promise((resolve, reject) => this.#waiters.set(id, { resolve, reject }));
  }

  /**
   * An error that names no request is of one that was not even read: of those that wait nobody can
   * tell which, so all are to be tried again.
   * @param {ServerFrame} frame
   */
  settle(frame) {
    if (frame.t === "error" && frame.id === undefined && frame.retryable) this.failAll(new Failure(frame));
    if (!("id" in frame) || frame.id === undefined) return;
    const waiter = this.#waiters.get(frame.id);
    this.#waiters.delete(frame.id);
    if (frame.t === "error") waiter?.reject(new Failure(frame));
    else waiter?.resolve(frame);
  }

  /** @param {Failure} failure */
  failAll(failure) {
    const waiters = [...this.#waiters.values()];
    this.#waiters.clear();
    for (const waiter of waiters) waiter.reject(failure);
  }
}
