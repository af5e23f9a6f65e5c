/** The frame of what stands on the right: a title, a way to close it, and the focus given back. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";

/** @import {ComponentChildren} from "preact" */

/** When the pane goes while the focus is in it, the focus goes back to where it came from. */
function useFocusBack() {
  const pane = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const at = pane.current;
    const before = document.activeElement;
    return () => {
      if (at?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return pane;
}

/** @param {{title: string, children?: ComponentChildren}} props */
export function SidePane({ title, children }) {
  const { route } = useChat();
  const pane = useFocusBack();
  return html`
    <aside class="side" ref=${pane} aria-labelledby="side-title">
      <header class="side-head">
        <h2 id="side-title">${title}</h2>
        <button type="button" class="button quiet icon-only" aria-label=${_("Close")} onClick=${() => route.close()}>
          <${Icon} name="close" />
        </button>
      </header>
      <div class="side-scroll">${children}</div>
    </aside>
  `;
}
