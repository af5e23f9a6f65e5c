/** People × actions: who may do what, with the reason behind each cell. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { actionName, actionText, levelText, reasonText } from "../text/rights.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Choice, typed } from "./form.js";
import { Icon } from "./icon.js";

/** @import {Level, RightsRow, RightsTable, Room} from "../types.js" */

const SETTLED = 200;

/** @param {string} room @param {string} name @param {string} action @param {number} offset */
function useTable(room, name, action, offset) {
  const { api, toasts } = useChat();
  const [table, setTable] = useState(/** @type {RightsTable | null} */ (null));
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => {
      toasts.attempt(async () => {
        const found = await api.rights(room, { name, action, offset });
        if (!over) setTable(found);
      });
    }, table ? SETTLED : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [room, name, action, offset]);
  return table;
}

/** Why someone may or may not. @param {RightsRow} row @param {string} action @param {Record<string, Level>} needs */
function why(row, action, needs) {
  const posting = needs.post ?? "POST";
  const may = row.actions.includes(action);
  const first = may
    ? _("%(name)s may %(action)s", { name: row.person.nickname, action: actionText(action) })
    : _("%(name)s may not %(action)s; it takes someone who %(needs)s", { name: row.person.nickname, action: actionText(action), needs: levelText(needs[action] ?? "OWN") });
  return [first, ...row.because.map((it) => reasonText(it, posting))].join("\n");
}

/** @param {{row: RightsRow, needs: Record<string, Level>, chosen: string, choose: (text: string) => void}} props */
function Row({ row, needs, chosen, choose }) {
  return html`
    <tr>
      <th scope="row"><span dir="auto">${row.person.nickname}</span><span class="hint">${levelText(row.level, needs.post)}</span></th>
      ${Object.keys(needs).map((action) => {
        const may = row.actions.includes(action);
        const reason = why(row, action, needs);
        return html`
          <td key=${action} class=${may ? "may" : "may-not"}>
            <button type="button" class="cell" title=${reason} aria-pressed=${chosen === reason} onClick=${() => choose(chosen === reason ? "" : reason)}>
              <${Icon} name=${may ? "check" : "minus"} label=${may ? _("yes") : _("no")} />
            </button>
          </td>
        `;
      })}
    </tr>
  `;
}

/** @param {{table: RightsTable, offset: number, go: (offset: number) => void}} props */
function Pages({ table, offset, go }) {
  const shown = offset + table.rows.length;
  if (table.total <= table.rows.length) return html`<p class="hint">${ngettext("%(n)s person", "%(n)s people", table.total)}</p>`;
  return html`
    <div class="pages">
      <button type="button" class="button small" disabled=${offset === 0} onClick=${() => go(Math.max(0, offset - 100))}>${_("Before")}</button>
      <span class="hint">${_("%(from)s to %(to)s of %(total)s", { from: offset + 1, to: shown, total: table.total })}</span>
      <button type="button" class="button small" disabled=${shown >= table.total} onClick=${() => go(offset + 100)}>${_("Next")}</button>
    </div>
  `;
}

/** @param {{room: Room, close: () => void}} props */
export function RightsTableDialog({ room, close }) {
  const [name, setName] = useState("");
  const [action, setAction] = useState("");
  const [offset, setOffset] = useState(0);
  const [reason, setReason] = useState("");
  const table = useTable(room.id, name, action, offset);
  const first = (/** @type {(value: string) => void} */ set) => (/** @type {string} */ value) => {
    setOffset(0);
    setReason("");
    set(value);
  };
  return html`
    <${Dialog} title=${_("Everyone’s rights")} close=${close} class="wide">
      <div class="form-row">
        <label class="field grow">${_("Who")}
          <input type="search" value=${name} onInput=${typed(first(setName))} autocomplete="off" dir="auto" />
        </label>
        <${Choice} label=${_("Only those who may")} value=${action} set=${first(setAction)}
          options=${[["", _("anything")], ...Object.keys(table?.needs ?? {}).map((it) => [it, actionText(it)])]} />
      </div>
      ${table && html`
        <div class="table-scroll" tabindex="0" role="region" aria-label=${_("Everyone’s rights")}>
          <table class="rights">
            <thead><tr>
              <th scope="col">${_("Who")}</th>
              ${Object.keys(table.needs).map((it) => html`<th scope="col" key=${it} title=${actionText(it)}>${actionName(it)}</th>`)}
            </tr></thead>
            <tbody>${table.rows.map((row) => html`<${Row} key=${row.person.id} row=${row} needs=${table.needs} chosen=${reason} choose=${setReason} />`)}</tbody>
          </table>
        </div>
        <p class="cell-reason" role="status">${reason || _("Choose a cell to see why.")}</p>
        <${Pages} table=${table} offset=${offset} go=${setOffset} />
      `}
    <//>
  `;
}
