/** Taking someone out of a room, with the way back offered. */

import { _ } from "../i18n.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Room, RoomPerson} from "../types.js" */

/** @param {Chat} chat @param {Room} room @param {RoomPerson} person */
export function removePerson(chat, room, person) {
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
