/** What is open, as the address says: `/`, `/r/<room>`, and a panel behind `#`. */

import { signal } from "@preact/signals";

/** @typedef {"" | "people" | "access" | "directory" | "home"} Panel */
/** @typedef {{room: string, panel: Panel}} Place */

const PANELS = ["people", "access", "directory", "home"];

/** @returns {Place} */
function here() {
  const room = /^\/r\/([0-9a-z]+)$/.exec(location.pathname)?.[1] ?? "";
  const panel = location.hash.slice(1);
  return { room, panel: /** @type {Panel} */ (PANELS.includes(panel) ? panel : "") };
}

/** @param {Place} place */
export const address = ({ room, panel }) => (room ? `/r/${room}` : "/") + (panel ? `#${panel}` : "");

export class Route {
  place = signal(here());

  constructor() {
    addEventListener("popstate", () => (this.place.value = here()));
  }

  get room() {
    return this.place.value.room;
  }

  get panel() {
    return this.place.value.panel;
  }

  /** Go there, so that "back" comes back here. @param {Partial<Place>} place */
  go({ room = "", panel = "" }) {
    if (room === this.room && panel === this.panel) return;
    history.pushState({ from: address(this.place.value) }, "", address({ room, panel }));
    this.place.value = here();
  }

  /** Go there instead of here. @param {Partial<Place>} place */
  swap({ room = "", panel = "" }) {
    history.replaceState(history.state, "", address({ room, panel }));
    this.place.value = here();
  }

  /** Open the panel, or close it as "back" would. @param {Panel} panel */
  toggle(panel) {
    if (this.panel !== panel) this.go({ room: this.room, panel });
    else this.close();
  }

  /** Close what is open on top, as "back" does where that leads to what is below. */
  close() {
    const below = { room: this.panel ? this.room : "", panel: /** @type {Panel} */ ("") };
    if (history.state?.from === address(below)) history.back();
    else this.swap(below);
  }
}
