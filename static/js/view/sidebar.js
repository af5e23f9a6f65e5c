/** The left pane: one's rooms, the way to others, and oneself. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { AccountMenu } from "./account.js";
import { useChat } from "./context.js";
import { FirstSteps } from "./firststeps.js";
import { Icon } from "./icon.js";
import { arrows } from "./keys.js";
import { Link } from "./link.js";
import { RoomLink } from "./roomlink.js";

export function Sidebar() {
  const { dialog, mayMake, rooms, route } = useChat();
  const open = (/** @type {string} */ name) => () => (dialog.value = { name, room: "" });
  return html`
    <nav class="sidebar" aria-label=${_("Rooms")}>
      <header class="sidebar-head">
        <${Link} to=${{ panel: "home" }} class="brand"><${Icon} name="logo" />Chatelaine<//>
        <button type="button" class="button quiet icon-only" aria-label=${_("Go to a room")}
          title=${_("Go to a room (Ctrl+K)")} onClick=${open("switcher")}><${Icon} name="search" /></button>
      </header>
      <div class="sidebar-scroll">
        <div class="list-heading">
          <h2>${_("Rooms")}</h2>
          ${mayMake.value && html`
            <button type="button" class="button quiet icon-only" aria-label=${_("Make a room")}
              title=${_("Make a room")} onClick=${open("make")}><${Icon} name="plus" /></button>
          `}
        </div>
        <ul class="room-list" onKeyDown=${arrows("a")}>
          ${rooms.list.value.map((room) => html`<li key=${room.id}><${RoomLink} room=${room} /></li>`)}
        </ul>
        ${!rooms.list.value.length && html`<p class="hint">${_("You are in no room yet.")}</p>`}
        <${Link} to=${{ panel: "directory" }} class="list-link"
          aria-current=${route.panel === "directory" ? "page" : undefined}><${Icon} name="compass" />${_("Find rooms")}<//>
        <${FirstSteps} />
      </div>
      <${AccountMenu} />
    </nav>
  `;
}
