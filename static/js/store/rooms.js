/** One's own rooms, as the server last told, kept current by what is heard. */

import { computed, signal } from "@preact/signals";
import { language } from "../i18n.js";

/** @import {Entry, Person, Room} from "../types.js" */

/** The server counts no further. */
export const MOST_UNREAD = 100;
const byName = new Intl.Collator(language, { numeric: true, sensitivity: "base" });

/** @param {Room[]} rooms */
const sorted = (rooms) =>
  [...rooms].sort((a, b) => byName.compare(a.name, b.name) || (a.id < b.id ? -1 : 1));

/** A direct room is called as the other person is. @param {Room} room */
const called = (room) => (room.peer ? { ...room, name: room.peer.nickname } : room);

export class Rooms {
  /** @type {import("@preact/signals").Signal<Room[]>} */
  list = signal([]);
  /** How often the server told the list: each time what one sees of others' rooms may be another. */
  told = signal(0);
  /** False until the server has told once. */
  ready = signal(false);
  byId = computed(() => new Map(this.list.value.map((room) => [room.id, room])));
  unread = computed(() => this.list.value.reduce((sum, room) => sum + room.unread, 0));
  recent = computed(() => [...this.list.value].sort((a, b) => b.last_at - a.last_at));

  /** @param {string} id */
  get(id) {
    return this.byId.value.get(id);
  }

  /**
   * The whole list; rooms that are not in it are gone.
   * @param {Room[]} rooms
   * @returns {Room[]} the rooms that are gone
   */
  replace(rooms) {
    const kept = new Set(rooms.map((room) => room.id));
    const gone = this.list.value.filter((room) => !kept.has(room.id));
    this.list.value = sorted(rooms.map(called));
    this.told.value += 1;
    this.ready.value = true;
    return gone;
  }

  /** What one may do there is another now. @param {Room} room */
  learn({ id, level, may, archived, slow, history, posting, preset, restricted, guests }) {
    if (this.get(id)) this.#update(id, { level, may, archived, slow, history, posting, preset, restricted, guests });
  }

  /** The direct room with someone, if one has it. @param {string} person */
  withPerson(person) {
    return this.list.value.find(({ peer }) => peer?.id === person);
  }

  /** @param {Person} person */
  renamed(person) {
    const room = this.withPerson(person.id);
    if (room) this.#update(room.id, { peer: person, name: person.nickname });
  }

  /** @param {Room} room */
  add(room) {
    if (!this.get(room.id)) this.list.value = sorted([...this.list.value, called(room)]);
  }

  /** @param {string} id */
  drop(id) {
    this.list.value = this.list.value.filter((room) => room.id !== id);
  }

  /**
   * An entry was heard: newer than the room's own head, it changes what the list shows.
   * @param {Entry} entry
   * @param {string} me
   */
  heard(entry, me) {
    const room = this.get(entry.room);
    if (!room || entry.seq <= room.seq) return;
    const counts = entry.kind === "post" && entry.by?.id !== me;
    this.#update(room.id, {
      seq: entry.seq,
      tag: entry.tag,
      last_at: entry.at,
      unread: Math.min(MOST_UNREAD, room.unread + (counts ? 1 : 0)),
      ...(entry.kind === "renamed" && entry.name ? { name: entry.name } : {}),
      ...(entry.kind === "topic" ? { topic: entry.topic ?? "" } : {}),
    });
  }

  /**
   * Read up to `seq`, which leaves `unread` unread.
   * @param {string} id @param {number} seq @param {number} unread
   */
  read(id, seq, unread) {
    const room = this.get(id);
    if (room && seq > room.read_seq) this.#update(id, { read_seq: seq, unread });
  }

  /** So many wait to be let in. @param {string} id @param {number} asks */
  asked(id, asks) {
    if (this.get(id)) this.#update(id, { asks });
  }

  /** @param {string} id @param {Partial<Room>} changes */
  #update(id, changes) {
    const list = this.list.value.map((room) => (room.id === id ? { ...room, ...changes } : room));
    this.list.value = "name" in changes ? sorted(list) : list;
  }
}
