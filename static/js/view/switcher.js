/** Goes to a room by a few letters of its name (Ctrl+K). */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { typed } from "./form.js";
import { isComposing } from "./keys.js";
import { RoomIcon, Unread } from "./roomlink.js";

/** @import {Room} from "../types.js" */

const SHOWN = 12;

/** Unread first, then the most recent. @param {Room[]} recent @param {string} wanted */
function matching(recent, wanted) {
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const fits = recent.filter((room) => words.every((word) => room.name.toLocaleLowerCase().includes(word)));
  return fits.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0)).slice(0, SHOWN);
}

/** @param {{close: () => void}} props */
export function SwitcherDialog({ close }) {
  const { rooms, route } = useChat();
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const found = matching([...rooms.recent.value], wanted);
  const go = (/** @type {Room | undefined} */ room) => {
    if (!room) return;
    close();
    route.go({ room: room.id });
  };
  const find = () => {
    close();
    route.go({ panel: "directory" });
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (isComposing(event)) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % Math.max(1, found.length));
    if (event.key === "Enter") go(found[at]);
    if (step || event.key === "Enter") event.preventDefault();
  };
  const search = (/** @type {string} */ text) => {
    setWanted(text);
    setAt(0);
  };
  return html`
    <${Dialog} title=${_("Go to a room")} close=${close} class="switcher">
      <input class="switcher-field" autofocus value=${wanted} onInput=${typed(search)} onKeyDown=${onKeyDown}
        placeholder=${_("Type a few letters")} aria-label=${_("Name of the room")} role="combobox" aria-expanded="true"
        aria-controls="switcher-list" aria-activedescendant=${found[at] && `switch-${found[at].id}`} autocomplete="off" dir="auto" />
      <ul id="switcher-list" role="listbox" class="switcher-list" aria-label=${_("Rooms")}>
        ${found.map((room, index) => html`
          <li key=${room.id} id=${`switch-${room.id}`} role="option" aria-selected=${index === at} onClick=${() => go(room)}>
            <${RoomIcon} room=${room} /><span class="room-name" dir="auto">${room.name}</span><${Unread} count=${room.unread} />
          </li>
        `)}
      </ul>
      ${!found.length && html`
        <p class="hint">${_("None of your rooms is called that.")}
          ${" "}<button type="button" class="as-link" onClick=${find}>${_("Find rooms")}</button>
        </p>
      `}
    <//>
  `;
}
