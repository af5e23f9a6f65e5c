/** The right pane: who can read this room, who is here now, and what can be done about it. */

import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { audience, since } from "../text/access.js";
import { Askers } from "./askers.js";
import { Avatar } from "./avatar.js";
import { useChat, useOwn } from "./context.js";
import { writeTo } from "./direct.js";
import { Icon } from "./icon.js";
import { arrows } from "./keys.js";
import { removePerson } from "./removing.js";
import { SidePane } from "./sidepane.js";
import { MessageSkeleton } from "./skeleton.js";

/** @import {Room, RoomPerson} from "../types.js" */

/** @param {RoomPerson} person */
function rank({ level }) {
  if (level === "OWN") return _("runs the room");
  if (level === "MODERATE") return _("moderates");
  return level === "READ" ? _("only reads") : "";
}

/** @param {{room: Room, person: RoomPerson}} props */
function PersonLine({ room, person }) {
  const chat = useChat();
  const me = useOwn().me.value.id;
  const name = chat.names.of(person);
  const notes = [person.id === me && _("you"), rank(person), person.muted && _("muted"), person.role === "guest" && _("guest")].filter(Boolean);
  return html`
    <li class="person">
      <${Avatar} person=${person} name=${name} here=${person.here} />
      <span class="person-name"><span dir="auto">${name}</span><span class="hint">${notes.join(" · ")}</span></span>
      ${person.id !== me && (chat.mayBegin.value || chat.rooms.withPerson(person.id)) && html`
        <button type="button" class="button quiet icon-only small" title=${_("Write to %(name)s", { name })}
          aria-label=${_("Write to %(name)s", { name })} onClick=${() => writeTo(chat, person)}>
          <${Icon} name="message" />
        </button>
      `}
      ${room.may.rights && html`
        <button type="button" class="button quiet icon-only small" title=${_("Rights of %(name)s", { name })}
          aria-label=${_("Rights of %(name)s", { name })} onClick=${() => (chat.dialog.value = { name: "person", room: room.id, person })}>
          <${Icon} name="shield" />
        </button>
      `}
      ${person.may_remove && person.id !== me && html`
        <button type="button" class="button quiet icon-only small" title=${_("Remove %(name)s", { name })}
          aria-label=${_("Remove %(name)s", { name })} onClick=${() => removePerson(chat, room, person)}>
          <${Icon} name="remove" />
        </button>
      `}
    </li>
  `;
}

/** @param {{title: string, people: RoomPerson[], room: Room}} props */
function Group({ title, people, room }) {
  if (!people.length) return null;
  return html`
    <h3>${title}</h3>
    <ul class="people" onKeyDown=${arrows("button")}>
      ${people.map((person) => html`<${PersonLine} key=${person.id} room=${room} person=${person} />`)}
    </ul>
  `;
}

/** @param {{room: Room}} props */
function Groups({ room }) {
  const { peoples, presence } = useChat();
  const people = peoples.of(room.id);
  if (!people) return html`<${MessageSkeleton} count=${3} />`;
  const here = new Set(presence.here(room.id).map(({ id }) => id));
  const crowd = presence.isCrowd(room.id);
  const all = people.people.map((person) => ({ ...person, here: here.has(person.id) || (crowd && person.here) }));
  const present = all.filter((person) => person.here);
  const away = all.filter((person) => person.member && !person.here);
  const others = all.filter((person) => !person.member && !person.here);
  return html`
    <${Group} room=${room} people=${present} title=${ngettext("Here now: %(n)s", "Here now: %(n)s", present.length)} />
    <${Group} room=${room} people=${away} title=${ngettext("In this room: %(n)s", "In this room: %(n)s", away.length)} />
    <${Group} room=${room} people=${others} title=${ngettext("Can also read it: %(n)s", "Can also read it: %(n)s", others.length)} />
  `;
}

/** @param {{room: Room}} props */
export function PeoplePanel({ room }) {
  const { dialog, peoples, route } = useChat();
  const counts = peoples.of(room.id);
  return html`
    <${SidePane} title=${_("People")}>
      <${Askers} room=${room} />
      <p class="who-can">${counts && html`<strong>${audience(counts)}</strong>${since(counts)}`}</p>
      <div class="side-buttons">
        ${room.may.invite && html`
          <button type="button" class="button" onClick=${() => (dialog.value = { name: "invite", room: room.id })}>
            <${Icon} name="invite" />${_("Invite people")}
          </button>
        `}
        ${room.may.rights && html`
          <button type="button" class="button" onClick=${() => route.go({ room: room.id, panel: "access" })}>
            <${Icon} name="shield" />${_("Rights")}
          </button>
        `}
      </div>
      <${Groups} room=${room} />
    <//>
  `;
}
