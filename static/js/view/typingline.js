/** Who is typing, below the messages; its place is kept free so that nothing moves. */

import { html } from "../html.js";
import { _, list } from "../i18n.js";
import { useChat } from "./context.js";

const NAMED = 3;

/** @param {{room: string}} props */
export function TypingLine({ room }) {
  const { names, typing } = useChat();
  const people = typing.of(room).map((person) => names.of(person));
  return html`
    <p class="typing-line" aria-live="off">
      ${people.length > 0 && html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>${text(people)}`}
    </p>
  `;
}

/** @param {string[]} people */
function text(people) {
  if (people.length > NAMED) return _("Several people are typing");
  if (people.length > 1) return _("%(names)s are typing", { names: list(people) });
  return _("%(name)s is typing", { name: people[0] ?? "" });
}
