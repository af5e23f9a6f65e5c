/** Shows the short notices, each with its way back. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";

/** @import {Toast} from "../store/toasts.js" */

export function ToastList() {
  const { toasts } = useChat();
  const undo = (/** @type {Toast} */ toast) => () => {
    toasts.close(toast.id);
    toast.undo?.run();
  };
  return html`
    <div class="toasts" role="status">
      ${toasts.list.value.map((toast) => html`
        <div class="toast" key=${toast.id}>
          <span>${toast.text}</span>
          ${toast.undo && html`<button type="button" class="button small" onClick=${undo(toast)}>${toast.undo.label}</button>`}
          <button type="button" class="button quiet icon-only small" aria-label=${_("Close")}
            onClick=${() => toasts.close(toast.id)}><${Icon} name="close" /></button>
        </div>
      `)}
    </div>
  `;
}
