/** One person's rights in a room: what they may do and why, and changing it. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, moment } from "../i18n.js";
import { levelChoice, levelText, reasonText } from "../text/rights.js";
import { useChat, useOwn } from "./context.js";
import { Dialog } from "./dialog.js";
import { Effects, usePreview } from "./effects.js";
import { Choice, Problem, typed, useForm } from "./form.js";

/** @import {AccessChange, Level, RightsRow, Room, RoomPerson} from "../types.js" */
/** @typedef {Level | "keep" | "mute" | "unmute" | "ban" | "unban" | "take"} Move */

/**
 * What can be chosen; not to post, where moderators do.
 * @param {Room} room @param {RightsRow | null} row @returns {Move[]}
 */
function choices(room, row) {
  if (!row) return [];
  const capped = new Set(row.because.filter(({ kind }) => kind === "cap").map(({ level }) => level));
  const own = row.because.some(({ kind }) => kind === "person");
  return /** @type {Move[]} */ ([
    "keep",
    "READ",
    ...(room.posting === "POST" ? ["POST"] : []),
    ...(room.may.appoint ? ["MODERATE", "OWN"] : []),
    ...(own && room.may.remove ? ["take"] : []),
    ...(room.may.mute ? [capped.has("READ") ? "unmute" : "mute"] : []),
    ...(room.may.ban ? [capped.has("HIDDEN") ? "unban" : "ban"] : []),
  ]);
}

/** @param {Move} choice */
function choiceText(choice) {
  switch (choice) {
    case "keep": return _("leave it as it is");
    case "mute": return _("mute: they read, but don’t post");
    case "unmute": return _("end the mute");
    case "ban": return _("ban: they see nothing of the room");
    case "unban": return _("lift the ban");
    case "take": return _("take back what they were given in person");
    default: return _("let them %(may)s", { may: levelChoice(choice) });
  }
}

/**
 * @param {Move} choice @param {string} person @param {number} until @param {string} why
 * @returns {AccessChange | null}
 */
function changeOf(choice, person, until, why) {
  const terms = { ...(until && { until }), ...(why.trim() && { why: why.trim() }) };
  switch (choice) {
    case "keep": return null;
    case "take": return { grants: [{ to: "person", id: person, level: null }] };
    case "mute": case "ban": return { caps: [{ person, kind: choice, ...terms }] };
    case "unmute": case "unban": return { caps: [{ person, kind: choice === "unban" ? "ban" : "mute", lift: true }] };
    default: return { grants: [{ to: "person", id: person, level: choice, ...terms }] };
  }
}

/** @param {Room} room @param {string} id @param {string} name */
function useRow(room, id, name) {
  const { api, toasts } = useChat();
  const [row, setRow] = useState(/** @type {RightsRow | null} */ (null));
  useEffect(() => {
    toasts.attempt(async () => {
      const { rows } = await api.rights(room.id, { name });
      setRow(rows.find(({ person }) => person.id === id) ?? null);
    });
  }, [room.id, id]);
  return row;
}

const DAY = 86_400_000;
/** Chosen for a day of the calendar. */
const ON_A_DAY = -1;
/** @returns {[days: number, text: string][]} */
const ends = () => [
  [0, _("for good")],
  [1 / 24, _("for an hour")],
  [1, _("for a day")],
  [7, _("for a week")],
  [30, _("for a month")],
  [ON_A_DAY, _("until the end of a day…")],
];

/** When it ends (ms), 0 if it does not. @param {number} days @param {string} day "2026-11-27" */
function endOf(days, day) {
  if (days !== ON_A_DAY) return days && Math.round(Date.now() / 60_000) * 60_000 + days * DAY;
  const [year, month, date] = day.split("-").map(Number);
  return year && month && date ? new Date(year, month - 1, date + 1).getTime() : 0;
}

/** Today as a field for dates has it. */
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/** Choices that can end by themselves. @param {Move} choice */
const canEnd = (choice) => ["READ", "POST", "MODERATE", "mute", "ban"].includes(choice);

/** @param {{room: Room, person: Pick<RoomPerson, "id" | "nickname">, close: () => void}} props */
export function PersonRightsDialog({ room, person, close }) {
  const { api, names, peoples, toasts } = useChat();
  const me = useOwn().me.value.id;
  const name = names.of(person);
  const row = useRow(room, person.id, name);
  const [choice, setChoice] = useState(/** @type {Move} */ ("keep"));
  const [days, setDays] = useState(0);
  const [day, setDay] = useState("");
  const [why, setWhy] = useState("");
  const until = canEnd(choice) ? endOf(days, day) : 0;
  const undated = canEnd(choice) && days === ON_A_DAY && !until;
  const change = undated ? null : changeOf(choice, person.id, until, why);
  const { preview, problem: refused } = usePreview(room.id, change);
  const { busy, problem, submit } = useForm(async () => {
    if (!change || !preview) return;
    const { levels } = await api.changeAccess(room.id, { ...change, version: preview.version });
    peoples.refresh(room.id);
    close();
    toasts.say(_("%(name)s now: %(may)s.", { name, may: levelText(levels[person.id] ?? "HIDDEN", room.posting) }));
  });
  return html`
    <${Dialog} title=${_("Rights of %(name)s", { name })} close=${close}>
      ${row && html`
        <div class="rights-now">
          <p><strong>${person.id === me ? _("You: %(may)s", { may: levelText(row.level, room.posting) }) : _("%(name)s: %(may)s", { name, may: levelText(row.level, room.posting) })}</strong></p>
          <ul class="reasons">${row.because.map((reason) => html`<li>${reasonText(reason, room.posting)}</li>`)}</ul>
        </div>
      `}
      <form class="form" onSubmit=${submit}>
        <${Choice} label=${_("Change it")} value=${choice} set=${setChoice} options=${choices(room, row).map((it) => [it, choiceText(it)])} />
        ${canEnd(choice) && html`
          <div class="form-row">
            <${Choice} label=${_("How long")} value=${days} set=${(/** @type {string} */ it) => setDays(Number(it))} options=${ends()} />
            ${days === ON_A_DAY && html`
              <label class="field">${_("Last day")}
                <input type="date" required min=${today()} value=${day} onInput=${typed(setDay)} />
              </label>
            `}
            <label class="field grow">${_("Why (moderators see it)")}
              <input maxlength="200" value=${why} onInput=${typed(setWhy)} autocomplete="off" dir="auto" />
            </label>
          </div>
        `}
        ${until > 0 && html`<p class="hint">${_("It ends by itself on %(when)s.", { when: moment(until) })}</p>`}
        <div aria-live="polite">${preview && html`<${Effects} preview=${preview} />`}</div>
        <${Problem} text=${problem || refused} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button primary" disabled=${busy || !preview}>${_("Save")}</button>
        </div>
      </form>
    <//>
  `;
}
