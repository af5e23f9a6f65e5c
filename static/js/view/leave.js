/** Leaving a room: at once where one can come back alone, else after saying what it means. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { join } from "./join.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Room} from "../types.js" */

/** Leave, and be elsewhere than in the room. @param {Chat} chat @param {Room} room */
export async function goodbye(chat, room) {
  chat.farewells.leaving(room.id);
  try {
    await chat.api.leave(room.id);
  } catch (error) {
    chat.farewells.staying(room.id);
    throw error;
  }
  if (chat.rooms.get(room.id)) chat.lose(room);
  if (chat.route.room === room.id) chat.route.swap({});
}

/** Leave, with the way back offered. @param {Chat} chat @param {Room} room */
export function leave(chat, room) {
  const undo = { label: _("Come back"), run: () => void join(chat, room.id) };
  return chat.toasts.attempt(async () => {
    await goodbye(chat, room);
    chat.toasts.say(_("You left “%(room)s”.", { room: room.name }), undo);
  });
}

/** @param {{room: Room, close: () => void}} props */
export function LeaveDialog({ room, close }) {
  const chat = useChat();
  const onClick = () => {
    close();
    chat.toasts.attempt(() => goodbye(chat, room));
  };
  return html`
    <${Dialog} title=${_("Leave “%(room)s”?", { room: room.name })} close=${close}>
      <p>${room.level === "OWN" ? _("You run this room. When you leave, you give that up, and can come back only when you are invited again.") : _("You are here because someone invited you. When you leave, you give that up, and can come back only when you are invited again.")}</p>
      <div class="dialog-foot">
        <button type="button" class="button" onClick=${close}>${_("Stay")}</button>
        <button type="button" class="button danger" onClick=${onClick}>${_("Leave")}</button>
      </div>
    <//>
  `;
}
