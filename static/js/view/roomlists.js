/** The lists of one's rooms: those with a name, and those with one other person. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { arrows } from "./keys.js";
import { Link } from "./link.js";
import { RoomLink } from "./roomlink.js";

/** @import {Room} from "../types.js" */

/** @param {{title: string, add: string | false, dialog: string}} props `add`: what the button says */
function Heading({ title, add, dialog }) {
  const chat = useChat();
  const open = () => (chat.dialog.value = { name: dialog, room: "" });
  return html`
    <div class="list-heading">
      <h2>${title}</h2>
      ${add && html`
        <button type="button" class="button quiet icon-only" aria-label=${add} title=${add} onClick=${open}>
          <${Icon} name="plus" />
        </button>
      `}
    </div>
  `;
}

/** @param {{rooms: Room[]}} props */
function List({ rooms }) {
  return html`
    <ul class="room-list" onKeyDown=${arrows("a")}>
      ${rooms.map((room) => html`<li key=${room.id}><${RoomLink} room=${room} /></li>`)}
    </ul>
  `;
}

export function NamedRooms() {
  const { mayMake, rooms, route } = useChat();
  const named = rooms.list.value.filter(({ peer }) => !peer);
  return html`
    <${Heading} title=${_("Rooms")} add=${mayMake.value && _("Make a room")} dialog="make" />
    <${List} rooms=${named} />
    ${!named.length && html`<p class="hint">${_("You are in no room yet.")}</p>`}
    <${Link} to=${{ panel: "directory" }} class="list-link"
      aria-current=${route.panel === "directory" ? "page" : undefined}><${Icon} name="compass" />${_("Find rooms")}<//>
  `;
}

export function DirectRooms() {
  const { mayBegin, rooms } = useChat();
  const direct = rooms.list.value.filter(({ peer }) => peer);
  if (!direct.length && !mayBegin.value) return null;
  return html`
    <${Heading} title=${_("Direct")} add=${mayBegin.value && _("New direct message")} dialog="direct" />
    <${List} rooms=${direct} />
  `;
}
