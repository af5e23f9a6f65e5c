/** The nicknames that people bear now, where they differ from what an entry said. */

import { signal } from "@preact/signals";
import { called } from "../text/called.js";

/** @import {Person} from "../types.js" */

export class Names {
  /** @type {import("@preact/signals").Signal<ReadonlyMap<string, string>>} */
  renamed = signal(new Map());

  /** @param {Person} person */
  learn(person) {
    this.renamed.value = new Map(this.renamed.value).set(person.id, person.nickname);
  }

  /** @param {Person} person */
  of(person) {
    return called({ nickname: this.renamed.value.get(person.id) ?? person.nickname });
  }
}
