/** What can be done with the room that is open. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { DirectItems } from "./direct.js";
import { leave } from "./leave.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { Item, Menu } from "./menu.js";

/** @import {Room} from "../types.js" */

/** @param {{room: Room}} props */
export function RoomMenu({ room }) {
  return html`
    <${Menu} id="room-menu" class="room-more" label=${_("More about this room")} button=${html`<${Icon} name="more" />`}>
      ${room.peer ? html`<${DirectItems} room=${room} />` : html`<${RoomItems} room=${room} />`}
    <//>
  `;
}

/** @param {{room: Room}} props */
function RoomItems({ room }) {
  const chat = useChat();
  const open = (/** @type {string} */ name) => () => (chat.dialog.value = { name, room: room.id });
  const goodbye = room.leaving_gives_up ? open("leave") : () => leave(chat, room);
  return html`
    <${Item} icon="people" label=${_("People")} run=${() => chat.route.go({ room: room.id, panel: "people" })} />
    ${room.may.invite && html`<${Item} icon="invite" label=${_("Invite people")} run=${open("invite")} />`}
    ${room.may.rights && html`<${Item} icon="shield" label=${_("Rights")} run=${() => chat.route.go({ room: room.id, panel: "access" })} />`}
    ${room.may.settings && html`<${Item} icon="pencil" label=${_("Name and topic")} run=${open("settings")} />`}
    <${Item} icon="alert" label=${room.may.post ? _("Why can I post here?") : _("Why can’t I post here?")} run=${open("why")} />
    <${Item} icon="leave" label=${_("Leave this room")} run=${goodbye} />
  `;
}
