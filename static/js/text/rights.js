/** Says in plain words what people may do, why, and what a change would do. */

import { _, list, moment, ngettext, number } from "../i18n.js";
import { called } from "./called.js";

/** @import {Effect, Level, Proven, Reason} from "../types.js" */

/**
 * What someone with a level may do, where messages are written from `posting` on.
 * @param {Level} level @param {Level} [posting]
 */
export function levelText(level, posting = "POST") {
  if (level === "POST" && posting !== "POST") return _("reads");
  return {
    HIDDEN: _("sees nothing of it"),
    SEE: _("sees that it exists"),
    ASK: _("may ask to be let in"),
    READ: _("reads"),
    POST: _("reads and posts"),
    MODERATE: _("moderates"),
    OWN: _("runs the room"),
  }[level];
}

/** The same, to choose from. @param {Level} level */
export function levelChoice(level) {
  return {
    HIDDEN: _("nothing"),
    SEE: _("see that it exists"),
    ASK: _("ask to be let in"),
    READ: _("read"),
    POST: _("read and post"),
    MODERATE: _("moderate"),
    OWN: _("run the room"),
  }[level];
}

/** @param {string} action */
export function actionText(action) {
  return /** @type {Record<string, string>} */ ({
    see: _("see the room in the directory"),
    ask: _("ask to be let in"),
    join: _("join the room"),
    read: _("read messages"),
    post: _("write messages"),
    invite: _("invite people and let them in"),
    remove: _("remove people"),
    mute: _("mute people"),
    ban: _("ban people"),
    rights: _("see everyone’s rights and reasons"),
    appoint: _("make moderators and owners"),
    open: _("let groups or everyone in"),
    settings: _("change the room’s settings"),
    archive: _("archive the room, and take it back"),
    delete: _("delete the room"),
  })[action] ?? action;
}

/** Head of a column: one or two words. @param {string} action */
export function actionName(action) {
  return /** @type {Record<string, string>} */ ({
    see: _("See"),
    ask: _("Ask"),
    join: _("Join"),
    read: _("Read"),
    post: _("Post"),
    invite: _("Invite"),
    remove: _("Remove"),
    mute: _("Mute"),
    ban: _("Ban"),
    rights: _("See rights"),
    appoint: _("Appoint"),
    open: _("Open"),
    settings: _("Settings"),
    archive: _("Archive"),
    delete: _("Delete"),
  })[action] ?? action;
}

/** What goes without saying: whoever gains reading may also join, see and ask. */
const GAINED_WITH = { read: ["join", "see", "ask"], join: ["see", "ask"], ask: ["see"] };
/** Whoever loses reading can’t join, but whether they still see the room must be said. */
const LOST_WITH = { read: ["join", "ask"], join: ["ask"], see: ["ask"] };

/** @param {string[]} actions @param {boolean} gains */
function actionsText(actions, gains) {
  const silent = new Set(Object.entries(gains ? GAINED_WITH : LOST_WITH).flatMap(([action, others]) => (actions.includes(action) ? others : [])));
  return list(actions.filter((action) => !silent.has(action)).map(actionText));
}

/**
 * "in person: reads · by Ann · ..."
 * @param {Pick<Reason, "kind" | "level" | "group" | "by" | "at" | "until" | "why">} reason
 * @param {Level} [posting] see `levelText`
 */
export function reasonText({ kind, level, group, by, at, until, why }, posting) {
  const what = _source({ kind, level, group }, posting);
  const who = by ? _("by %(name)s", { name: called(by) }) : "";
  const when = moment(at);
  const ends = until ? _("until %(when)s", { when: moment(until) }) : "";
  return [what, who, when, ends, why && `“${why}”`].filter(Boolean).join(" · ");
}

/** @param {Pick<Reason, "kind" | "level" | "group">} reason @param {Level} [posting] */
function _source({ kind, level, group }, posting) {
  if (kind === "cap") return level === "HIDDEN" ? _("banned") : _("muted");
  const may = levelText(level, posting);
  if (kind === "everyone") return _("everyone here: %(may)s", { may });
  if (kind === "group") return _("the group %(group)s: %(may)s", { group: group ?? "", may });
  if (kind === "glass") return _("broke the glass: %(may)s", { may });
  return _("in person: %(may)s", { may });
}

/** One line of a proof: as `reasonText`, from what the log says. @param {Proven} reason */
export function provenText({ kind, subject, name, level, by, at, until, why }) {
  const source = kind === "cap" ? "cap" : subject;
  const giver = by ? { id: "", nickname: by } : null;
  return reasonText({ kind: /** @type {Reason["kind"]} */ (source), level, group: name, by: giver, at, until, why });
}

/** @param {Effect} effect @param {boolean} gains */
export function effectText({ actions, people, count }, gains) {
  const what = actionsText(actions, gains);
  const names = people.slice(0, 5).map(({ nickname }) => nickname);
  const more = count - names.length;
  const who = more > 0
    ? list([...names, ngettext("%(n)s other", "%(n)s others", more)])
    : list(names);
  return gains
    ? ngettext("%(who)s can then: %(what)s", "%(who)s can then: %(what)s", count, { who, what })
    : ngettext("%(who)s can no longer: %(what)s", "%(who)s can no longer: %(what)s", count, { who, what });
}

/** "30 seconds", "5 minutes" @param {number} seconds */
export function duration(seconds) {
  if (seconds >= 3600 && seconds % 3600 === 0) return ngettext("%(n)s hour", "%(n)s hours", seconds / 3600);
  if (seconds >= 60 && seconds % 60 === 0) return ngettext("%(n)s minute", "%(n)s minutes", seconds / 60);
  return ngettext("%(n)s second", "%(n)s seconds", seconds, { n: number(seconds) });
}
