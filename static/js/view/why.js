/** Why one may or may not post in a room. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { levelText } from "../text/rights.js";
import { groundText, whyNotPost } from "../text/why.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Icon } from "./icon.js";

/** @import {Room, Why} from "../types.js" */

/** Asked again when one's rights there are others. @param {Room} room @returns {Why | null} */
function useWhy(room) {
  const { api, peoples } = useChat();
  const [why, setWhy] = useState(/** @type {Why | null} */ (null));
  useEffect(() => {
    let over = false;
    api.why(room.id, "post").then((answer) => over || setWhy(answer), () => {});
    return () => {
      over = true;
    };
  }, [room.id, room.level, room.may.post, room.archived, peoples.of(room.id)]);
  return why;
}

/** In place of the writing field. @param {{room: Room}} props */
export function NoComposer({ room }) {
  const why = useWhy(room);
  const text = why && !why.allowed ? whyNotPost(why) : _("You can read here, but not post.");
  return html`<p class="no-composer" role="status"><${Icon} name="lock" /><span>${text}</span></p>`;
}

/** @param {{room: Room, close: () => void}} props */
export function WhyDialog({ room, close }) {
  const why = useWhy(room);
  return html`
    <${Dialog} title=${room.may.post ? _("Why you can post here") : _("Why you can’t post here")} close=${close}>
      ${why && html`
        <p>${why.allowed ? _("In “%(room)s” you: %(may)s", { room: room.name, may: levelText(why.level, why.needs) }) : whyNotPost(why)}</p>
        <ul class="reasons">${why.because.map((ground) => html`<li>${groundText(ground, why.needs)}</li>`)}</ul>
      `}
    <//>
  `;
}
