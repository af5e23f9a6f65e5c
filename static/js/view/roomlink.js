/** A room in the list: its name, a lock, and what is unread. */

import { html } from "../html.js";
import { _, ngettext, number } from "../i18n.js";
import { MOST_UNREAD } from "../store/rooms.js";
import { Avatar } from "./avatar.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { Link } from "./link.js";

/** @import {Room} from "../types.js" */

/** @param {{room: Room}} props */
export function RoomIcon({ room }) {
  const { presence } = useChat();
  if (room.peer) return html`<${Avatar} person=${room.peer} size="small" here=${presence.sees(room.peer)} />`;
  if (room.restricted) return html`<${Icon} name="lock" label=${_("Not everyone here can read this room")} />`;
  return html`<${Icon} name=${room.preset === "announcements" ? "horn" : "hash"} />`;
}

/** @param {{count: number}} props */
export function Unread({ count }) {
  if (!count) return null;
  const shown = count < MOST_UNREAD ? number(count) : _("%(n)s+", { n: number(MOST_UNREAD - 1) });
  return html`
    <span class="unread-count">
      <span aria-hidden="true">${shown}</span>
      <span class="visually-hidden">${ngettext("%(n)s unread message", "%(n)s unread messages", count)}</span>
    </span>
  `;
}

/** @param {{room: Room}} props */
export function RoomLink({ room }) {
  const { route, own } = useChat();
  const current = route.room === room.id && route.panel !== "directory";
  const waiting = own.value?.outbox.of(room.id).some(({ state }) => state === "failed");
  return html`
    <${Link} to=${{ room: room.id }} class="room-link ${room.unread ? "unread" : ""}"
      aria-current=${current ? "page" : undefined}>
      <${RoomIcon} room=${room} />
      <span class="room-name" dir="auto">${room.name}</span>
      ${waiting && html`<${Icon} name="alert" label=${_("A message was not sent")} />`}
      ${room.asks > 0 && html`<${Icon} name="invite" label=${_("Someone asks to be let in")} />`}
      <${Unread} count=${room.unread} />
    <//>
  `;
}
