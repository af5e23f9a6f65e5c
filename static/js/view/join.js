/** Joining a room, from wherever one finds it. */

/** @import {Chat} from "../store/chat.js" */

/** @param {Chat} chat @param {string} id */
export function join(chat, id) {
  return chat.toasts.attempt(async () => {
    await chat.api.join(id);
    chat.enter(await chat.api.room(id));
  });
}
