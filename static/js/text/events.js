/** Tells what happened in a room in a sentence: who entered, who left, what was renamed. */

import { _, list, moment, ngettext } from "../i18n.js";

/** @import {Entry, Person} from "../types.js" */
/** @typedef {(person: Person) => string} NameOf */
/** @typedef {{kind: string, at: number, by: Person | undefined, people: Person[], entry: Entry}} Happening */

/**
 * What happened, with people who did the same one after the other told together.
 * @param {Entry[]} entries
 * @returns {Happening[]}
 */
export function happenings(entries) {
  /** @type {Happening[]} */
  const all = [];
  for (const entry of entries) {
    const last = all.at(-1);
    const people = entry.people ?? (entry.by && OWN.has(entry.kind) ? [entry.by] : []);
    if (last && together(last, entry)) last.people.push(...people.filter(isNew(last.people)));
    else all.push({ kind: entry.kind, at: entry.at, by: entry.by, people: [...people], entry });
  }
  return all;
}

/** What people do themselves; of anything else, who did it is not whom it concerns. */
const OWN = new Set(["joined", "left"]);

/** @param {Person[]} known @returns {(person: Person) => boolean} */
const isNew = (known) => (person) => !known.some(({ id }) => id === person.id);

/** @param {Happening} last @param {Entry} entry */
function together(last, entry) {
  if (last.kind !== entry.kind) return false;
  if (["joined", "left", "withheld"].includes(entry.kind)) return true;
  return ["invited", "let_in", "removed"].includes(entry.kind) && last.by?.id === entry.by?.id;
}

/** @param {Happening} happening @param {NameOf} nameOf */
export function sentence({ kind, by, people, entry }, nameOf) {
  const who = by ? nameOf(by) : _("Someone");
  const names = list(people.map(nameOf)) || _("Someone");
  switch (kind) {
    case "joined": return _("%(names)s entered the room", { names });
    case "left": return _("%(names)s left the room", { names });
    case "invited": return _("%(who)s added %(names)s", { who, names });
    case "removed": return _("%(who)s removed %(names)s", { who, names });
    case "made": return by ? _("%(who)s made this room", { who }) : _("The room was made");
    case "renamed": return _("%(who)s renamed the room to “%(name)s”", { who, name: entry.name ?? "" });
    case "topic": return topic(who, entry.topic ?? "");
    case "muted": return _("%(who)s muted %(names)s", { who, names });
    case "unmuted": return _("%(who)s ended the mute of %(names)s", { who, names });
    case "banned": return _("%(who)s banned %(names)s", { who, names });
    case "unbanned": return _("%(who)s lifted the ban of %(names)s", { who, names });
    case "let_in": return _("%(who)s let %(names)s in", { who, names });
    case "expired": return _("What %(names)s may do here came to its end", { names });
    case "account": return _("What %(names)s may do here changed", { names });
    case "settings": return _("%(who)s changed the rules of the room", { who });
    case "archived": return _("%(who)s archived the room", { who });
    case "unarchived": return _("%(who)s took the room out of the archive", { who });
    case "deleted": return _("%(who)s deleted the room", { who });
    case "access": return people.length ? _("%(who)s changed what %(names)s may do here", { who, names }) : _("%(who)s changed who may do what here", { who });
    case "glass": return glass(who, names, entry);
    case "withheld": return _("Something here is not shown to you");
    default: return _("Something happened here");
  }
}

/** What an admin took by breaking the glass, or that it is over. @param {string} who @param {string} names @param {Entry} entry */
function glass(who, names, { level, until, why }) {
  if (!level) return _("%(names)s can no longer act here by breaking the glass", { names });
  const when = moment(until ?? 0);
  const told = { who, when, why: why ?? "" };
  if (level === "OWN") return _("%(who)s, an admin, broke the glass and can act here as an owner until %(when)s. Why: %(why)s", told);
  return _("%(who)s, an admin, broke the glass and can read here until %(when)s. Why: %(why)s", told);
}

/** @param {string} who @param {string} text */
function topic(who, text) {
  if (!text) return _("%(who)s took the topic away", { who });
  return _("%(who)s set the topic: %(topic)s", { who, topic: text });
}

const COUNTED = ["joined", "left", "invited", "let_in", "removed"];

/** Many happenings in one line: "5 people entered, 2 left". @param {Happening[]} all */
export function summary(all) {
  const count = (/** @type {string} */ kind) =>
    all.filter((it) => it.kind === kind).reduce((sum, it) => sum + it.people.length, 0);
  const [joined, left, invited, letIn, removed] = COUNTED.map(count);
  const added = (invited ?? 0) + (letIn ?? 0);
  const other = all.filter((it) => !COUNTED.includes(it.kind)).length;
  const parts = [
    joined && ngettext("%(n)s person entered", "%(n)s people entered", joined),
    left && ngettext("%(n)s left", "%(n)s left", left),
    added && ngettext("%(n)s was added", "%(n)s were added", added),
    removed && ngettext("%(n)s was removed", "%(n)s were removed", removed),
    other && ngettext("%(n)s other change", "%(n)s other changes", other),
  ];
  return list(parts.filter((part) => typeof part === "string"));
}
