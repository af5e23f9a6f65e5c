/** A message: who, when, what. */

import { html } from "../html.js";
import { _, moment, time } from "../i18n.js";
import { markdown } from "../text/markdown.js";
import { isLoneEmoji } from "../text/emoji.js";
import { Avatar } from "./avatar.js";

/** @import {Names} from "../store/names.js" */
/** @import {Entry} from "../types.js" */

const NOBODY = { id: "", nickname: "" };

/** @param {{at: number, class?: string}} props */
export function Time({ at, class: name = "" }) {
  return html`
    <time class=${name} datetime=${new Date(at).toISOString()} title=${moment(at)}>${time(at)}</time>
  `;
}

/** @param {{text: string}} props */
export function Text({ text }) {
  return html`<div class="text ${isLoneEmoji(text) ? "emoji" : ""}" dir="auto">${markdown(text)}</div>`;
}

/** @param {{entry: Entry, head: boolean, names: Names}} props */
export function Post({ entry, head, names }) {
  const by = entry.by ?? NOBODY;
  const name = names.of(by) || _("Someone");
  return html`
    <li class="post ${head ? "head" : ""}" data-seq=${entry.seq} tabindex="-1">
      <div class="gutter">
        ${head ? html`<${Avatar} person=${by} name=${name} />` : html`<${Time} at=${entry.at} />`}
      </div>
      <div class="body">
        ${head
          ? html`<p class="byline"><span class="who" dir="auto">${name}</span> <${Time} at=${entry.at} /></p>`
          : html`<span class="visually-hidden">${name}</span>`}
        <${Text} text=${entry.text ?? ""} />
      </div>
      <button type="button" class="post-who" data-who=${entry.seq}>${_("Who could read this?")}</button>
    </li>
  `;
}
