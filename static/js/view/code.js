/** A block of code with its language and a button that copies it. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { CopyButton } from "./copy.js";

/** @param {{code: string, language: string}} props */
export function CodeBlock({ code, language }) {
  const [name] = language.split(/\s/);
  return html`
    <figure class="code">
      <figcaption>
        <span>${name || _("Code")}</span>
        <${CopyButton} text=${code} />
      </figcaption>
      <pre tabindex="0" dir="ltr"><code>${code.replace(/\n$/, "")}</code></pre>
    </figure>
  `;
}
