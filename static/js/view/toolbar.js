/** A few buttons that write Markdown around what is selected. */

import { html } from "../html.js";
import { N_, translate } from "../i18n.js";
import { Icon } from "./icon.js";

/** @typedef {{icon: string, label: string, before: string, after: string, lines?: boolean}} Tool */

/** @type {Tool[]} */
const TOOLS = [
  { icon: "bold", label: N_("Bold"), before: "**", after: "**" },
  { icon: "italic", label: N_("Italic"), before: "*", after: "*" },
  { icon: "code", label: N_("Code"), before: "`", after: "`" },
  { icon: "link", label: N_("Link"), before: "[", after: "](https://)" },
  { icon: "bullets", label: N_("List"), before: "- ", after: "", lines: true },
  { icon: "quote", label: N_("Quote"), before: "> ", after: "", lines: true },
];

/** @param {Tool} tool @param {string} text */
function wrapped({ icon, before, after, lines }, text) {
  if (lines) return text.split("\n").map((line) => before + line).join("\n");
  if (icon === "code" && text.includes("\n")) return `\`\`\`\n${text}\n\`\`\``;
  return before + text + after;
}

/** Written as if typed, so that undo works. @param {HTMLTextAreaElement} field @param {Tool} tool */
function apply(field, tool) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const chosen = value.slice(start, end);
  const text = wrapped(tool, chosen);
  field.focus();
  document.execCommand("insertText", false, text);
  if (!chosen) field.setSelectionRange(start + tool.before.length, start + tool.before.length);
}

/** @param {{field: import("preact").RefObject<HTMLTextAreaElement | null>}} props */
export function Toolbar({ field }) {
  return html`
    <div class="toolbar" role="group">
      ${TOOLS.map((tool) => html`
        <button type="button" class="button quiet icon-only small" key=${tool.icon} title=${translate(tool.label)}
          aria-label=${translate(tool.label)} onClick=${() => field.current && apply(field.current, tool)}>
          <${Icon} name=${tool.icon} />
        </button>
      `)}
    </div>
  `;
}
