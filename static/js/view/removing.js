/** Taking a person out of a room, with a way back. */

import { _ } from "../i18n.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Room, RoomPerson} from "../types.js" */

/** People on their way out: a second click is not a second removal. @type {Set<string>} */
const leaving = new Set();

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
