/**
 * The conversation: shows the run of entries that is in memory and asks for more near its ends.
 *
 * What the reader looks at never moves: before the page changes, the first message in view is
 * noted, and afterwards it is put back where it was; at the newest message, the view sticks there.
 */

import { Component, createRef } from "preact";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { betweenTwo, rows, TOGETHER } from "../text/rows.js";
import { anchorAt, firstInView, lastInView, restore } from "./anchor.js";
import { Jumps } from "./jumps.js";
import { arrows } from "./keys.js";
import { PendingList } from "./pending.js";
import { RowView } from "./row.js";
import { Beginning, MoreToCome } from "./beginning.js";

/** @import {Chat} from "../store/chat.js" */
/** @import {History} from "../store/history.js" */
/** @import {Log} from "../store/log.js" */
/** @import {Own} from "../store/own.js" */
/** @import {Entry, Room} from "../types.js" */
/** @import {Anchor} from "./anchor.js" */
/** @typedef {{room: Room, log: Log, history: History, chat: Chat, own: Own}} Props */

/** This near to an end (in view heights) more is asked for. */
const NEAR = 1.5;
const STICKY = 48;

/** My next message begins a new group. @param {Entry | undefined} last @param {Own} own */
const begins = (last, own) =>
  last?.kind !== "post" || last.by?.id !== own.me.value.id || Date.now() - last.at > TOGETHER;

/** @extends {Component<Props, {stuck: boolean}>} */
export class Timeline extends Component {
  state = { stuck: true };
  /** @type {import("preact").RefObject<HTMLDivElement | null>} */
  scroller = createRef();
  /** The "new" line stays where it was when the room was opened. */
  readTo = this.props.room.unread ? this.props.room.read_seq : 0;
  placed = false;
  frame = 0;
  pending = 0;
  resize = new ResizeObserver(() => this.state.stuck && this.toBottom());

  componentDidMount() {
    addEventListener("focus", this.look);
    addEventListener("blur", this.away);
    document.addEventListener("visibilitychange", this.look);
    if (this.scroller.current) this.resize.observe(this.scroller.current);
    this.place();
  }

  componentWillUnmount() {
    const { log } = this.props;
    const at = this.scroller.current;
    if (at && this.placed) log.anchor = this.state.stuck ? null : anchorAt(at);
    log.following = true;
    removeEventListener("focus", this.look);
    removeEventListener("blur", this.away);
    document.removeEventListener("visibilitychange", this.look);
    this.resize.disconnect();
    cancelAnimationFrame(this.frame);
  }

  /** @returns {Anchor | null} */
  getSnapshotBeforeUpdate() {
    return this.scroller.current && this.placed && !this.state.stuck ? anchorAt(this.scroller.current) : null;
  }

  /** @param {Props} _before @param {object} _state @param {Anchor | null} anchor */
  componentDidUpdate(_before, _state, anchor) {
    const pending = this.outgoing().length;
    const wrote = pending > this.pending;
    this.pending = pending;
    if (!this.props.log.run.peek().loaded) return this.startOver();
    if (!this.placed) return this.place();
    if (wrote) return this.toNewest();
    if (this.state.stuck && this.props.log.atEnd.peek()) this.toBottom();
    else if (anchor && this.scroller.current) restore(this.scroller.current, anchor);
    this.look();
  }

  /** Where to begin: where one was, else at the first new message, else at the newest. */
  place() {
    const { log } = this.props;
    const at = this.scroller.current;
    if (!at || !log.run.peek().loaded) return;
    this.placed = true;
    const line = at.querySelector(".new-line");
    if (log.anchor && restore(at, log.anchor)) this.settle(false);
    else if (line instanceof HTMLElement && at.scrollHeight - line.offsetTop > at.clientHeight) {
      at.scrollTop = line.offsetTop - at.clientHeight / 4;
      this.settle(false);
    } else this.toBottom();
    this.look();
  }

  /** What was shown does not connect to what is there now: begin as if the room was just opened. */
  startOver() {
    const { room } = this.props;
    this.placed = false;
    if (room.unread) this.readTo = room.read_seq;
  }

  /** Away from the window: the "new" line will stand before what comes meanwhile. */
  away = () => {
    if (!this.props.room.unread) this.readTo = this.props.log.position.peek();
  };

  /** @param {boolean} stuck */
  settle(stuck) {
    this.props.log.following = stuck;
    if (stuck !== this.state.stuck) this.setState({ stuck });
  }

  toBottom = () => {
    const at = this.scroller.current;
    if (at) at.scrollTop = at.scrollHeight;
    this.settle(true);
  };

  toNewest = async () => {
    const { log, history } = this.props;
    this.settle(true);
    if (!log.atEnd.peek()) await history.newest();
    this.toBottom();
  };

  toFirstUnread = async () => {
    this.placed = false;
    await this.props.history.around(this.readTo);
    requestAnimationFrame(() => this.placed || this.place());
  };

  onScroll = () => {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(this.look);
  };

  /** See where we are: ask for more near an end, report what was read. */
  look = () => {
    const at = this.scroller.current;
    const { chat, log, history } = this.props;
    if (!at || !this.placed) return;
    const below = at.scrollHeight - at.clientHeight - at.scrollTop;
    this.settle(below < STICKY && log.atEnd.peek());
    if (at.scrollTop < NEAR * at.clientHeight) history.older();
    if (below < NEAR * at.clientHeight) history.newer();
    if (document.hasFocus()) chat.reading.seen(log, lastInView(at));
  };

  outgoing() {
    const { own, room, log } = this.props;
    const shown = log.last;
    return own.outbox.of(room.id).filter((item) => item.state !== "kept" || item.seq > shown);
  }

  /** @param {KeyboardEvent} event */
  onKeyDown = (event) => {
    const onPost = event.target instanceof Element && event.target.matches("[data-seq]");
    const at = this.scroller.current;
    if (onPost && event.key === "Escape") document.getElementById("writing")?.focus();
    else if (onPost) arrows("[data-seq]")(event);
    else if (at && event.target === at && event.key === "ArrowUp") {
      event.preventDefault();
      firstInView(at)?.focus();
    }
  };

  /** One for all messages: only who may see everyone's rights is shown the buttons. @param {MouseEvent} event */
  onClick = ({ target }) => {
    const { chat, room } = this.props;
    const seq = target instanceof HTMLElement && Number(target.dataset.who);
    if (seq) chat.dialog.value = { name: "who", room: room.id, seq };
  };

  render() {
    const { chat, room, log, history, own } = this.props;
    const { entries, loaded, start } = log.run.value;
    const lines = rows(room.peer ? betweenTwo(entries) : entries, this.readTo, own.me.value.id);
    const end = log.atEnd.value;
    return html`
      <div class="timeline-frame">
        <div class="timeline ${room.may.rights ? "may-rights" : ""}" ref=${this.scroller} onScroll=${this.onScroll}
          onKeyDown=${this.onKeyDown} onClick=${this.onClick}
          tabindex="0" role="group" aria-label=${_("Messages")}>
          ${start && html`<${Beginning} room=${room} silent=${!entries.some(({ kind }) => kind === "post")} />`}
          ${!start && html`<${MoreToCome} history=${history} count=${loaded ? 2 : 7} />`}
          <ol class="posts">
            ${lines.map((row) => html`<${RowView} key=${row.key} row=${row} names=${chat.names} />`)}
            ${end && html`<${PendingList} items=${this.outgoing()} own=${own} head=${begins(entries.at(-1), own)} />`}
          </ol>
          ${loaded && !end && html`<${MoreToCome} history=${history} />`}
        </div>
        <${Jumps} room=${room} stuck=${this.state.stuck} readTo=${this.readTo} first=${log.first} loaded=${loaded}
          toNewest=${this.toNewest} toFirstUnread=${this.toFirstUnread} />
      </div>
    `;
  }
}
