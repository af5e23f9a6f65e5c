/** Hands each frame from the server to the stores that it concerns. */

import { batch } from "@preact/signals";
import { Gap } from "./log.js";

/** @import {Chat} from "./chat.js" */
/** @import * as frames from "../types.js" */

/** What changes everyone's answers in a room without changing their level: each asks for their own. */
const RULES = new Set(["settings", "archived", "unarchived"]);
/** So does letting groups or everyone in, which names nobody. @param {frames.Entry} entry */
const isWide = ({ kind, people }) => kind === "access" && !people?.length;

export class Inbox {
  /** Frames that come in one turn are shown at once. @type {frames.ServerFrame[]} */
  #waiting = [];

  /** @param {Chat} chat */
  constructor(chat) {
    this.chat = chat;
  }

  /** @param {frames.ServerFrame} frame */
  receive(frame) {
    this.#waiting.push(frame);
    if (this.#waiting.length === 1) queueMicrotask(() => this.#work());
  }

  #work() {
    const frames = this.#waiting;
    this.#waiting = [];
    batch(() => frames.forEach((frame) => this.#handle(frame)));
  }

  /** @param {frames.ServerFrame} frame */
  #handle(frame) {
    const { chat } = this;
    switch (frame.t) {
      case "welcome": return this.#welcome(frame);
      case "rooms": return this.#rooms(frame.rooms);
      case "subscribed": return this.#subscribed(frame);
      case "lost": return this.#lost(frame.room);
      case "entry": return this.#entry(frame);
      case "presence": return chat.presence.set(frame.room, frame.here, frame.others);
      case "is_typing": return chat.typing.heard(frame.room, frame.person);
      case "read_up_to": return chat.reading.elsewhere(chat.logs.get(frame.room), frame.room, frame.seq);
      case "asks": return chat.asks.changed(frame.room);
      case "person": return this.#renamed(frame.person);
      case "status": chat.degraded.value = frame.state === "degraded";
    }
  }

  /** @param {frames.Welcome} frame */
  #welcome(frame) {
    const { chat } = this;
    chat.maxText = frame.max_text;
    chat.typing.fades = frame.typing_fades_ms;
    chat.degraded.value = false;
    chat.presence.clear();
    chat.become(frame.me);
    for (const room of chat.rooms.replace(frame.rooms)) chat.lose(room);
    chat.listen(frame.rooms);
    chat.own.peek()?.outbox.resume();
    chat.reading.flush();
  }

  /** @param {frames.Room[]} rooms */
  #rooms(rooms) {
    const { chat } = this;
    for (const room of chat.rooms.replace(rooms)) chat.lose(room);
    chat.listen(rooms.filter((room) => !chat.logs.get(room.id)));
    for (const room of rooms) chat.peoples.heard(room.id, "access");
    chat.asks.moved.value += 1;
  }

  /** @param {frames.Subscribed} frame */
  #subscribed(frame) {
    const log = this.chat.logs.get(frame.room);
    if (!log || !(frame.reload || log.distrusted)) return;
    log.reset(frame.seq, frame.tag);
    if (this.chat.route.room === frame.room) this.chat.logs.history(frame.room)?.open();
  }

  /** @param {string} id */
  #lost(id) {
    const room = this.chat.rooms.get(id);
    if (room) this.chat.lose(room);
  }

  /** @param {frames.Entry} entry */
  #entry(entry) {
    const { chat } = this;
    const log = chat.logs.get(entry.room);
    const own = chat.own.peek();
    if (!log || !own || log.distrusted) return;
    try {
      log.hear(entry);
    } catch (error) {
      if (!(error instanceof Gap)) throw error;
      return chat.resync(entry.room);
    }
    const me = own.me.peek().id;
    chat.rooms.heard(entry, me);
    chat.peoples.heard(entry.room, entry.kind);
    if (RULES.has(entry.kind) || isWide(entry)) chat.relearn(entry.room);
    chat.asks.heard(entry);
    own.outbox.heard(entry);
    for (const person of entry.people ?? [entry.by]) person && chat.typing.stopped(entry.room, person.id);
    const aloud = entry.kind === "post" && entry.by?.id !== me && entry.room === chat.route.room;
    if (aloud) chat.latest.value = entry;
  }

  /** @param {frames.Person} person */
  #renamed(person) {
    this.chat.names.learn(person);
    this.chat.rooms.renamed(person);
    this.chat.own.peek()?.renamed(person);
  }
}
