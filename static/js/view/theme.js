/** Light, dark, or as the system has it. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Kept } from "../store/kept.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";

/** @param {string} theme */
function show(theme) {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

export function ThemeChoice() {
  const kept = new Kept("chatelaine.", useChat().storage);
  const [chosen, setChosen] = useState(kept.get("theme"));
  const choose = (/** @type {string} */ theme) => () => {
    kept.set("theme", theme);
    show(theme);
    setChosen(theme);
  };
  const themes = [
    { theme: "", icon: "contrast", label: _("As the system") },
    { theme: "light", icon: "sun", label: _("Light") },
    { theme: "dark", icon: "moon", label: _("Dark") },
  ];
  return html`
    <div class="menu-choice" role="group" aria-label=${_("Theme")}>
      <span class="menu-label" aria-hidden="true">${_("Theme")}</span>
      <span class="segments">
        ${themes.map(({ theme, icon, label }) => html`
          <button type="button" key=${theme} data-stay aria-pressed=${theme === chosen} title=${label}
            aria-label=${label} onClick=${choose(theme)}><${Icon} name=${icon} /></button>
        `)}
      </span>
    </div>
  `;
}
