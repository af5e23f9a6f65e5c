/** One small set of icons, drawn on a 24 px grid with one stroke. */

import { html } from "../html.js";

/** @type {Record<string, string>} */
const PATHS = {
  logo: "M12 1.5C6 1.5 1.5 5.7 1.5 11c0 3 1.6 5.7 4 7.5l-.8 4 4.7-2.3c.8.2 1.7.3 2.6.3 6 0 10.5-4.3 10.5-9.5S18 1.5 12 1.5Zm0 4.2a3.2 3.2 0 0 0-1.6 6l-1 4c-.1.3.2.6.5.6h4.2c.3 0 .6-.3.5-.6l-1-4a3.2 3.2 0 0 0-1.6-6Z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  hash: "M5 9h15M4 15h15M10 4 8 20M16 4l-2 16",
  horn: "M4 10v4h3l9 5V5l-9 5H4ZM19.5 9.5a4 4 0 0 1 0 5",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.2a6.5 6.5 0 0 1 3.5 5.8",
  minus: "M6 12h12",
  plus: "M12 5v14M5 12h14",
  compass: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM15.5 8.5l-2 5-5 2 2-5 5-2Z",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
  back: "M15 5l-7 7 7 7",
  down: "M12 5v14M6 13l6 6 6-6",
  up: "M12 19V5M6 11l6-6 6 6",
  chevron: "M9 6l6 6-6 6",
  close: "M6 6l12 12M18 6 6 18",
  send: "M12 20V5M5.5 11.5 12 5l6.5 6.5",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7.5V12l3 2",
  alert: "M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.4v.1",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  more: "M5.5 12v.1M12 12v.1M18.5 12v.1",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  pencil: "M4 20h4L19 9l-4-4L4 16v4ZM13 7l4 4",
  leave: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  invite: "M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 20a6.5 6.5 0 0 1 13 0M19 8v6M16 11h6",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z",
  contrast: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 3v18",
  bold: "M7 5h6a3.5 3.5 0 0 1 0 7H7zM7 12h7a3.5 3.5 0 0 1 0 7H7z",
  italic: "M14 5h-4M14 19h-4M13.5 5l-3 14M10 5h7M7 19h7",
  code: "M8 7l-5 5 5 5M16 7l5 5-5 5",
  quote: "M5 5v14M10 8h9M10 12h9M10 16h6",
  bullets: "M5 7v.1M5 12v.1M5 17v.1M10 7h10M10 12h10M10 17h10",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
  shield: "M12 3l8 3v6c0 5-3.5 7.8-8 9-4.5-1.2-8-4-8-9V6l8-3Z",
  message: "M4 5h16v11H10l-6 4.5V5Z",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM5.7 5.7l12.6 12.6",
  remove: "M10 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM3.5 20a6.5 6.5 0 0 1 13 0M16 11h6",
};

/** @param {{name: string, label?: string}} props the label is read out; without one it is decoration */
export function Icon({ name, label }) {
  const role = label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" };
  return html`<svg class="icon icon-${name}" viewBox="0 0 24 24" ...${role}><path d=${PATHS[name]} /></svg>`;
}
