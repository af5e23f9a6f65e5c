/** What is one's own: who one is, what one writes and has sent. It exists from the first welcome on. */

import { signal } from "@preact/signals";
import { Drafts } from "./drafts.js";
import { Outbox } from "./outbox.js";
import { Steps } from "./steps.js";

/** @import {Link} from "../net/socket.js" */
/** @import {Me, Person} from "../types.js" */

export class Own {
  /**
   * @param {Me} me
   * @param {Link} link
   * @param {Storage | null} storage
   * @param {(room: string) => number} position
   */
  constructor(me, link, storage, position) {
    this.me = signal(me);
    this.drafts = new Drafts(me.id, storage);
    this.outbox = new Outbox(link, me.id, storage, position);
    this.steps = new Steps(me.id, storage);
  }

  /** What one wrote stays private when the next person uses this browser. */
  forget() {
    this.drafts.kept.clear();
    this.outbox.kept.clear();
  }

  /** @param {Person} person */
  renamed(person) {
    if (person.id === this.me.value.id) this.me.value = { ...this.me.value, nickname: person.nickname };
  }
}
