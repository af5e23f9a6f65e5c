/** Who waits to be let into one's rooms, for those who may answer. */

import { signal } from "@preact/signals";
import { Failure } from "../net/failure.js";

/** @import {Api} from "../net/api.js" */
/** @import {Entry, Waiting} from "../types.js" */
/** @import {Rooms} from "./rooms.js" */

export class Asks {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, Waiting[]>>} */
  rooms = signal(new Map());
  /** Moves when what one asked oneself, or what one can see, may be another. */
  moved = signal(0);
  /** The newest question for each room: an older answer counts no more. @type {Map<string, number>} */
  #turns = new Map();

  /** @param {Api} api @param {Rooms} list */
  constructor(api, list) {
    this.api = api;
    this.list = list;
  }

  /** @param {string} room */
  of(room) {
    return this.rooms.value.get(room) ?? [];
  }

  /** The server says that somebody asked, or was answered. @param {string} room */
  changed(room) {
    this.moved.value += 1;
    if (this.list.get(room)?.may.invite) this.load(room);
  }

  /** Whoever waited may be in the room now. @param {Entry} entry */
  heard(entry) {
    if (entry.kind !== "post" && this.list.get(entry.room)?.asks) this.load(entry.room);
  }

  /** @param {string} room */
  async load(room) {
    const turn = (this.#turns.get(room) ?? 0) + 1;
    this.#turns.set(room, turn);
    try {
      const { asks } = await this.api.asks(room);
      if (this.#turns.get(room) === turn) this.#set(room, asks);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }

  /** @param {string} room @param {Waiting[]} asks */
  #set(room, asks) {
    this.rooms.value = new Map(this.rooms.value).set(room, asks);
    this.list.asked(room, asks.length);
  }

  /** @param {string} room */
  drop(room) {
    this.#turns.delete(room);
    const rest = new Map(this.rooms.value);
    rest.delete(room);
    this.rooms.value = rest;
  }
}
