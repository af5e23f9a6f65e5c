/** Hands the chat down to every view. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** @import {Chat} from "../store/chat.js" */
/** @import {Own} from "../store/own.js" */

export const Context = createContext(/** @type {Chat | null} */ (null));

/** @returns {Chat} */
export function useChat() {
  const chat = useContext(Context);
  if (!chat) throw new Error("There is no chat around this view.");
  return chat;
}

/** One's own things; views that use it are shown after the first welcome. @returns {Own} */
export function useOwn() {
  const own = useChat().own.value;
  if (!own) throw new Error("The server has not said yet who we are.");
  return own;
}
