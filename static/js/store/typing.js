/** Who types where: others fade by themselves, oneself is told at most every few seconds. */

import { signal } from "@preact/signals";

/** @import {Person} from "../types.js" */
/** @import {Link} from "../net/socket.js" */
/** @typedef {{room: string, person: Person, until: number}} Typist */

const EVERY = 3_000;

export class Typing {
  /** @type {import("@preact/signals").Signal<Typist[]>} */
  typists = signal([]);
  fades = 6_000;
  #told = 0;

  /** @param {Link} link */
  constructor(link) {
    this.link = link;
  }

  /** @param {string} room @returns {Person[]} */
  of(room) {
    return this.typists.value.filter((typist) => typist.room === room).map(({ person }) => person);
  }

  /** @param {string} room @param {Person} person */
  heard(room, person) {
    this.stopped(room, person.id);
    const until = Date.now() + this.fades;
    this.typists.value = [...this.typists.value, { room, person, until }];
    setTimeout(() => this.#fade(), this.fades + 50);
  }

  /** They posted, or left. @param {string} room @param {string} id */
  stopped(room, id) {
    const others = this.typists.value.filter((it) => it.room !== room || it.person.id !== id);
    if (others.length < this.typists.value.length) this.typists.value = others;
  }

  /** I am typing. @param {string} room */
  tell(room) {
    if (Date.now() - this.#told < EVERY) return;
    this.#told = Date.now();
    this.link.send({ t: "typing", room });
  }

  /** I sent it: the next letter is told at once. */
  done() {
    this.#told = 0;
  }

  #fade() {
    const now = Date.now();
    this.typists.value = this.typists.value.filter(({ until }) => until > now);
  }
}
