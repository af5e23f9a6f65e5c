/** Direct rooms: opening one, hiding it, and blocking the other person. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Problem, typed, useForm } from "./form.js";
import { Icon } from "./icon.js";
import { join } from "./join.js";
import { goodbye } from "./leave.js";
import { Item } from "./menu.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {Person, Room} from "../types.js" */
/** @typedef {Room & {peer: Person}} Direct */

/** @param {Chat} chat @param {Person} person */
export function writeTo(chat, person) {
  const known = chat.rooms.withPerson(person.id);
  if (known) return chat.route.go({ room: known.id });
  chat.toasts.attempt(async () => chat.enter(await chat.api.openDirect({ person: person.id })));
}

/** @param {Chat} chat @param {Direct} room */
function hide(chat, room) {
  const undo = { label: _("Undo"), run: () => void join(chat, room.id) };
  chat.toasts.attempt(async () => {
    await goodbye(chat, room);
    chat.toasts.say(_("Hidden, until you or %(name)s write again.", { name: room.name }), undo);
  });
}

/** @param {Chat} chat @param {Direct} room */
function block(chat, { peer, name }) {
  const undo = { label: _("Undo"), run: () => void unblock(chat, peer) };
  chat.toasts.attempt(async () => {
    await chat.api.block(peer.id);
    chat.toasts.say(_("You blocked %(name)s, who can’t write to you now.", { name }), undo);
  });
}

/** @param {Chat} chat @param {Person} person */
const unblock = (chat, person) => chat.toasts.attempt(() => chat.api.unblock(person.id));

/** @param {{room: Direct}} props */
export function DirectItems({ room }) {
  const chat = useChat();
  return html`
    <${Item} icon="leave" label=${_("Hide this conversation")} run=${() => hide(chat, room)} />
    ${room.blocked
      ? html`<${Item} icon="check" label=${_("Unblock %(name)s", { name: room.name })} run=${() => unblock(chat, room.peer)} />`
      : html`<${Item} icon="block" label=${_("Block %(name)s", { name: room.name })} run=${() => block(chat, room)} />`}
  `;
}

/** Stands in place of the composer. @param {{room: Direct}} props */
export function NotWriting({ room }) {
  const chat = useChat();
  if (!room.blocked) {
    return html`<p class="no-composer"><${Icon} name="lock" />${_("You can’t write to %(name)s.", { name: room.name })}</p>`;
  }
  return html`
    <p class="no-composer"><${Icon} name="block" />
      <span>${_("You blocked %(name)s, who can’t write to you.", { name: room.name })}</span>
      <button type="button" class="button small" onClick=${() => unblock(chat, room.peer)}>${_("Unblock")}</button>
    </p>
  `;
}

/** @param {{close: () => void}} props */
export function DirectDialog({ close }) {
  const chat = useChat();
  const [nickname, setNickname] = useState("");
  const { busy, problem, submit } = useForm(async () => {
    const room = await chat.api.openDirect({ nickname: nickname.trim() });
    close();
    chat.enter(room);
  });
  return html`
    <${Dialog} title=${_("New direct message")} close=${close}>
      <form class="form" onSubmit=${submit}>
        <label class="field">${_("Nickname")}
          <input required autofocus value=${nickname} onInput=${typed(setNickname)} autocomplete="off" dir="auto" />
        </label>
        <p class="hint">${_("Only the two of you will be able to read it.")}</p>
        <${Problem} text=${problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button primary" disabled=${busy || !nickname.trim()}>${_("Write")}</button>
        </div>
      </form>
    <//>
  `;
}
