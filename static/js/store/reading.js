/** Reports how far one has read, a little later than one reads. */

/** @import {Link} from "../net/socket.js" */
/** @import {Entry} from "../types.js" */
/** @import {Log} from "./log.js" */
/** @import {Rooms} from "./rooms.js" */

const LATER = 400;

export class Reading {
  /** @type {Map<string, number>} */
  #due = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {Link} link @param {Rooms} rooms @param {() => string} me */
  constructor(link, rooms, me) {
    this.link = link;
    this.rooms = rooms;
    this.me = me;
  }

  /** Everything up to `seq` was in view. @param {Log} log @param {number} seq */
  seen(log, seq) {
    const room = this.rooms.get(log.room);
    if (!room || seq <= room.read_seq) return;
    this.rooms.read(room.id, seq, this.#left(log, room.read_seq, seq, room.unread));
    this.#due.set(room.id, seq);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), LATER);
  }

  /** Told by another window of one's own. @param {Log | undefined} log @param {string} id @param {number} seq */
  elsewhere(log, id, seq) {
    const room = this.rooms.get(id);
    if (!room) return;
    const left = seq >= room.seq ? 0 : log ? this.#left(log, room.read_seq, seq, room.unread) : room.unread;
    this.rooms.read(id, seq, left);
  }

  flush() {
    clearTimeout(this.#timer);
    if (this.link.state.value !== "open") return;
    for (const [room, seq] of this.#due) this.link.request({ t: "read", room, seq }).catch(() => {});
    this.#due.clear();
  }

  /**
   * How many stay unread; past what is in memory, the posts passed are taken off.
   * @param {Log} log @param {number} from @param {number} to @param {number} unread
   */
  #left(log, from, to, unread) {
    const { entries } = log.run.value;
    if (to >= log.position.value) return 0;
    const others = (/** @type {Entry} */ entry) => entry.kind === "post" && entry.by?.id !== this.me();
    if (log.atEnd.value && log.first <= to + 1) {
      return entries.filter((entry) => entry.seq > to && others(entry)).length;
    }
    const passed = entries.filter((entry) => entry.seq > from && entry.seq <= to && others(entry));
    return Math.max(1, unread - passed.length);
  }
}
