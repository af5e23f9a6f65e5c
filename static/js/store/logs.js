/** The logs of all rooms that are listened to, each with what fetches its past. */

import { History } from "./history.js";
import { Log } from "./log.js";

/** @import {Api} from "../net/api.js" */
/** @import {From, Room} from "../types.js" */

export class Logs {
  /** @type {Map<string, Log>} */
  #logs = new Map();
  /** @type {Map<string, History>} */
  #histories = new Map();

  /** @param {Api} api */
  constructor(api) {
    this.api = api;
  }

  /** @param {string} room */
  get(room) {
    return this.#logs.get(room);
  }

  /** @param {string} room */
  history(room) {
    return this.#histories.get(room);
  }

  /** @param {string} room */
  position(room) {
    return this.#logs.get(room)?.position.peek() ?? 0;
  }

  /** Start to follow a room. @param {Room} room @returns {From} where to hear it from */
  follow(room) {
    const log = this.#logs.get(room.id) ?? this.#add(room);
    return { room: room.id, seq: log.position.peek(), tag: log.tag };
  }

  /** @param {string} room */
  drop(room) {
    this.#logs.delete(room);
    this.#histories.delete(room);
  }

  /** @param {Room} room */
  #add(room) {
    const log = new Log(room);
    this.#logs.set(room.id, log);
    this.#histories.set(room.id, new History(this.api, log));
    return log;
  }
}
