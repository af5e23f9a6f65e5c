/** What happened between messages, small; when it is much, folded into one line, but for broken glass. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { happenings, sentence, summary } from "../text/events.js";
import { Icon } from "./icon.js";
import { Time } from "./post.js";

/** @import {Names} from "../store/names.js" */
/** @import {Entry} from "../types.js" */

const MOST_LINES = 3;

/** @param {{entries: Entry[], names: Names}} props */
export function EventsRow({ entries, names }) {
  const [open, setOpen] = useState(false);
  const all = happenings(entries);
  const folds = all.length > MOST_LINES;
  const shown = folds && !open ? all.filter(({ kind }) => kind === "glass") : all;
  return html`
    <li class="events" data-seq=${entries[0]?.seq} data-to=${entries.at(-1)?.seq} tabindex="-1">
      ${folds && html`
        <button type="button" class="fold" aria-expanded=${open} onClick=${() => setOpen(!open)}>
          <${Icon} name="chevron" />${summary(all)}
        </button>
      `}
      ${shown.map((it) => html`
        <p class="event" key=${it.entry.seq}>
          <span dir="auto">${sentence(it, (person) => names.of(person))}</span> <${Time} at=${it.at} />
        </p>
      `)}
      ${folds && open && html`<span class="visually-hidden">${_("End of what happened")}</span>`}
    </li>
  `;
}
