/** The middle pane for a room: the conversation, or why there is none. */

import { useEffect } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Composer } from "./composer.js";
import { useChat } from "./context.js";
import { FarewellPane } from "./farewell.js";
import { FirstSteps } from "./firststeps.js";
import { RoomHeader } from "./header.js";
import { OutsidePane } from "./outside.js";
import { Timeline } from "./timeline.js";
import { TypingLine } from "./typingline.js";

/** @import {Room} from "../types.js" */

/** @param {{id: string}} props */
export function RoomPane({ id }) {
  const { farewells, rooms } = useChat();
  const farewell = farewells.rooms.value.get(id);
  const room = rooms.get(id);
  if (room) return html`<${Conversation} room=${room} />`;
  if (farewell) return html`<${FarewellPane} id=${id} farewell=${farewell} />`;
  return html`<${OutsidePane} id=${id} />`;
}

/** @param {{room: Room}} props */
function Conversation({ room }) {
  const chat = useChat();
  const { logs, own, peoples } = chat;
  const log = logs.get(room.id);
  const history = logs.history(room.id);
  useEffect(() => {
    chat.keepLast(room.id);
    peoples.load(room.id);
    history?.open();
  }, [room.id, history]);
  if (!log || !history || !own.value) return null;
  return html`
    <section class="room" aria-label=${room.peer ? _("Messages with %(name)s", { name: room.name }) : _("Room %(room)s", { room: room.name })}>
      <${RoomHeader} room=${room} />
      <${FirstSteps} />
      <${Timeline} key=${room.id} room=${room} log=${log} history=${history} chat=${chat} own=${own.value} />
      <${TypingLine} room=${room.id} />
      <${Composer} key=${room.id} room=${room} />
    </section>
  `;
}
