/** A dialog: the browser keeps the focus inside, and gives it back. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Icon } from "./icon.js";
import { isComposing } from "./keys.js";

/** @import {ComponentChildren} from "preact" */

/** @param {{title: string, close: () => void, class?: string, children?: ComponentChildren}} props */
export function Dialog({ title, close, class: name = "", children }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  /** Before the next key comes, so that it goes into the dialog. */
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  /** Not when it is closed because it goes: another one may be there by then. */
  const onClose = () => dialog.current?.isConnected && close();
  /** At once: the browser would tell only after the next key, which may open another dialog. */
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || isComposing(event)) return;
    event.preventDefault();
    close();
  };
  const beside = (/** @type {MouseEvent} */ event) => event.target === dialog.current && close();
  return html`
    <dialog class="dialog ${name}" ref=${dialog} onClose=${onClose} onKeyDown=${onKeyDown} onMouseDown=${beside}
      aria-labelledby="dialog-title">
      <div class="dialog-inside">
        <header class="dialog-head">
          <h2 id="dialog-title">${title}</h2>
          <button type="button" class="button quiet icon-only" aria-label=${_("Close")} onClick=${close}>
            <${Icon} name="close" />
          </button>
        </header>
        ${children}
      </div>
    </dialog>
  `;
}
