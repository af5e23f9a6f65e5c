/** A link within the chat: it goes there without loading the page anew. */

import { html } from "../html.js";
import { address } from "../store/route.js";
import { useChat } from "./context.js";

/** @import {ComponentChildren} from "preact" */
/** @import {Place} from "../store/route.js" */

/** @param {MouseEvent} event the person wants a new tab or window */
const elsewhere = (event) => event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey;

/** @param {{to: Partial<Place>, children?: ComponentChildren, onGo?: () => void} & Record<string, unknown>} props */
export function Link({ to, children, onGo, ...rest }) {
  const { route } = useChat();
  const onClick = (/** @type {MouseEvent} */ event) => {
    if (elsewhere(event)) return;
    event.preventDefault();
    route.go(to);
    onGo?.();
  };
  const href = address({ room: to.room ?? "", panel: to.panel ?? "" });
  return html`<a href=${href} onClick=${onClick} ...${rest}>${children}</a>`;
}
