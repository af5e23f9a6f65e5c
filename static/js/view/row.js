/** One line of the timeline; it is drawn anew only when it changed. */

import { Component } from "preact";
import { html } from "../html.js";
import { _, day } from "../i18n.js";
import { EventsRow } from "./events.js";
import { Post } from "./post.js";

/** @import {Names} from "../store/names.js" */
/** @import {Row} from "../types.js" */
/** @typedef {{row: Row, names: Names}} Props */

/** @param {Row} a @param {Row} b */
function same(a, b) {
  if (a.kind === "post" && b.kind === "post") return a.entry === b.entry && a.head === b.head;
  if (a.kind === "events" && b.kind === "events") {
    return a.entries.length === b.entries.length && a.entries.at(-1) === b.entries.at(-1);
  }
  return a.key === b.key;
}

/** @extends {Component<Props>} */
export class RowView extends Component {
  /** @param {Props} next */
  shouldComponentUpdate(next) {
    return !same(this.props.row, next.row);
  }

  render() {
    const { row, names } = this.props;
    switch (row.kind) {
      case "post": return html`<${Post} entry=${row.entry} head=${row.head} names=${names} />`;
      case "events": return html`<${EventsRow} entries=${row.entries} names=${names} />`;
      case "day": return html`<li class="day-line"><span>${day(row.at)}</span></li>`;
      case "new": return html`<li class="new-line"><span>${_("New")}</span></li>`;
    }
  }
}
