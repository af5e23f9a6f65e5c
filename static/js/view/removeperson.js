/** Taking someone out of a room, with the way back offered. */

import { _ } from "../i18n.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Room, RoomPerson} from "../types.js" */

/** Whoever is taken out of such a room may come back alone. @param {Room} room */
const staysOpen = (room) => room.preset === "open" || room.preset === "announcements";

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
    await api.remove(room.id, person.id);
    peoples.refresh(room.id);
    const text = staysOpen(room)
      ? _("You removed %(name)s. Everyone here can read this room, so they can come back.", { name })
      : _("You removed %(name)s. They can no longer see this room.", { name });
    toasts.say(text, { label: _("Undo"), run: () => void back() });
  });
}
