/** The shape of the chat while it is on its way. */

import { html } from "../html.js";
import { _ } from "../i18n.js";

const LINES = [62, 84, 45, 70, 38, 90, 55];

/** @param {{count?: number}} props */
export function MessageSkeleton({ count = LINES.length }) {
  return html`
    <div class="skeleton-messages" role="status" aria-label=${_("Loading messages")}>
      ${LINES.slice(0, count).map((width) => html`
        <div class="skeleton-message">
          <span class="bone round"></span>
          <span class="bone" style=${{ width: `${width / 5}%` }}></span>
          <span class="bone" style=${{ width: `${width}%` }}></span>
        </div>
      `)}
    </div>
  `;
}

/** @param {{room: string}} props */
export function Skeleton({ room }) {
  return html`
    <div class="panes" data-pane=${room ? "main" : "list"} data-side="closed" aria-busy="true">
      <div class="sidebar">
        <div class="sidebar-scroll">
          ${LINES.map((width) => html`<span class="bone line" style=${{ width: `${width}%` }}></span>`)}
        </div>
      </div>
      <main class="middle" id="main" tabindex="-1"><${MessageSkeleton} /></main>
    </div>
  `;
}
