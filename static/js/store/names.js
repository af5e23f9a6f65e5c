/** The nicknames that people bear now, where they differ from what an entry said. */

import { signal } from "@preact/signals";
import { _ } from "../i18n.js";

/** @import {Person} from "../types.js" */

/** What the server calls everyone whose account was deleted; nobody else can bear it. */
const GONE = "deleted";

export class Names {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, string>>} */
  renamed = signal(new Map());

  /** @param {Person} person */
  learn(person) {
    this.renamed.value = new Map(this.renamed.value).set(person.id, person.nickname);
  }

  /** @param {Person} person */
  of(person) {
    const nickname = this.renamed.value.get(person.id) ?? person.nickname;
    return nickname === GONE ? _("Deleted account") : nickname;
  }
}
