/** Those who wait to be let in, and the answers that one can give. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, moment, ngettext } from "../i18n.js";
import { Avatar } from "./avatar.js";
import { useChat } from "./context.js";

/** @import {Room, Waiting} from "../types.js" */
/** @typedef {"READ" | "POST" | "decline"} Answer */

/** @param {Room} room @param {Waiting} person */
function useAnswer(room, person) {
  const { api, asks, names, peoples, toasts } = useChat();
  const [busy, setBusy] = useState(false);
  const name = names.of(person);
  const answer = async (/** @type {Answer} */ what) => {
    setBusy(true);
    await toasts.attempt(async () => {
      await api.answer(room.id, person.id, what);
      toasts.say(what === "decline" ? _("%(name)s was told: not this time.", { name }) : _("%(name)s is in the room now.", { name }));
    });
    setBusy(false);
    asks.load(room.id);
    peoples.refresh(room.id);
  };
  return { busy, name, answer };
}

/** @param {{room: Room, person: Waiting}} props */
function Asker({ room, person }) {
  const { busy, name, answer } = useAnswer(room, person);
  return html`
    <li class="asker">
      <div class="person">
        <${Avatar} person=${person} name=${name} />
        <span class="person-name"><span dir="auto">${name}</span><span class="hint">${moment(person.at)}</span></span>
      </div>
      ${person.text && html`<p class="asker-text" dir="auto">${person.text}</p>`}
      <div class="asker-answers">
        <button type="button" class="button small primary" disabled=${busy} onClick=${() => answer("POST")}
          aria-label=${_("Let in: %(name)s", { name })}>${_("Let in")}</button>
        ${room.preset !== "announcements" && html`
          <button type="button" class="button small" disabled=${busy} onClick=${() => answer("READ")}
            aria-label=${_("Read only: %(name)s", { name })}>${_("Read only")}</button>
        `}
        <button type="button" class="button small" disabled=${busy} onClick=${() => answer("decline")}
          aria-label=${_("Decline %(name)s", { name })}>${_("Decline")}</button>
      </div>
    </li>
  `;
}

/** @param {{room: Room}} props */
export function Askers({ room }) {
  const { asks } = useChat();
  const waiting = asks.of(room.id);
  useEffect(() => {
    if (waiting.length !== room.asks) asks.load(room.id);
  }, [room.id, room.asks]);
  if (!room.may.invite || !waiting.length) return null;
  const title = ngettext("%(n)s person asks to be let in", "%(n)s people ask to be let in", waiting.length);
  return html`
    <section class="askers" aria-labelledby="askers-title">
      <h3 id="askers-title">${title}</h3>
      <ul>${waiting.map((person) => html`<${Asker} key=${person.id} room=${room} person=${person} />`)}</ul>
    </section>
  `;
}

/** So many ask: on what opens the list. @param {{count: number}} props */
export function AskersBadge({ count }) {
  if (!count) return null;
  return html`<span class="badge accent">${ngettext("%(n)s asks to come in", "%(n)s ask to come in", count)}</span>`;
}
