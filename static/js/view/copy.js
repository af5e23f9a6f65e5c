/** A button that copies a text and says that it did. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { copy } from "../text/clipboard.js";
import { Icon } from "./icon.js";

const SAID = 2_000;

/** @param {{text: string, label?: string, class?: string}} props */
export function CopyButton({ text, label = _("Copy"), class: name = "quiet small" }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    const timer = copied && setTimeout(() => setCopied(false), SAID);
    return () => clearTimeout(timer || undefined);
  }, [copied]);
  const onClick = async () => setCopied(await copy(text));
  return html`
    <button type="button" class="button ${name}" onClick=${onClick}>
      <${Icon} name=${copied ? "check" : "copy"} />
      <span aria-live="polite">${copied ? _("Copied") : label}</span>
    </button>
  `;
}
