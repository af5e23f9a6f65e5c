/** The link to the server: connects, notices when it is dead, and comes back by itself. */

import { signal } from "@preact/signals";
import { Backoff } from "./backoff.js";
import { Heartbeat } from "./heartbeat.js";
import { lost, Pending } from "./pending.js";

/** @import {ClientFrame, From, Request, ServerFrame} from "../types.js" */
/** @typedef {"connecting" | "open" | "waiting" | "ended"} LinkState */

const SESSION_ENDED = 4001;
export const TOO_MANY_WINDOWS = 4009;
/** More rooms than this one socket can't hear (api/protocol.py, MAX_SUBSCRIPTIONS). */
const MOST_ROOMS = 1_000;
const SUBPROTOCOL = "chatelaine.1";

export class Link {
  /** @type {import("@preact/signals").Signal<LinkState>} */
  state = signal("connecting");
  /** When the next try comes, in ms since 1970. */
  retryAt = signal(0);
  /** Why the server closed the last time; 0 while that is not known. */
  closeCode = signal(0);
  /** The server said that it goes, and will be back. */
  leaving = signal(false);
  /** @type {(frame: ServerFrame) => void} */
  onFrame = () => {};
  /** Called before each new try after the server took no connection. @type {() => Promise<void>} */
  onRefused = async () => {};
  /** @type {() => void} */
  onSessionEnded = () => {};
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #pending = new Pending();
  #backoff = new Backoff();
  #heartbeat = new Heartbeat(() => this.#ping(), () => this.#dropped(0));

  /** @param {string} url */
  constructor(url) {
    this.url = url;
  }

  connect() {
    clearTimeout(this.#timer);
    if (this.#socket) return;
    this.state.value = "connecting";
    const socket = new WebSocket(this.url, SUBPROTOCOL);
    this.#socket = socket;
    socket.onmessage = (event) => socket === this.#socket && this.#received(event.data);
    socket.onclose = (event) => socket === this.#socket && this.#dropped(event.code);
    this.#heartbeat.heard();
  }

  /** Try now, or make sure that an open link still lives. */
  wake() {
    if (this.state.value === "open") this.#heartbeat.check();
    else if (this.state.value === "waiting") this.connect();
  }

  /** The person logs out: the page is about to be left. */
  stop() {
    this.onSessionEnded = () => {};
    this.#dropped(SESSION_ENDED);
  }

  /**
   * Send a frame that is not answered; without a link it is dropped.
   * @param {ClientFrame} frame
   */
  send(frame) {
    const closing = this.#socket?.readyState !== WebSocket.OPEN;
    if (this.state.value === "open" && !closing) this.#socket?.send(JSON.stringify(frame));
  }

  /** @param {From[]} rooms */
  subscribe(rooms) {
    const some = rooms.slice(0, MOST_ROOMS);
    if (some.length) this.send({ t: "subscribe", id: this.#pending.id(), rooms: some });
  }

  /**
   * @param {Request} frame
   * @returns {Promise<ServerFrame>} the answer; rejects with a Failure
   */
  request(frame) {
    if (this.state.value !== "open") return Promise.reject(lost());
    const id = this.#pending.id();
    this.send({ ...frame, id });
    return this.#pending.wait(id);
  }

  #ping() {
    this.request({ t: "ping" }).catch(() => {});
  }

  /** @param {string} data */
  #received(data) {
    this.#heartbeat.heard();
    /** @type {ServerFrame} */
    const frame = JSON.parse(data);
    if (frame.t === "welcome") this.#opened();
    if (frame.t === "status" && frame.state === "leaving") this.#left(frame.retry_within ?? 0);
    this.#pending.settle(frame);
    this.onFrame(frame);
  }

  #opened() {
    this.#backoff.reset();
    this.closeCode.value = 0;
    this.leaving.value = false;
    this.state.value = "open";
  }

  /** @param {number} within seconds over which the clients are to come back */
  #left(within) {
    this.leaving.value = true;
    this.#backoff.spread(within * 1000);
  }

  /** @param {number} code */
  #dropped(code) {
    const refused = this.state.value === "connecting";
    this.#heartbeat.stop();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.closeCode.value = code;
    this.state.value = code === TOO_MANY_WINDOWS || code === SESSION_ENDED ? "ended" : "waiting";
    this.#pending.failAll(lost());
    if (code === SESSION_ENDED) this.onSessionEnded();
    if (this.state.value === "waiting") this.#retry(refused);
  }

  /** @param {boolean} refused */
  #retry(refused) {
    const wait = this.#backoff.next();
    this.retryAt.value = Date.now() + wait;
    this.#timer = setTimeout(async () => {
      if (refused) await this.onRefused();
      if (this.state.value === "waiting") this.connect();
    }, wait);
  }
}
