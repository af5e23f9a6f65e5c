/** Who could read a message when it was sent, and what changed since: for those who moderate. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, moment, ngettext } from "../i18n.js";
import { levelText, provenText } from "../text/rights.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";

/** @import {Able, AccessTurn, Room, WhoCould} from "../types.js" */

/** @param {string} room @param {number} seq @returns {WhoCould | null} */
function useWhoCould(room, seq) {
  const { api, toasts } = useChat();
  const [found, setFound] = useState(/** @type {WhoCould | null} */ (null));
  useEffect(() => {
    toasts.attempt(async () => setFound(await api.whoCould(room, seq)));
  }, [room, seq]);
  return found;
}

/** @param {{able: Able}} props */
function Person({ able }) {
  const title = able.because.map(provenText).join("\n");
  return html`<li title=${title}><span class="reason-text"><strong dir="auto">${able.nickname}</strong>
    <span class="hint">${levelText(able.level)}</span></span></li>`;
}

/** @param {{turn: AccessTurn}} props */
function Turn({ turn: { at, by, gained, lost } }) {
  const when = moment(at);
  const head = by ? _("%(when)s, by %(name)s", { when, name: by }) : when;
  return html`
    <li>
      <span class="hint">${head}</span>
      <ul class="effects">
        ${lost.map((able) => html`<li class="loses">${able.nickname}</li>`)}
        ${gained.map((able) => html`<li class="gains">${able.nickname}</li>`)}
      </ul>
    </li>
  `;
}

/** @param {{room: Room, seq: number, close: () => void}} props */
export function WhoCouldDialog({ room, seq, close }) {
  const found = useWhoCould(room.id, seq);
  return html`
    <${Dialog} title=${_("Who could read this message")} close=${close}>
      ${found && html`
        <p>${ngettext("%(n)s person could read it when it was sent, %(when)s:", "%(n)s people could read it when it was sent, %(when)s:", found.people.length, { when: moment(found.at) })}</p>
        <ul class="reasons long">${found.people.map((able) => html`<${Person} key=${able.id} able=${able} />`)}</ul>
        <h3>${_("Since then")}</h3>
        ${found.changes.length
          ? html`<ul class="turns long">${found.changes.map((turn) => html`<${Turn} turn=${turn} />`)}</ul>`
          : html`<p class="hint">${_("Nobody gained or lost it.")}</p>`}
      `}
    <//>
  `;
}
