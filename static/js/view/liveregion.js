/** Reads new messages of the open room out to those who listen instead of look. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";

const LONGEST = 300;

export function LiveRegion() {
  const { latest, names } = useChat();
  const entry = latest.value;
  const text = entry?.text?.slice(0, LONGEST) ?? "";
  const who = entry?.by ? names.of(entry.by) : "";
  return html`
    <div class="visually-hidden" role="log" aria-live="polite" aria-label=${_("New messages")}>
      ${entry && html`<p key=${entry.seq}>${_("%(who)s: %(text)s", { who, text })}</p>`}
    </div>
  `;
}
