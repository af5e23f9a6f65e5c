/** A person's initials on a colour that belongs to their account. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { hue, initials } from "../text/initials.js";

/** @import {Person} from "../types.js" */

/** @param {{person: Person, name?: string, here?: boolean, size?: string}} props */
export function Avatar({ person, name = person.nickname, here, size = "" }) {
  return html`
    <span class="avatar ${size}" style=${{ "--hue": hue(person.id) }}>
      <span aria-hidden="true">${initials(name)}</span>
      ${here && html`<span class="here-dot"><span class="visually-hidden">${_("here now")}</span></span>`}
    </span>
  `;
}
