/** What a change of rights would do, asked of the server while it is being chosen. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Failure } from "../net/failure.js";
import { effectText } from "../text/rights.js";
import { useChat } from "./context.js";

/** @import {AccessChange, AccessPreview} from "../types.js" */

const SETTLED = 200;

/**
 * Asks anew when the change is another; null while the answer is on its way or there is none.
 * @param {string} room @param {AccessChange | null} change
 * @returns {{preview: AccessPreview | null, problem: string}}
 */
export function usePreview(room, change) {
  const { api } = useChat();
  const [preview, setPreview] = useState(/** @type {AccessPreview | null} */ (null));
  const [problem, setProblem] = useState("");
  const wanted = JSON.stringify(change);
  useEffect(() => {
    setPreview(null);
    setProblem("");
    if (!change) return;
    let over = false;
    const timer = setTimeout(() => {
      api.preview(room, change).then(
        (answer) => over || setPreview(answer),
        (error) => over || setProblem(error instanceof Failure ? error.message : String(error)),
      );
    }, SETTLED);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [room, wanted]);
  return { preview, problem };
}

/** @param {{preview: AccessPreview, also?: string[]}} props `also`: what it does to everyone alike */
export function Effects({ preview: { gains, loses }, also = [] }) {
  if (!gains.length && !loses.length && !also.length) return html`<p class="hint">${_("Nobody gains or loses anything by this.")}</p>`;
  return html`
    <ul class="effects">
      ${loses.map((effect) => html`<li class="loses">${effectText(effect, false)}</li>`)}
      ${gains.map((effect) => html`<li class="gains">${effectText(effect, true)}</li>`)}
      ${also.map((text) => html`<li class="also">${text}</li>`)}
    </ul>
  `;
}
