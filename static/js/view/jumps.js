/** Buttons over the timeline that lead to the newest and to the first unread message. */

import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { Icon } from "./icon.js";

/** @import {Room} from "../types.js" */

/**
 * @param {{room: Room, stuck: boolean, loaded: boolean, readTo: number, first: number,
 *   toNewest: () => void, toFirstUnread: () => void}} props
 */
export function Jumps({ room, stuck, loaded, readTo, first, toNewest, toFirstUnread }) {
  const before = loaded && readTo > 0 && first > readTo + 1;
  const unread = ngettext("%(n)s new message", "%(n)s new messages", room.unread);
  return html`
    ${before && html`
      <button type="button" class="jump top" onClick=${toFirstUnread}>
        <${Icon} name="up" />${_("To the first unread message")}
      </button>
    `}
    ${loaded && !stuck && html`
      <button type="button" class="jump" onClick=${toNewest}>
        <${Icon} name="down" />${room.unread ? unread : _("To the newest")}
      </button>
    `}
  `;
}
