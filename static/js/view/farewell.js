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

/** @param {{id: string, farewell: Farewell}} props */
export function FarewellPane({ id, farewell }) {
  const { farewells } = useChat();
  return html`
    <section class="state" role="alert">
      <${Icon} name="lock" />
      <h1 dir="auto">${_("You are no longer in “%(room)s”", { room: farewell.name })}</h1>
      <p>${_("Someone who runs the room took you out, or it is gone. What is said there from now on does not reach you.")}</p>
      ${farewell.texts.length > 0 && html`
        <p>${_("This was not sent. You can copy it:")}</p>
        ${farewell.texts.map((text) => html`<${GivenBack} text=${text} />`)}
      `}
      <p><${Link} to=${{}} class="button" onGo=${() => farewells.forget(id)}>${_("Back to the rooms")}<//></p>
    </section>
  `;
}
