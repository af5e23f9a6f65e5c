/** A room that one is no longer in: says so, and gives back what was written. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { CopyButton } from "./copy.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { Link } from "./link.js";

/** @import {Farewell} from "../store/farewells.js" */

/** @param {{text: string}} props */
function GivenBack({ text }) {
  return html`
    <div class="given-back">
      <pre dir="auto">${text}</pre>
      <${CopyButton} text=${text} class="small" />
    </div>
  `;
}

/** @param {{name: string}} props */
function Gone({ name }) {
  return html`
    <h1 dir="auto">${_("You are no longer in “%(room)s”", { room: name })}</h1>
    <p>${_("Someone who runs the room took you out, or it is gone. What is said there from now on does not reach you.")}</p>
  `;
}

/** @param {{name: string}} props */
function Hidden({ name }) {
  return html`
    <h1 dir="auto">${_("You hid this conversation with %(name)s", { name })}</h1>
    <p>${_("It comes back when one of you writes.")}</p>
  `;
}

/** @param {{id: string, farewell: Farewell}} props */
export function FarewellPane({ id, farewell }) {
  const { farewells } = useChat();
  return html`
    <section class="state" role="alert">
      <${Icon} name="lock" />
      ${farewell.direct ? html`<${Hidden} name=${farewell.name} />` : html`<${Gone} name=${farewell.name} />`}
      ${farewell.texts.length > 0 && html`
        <p>${_("This was not sent. You can copy it:")}</p>
        ${farewell.texts.map((text) => html`<${GivenBack} text=${text} />`)}
      `}
      <p><${Link} to=${{}} class="button" onGo=${() => farewells.forget(id)}>${_("Back to the rooms")}<//></p>
    </section>
  `;
}
