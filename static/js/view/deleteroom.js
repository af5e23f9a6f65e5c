/** Deleting a room: said plainly, and only after its name is typed. */

import { useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { useChat } from "./context.js";
import { Dialog } from "./dialog.js";
import { Problem, typed, useForm } from "./form.js";

/** @import {Room} from "../types.js" */

/** @param {{room: Room, close: () => void}} props */
export function DeleteRoomDialog({ room, close }) {
  const { api } = useChat();
  const [name, setName] = useState("");
  const { busy, problem, submit } = useForm(async () => {
    await api.deleteRoom(room.id);
    close();
  });
  return html`
    <${Dialog} title=${_("Delete “%(room)s”?", { room: room.name })} close=${close}>
      <form class="form" onSubmit=${submit}>
        <p>${_("The room and everything that was said in it are gone for everyone. Nobody can bring them back. To only stop it, archive it.")}</p>
        <label class="field">${_("Type the room’s name to go on")}
          <input autofocus value=${name} onInput=${typed(setName)} autocomplete="off" dir="auto" />
        </label>
        <${Problem} text=${problem} />
        <div class="dialog-foot">
          <button type="button" class="button" onClick=${close}>${_("Cancel")}</button>
          <button type="submit" class="button danger" disabled=${busy || name.trim() !== room.name}>${_("Delete for good")}</button>
        </div>
      </form>
    <//>
  `;
}
