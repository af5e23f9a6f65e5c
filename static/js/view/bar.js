/** A quiet bar while the connection is lost: what happens, and what waits. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _, ngettext } from "../i18n.js";
import { TOO_MANY_WINDOWS } from "../net/socket.js";
import { useChat } from "./context.js";

/** Rings each second while something is awaited. @param {boolean} on */
function useSeconds(on) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!on) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [on]);
  return now;
}

/** @param {boolean} leaving */
const broken = (leaving) =>
  leaving ? _("The server is restarting. This page comes back by itself.") : _("Connection lost. Trying again.");

/** @param {number} ms @param {boolean} leaving */
function soon(ms, leaving) {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 1) return broken(leaving);
  if (leaving)
    return ngettext(
      "The server is restarting. This page comes back in %(n)s second.",
      "The server is restarting. This page comes back in %(n)s seconds.",
      seconds,
    );
  return ngettext(
    "Connection lost. Trying again in %(n)s second.",
    "Connection lost. Trying again in %(n)s seconds.",
    seconds,
  );
}

const tooMany = () => _("Chatelaine is open in too many windows. Close one, then go on here.");

function useStory() {
  const { degraded, link, own } = useChat();
  const state = link.state.value;
  const now = useSeconds(state === "waiting");
  const leaving = link.leaving.value;
  if (state === "open" && leaving) return broken(true);
  if (state === "open") return degraded.value ? _("The server can't reach its storage just now. Your messages wait here.") : "";
  if (state === "ended") return link.closeCode.value === TOO_MANY_WINDOWS ? tooMany() : "";
  if (!own.value && state === "connecting") return "";
  return state === "waiting" ? soon(link.retryAt.value - now, leaving) : broken(leaving);
}

function Queued() {
  const { own } = useChat();
  const waiting = own.value?.outbox.items.value.filter(({ state }) => state === "waiting").length ?? 0;
  if (!waiting) return null;
  const text = ngettext("%(n)s message waits to be sent.", "%(n)s messages wait to be sent.", waiting);
  return html`<span>${text}</span>`;
}

export function ConnectionBar() {
  const { link } = useChat();
  const story = useStory();
  const ended = link.state.value === "ended";
  /** The seconds run down for the eye only. */
  const waits = link.state.value === "waiting";
  const button = html`
    <button type="button" class="button small" onClick=${() => link.connect()}>
      ${ended ? _("Go on here") : _("Try now")}
    </button>
  `;
  return html`
    <div class="connection" role="status">
      ${story && html`
        <div class="connection-bar">
          ${waits && html`<span class="visually-hidden">${broken(link.leaving.value)}</span>`}
          <span aria-hidden=${waits}>${story}</span>
          <${Queued} />
          ${link.state.value !== "open" && button}
        </div>
      `}
    </div>
  `;
}
