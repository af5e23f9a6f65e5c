/** Making a room: a name, a topic, and who may come in. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { presetName, presetSentence } from "../text/access.js";
import { useChat, useOwn } from "./context.js";
import { Dialog } from "./dialog.js";
import { Problem, typed, useForm } from "./form.js";
import { Icon } from "./icon.js";

/** @import {Preset} from "../types.js" */

/** @type {{preset: Preset, icon: string}[]} */
const PRESETS = [
  { preset: "private", icon: "lock" },
  { preset: "open", icon: "hash" },
  { preset: "listed", icon: "compass" },
  { preset: "announcements", icon: "horn" },
];

/** @param {{chosen: Preset, choose: (preset: Preset) => void}} props */
function PresetCards({ chosen, choose }) {
  return html`
    <fieldset class="cards">
      <legend>${_("Who may come in")}</legend>
      ${PRESETS.map(({ preset, icon }) => html`
        <label class="preset-card" key=${preset}>
          <input type="radio" name="preset" value=${preset} checked=${preset === chosen} onChange=${() => choose(preset)} />
          <${Icon} name=${icon} />
          <span><strong>${presetName(preset)}</strong><span class="hint">${presetSentence(preset)}</span></span>
        </label>
      `)}
    </fieldset>
  `;
}

/** @param {{close: () => void}} props */
export function MakeRoomDialog({ close }) {
  const chat = useChat();
  const { steps } = useOwn();
  const [name, setName] = useState("");
  const [topic, setTopic] = useState("");
  const [preset, setPreset] = useState(/** @type {Preset} */ ("private"));
  const { busy, problem, submit } = useForm(async () => {
    const room = await chat.api.make({ name: name.trim(), topic: topic.trim(), preset });
    steps.take("room");
    close();
    chat.enter(room);
  });
  return html`
    <${Dialog} title=${_("Make a room")} close=${close}>
      <form class="form" onSubmit=${submit}>
        <label class="field">${_("Name")}
          <input required maxlength="80" autofocus value=${name} onInput=${typed(setName)} autocomplete="off" dir="auto" />
        </label>
        <label class="field">${_("Topic (if you like)")}
          <input maxlength="250" value=${topic} onInput=${typed(setTopic)} autocomplete="off" dir="auto" />
        </label>
        <${PresetCards} chosen=${preset} choose=${setPreset} />
        <${Problem} text=${problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button primary" disabled=${busy || !name.trim()}>${_("Make the room")}</button>
        </div>
      </form>
    <//>
  `;
}
