/** The head of a room: its name and topic, and who is listening. */

import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { whole } from "../text/access.js";
import { AskersBadge } from "./askers.js";
import { Avatar } from "./avatar.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { RoomIcon } from "./roomlink.js";
import { RoomMenu } from "./roommenu.js";

/** @import {Room} from "../types.js" */

const FACES = 4;

/** @param {{room: string}} props */
function Faces({ room }) {
  const { names, presence } = useChat();
  const here = presence.here(room);
  if (!here.length) return null;
  const count = presence.count(room);
  return html`
    <span class="faces" title=${ngettext("%(n)s person is here now", "%(n)s people are here now", count)}>
      ${here.slice(0, FACES).map((person) => html`
        <${Avatar} key=${person.id} person=${person} name=${names.of(person)} size="small" />
      `)}
      <span class="faces-count">${ngettext("%(n)s here", "%(n)s here", count)}</span>
    </span>
  `;
}

/** Who can read and post; it opens the list of people. @param {{room: Room}} props */
function Audience({ room }) {
  const { peoples, route } = useChat();
  const counts = peoples.of(room.id);
  const open = route.panel === "people";
  return html`
    <button type="button" class="audience" aria-expanded=${open} onClick=${() => route.toggle("people")}>
      <span class="audience-text" title=${counts && whole(counts)}>${counts ? whole(counts) : _("People")}</span>
      ${room.archived && html`<span class="badge">${_("Archived")}</span>`}
      ${(counts ? counts.guests : room.guests) && html`<span class="badge warning">${_("Guests can read")}</span>`}
      <${AskersBadge} count=${room.asks} />
      <${Faces} room=${room.id} />
      <${Icon} name="people" />
    </button>
  `;
}

/** @param {{room: Room}} props */
export function RoomHeader({ room }) {
  const { route } = useChat();
  return html`
    <header class="room-header">
      <button type="button" class="button quiet icon-only back" aria-label=${_("Back to the rooms")}
        onClick=${() => route.close()}><${Icon} name="back" /></button>
      <div class="room-title">
        <h1><${RoomIcon} room=${room} /><span dir="auto">${room.name}</span></h1>
        ${room.peer && html`<p class="topic">${_("Only you and %(name)s can read this.", { name: room.name })}</p>`}
        ${room.topic && html`<p class="topic" dir="auto" title=${room.topic}>${room.topic}</p>`}
      </div>
      ${!room.peer && html`<${Audience} room=${room} />`}
      <${RoomMenu} room=${room} />
    </header>
  `;
}
