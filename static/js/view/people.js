/** The right pane: who can read this room, who is here now, and what can be done about it. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { audience, accessSentence } from "../text/access.js";
import { Avatar } from "./avatar.js";
import { useChat, useOwn } from "./context.js";
import { Icon } from "./icon.js";
import { arrows } from "./keys.js";
import { makeOwner, removePerson } from "./owning.js";
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
  const notes = [person.id === me && _("you"), rank(person), person.role === "guest" && _("guest")].filter(Boolean);
  return html`
    <li class="person">
      <${Avatar} person=${person} name=${name} here=${person.here} />
      <span class="person-name"><span dir="auto">${name}</span><span class="hint">${notes.join(" · ")}</span></span>
      ${room.level === "OWN" && person.level !== "OWN" && person.role !== "guest" && html`
        <button type="button" class="button quiet icon-only small" title=${_("Make %(name)s an owner too", { name })}
          aria-label=${_("Make %(name)s an owner too", { name })} onClick=${() => makeOwner(chat, room, person)}>
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
  const all = people.people.map((person) => ({ ...person, here: here.has(person.id) }));
  const present = all.filter((person) => person.here);
  const away = all.filter((person) => person.member && !person.here);
  const others = all.filter((person) => !person.member && !person.here);
  return html`
    <${Group} room=${room} people=${present} title=${ngettext("Here now: %(n)s", "Here now: %(n)s", present.length)} />
    <${Group} room=${room} people=${away} title=${ngettext("In this room: %(n)s", "In this room: %(n)s", away.length)} />
    <${Group} room=${room} people=${others} title=${ngettext("Can also read it: %(n)s", "Can also read it: %(n)s", others.length)} />
  `;
}

/** When the pane goes while the focus is in it, the focus goes back to where it came from. */
function useFocusBack() {
  const pane = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    const at = pane.current;
    const before = document.activeElement;
    return () => {
      if (at?.contains(document.activeElement) && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return pane;
}

/** @param {{room: Room}} props */
export function PeoplePanel({ room }) {
  const { dialog, peoples, route } = useChat();
  const pane = useFocusBack();
  const counts = peoples.of(room.id);
  return html`
    <aside class="side" ref=${pane} aria-labelledby="side-title">
      <header class="side-head">
        <h2 id="side-title">${_("People")}</h2>
        <button type="button" class="button quiet icon-only" aria-label=${_("Close")} onClick=${() => route.close()}>
          <${Icon} name="close" />
        </button>
      </header>
      <div class="side-scroll">
        <p class="who-can">${counts && html`<strong>${audience(counts)}</strong>`}${accessSentence(room.preset)}</p>
        ${room.may.invite && html`
          <button type="button" class="button wide-button" onClick=${() => (dialog.value = { name: "invite", room: room.id })}>
            <${Icon} name="invite" />${_("Invite people")}
          </button>
        `}
        <${Groups} room=${room} />
      </div>
    </aside>
  `;
}
