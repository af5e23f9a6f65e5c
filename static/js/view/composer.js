/** Where one writes: grows with the text, keeps a draft, and sends with Enter. */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, ngettext, number } from "../i18n.js";
import { useChat, useOwn } from "./context.js";
import { NotWriting } from "./direct.js";
import { Icon } from "./icon.js";
import { isComposing } from "./keys.js";
import { Toolbar } from "./toolbar.js";
import { NoComposer } from "./why.js";

/** @import {Room} from "../types.js" */

/** From here on it is said how much room is left. */
const NEARLY = 500;

/** On a phone there is no Shift: Enter breaks the line, and the button sends. */
const touch = matchMedia("(hover: none) and (pointer: coarse)");

/** The server counts code points. @param {string} text */
const lengthOf = (text) => [...text].length;

/** @param {{room: Room}} props */
export function Composer({ room }) {
  if (room.peer && (room.blocked || !room.may.post)) return html`<${NotWriting} room=${room} />`;
  return room.may.post ? html`<${Writer} room=${room} />` : html`<${NoComposer} room=${room} />`;
}

/** @param {HTMLTextAreaElement | null} field grow or shrink with the text */
function fit(field) {
  if (!field) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}

/** @param {() => void} action */
function useResize(action) {
  useEffect(() => {
    addEventListener("resize", action);
    return () => removeEventListener("resize", action);
  }, []);
}

/** @param {Room} room */
function useDraft(room) {
  const { typing } = useChat();
  const { drafts } = useOwn();
  const [text, setText] = useState(() => drafts.get(room.id));
  const write = (/** @type {string} */ next) => {
    setText(next);
    drafts.set(room.id, next);
    if (next.trim()) typing.tell(room.id);
    else typing.done();
  };
  return /** @type {const} */ ([text, write]);
}

/** @param {{room: Room}} props */
function Writer({ room }) {
  const chat = useChat();
  const { outbox, steps } = useOwn();
  const [text, write] = useDraft(room);
  const field = useRef(/** @type {HTMLTextAreaElement | null} */ (null));
  const left = chat.maxText - (text.length > chat.maxText / 2 ? lengthOf(text) : text.length);

  useLayoutEffect(() => fit(field.current), [text]);
  useResize(() => fit(field.current));
  useLayoutEffect(() => {
    if (!touch.matches) field.current?.focus({ preventScroll: true });
  }, [room.id]);

  const send = () => {
    if (!text.trim() || left < 0) return;
    outbox.post(room.id, text.trim());
    write("");
    steps.take("post");
    field.current?.focus();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (isComposing(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !touch.matches) {
      event.preventDefault();
      send();
    }
    if (event.key === "ArrowUp" && !text) focusLast(event);
  };

  const prompt = room.peer ? _("Write to %(name)s", { name: room.name }) : _("Write to %(room)s", { room: room.name });

  return html`
    <form class="composer" onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); send(); }}>
      <label class="visually-hidden" for="writing">${prompt}</label>
      <textarea id="writing" ref=${field} rows="1" dir="auto" value=${text} onKeyDown=${onKeyDown}
        placeholder=${prompt} aria-describedby="writing-hint"
        enterkeyhint=${touch.matches ? "enter" : "send"}
        onInput=${(/** @type {{currentTarget: HTMLTextAreaElement}} */ event) => write(event.currentTarget.value)}></textarea>
      <div class="composer-foot">
        <${Toolbar} field=${field} />
        <${Left} left=${left} />
        <span id="writing-hint" class="composer-hint">${!touch.matches && _("Enter sends, Shift+Enter breaks the line")}</span>
        <button type="submit" class="button primary icon-only send" aria-label=${_("Send")} title=${_("Send")}
          disabled=${!text.trim() || left < 0}><${Icon} name="send" /></button>
      </div>
    </form>
  `;
}

/** @param {KeyboardEvent} event up from the empty field: to the last message */
function focusLast(event) {
  const posts = document.querySelectorAll(".posts [data-seq]");
  const last = posts[posts.length - 1];
  if (!(last instanceof HTMLElement)) return;
  event.preventDefault();
  last.focus();
}

/** @param {{left: number}} props */
function Left({ left }) {
  if (left > NEARLY) return null;
  if (left >= 0) return html`<span class="count">${number(left)}</span>`;
  const text = ngettext("%(n)s character too long", "%(n)s characters too long", -left);
  return html`<span class="count over" role="alert">${text}</span>`;
}
