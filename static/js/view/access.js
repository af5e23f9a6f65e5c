/** The right pane of those who moderate: who is let in by what, who is held back, the rules. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Failure } from "../net/failure.js";
import { called } from "../text/called.js";
import { actionText, duration, levelText, reasonText } from "../text/rights.js";
import { useChat } from "./context.js";
import { CopyButton } from "./copy.js";
import { Icon } from "./icon.js";
import { RulesDialog } from "./rules.js";
import { RightsTableDialog } from "./rightstable.js";
import { SidePane } from "./sidepane.js";
import { MessageSkeleton } from "./skeleton.js";

/** @import {AccessList, Reason, RightsHead, Room} from "../types.js" */

/** Fetched again whenever rights have changed. @param {Room} room @returns {AccessList | null} */
function useAccess(room) {
  const { api, peoples } = useChat();
  const [access, setAccess] = useState(/** @type {AccessList | null} */ (null));
  useEffect(() => {
    let over = false;
    api.access(room.id).then(
      (answer) => over || setAccess(answer),
      (error) => {
        if (!(error instanceof Failure)) throw error;
      },
    );
    return () => {
      over = true;
    };
  }, [room.id, peoples.of(room.id), room.archived, room.slow]);
  return access;
}

/** @param {{room: Room, title: string, reasons: Reason[], name: (reason: Reason) => string, children?: import("preact").ComponentChildren, action?: (reason: Reason) => unknown}} props */
function Section({ room, title, reasons, name, action }) {
  if (!reasons.length) return null;
  return html`
    <h3>${title}</h3>
    <ul class="reasons">
      ${reasons.map((reason) => html`
        <li key=${`${reason.subject} ${reason.level}`}>
          <span class="reason-text"><strong dir="auto">${name(reason)}</strong><span class="hint">${reasonText(reason, room.posting)}</span></span>
          ${action?.(reason)}
        </li>
      `)}
    </ul>
  `;
}

/** @param {{room: Room, access: AccessList}} props */
function HeldBack({ room, access }) {
  const { api, peoples, toasts } = useChat();
  const lift = (/** @type {Reason} */ cap) => () =>
    toasts.attempt(async () => {
      const kind = cap.level === "HIDDEN" ? "ban" : "mute";
      const { levels } = await api.changeAccess(room.id, { caps: [{ person: cap.subject, kind, lift: true }] });
      peoples.refresh(room.id);
      const name = cap.person ? called(cap.person) : "";
      toasts.say(_("%(name)s now: %(may)s.", { name, may: levelText(levels[cap.subject] ?? "HIDDEN", room.posting) }));
    });
  const button = (/** @type {Reason} */ cap) => html`
    <button type="button" class="button small" onClick=${lift(cap)}
      aria-label=${cap.level === "HIDDEN" ? _("Lift the ban of %(name)s", { name: cap.person ? called(cap.person) : "" }) : _("End the mute of %(name)s", { name: cap.person ? called(cap.person) : "" })}>
      ${cap.level === "HIDDEN" ? _("Lift the ban") : _("End the mute")}
    </button>
  `;
  return html`<${Section} room=${room} title=${_("Muted and banned")} reasons=${access.caps} action=${button}
    name=${(/** @type {Reason} */ { person }) => person ? called(person) : _("Someone")} />`;
}

/** @param {{access: AccessList}} props */
function Rules({ access }) {
  const raised = access.raisable.filter((action) => access.needs[action] !== usual(action));
  return html`
    <h3>${_("Rules")}</h3>
    <ul class="plain">
      ${access.archived && html`<li>${_("Archived: it can be read, but nothing is added.")}</li>`}
      ${raised.map((action) => html`<li>${_("%(action)s: only who %(may)s", { action: actionText(action), may: levelText(access.needs[action] ?? "OWN") })}</li>`)}
      <li>${access.slow ? _("Slow mode: one message in %(time)s", { time: duration(access.slow) }) : _("No slow mode")}</li>
      <li>${access.history === "all" ? _("Newcomers read everything that was said") : _("Newcomers read what is said after they joined")}</li>
    </ul>
  `;
}

/** The catalogue's default of what can be raised (rooms/actions.py). @param {string} action */
const usual = (action) => (action === "post" ? "POST" : "MODERATE");

/** To be noted elsewhere. @param {{room: Room, access: AccessList}} props */
function Head({ room, access }) {
  const { api } = useChat();
  const [head, setHead] = useState(/** @type {RightsHead | null} */ (null));
  useEffect(() => void api.rightsHead(room.id).then(setHead, () => {}), [room.id, access]);
  if (!head) return null;
  return html`
    <h3>${_("Proof")}</h3>
    <p class="hint">${_("Every change of rights is an entry of this room’s log, chained to the one before. Note this hash elsewhere: a log that was tampered with no longer leads to it.")}</p>
    <div class="proof"><code>${head.hash}</code><${CopyButton} text=${head.hash} label=${_("Copy the hash")} /></div>
  `;
}

/** @param {{room: Room, access: AccessList}} props */
function Ends({ room, access }) {
  const { api, dialog, toasts } = useChat();
  const archive = () =>
    toasts.attempt(async () => {
      const archived = !access.archived;
      await api.changeAccess(room.id, { settings: { archived } });
      const undo = { label: _("Undo"), run: () => void toasts.attempt(() => api.changeAccess(room.id, { settings: { archived: !archived } })) };
      toasts.say(archived ? _("The room is archived.") : _("The room is open again."), undo);
    });
  return html`
    <div class="ends">
      ${room.may.archive && html`<button type="button" class="button" onClick=${archive}>${access.archived ? _("Take it out of the archive") : _("Archive this room")}</button>`}
      ${room.may.delete && html`<button type="button" class="button quiet-danger" onClick=${() => (dialog.value = { name: "delete", room: room.id })}>${_("Delete this room")}</button>`}
    </div>
  `;
}

/** @param {{room: Room}} props */
export function AccessPanel({ room }) {
  const access = useAccess(room);
  const [open, setOpen] = useState(/** @type {"" | "rules" | "table"} */ (""));
  const close = () => setOpen("");
  const people = access?.grants.filter(({ kind }) => kind === "person" || kind === "glass") ?? [];
  const wide = access?.grants.filter(({ kind }) => kind === "everyone" || kind === "group") ?? [];
  return html`
    <${SidePane} title=${_("Rights")}>
      ${!access && html`<${MessageSkeleton} count=${3} />`}
      ${access && html`
        <div class="side-buttons">
          ${room.may.open && !access.archived && html`<button type="button" class="button" onClick=${() => setOpen("rules")}><${Icon} name="shield" />${_("Change the rules")}</button>`}
          <button type="button" class="button" onClick=${() => setOpen("table")}>${_("Everyone’s rights")}</button>
        </div>
        <${Section} room=${room} title=${_("Let in together")} reasons=${wide}
          name=${(/** @type {Reason} */ { kind, group }) => (kind === "group" ? group ?? "" : _("Everyone here"))} />
        <${HeldBack} room=${room} access=${access} />
        <${Section} room=${room} title=${_("Let in by name")} reasons=${people}
          name=${(/** @type {Reason} */ { person }) => person ? called(person) : _("Someone")} />
        <${Rules} access=${access} />
        <${Head} room=${room} access=${access} />
        <${Ends} room=${room} access=${access} />
        ${open === "rules" && html`<${RulesDialog} room=${room} access=${access} close=${close} />`}
        ${open === "table" && html`<${RightsTableDialog} room=${room} close=${close} />`}
      `}
    <//>
  `;
}
