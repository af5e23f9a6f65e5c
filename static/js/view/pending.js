/** Own messages that are still on their way, and those that did not get through. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Avatar } from "./avatar.js";
import { copy } from "../text/clipboard.js";
import { Icon } from "./icon.js";
import { Text } from "./post.js";

/** @import {Own} from "../store/own.js" */
/** @import {Outgoing} from "../types.js" */

const STATES = {
  waiting: () => html`<${Icon} name="clock" label=${_("Waits to be sent")} />`,
  sending: () => html`<${Icon} name="clock" label=${_("Being sent")} />`,
  kept: () => html`<${Icon} name="check" label=${_("Sent")} />`,
  failed: () => html`<${Icon} name="alert" label=${_("Not sent")} />`,
};

/** @param {{item: Outgoing, own: Own}} props */
function Refused({ item, own }) {
  const { client_id: id, text, error } = item;
  return html`
    <div class="refused" role="alert">
      <p>${_("Not sent.")} ${error}</p>
      <button type="button" class="button small" onClick=${() => own.outbox.retry(id)}>${_("Try again")}</button>
      <button type="button" class="button small" onClick=${() => copy(text)}>${_("Copy")}</button>
      <button type="button" class="button small" onClick=${() => own.outbox.discard(id)}>${_("Discard")}</button>
    </div>
  `;
}

/** @param {{item: Outgoing, own: Own, head: boolean}} props */
function PendingPost({ item, own, head }) {
  const me = own.me.value;
  return html`
    <li class="post pending ${item.state} ${head ? "head" : ""}">
      <div class="gutter">${head && html`<${Avatar} person=${me} />`}</div>
      <div class="body">
        ${head && html`<p class="byline"><span class="who" dir="auto">${me.nickname}</span></p>`}
        <${Text} text=${item.text} />
        ${item.state === "failed" && html`<${Refused} item=${item} own=${own} />`}
      </div>
      <span class="pending-state">${STATES[item.state]()}</span>
    </li>
  `;
}

/** @param {{items: Outgoing[], own: Own, head: boolean}} props */
export function PendingList({ items, own, head }) {
  return items.map(
    (item, index) => html`<${PendingPost} key=${item.client_id} item=${item} own=${own} head=${index === 0 && head} />`,
  );
}
