/** The REST interface: JSON in, JSON out, failures as `Failure`. */

import { _ } from "../i18n.js";
import { Failure } from "./failure.js";

/** @import {AccessChange, AccessList, AccessPreview, Directory, Invitee, InviteLink, Level, LinkTerms, Me, Page, People, Preset, RightsHead, RightsTable, Room, Waiting, WhoCould, Why} from "../types.js" */
/** @typedef {{before?: number, after?: number, around?: number, limit?: number}} Where */

const offline = () =>
  new Failure({ code: "offline", message: _("The server can't be reached. Nothing was lost."), retryable: true });

const garbled = (/** @type {number} */ status) =>
  new Failure({ code: "unknown", message: _("Something went wrong. Nothing was changed."), retryable: true }, status);

/** @param {object} fields */
const query = (fields) => new URLSearchParams(Object.entries(fields).map(([key, value]) => [key, String(value)]));

export class Api {
  /** @param {string} csrf */
  constructor(csrf) {
    this.csrf = csrf;
  }

  /** @returns {Promise<Me>} */
  me() {
    return this.#call("GET", "me");
  }

  /** @param {string} room @returns {Promise<Room>} */
  room(room) {
    return this.#call("GET", `rooms/${room}`);
  }

  /** @param {{name: string, topic: string, preset: Preset}} room @returns {Promise<Room>} */
  make(room) {
    return this.#call("POST", "rooms", room);
  }

  /** @param {string} room @param {{name?: string, topic?: string}} changes @returns {Promise<unknown>} */
  change(room, changes) {
    return this.#call("PATCH", `rooms/${room}`, changes);
  }

  /** @returns {Promise<Directory>} */
  directory() {
    return this.#call("GET", "directory");
  }

  /** @param {string} room @returns {Promise<unknown>} */
  join(room) {
    return this.#call("POST", `rooms/${room}/join`, {});
  }

  /** @param {string} room @returns {Promise<unknown>} */
  leave(room) {
    return this.#call("POST", `rooms/${room}/leave`, {});
  }

  /** @returns {Promise<{may_begin: boolean}>} */
  direct() {
    return this.#call("GET", "direct");
  }

  /** @param {{person: string} | {nickname: string}} whom @returns {Promise<Room>} */
  openDirect(whom) {
    return this.#call("POST", "direct", whom);
  }

  /** @param {string} person @returns {Promise<unknown>} */
  block(person) {
    return this.#call("PUT", `blocks/${person}`, {});
  }

  /** @param {string} person @returns {Promise<unknown>} */
  unblock(person) {
    return this.#call("DELETE", `blocks/${person}`);
  }

  /** @param {string} room @param {Where} where @returns {Promise<Page>} */
  entries(room, where) {
    return this.#call("GET", `rooms/${room}/entries?${query(where)}`);
  }

  /** @param {string} room @returns {Promise<People>} */
  people(room) {
    return this.#call("GET", `rooms/${room}/people`);
  }

  /** @param {string} room @returns {Promise<AccessList>} */
  access(room) {
    return this.#call("GET", `rooms/${room}/access`);
  }

  /** @param {string} room @param {AccessChange} change @returns {Promise<AccessPreview>} */
  preview(room, change) {
    return this.#call("POST", `rooms/${room}/access/preview`, change);
  }

  /** @param {string} room @param {AccessChange} change @returns {Promise<{version: number, levels: Record<string, Level>}>} */
  changeAccess(room, change) {
    return this.#call("POST", `rooms/${room}/access`, change);
  }

  /** @param {string} room @param {{name?: string, action?: string, offset?: number}} where @returns {Promise<RightsTable>} */
  rights(room, where) {
    return this.#call("GET", `rooms/${room}/rights?${query(where)}`);
  }

  /** @param {string} room @param {string} action @returns {Promise<Why>} */
  why(room, action) {
    return this.#call("GET", `rooms/${room}/why?action=${action}`);
  }

  /** @param {string} room @param {number} seq @returns {Promise<WhoCould>} */
  whoCould(room, seq) {
    return this.#call("GET", `rooms/${room}/rights/who-could?seq=${seq}`);
  }

  /** @param {string} room @returns {Promise<RightsHead>} */
  rightsHead(room) {
    return this.#call("GET", `rooms/${room}/rights/head`);
  }

  /** @param {string} room @returns {Promise<unknown>} */
  deleteRoom(room) {
    return this.#call("DELETE", `rooms/${room}`);
  }

  /** @param {string} room @param {string} nickname @param {string} level @returns {Promise<Invitee>} */
  invite(room, nickname, level) {
    return this.#call("POST", `rooms/${room}/people`, { nickname, level });
  }

  /** @param {string} room @param {string} person @returns {Promise<{still_reads: boolean}>} */
  remove(room, person) {
    return this.#call("DELETE", `rooms/${room}/people/${person}`);
  }

  /** @param {string} room @param {string} text @returns {Promise<unknown>} */
  ask(room, text) {
    return this.#call("POST", `rooms/${room}/ask`, { text });
  }

  /** @param {string} room @returns {Promise<unknown>} */
  withdrawAsk(room) {
    return this.#call("DELETE", `rooms/${room}/ask`);
  }

  /** @param {string} room @returns {Promise<{asks: Waiting[]}>} */
  asks(room) {
    return this.#call("GET", `rooms/${room}/asks`);
  }

  /** @param {string} room @param {string} person @param {"READ" | "POST" | "decline"} answer @returns {Promise<unknown>} */
  answer(room, person, answer) {
    return this.#call("POST", `rooms/${room}/asks/${person}`, { answer });
  }

  /** @param {string} room @returns {Promise<{links: InviteLink[]}>} */
  links(room) {
    return this.#call("GET", `rooms/${room}/links`);
  }

  /** @param {string} room @param {LinkTerms} terms @returns {Promise<InviteLink>} */
  makeLink(room, terms) {
    return this.#call("POST", `rooms/${room}/links`, terms);
  }

  /** @param {string} room @param {string} link @returns {Promise<unknown>} */
  revokeLink(room, link) {
    return this.#call("DELETE", `rooms/${room}/links/${link}`);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async #call(method, path, body) {
    const answer = await this.#fetch(method, path, body);
    const json = await answer.json().catch(() => null);
    if (answer.ok) return json;
    throw json?.error ? new Failure(json.error, answer.status) : garbled(answer.status);
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  #fetch(method, path, body) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRF-Token"] = this.csrf;
    if (body) headers["Content-Type"] = "application/json";
    const init = { method, headers, body: body && JSON.stringify(body) };
    return fetch(`/api/v1/${path}`, init).catch(() => Promise.reject(offline()));
  }
}
