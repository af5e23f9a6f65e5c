/** The window's title: how much is unread, and which room is open. */

import { effect } from "@preact/signals";
import { _, number } from "./i18n.js";
import { MOST_UNREAD } from "./store/rooms.js";

/** @import {Chat} from "./store/chat.js" */

const NAME = "Chatelaine";

/** @param {Chat} chat */
function title({ rooms, route }) {
  const room = rooms.get(route.room)?.name;
  const place = room ? `${room} · ${NAME}` : NAME;
  const unread = rooms.unread.value;
  if (!unread) return place;
  const count = unread < MOST_UNREAD ? number(unread) : _("%(n)s+", { n: number(MOST_UNREAD - 1) });
  return `(${count}) ${place}`;
}

/** @param {Chat} chat */
export const keepTitle = (chat) => effect(() => void (document.title = title(chat)));
