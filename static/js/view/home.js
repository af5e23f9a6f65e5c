/** What is seen when no room is open: the way on. */

import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat, useOwn } from "./context.js";
import { FirstSteps } from "./firststeps.js";
import { Icon } from "./icon.js";
import { Link } from "./link.js";

const wide = matchMedia("(min-width: 800px)");

/** Where there is room for both panes, the room one was in last is opened. */
function useLastRoom() {
  const { last, rooms, route } = useChat();
  const { steps, me } = useOwn();
  const welcome = me.value.role === "admin" && !steps.over;
  useEffect(() => {
    const room = rooms.get(last.get("room")) ?? rooms.recent.peek()[0];
    if (wide.matches && room && !welcome && !route.panel) route.swap({ room: room.id });
  }, []);
}

export function Home() {
  const { dialog, mayMake, rooms, route } = useChat();
  const { me } = useOwn();
  useLastRoom();
  const none = rooms.list.value.length === 0;
  return html`
    <section class="page">
      <header class="page-head only-phone">
        <button type="button" class="button quiet icon-only back" aria-label=${_("Back to the rooms")}
          onClick=${() => route.close()}><${Icon} name="back" /></button>
      </header>
      <div class="state">
        <${Icon} name="logo" />
        <h1>${_("Welcome, %(name)s", { name: me.value.nickname })}</h1>
        <p>${none ? _("You are in no room yet. Find one to join, or make your own.") : _("Choose one of your rooms, or find another one.")}</p>
        <p>
          <${Link} to=${{ panel: "directory" }} class="button primary">${_("Find rooms")}<//>
          ${mayMake.value && html`
            <button type="button" class="button" onClick=${() => (dialog.value = { name: "make", room: "" })}>${_("Make a room")}</button>
          `}
        </p>
        <${FirstSteps} />
      </div>
    </section>
  `;
}
