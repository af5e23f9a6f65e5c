/** A room's name and topic. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Problem, typed, useForm } from "./form.js";

/** @import {Room} from "../types.js" */

/** @param {{room: Room, close: () => void}} props */
export function SettingsDialog({ room, close }) {
  const { api } = useChat();
  const [name, setName] = useState(room.name);
  const [topic, setTopic] = useState(room.topic);
  const { busy, problem, submit } = useForm(async () => {
    const changes = {
      ...(name.trim() !== room.name && { name: name.trim() }),
      ...(topic.trim() !== room.topic && { topic: topic.trim() }),
    };
    if (Object.keys(changes).length) await api.change(room.id, changes);
    close();
  });
  return html`
    <${Dialog} title=${_("Name and topic")} close=${close}>
      <form class="form" onSubmit=${submit}>
        <label class="field">${_("Name")}
          <input required maxlength="80" autofocus value=${name} onInput=${typed(setName)} autocomplete="off" dir="auto" />
        </label>
        <label class="field">${_("Topic")}
          <input maxlength="250" value=${topic} onInput=${typed(setTopic)} autocomplete="off" dir="auto" />
        </label>
        <${Problem} text=${problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button primary" disabled=${busy || !name.trim()}>${_("Save")}</button>
        </div>
      </form>
    <//>
  `;
}
