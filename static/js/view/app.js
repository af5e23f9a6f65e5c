/** The whole chat: rooms on the left, the conversation, and what is asked for on the right. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Context, useChat } from "./context.js";
import { ConnectionBar } from "./bar.js";
import { Dialogs } from "./dialogs.js";
import { Directory } from "./directory.js";
import { Home } from "./home.js";
import { LiveRegion } from "./liveregion.js";
import { AccessPanel } from "./access.js";
import { PeoplePanel } from "./people.js";
import { RoomPane } from "./roompane.js";
import { Shortcuts } from "./shortcuts.js";
import { Sidebar } from "./sidebar.js";
import { Skeleton } from "./skeleton.js";
import { ToastList } from "./toastlist.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Place} from "../store/route.js" */

/** Panels that stand on the right of a room. */
const SIDES = new Set(["people", "access"]);

/** On a phone one pane is seen at a time. @param {Place} place */
function pane({ room, panel }) {
  if (SIDES.has(panel) && room) return "side";
  return room || panel ? "main" : "list";
}

function Panes() {
  const { route, own, rooms } = useChat();
  const { room, panel } = route.place.value;
  if (!own.value || !rooms.ready.value) return html`<${Skeleton} room=${room} />`;
  const open = SIDES.has(panel) && rooms.get(room);
  const side = open && !open.peer && open;
  const Side = panel === "access" && side && side.may.rights ? AccessPanel : PeoplePanel;
  return html`
    <div class="panes" data-pane=${pane({ room, panel })} data-side=${side ? "open" : "closed"}>
      <${Sidebar} />
      <main class="middle" id="main" tabindex="-1">
        <${Middle} room=${room} panel=${panel} />
      </main>
      ${side && html`<${Side} key=${room} room=${side} />`}
    </div>
    <${Dialogs} />
  `;
}

/** @param {Place} place */
function Middle({ room, panel }) {
  if (panel === "directory") return html`<${Directory} />`;
  if (room) return html`<${RoomPane} key=${room} id=${room} />`;
  return html`<${Home} />`;
}

/** @param {{chat: Chat}} props */
export function App({ chat }) {
  return html`
    <${Context.Provider} value=${chat}>
      <a class="skip" href="#main">${_("Skip to the conversation")}</a>
      <${ConnectionBar} />
      <${Panes} />
      <${ToastList} />
      <${LiveRegion} />
      <${Shortcuts} />
    <//>
  `;
}
