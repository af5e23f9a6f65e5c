/** All rooms that one can see, with the way in or whom to ask for it. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { Failure } from "../net/failure.js";
import { AskToJoin } from "./asking.js";
import { useChat } from "./context.js";
import { typed } from "./form.js";
import { Icon } from "./icon.js";
import { join } from "./join.js";
import { Link } from "./link.js";
import { MessageSkeleton } from "./skeleton.js";

/** @import {Listed} from "../types.js" */

const MANY = 8;

/** @returns {{all: Listed[] | null, problem: string}} */
function useDirectory() {
  const { api, asks, rooms } = useChat();
  const [all, setAll] = useState(/** @type {Listed[] | null} */ (null));
  const [problem, setProblem] = useState("");
  useEffect(() => {
    api.directory().then(
      (answer) => setAll(answer.rooms),
      (failure) => setProblem(failure instanceof Failure ? failure.message : String(failure)),
    );
  }, [rooms.told.value, asks.moved.value]);
  return { all, problem };
}

/** @param {{room: Listed}} props */
function Entry({ room }) {
  const chat = useChat();
  const mine = chat.rooms.get(room.id);
  return html`
    <li class="listed">
      <div class="listed-text">
        <h2 dir="auto">${room.name}</h2>
        ${room.topic && html`<p dir="auto">${room.topic}</p>`}
        <p class="hint">${ngettext("%(n)s person", "%(n)s people", room.people)}</p>
        ${!mine && !room.may_join && html`<${AskToJoin} room=${room} folded />`}
      </div>
      ${mine && html`<${Link} to=${{ room: room.id }} class="button">${_("Enter")}<//>`}
      ${!mine && room.may_join && html`
        <button type="button" class="button primary" onClick=${() => join(chat, room.id)}
          aria-label=${_("Join %(room)s", { room: room.name })}>${_("Join")}</button>
      `}
    </li>
  `;
}

/** @param {{all: Listed[]}} props */
function List({ all }) {
  const [wanted, setWanted] = useState("");
  const fits = (/** @type {Listed} */ { name, topic }) =>
    `${name}\n${topic}`.toLocaleLowerCase().includes(wanted.trim().toLocaleLowerCase());
  const found = all.filter(fits).sort((a, b) => Number(a.member) - Number(b.member));
  return html`
    ${all.length > MANY && html`
      <label class="field">${_("Search")}<input type="search" value=${wanted} onInput=${typed(setWanted)} dir="auto" /></label>
    `}
    <ul class="directory-list">${found.map((room) => html`<${Entry} key=${room.id} room=${room} />`)}</ul>
    ${!found.length && html`<p class="hint">${_("There is no room here that you can see.")}</p>`}
  `;
}

export function Directory() {
  const { route } = useChat();
  const { all, problem } = useDirectory();
  return html`
    <section class="page" aria-labelledby="directory-title">
      <header class="page-head">
        <button type="button" class="button quiet icon-only back" aria-label=${_("Back to the rooms")}
          onClick=${() => route.close()}><${Icon} name="back" /></button>
        <h1 id="directory-title">${_("Rooms you can see")}</h1>
      </header>
      <div class="page-scroll">
        <p class="hint">${_("Private rooms are not listed. To get into one, someone in it has to invite you.")}</p>
        ${problem && html`<p class="problem" role="alert">${problem}</p>`}
        ${all ? html`<${List} all=${all} />` : !problem && html`<${MessageSkeleton} count=${4} />`}
      </div>
    </section>
  `;
}
