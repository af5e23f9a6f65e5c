/** Asking to be let into a room that one sees, and what came of it. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _, moment } from "../i18n.js";
import { ask as whom } from "../text/access.js";
import { useChat } from "./context.js";
import { Problem, typed, useForm } from "./form.js";

/** @import {Listed} from "../types.js" */

const LONGEST = 500;

/** @param {{room: Listed}} props */
function Waiting({ room }) {
  const { api, asks, toasts } = useChat();
  const withdraw = () =>
    toasts.attempt(async () => {
      await api.withdrawAsk(room.id);
      asks.moved.value += 1;
    });
  return html`
    <p>${_("You asked on %(when)s, and wait for an answer.", { when: moment(room.asked_at ?? 0) })}</p>
    <button type="button" class="button small" onClick=${withdraw}
      aria-label=${_("Take it back: %(room)s", { room: room.name })}>${_("Take it back")}</button>
  `;
}

/** @param {{room: Listed}} props */
function Form({ room }) {
  const { api, asks } = useChat();
  const [text, setText] = useState("");
  const { busy, problem, submit } = useForm(async () => {
    await api.ask(room.id, text);
    asks.moved.value += 1;
  });
  return html`
    <form class="form ask-form" onSubmit=${submit}>
      <label class="field">${_("Say who you are, or why you ask (if you like)")}
        <textarea rows="2" maxlength=${LONGEST} value=${text} onInput=${typed(setText)} dir="auto"></textarea>
      </label>
      <button type="submit" class="button primary" disabled=${busy}>${_("Ask to be let in")}</button>
      <${Problem} text=${problem} />
    </form>
  `;
}

/** @param {{room: Listed}} props */
function Folded({ room }) {
  const [open, setOpen] = useState(false);
  if (open) return html`<${Form} room=${room} />`;
  return html`
    <button type="button" class="button small" onClick=${() => setOpen(true)}
      aria-label=${_("Ask to be let into %(room)s", { room: room.name })}>${_("Ask to be let in")}</button>
  `;
}

/** What one can do about a room that one may not read. @param {{room: Listed, folded?: boolean}} props */
export function AskToJoin({ room, folded = false }) {
  const again = room.ask_again_at;
  return html`
    <div class="ask" role="status">
      ${room.asked_at !== null && html`<${Waiting} room=${room} />`}
      ${again !== null && html`<p>${_("Not this time. You can ask again on %(when)s.", { when: moment(again) })}</p>`}
      ${room.asked_at === null && again === null && html`
        <p>${room.may_ask ? _("You can see this room, but not read it.") : _("You can see this room, but not read it. %(whom)s", { whom: whom(room.owners) })}</p>
        ${room.may_ask && (folded ? html`<${Folded} room=${room} />` : html`<${Form} room=${room} />`)}
      `}
    </div>
  `;
}
