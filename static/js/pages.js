// @ts-check
/** What JavaScript adds to the forms: the reader's own time, copying, passwords in clear. */

import { _, moment } from "./i18n.js";

/** @param {string} label @param {() => void} act */
function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

/** Put an input and a button side by side. @param {HTMLInputElement} input @param {HTMLElement} other */
function beside(input, other) {
  const row = document.createElement("div");
  row.className = "reveal";
  input.replaceWith(row);
  row.append(input, other);
}

/** @param {HTMLInputElement} input */
function addCopy(input) {
  const copy = button(_("Copy"), async () => {
    await navigator.clipboard.writeText(input.value);
    copy.textContent = _("Copied");
  });
  beside(input, copy);
  input.addEventListener("focus", () => input.select());
}

/** @param {HTMLInputElement} input */
function addReveal(input) {
  const show = button(_("Show"), () => {
    const hidden = input.type === "text";
    input.type = hidden ? "password" : "text";
    show.textContent = hidden ? _("Show") : _("Hide");
  });
  show.setAttribute("aria-controls", input.id);
  const focused = document.activeElement === input;
  beside(input, show);
  if (focused) input.focus();
}

for (const time of document.querySelectorAll("time")) {
  time.textContent = moment(Date.parse(time.dateTime));
}
for (const input of document.querySelectorAll("input[data-copy]")) {
  addCopy(/** @type {HTMLInputElement} */ (input));
}
for (const input of document.querySelectorAll("input[type=password]")) {
  addReveal(/** @type {HTMLInputElement} */ (input));
}
