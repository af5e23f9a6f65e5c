/** The top of the timeline: where the room began, or how loading what came before goes. */

import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { MessageSkeleton } from "./skeleton.js";
import { RoomIcon } from "./roomlink.js";

/** @import {History} from "../store/history.js" */
/** @import {Room} from "../types.js" */

/** @param {{room: Room}} props */
function Story({ room }) {
  if (room.peer) return html`<p>${_("Only you and %(name)s can read this.", { name: room.name })}</p>`;
  if (room.history === "joined") {
    return html`<p>${_("People who come later see messages from when they joined.")}</p>`;
  }
  return html`<p>${room.restricted ? _("Only those who were let in can read this room.") : _("Everyone who is a member here can read this room.")}</p>`;
}

/** @param {{room: Room}} props */
function Invite({ room }) {
  const { dialog } = useChat();
  const open = () => (dialog.value = { name: "invite", room: room.id });
  return html`<button type="button" class="button" onClick=${open}><${Icon} name="invite" />${_("Invite people")}</button>`;
}

/** @param {{room: Room, silent: boolean}} props nobody has said anything yet */
export function Beginning({ room, silent }) {
  return html`
    <div class="beginning">
      <span class="beginning-icon"><${RoomIcon} room=${room} /></span>
      <h2 dir="auto">${room.name}</h2>
      ${room.topic && html`<p dir="auto">${room.topic}</p>`}
      <${Story} room=${room} />
      <p class="faint">${silent && room.may.post
        ? _("Nothing has been said here yet. Yours can be the first message.")
        : room.peer ? _("This is where it begins.") : _("This is where the room begins.")}</p>
      ${silent && room.may.invite && html`<${Invite} room=${room} />`}
    </div>
  `;
}

/**
 * Stands where more messages are still to come; always as high, so that nothing moves while they load.
 * @param {{history: History, count?: number}} props
 */
export function MoreToCome({ history, count = 2 }) {
  const failure = history.failure.value;
  return html`
    <div class="more-to-come">
      ${failure ? html`<${LoadingFailed} history=${history} message=${failure.message} />` : html`<${MessageSkeleton} count=${count} />`}
    </div>
  `;
}

/** @param {{history: History, message: string}} props */
function LoadingFailed({ history, message }) {
  return html`
    <div class="notice" role="alert">
      <p>${_("Messages could not be loaded.")} ${message}</p>
      <button type="button" class="button" onClick=${() => history.again()}>${_("Try again")}</button>
    </div>
  `;
}
