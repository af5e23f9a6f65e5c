/** What an owner does about a person: making them an owner, or taking them out, with a way back. */

import { _ } from "../i18n.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Room, RoomPerson} from "../types.js" */

/** People on their way out: a second click is not a second removal. @type {Set<string>} */
const leaving = new Set();

/** Asks first: an owner is taken out by nobody. @param {Chat} chat @param {Room} room @param {RoomPerson} person */
export function makeOwner(chat, room, person) {
  const name = chat.names.of(person);
  const make = () =>
    chat.toasts.attempt(async () => {
      await chat.api.invite(room.id, name, "OWN");
      chat.peoples.refresh(room.id);
      chat.toasts.say(_("%(name)s owns this room too now.", { name }));
    });
  const text = _("%(name)s would own this room as you do, and nobody could remove them any more.", { name });
  chat.toasts.say(text, { label: _("Make owner"), run: () => void make() });
}

/** @param {Chat} chat @param {Room} room @param {RoomPerson} person */
export async function removePerson(chat, room, person) {
  const key = `${room.id} ${person.id}`;
  if (leaving.has(key)) return;
  leaving.add(key);
  await remove(chat, room, person);
  leaving.delete(key);
}

/** @param {Chat} chat @param {Room} room @param {RoomPerson} person */
function remove(chat, room, person) {
  const { api, peoples, toasts } = chat;
  const name = chat.names.of(person);
  const level = person.level === "READ" ? "READ" : "POST";
  const back = () =>
    toasts.attempt(async () => {
      await api.invite(room.id, name, level);
      peoples.refresh(room.id);
    });
  return toasts.attempt(async () => {
    const { still_reads } = await api.remove(room.id, person.id);
    peoples.refresh(room.id);
    const text = still_reads
      ? _("You removed %(name)s. Everyone here can read this room, so they can come back.", { name })
      : _("You removed %(name)s. They can no longer see this room.", { name });
    toasts.say(text, { label: _("Undo"), run: () => void back() });
  });
}
