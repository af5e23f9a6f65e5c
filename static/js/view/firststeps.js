/** Three steps for whoever sets the place up. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat, useOwn } from "./context.js";
import { Icon } from "./icon.js";

/** @import {Step} from "../store/steps.js" */
/** @typedef {{step: Step, title: string, text: string, run?: () => void}} Line */

/** @returns {Line[]} */
function useLines() {
  const { dialog, rooms, route } = useChat();
  const mine = rooms.get(route.room) ?? rooms.list.value.find((room) => room.may.invite);
  const first = rooms.list.value.find((room) => room.may.post);
  return [
    {
      step: "room",
      title: _("Make a room"),
      text: _("Rooms are private unless you choose otherwise."),
      run: () => (dialog.value = { name: "make", room: "" }),
    },
    {
      step: "invite",
      title: _("Invite someone"),
      text: _("By nickname, or with a link that you send them."),
      ...(mine?.may.invite && { run: () => (dialog.value = { name: "invite", room: mine.id }) }),
    },
    {
      step: "post",
      title: _("Say something"),
      text: _("Write at the bottom of a room. Enter sends."),
      ...(first && !route.room && { run: () => route.go({ room: first.id }) }),
    },
  ];
}

/** @param {{line: Line, done: boolean}} props */
function StepLine({ line, done }) {
  const { title, text, run } = line;
  return html`
    <li class=${done ? "done" : ""}>
      <span class="step-mark">${done && html`<${Icon} name="check" label=${_("Done")} />`}</span>
      <span>
        ${run && !done ? html`<button type="button" class="as-link" onClick=${run}>${title}</button>` : html`<strong>${title}</strong>`}
        <span class="hint">${text}</span>
      </span>
    </li>
  `;
}

/** Entries in a room from which on people have begun, in whatever browser the steps were taken. */
const BEGUN = 20;

export function FirstSteps() {
  const { me, steps } = useOwn();
  const { list } = useChat().rooms;
  const lines = useLines();
  const begun = list.value.some((room) => room.seq >= BEGUN);
  if (me.value.role !== "admin" || steps.over || begun) return null;
  const made = list.value.some((room) => room.level === "OWN" && room.preset !== "open");
  const isDone = (/** @type {Step} */ step) => steps.done.value.has(step) || (step === "room" && made);
  return html`
    <section class="steps" aria-label=${_("Three steps to begin")}>
      <header>
        <h2>${_("Three steps to begin")}</h2>
        <button type="button" class="button quiet icon-only small" aria-label=${_("Hide these steps")}
          onClick=${() => steps.take("hidden")}><${Icon} name="close" /></button>
      </header>
      <ol>
        ${lines.map((line) => html`<${StepLine} key=${line.step} line=${line} done=${isDone(line.step)} />`)}
      </ol>
    </section>
  `;
}
