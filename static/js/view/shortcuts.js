/** Keys that work everywhere: the room switcher, the next room, closing what is open. */

import { useLayoutEffect } from "preact/hooks";
import { useChat } from "./context.js";

/** @import {Chat} from "../store/chat.js" */

/** @param {Chat} chat @param {number} step */
function neighbour({ rooms, route }, step) {
  const list = rooms.list.peek();
  const at = list.findIndex((room) => room.id === route.room);
  const room = list[(at + step + list.length) % list.length];
  if (room) route.go({ room: room.id });
}

/** @param {Chat} chat @param {KeyboardEvent} event @returns {(() => void) | undefined} */
function action(chat, event) {
  const { dialog, route } = chat;
  const free = !dialog.peek().name && !document.querySelector(":popover-open");
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && event.key.toLowerCase() === "k") {
    return () => (dialog.value = { name: free ? "switcher" : "", room: "" });
  }
  if (event.altKey && !command && event.key === "ArrowDown") return () => neighbour(chat, 1);
  if (event.altKey && !command && event.key === "ArrowUp") return () => neighbour(chat, -1);
  if (event.key === "Escape" && free && route.panel) return () => route.close();
  return undefined;
}

export function Shortcuts() {
  const chat = useChat();
  /** From the first picture on: an effect after it would let an early key go by. */
  useLayoutEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      const run = event.defaultPrevented || event.isComposing ? undefined : action(chat, event);
      if (!run) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [chat]);
  return null;
}
