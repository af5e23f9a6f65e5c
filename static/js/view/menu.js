/** A button that opens a menu; the browser closes it on Esc and on a click beside it. */

import { useRef } from "preact/hooks";
import { html } from "../html.js";
import { Icon } from "./icon.js";
import { arrows } from "./keys.js";

/** @import {ComponentChildren} from "preact" */

/**
 * @param {{id: string, label?: string, button: ComponentChildren, class?: string, children?: ComponentChildren}} props
 */
export function Menu({ id, label, button, class: name = "", children }) {
  const menu = useRef(/** @type {HTMLElement | null} */ (null));
  const close = (/** @type {MouseEvent} */ event) => {
    const chosen = event.target instanceof Element && event.target.closest("button, a");
    if (chosen && !chosen.hasAttribute("data-stay")) menu.current?.hidePopover();
  };
  return html`
    <button type="button" class="menu-button ${name}" popovertarget=${id} aria-label=${label} title=${label}>
      ${button}
    </button>
    <div id=${id} class="menu ${name}-menu" popover="auto" ref=${menu} onClick=${close}
      onKeyDown=${arrows("button, a, input")}>${children}</div>
  `;
}

/** @param {{icon: string, label: string, run: () => void}} props */
export function Item({ icon, label, run }) {
  return html`<button type="button" class="menu-item" onClick=${run}><${Icon} name=${icon} />${label}</button>`;
}
