/** Who may come in, and the rules of a room: chosen, looked at, then saved. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { duration, levelChoice } from "../text/rights.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Effects, usePreview } from "./effects.js";
import { Choice, Problem, useForm } from "./form.js";

/** @import {AccessChange, AccessList, Level, Room} from "../types.js" */
/** @typedef {{everyone: Level, groups: Record<string, Level>, post: Level, slow: number, history: "all" | "joined", reveal: boolean}} Rules */

const SLOW = [0, 5, 10, 30, 60, 300, 900, 3600];
/** @type {Level[]} */
const EVERYONE = ["HIDDEN", "SEE", "ASK", "READ", "POST"];
/** @type {Level[]} */
const GROUP = [...EVERYONE, "MODERATE"];

/** @param {AccessList} access @returns {Rules} */
function rulesOf(access) {
  const of = (/** @type {string} */ kind, /** @type {string} */ id) =>
    access.grants.find((grant) => grant.kind === kind && grant.subject === id)?.level ?? "HIDDEN";
  return {
    everyone: of("everyone", ""),
    groups: Object.fromEntries(access.groups.map(({ id }) => [id, of("group", id)])),
    post: access.needs.post ?? "POST",
    slow: access.slow,
    history: access.history,
    reveal: false,
  };
}

/** @param {AccessList} access @param {Rules} now @returns {AccessChange | null} what is another than before */
function changeOf(access, now) {
  const before = rulesOf(access);
  const level = (/** @type {Level} */ it) => (it === "HIDDEN" ? null : it);
  /** @type {NonNullable<AccessChange["grants"]>} */
  const grants = Object.entries(now.groups)
    .filter(([id, it]) => it !== before.groups[id])
    .map(([id, it]) => ({ to: "group", id, level: level(it) }));
  if (now.everyone !== before.everyone) grants.push({ to: "everyone", level: level(now.everyone) });
  const others = Object.fromEntries(access.raisable.filter((it) => it !== "post" && access.needs[it] === "OWN").map((it) => [it, "OWN"]));
  const settings = {
    ...(now.post !== before.post && { raised: { ...others, ...(now.post !== "POST" && { post: now.post }) } }),
    ...(now.slow !== before.slow && { slow: now.slow }),
    ...(now.history !== before.history && { history: now.history }),
    ...(now.reveal && { history: /** @type {const} */ ("all"), reveal: true }),
  };
  const rest = Object.keys(settings).length ? { settings } : {};
  return grants.length || rest.settings ? { ...(grants.length && { grants }), ...rest } : null;
}

/** What no single person gains or loses. @param {Rules} before @param {Rules} now @returns {string[]} */
function forAll(before, now) {
  const waiting = now.slow
    ? _("Everyone waits %(time)s between two messages, but for moderators and owners.", { time: duration(now.slow) })
    : _("Nobody has to wait between two messages.");
  return [...(now.slow !== before.slow ? [waiting] : []), ...(now.history !== before.history || now.reveal ? [past(now)] : [])];
}

/** @param {Rules} rules */
function past({ history, reveal }) {
  if (history === "joined") return _("Who has not joined yet will read only what is said after they do.");
  if (reveal) return _("Newcomers read everything that was said, also what was closed to them.");
  return _("Newcomers read what is said from now on, whenever they join. What was closed to them stays closed.");
}

/** @param {Level[]} levels @returns {[value: string, text: string][]} */
const ladder = (levels) => levels.map((level) => [level, levelChoice(level)]);

/** @param {{access: AccessList, rules: Rules, set: (rules: Partial<Rules>) => void}} props */
function Fields({ access, rules, set }) {
  const before = rulesOf(access);
  const closed = access.history === "joined" || access.open_from > 0;
  return html`
    <${Choice} label=${_("Everyone who is a member here may")} value=${rules.everyone} options=${ladder(EVERYONE)}
      set=${(/** @type {any} */ it) => set({ everyone: it })} />
    ${access.groups.map(({ id, name }) => html`
      <${Choice} key=${id} label=${_("The group “%(group)s” may", { group: name })} value=${rules.groups[id] ?? "HIDDEN"} options=${ladder(GROUP)}
        set=${(/** @type {any} */ it) => set({ groups: { ...rules.groups, [id]: it } })} />
    `)}
    <${Choice} label=${_("Messages are written by")} value=${rules.post} set=${(/** @type {any} */ it) => set({ post: it })}
      options=${[["POST", _("everyone who may post")], ["MODERATE", _("moderators and owners")], ["OWN", _("owners")]]} />
    <${Choice} label=${_("Slow mode: between two messages of one person")} value=${rules.slow} set=${(/** @type {any} */ it) => set({ slow: Number(it) })}
      options=${[...new Set([...SLOW, before.slow])].sort((a, b) => a - b).map((it) => [it, it ? duration(it) : _("no wait")])} />
    <${Choice} label=${_("Newcomers read")} value=${rules.history} set=${(/** @type {any} */ it) => set({ history: it, reveal: false })}
      options=${[["all", _("everything that was said")], ["joined", _("what is said after they joined")]]} />
    ${closed && rules.history === "all" && html`
      <label class="check">
        <input type="checkbox" checked=${rules.reveal} onChange=${(/** @type {any} */ event) => set({ reveal: event.currentTarget.checked })} />
        ${_("Show newcomers also what was said while that was closed to them")}
      </label>
    `}
  `;
}

/** @param {{room: Room, access: AccessList, close: () => void}} props */
export function RulesDialog({ room, access, close }) {
  const { api, peoples, toasts } = useChat();
  const [rules, setRules] = useState(() => rulesOf(access));
  const change = changeOf(access, rules);
  const { preview, problem: refused } = usePreview(room.id, change);
  const { busy, problem, submit } = useForm(async () => {
    if (!change || !preview) return;
    await api.changeAccess(room.id, { ...change, version: preview.version });
    peoples.refresh(room.id);
    close();
    toasts.say(_("Saved. The room was told that its rights changed."));
  });
  return html`
    <${Dialog} title=${_("Who may do what in “%(room)s”", { room: room.name })} close=${close}>
      <form class="form" onSubmit=${submit}>
        <${Fields} access=${access} rules=${rules} set=${(/** @type {Partial<Rules>} */ some) => setRules({ ...rules, ...some })} />
        <div class="preview" aria-live="polite">
          ${preview && html`<h3>${_("What saving does")}</h3><${Effects} preview=${preview} also=${forAll(rulesOf(access), rules)} />`}
        </div>
        <${Problem} text=${problem || refused} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button primary" disabled=${busy || !preview}>${_("Save")}</button>
        </div>
      </form>
    <//>
  `;
}
