/** The left pane: one's rooms, the way to others, and oneself. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { AccountMenu } from "./account.js";
import { useChat } from "./context.js";
import { FirstSteps } from "./firststeps.js";
import { Icon } from "./icon.js";
import { Link } from "./link.js";
import { DirectRooms, NamedRooms } from "./roomlists.js";

export function Sidebar() {
  const { dialog } = useChat();
  const open = (/** @type {string} */ name) => () => (dialog.value = { name, room: "" });
  return html`
    <nav class="sidebar" aria-label=${_("Rooms")}>
      <header class="sidebar-head">
        <${Link} to=${{ panel: "home" }} class="brand"><${Icon} name="logo" />Chatelaine<//>
        <button type="button" class="button quiet icon-only" aria-label=${_("Go to a room")}
          title=${_("Go to a room (Ctrl+K)")} onClick=${open("switcher")}><${Icon} name="search" /></button>
      </header>
      <div class="sidebar-scroll">
        <${NamedRooms} />
        <${DirectRooms} />
        <${FirstSteps} />
      </div>
      <${AccountMenu} />
    </nav>
  `;
}
