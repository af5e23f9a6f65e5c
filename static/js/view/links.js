/** Invitation links of a room: make one, copy it, see and revoke those that are out. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, moment, ngettext } from "../i18n.js";
import { useChat, useOwn } from "./context.js";
import { CopyButton } from "./copy.js";
import { Choice, Problem, useForm } from "./form.js";

/** @import {InviteLink, Room} from "../types.js" */

const DAYS = [1, 7, 30];
const USES = [1, 10, 100];
/** 0: for good. */
const GUEST_DAYS = [0, 1, 2, 3, 5, 7, 14, 30, 90];

/** @param {{label: string, numbers: number[], value: number, set: (value: number) => void, text: (n: number) => string}} props */
function NumberChoice({ label, numbers, value, set, text }) {
  return html`<${Choice} label=${label} value=${value} set=${(/** @type {string} */ it) => set(Number(it))} options=${numbers.map((n) => [n, text(n)])} />`;
}

/** @param {{link: InviteLink}} props */
function Fresh({ link }) {
  const note = ngettext(
    "It works until %(when)s, for %(n)s person. It is shown only now.",
    "It works until %(when)s, for %(n)s people. It is shown only now.",
    link.uses_left,
    { when: moment(link.expires_at) },
  );
  const guests = link.guest_days && ngettext("A guest’s account then ends by itself %(n)s day after it was made.", "A guest’s account then ends by itself %(n)s days after it was made.", link.guest_days);
  return html`
    <div class="fresh-link">
      <input readonly value=${link.url} aria-label=${_("Invitation link")}
        onFocus=${(/** @type {any} */ event) => event.currentTarget.select()} />
      <${CopyButton} text=${link.url ?? ""} label=${_("Copy the link")} class="primary" />
      <p class="hint">${note}${guests && html`<br />${guests}`}</p>
    </div>
  `;
}

/** Who made a link, and what it gives. @param {InviteLink} link */
function given({ made_by: name, level, works, rooms, guest_days: days }) {
  const parts = [
    _("made by %(name)s", { name }),
    level === "READ" && _("only to read"),
    days && ngettext("guests’ accounts last %(n)s day", "guests’ accounts last %(n)s days", days),
    rooms > 1 && ngettext("leads to %(n)s room", "leads to %(n)s rooms", rooms),
    !works && _("lets nobody in just now: %(name)s may not invite here any more", { name }),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @param {{room: Room, links: InviteLink[], again: () => void}} props */
function Existing({ room, links, again }) {
  const { api, toasts } = useChat();
  const revoke = (/** @type {string} */ id) => () =>
    toasts.attempt(async () => {
      await api.revokeLink(room.id, id);
      again();
    });
  return html`
    <ul class="links" aria-label=${_("Links that work now")}>
      ${links.map((link) => html`
        <li key=${link.id}>
          <span>
            ${ngettext("%(n)s use left, until %(when)s", "%(n)s uses left, until %(when)s", link.uses_left, { when: moment(link.expires_at) })}
            <span class="hint">${given(link)}</span>
          </span>
          <button type="button" class="button small" onClick=${revoke(link.id)}>${_("Revoke")}</button>
        </li>
      `)}
    </ul>
  `;
}

/**
 * Who comes in without an account: an admin chooses, others are told that it will be guests.
 * @param {{admin: boolean, role: InviteLink["role"], set: (role: InviteLink["role"]) => void}} props
 */
function Outsiders({ admin, role, set }) {
  if (!admin) {
    return html`<p class="hint">${_("Whoever has no account yet becomes a guest, and sees only this room.")}</p>`;
  }
  return html`<${Choice} label=${_("Whoever has no account yet becomes")} value=${role} set=${set}
    options=${[["guest", _("a guest, who sees only this room")], ["member", _("a member of this server")]]} />`;
}

/** What the link lets people do. @param {{level: InviteLink["level"], set: (level: InviteLink["level"]) => void}} props */
function May({ level, set }) {
  return html`<${Choice} label=${_("Whoever comes may")} value=${level} set=${set}
    options=${[["POST", _("read and post")], ["READ", _("only read")]]} />`;
}

/** @param {number} days */
const lasting = (days) => (days ? ngettext("%(n)s day", "%(n)s days", days) : _("for good"));

/** @param {{room: Room}} props */
export function Links({ room }) {
  const { api, toasts } = useChat();
  const { me, steps } = useOwn();
  const admin = me.value.role === "admin";
  const [role, setRole] = useState(/** @type {InviteLink["role"]} */ (admin ? "member" : "guest"));
  const posting = room.posting === "POST";
  const [level, setLevel] = useState(/** @type {InviteLink["level"]} */ (posting ? "POST" : "READ"));
  const [guestDays, setGuestDays] = useState(0);
  const [days, setDays] = useState(7);
  const [uses, setUses] = useState(10);
  const [fresh, setFresh] = useState(/** @type {InviteLink | null} */ (null));
  const [links, setLinks] = useState(/** @type {InviteLink[]} */ ([]));
  const again = () => toasts.attempt(async () => setLinks((await api.links(room.id)).links));
  useEffect(() => void again(), []);
  const { busy, problem, submit } = useForm(async () => {
    setFresh(await api.makeLink(room.id, { days, uses, role, level, guest_days: (role === "guest" && guestDays) || null }));
    steps.take("invite");
    await again();
  });
  const old = links.filter(({ id }) => id !== fresh?.id);
  return html`
    <form class="form" onSubmit=${submit}>
      <h3>${_("Anyone, with a link")}</h3>
      <${Outsiders} admin=${admin} role=${role} set=${setRole} />
      <div class="form-row">
        ${posting && html`<${May} level=${level} set=${setLevel} />`}
        ${role === "guest" && html`
          <${NumberChoice} label=${_("A guest’s account lasts")} numbers=${GUEST_DAYS} value=${guestDays} set=${setGuestDays} text=${lasting} />
        `}
      </div>
      <div class="form-row">
        <${NumberChoice} label=${_("Works for")} numbers=${DAYS} value=${days} set=${setDays}
          text=${(/** @type {number} */ n) => ngettext("%(n)s day", "%(n)s days", n)} />
        <${NumberChoice} label=${_("Lets in")} numbers=${USES} value=${uses} set=${setUses}
          text=${(/** @type {number} */ n) => ngettext("%(n)s person", "%(n)s people", n)} />
        <button type="submit" class="button" disabled=${busy}>${_("Make a link")}</button>
      </div>
      <${Problem} text=${problem} />
      ${fresh && html`<${Fresh} link=${fresh} />`}
      ${old.length > 0 && html`<${Existing} room=${room} links=${old} again=${again} />`}
    </form>
  `;
}
