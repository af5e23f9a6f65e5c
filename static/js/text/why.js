/** Why one may or may not do something in a room, in plain words and without naming others' groups. */

import { _, moment, ngettext, together } from "../i18n.js";
import { ask } from "./access.js";
import { levelText } from "./rights.js";

/** @import {Ground, Level, Why} from "../types.js" */

/** What stands where one would write. @param {Why} why */
export function whyNotPost(why) {
  return why.ask.length > 0 ? together(obstacle(why), ask(why.ask)) : obstacle(why);
}

/** @param {Why} why */
function obstacle({ hindered_by, needs, because }) {
  const cap = because.find(({ kind }) => kind === "capped");
  if (hindered_by === "archived") return _("This room is archived: it can be read, but nothing is added.");
  if (cap) return cap.until ? _("You are muted here until %(when)s.", { when: moment(cap.until) }) : _("You are muted here.");
  if (needs === "MODERATE") return _("Only moderators and owners post here.");
  if (needs === "OWN") return _("Only owners post here.");
  return _("You can read here, but not post.");
}

/** @param {Ground} ground "Ann let you: reads and posts, until ..." @param {Level} posting see `levelText` */
export function groundText({ kind, level, by, until, count }, posting) {
  const may = levelText(level, posting);
  const ends = until ? _("until %(when)s", { when: moment(until) }) : "";
  return [_source(kind, may, by, count ?? 0), ends].filter(Boolean).join(" · ");
}

/** @param {Ground["kind"]} kind @param {string} may @param {string | null} by @param {number} count */
function _source(kind, may, by, count) {
  switch (kind) {
    case "everyone": return _("Everyone here: %(may)s", { may });
    case "groups": return ngettext("Through a group of yours: %(may)s", "Through %(n)s groups of yours: %(may)s", count, { may });
    case "glass": return _("You broke the glass: %(may)s", { may });
    case "capped": return by ? _("%(name)s holds you at: %(may)s", { name: by, may }) : _("You are held at: %(may)s", { may });
    case "token": return _("Your token: %(may)s", { may });
    default: return by ? _("%(name)s gave you: %(may)s", { name: by, may }) : _("You were given: %(may)s", { may });
  }
}
