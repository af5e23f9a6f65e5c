/** Says in plain words who can read and post in a room, and whom to ask. */

import { _, ago, list, ngettext, together } from "../i18n.js";
import { called } from "./called.js";

/** @import {Counts, People, Person, Preset} from "../types.js" */

/** @param {Counts} counts "12 can read, 9 can post" */
export function audience({ read, post }) {
  const readers = ngettext("%(n)s can read", "%(n)s can read", read);
  const posters = ngettext("%(n)s can post", "%(n)s can post", post);
  return _("%(readers)s, %(posters)s", { readers, posters });
}

/** All of it in a line: who can read and post, what newcomers see, and the last change. @param {People} people */
export function whole(people) {
  const { history, changed_at, changed_by } = people;
  const parts = [audience(people)];
  if (history === "joined") parts.push(_("newcomers see messages from when they joined"));
  if (changed_at) {
    const when = ago(changed_at);
    parts.push(changed_by ? _("changed by %(name)s %(when)s", { name: called(changed_by), when }) : _("changed %(when)s", { when }));
  }
  return parts.join(_("; "));
}

/** What newcomers read, and when the rights were changed last. @param {People} people */
export function since({ history, changed_at, changed_by }) {
  const past = history === "joined" ? _("Newcomers see messages from when they joined.") : _("Newcomers see everything that was said.");
  return changed_at ? together(past, changed(changed_at, changed_by)) : past;
}

/** @param {number} at @param {Person | null} by */
function changed(at, by) {
  const when = ago(at);
  return by ? _("Rights changed by %(name)s, %(when)s.", { name: called(by), when }) : _("Rights changed %(when)s.", { when });
}

/** @param {Person[]} people whom to ask, at most three */
export function ask(people) {
  const names = list(people.slice(0, 3).map(({ nickname }) => nickname));
  return names ? _("Ask %(names)s.", { names }) : _("Ask an admin of this server.");
}

/** @param {Preset} preset */
export function presetName(preset) {
  return {
    open: _("Open"),
    listed: _("Listed"),
    private: _("Private"),
    announcements: _("Announcements"),
    direct: _("Direct"),
  }[preset];
}

/** @param {Preset} preset */
export function presetSentence(preset) {
  return {
    open: _("Everyone here can find it, read it and post."),
    listed: _("Everyone here can see that it exists, and ask to be let in. Only people you let in can read and post."),
    private: _("Nobody else can see that it exists. Only people you invite can read and post."),
    announcements: _("Everyone here can find it and read it. Only you and those you choose can post."),
    direct: _("Only the two of you will be able to read it."),
  }[preset];
}
