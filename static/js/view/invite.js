/** Inviting people to a room: by nickname, or with a link. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat, useOwn } from "./context.js";
import { Dialog } from "./dialog.js";
import { Problem, typed, useForm } from "./form.js";
import { Links } from "./links.js";

/** @import {Invitee, Level, Room} from "../types.js" */

/** What came of it: an invitation never takes away what someone could do already. @param {Invitee} invitee */
function told({ nickname: name, may_post: mayPost, joined }) {
  if (joined && mayPost) return _("%(name)s is in the room now, and can read and post.", { name });
  if (joined) return _("%(name)s is in the room now, and can read.", { name });
  return mayPost ? _("%(name)s is in the room, and can read and post.", { name }) : _("%(name)s is in the room, and can read.", { name });
}

/** @param {{room: Room}} props */
function ByNickname({ room }) {
  const { api, peoples } = useChat();
  const { steps } = useOwn();
  const [nickname, setNickname] = useState("");
  const moderated = room.posting !== "POST";
  const [level, setLevel] = useState(/** @type {Level} */ (moderated ? "READ" : "POST"));
  const [done, setDone] = useState("");
  const { busy, problem, submit } = useForm(async () => {
    setDone("");
    const invitee = await api.invite(room.id, nickname.trim(), level);
    steps.take("invite");
    setDone(told(invitee));
    setNickname("");
    peoples.refresh(room.id);
  });
  return html`
    <form class="form" onSubmit=${submit}>
      <h3>${_("Someone who has an account here")}</h3>
      <div class="form-row">
        <label class="field grow">${_("Nickname")}
          <input required autofocus value=${nickname} onInput=${typed(setNickname)} autocomplete="off" dir="auto" />
        </label>
        <label class="field">${_("They may")}
          <select value=${level} onChange=${(/** @type {any} */ event) => setLevel(event.currentTarget.value)}>
            ${!moderated && html`<option value="POST">${_("read and post")}</option>`}
            <option value="READ">${_("only read")}</option>
            ${moderated && room.may.appoint && html`<option value="MODERATE">${_("post and moderate")}</option>`}
          </select>
        </label>
        <button type="submit" class="button primary" disabled=${busy || !nickname.trim()}>${_("Invite")}</button>
      </div>
      <${Problem} text=${problem} />
      <p role="status" class="done">${done}</p>
    </form>
  `;
}

/** @param {{room: Room, close: () => void}} props */
export function InviteDialog({ room, close }) {
  return html`
    <${Dialog} title=${_("Invite people to “%(room)s”", { room: room.name })} close=${close}>
      <${ByNickname} room=${room} />
      <${Links} room=${room} />
    <//>
  `;
}
