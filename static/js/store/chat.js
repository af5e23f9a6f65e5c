/** The chat as a whole: the stores, and what the server tells them. */

import { signal } from "@preact/signals";
import { Asks } from "./asks.js";
import { Kept } from "./kept.js";
import { Inbox } from "./inbox.js";
import { Farewells } from "./farewells.js";
import { Logs } from "./logs.js";
import { Names } from "./names.js";
import { Own } from "./own.js";
import { Peoples } from "./people.js";
import { Presence } from "./presence.js";
import { Reading } from "./reading.js";
import { Rooms } from "./rooms.js";
import { Toasts } from "./toasts.js";
import { Typing } from "./typing.js";

/** @import {Api} from "../net/api.js" */
/** @import {Link} from "../net/socket.js" */
/** @import {Entry, Me, Person, Room} from "../types.js" */
/** @import {Route} from "./route.js" */
/** @typedef {{name: string, room: string, person?: Person, seq?: number}} OpenDialog about which room, and whom or which entry there */
/** @typedef {{languages: [code: string, name: string][]}} PageFacts what the server put into the page */

/** Milliseconds over which the people of a room ask for what a change of its rules means to them. */
const SOON = 300;
const LATER = 5_000;

export class Chat {
  rooms = new Rooms();
  presence = new Presence();
  names = new Names();
  farewells = new Farewells();
  toasts = new Toasts();
  /** @type {import("@preact/signals").Signal<Own | null>} */
  own = signal(null);
  /** The server can't reach its database: posts wait. */
  degraded = signal(false);
  /** The newest post of the open room by someone else, to be read out. @type {import("@preact/signals").Signal<Entry | null>} */
  latest = signal(null);
  /** Whether one may make rooms; the server has the last word. */
  mayMake = signal(false);
  /** The same for direct rooms. */
  mayBegin = signal(false);
  /** Which dialog is open. @type {import("@preact/signals").Signal<OpenDialog>} */
  dialog = signal({ name: "", room: "" });
  maxText = 10_000;

  /** @param {{link: Link, api: Api, page: PageFacts, route: Route, storage: Storage | null}} parts */
  constructor({ link, api, page, route, storage }) {
    this.link = link;
    this.page = page;
    this.api = api;
    this.route = route;
    this.storage = storage;
    this.last = new Kept("chatelaine.last.", storage);
    this.logs = new Logs(api);
    this.peoples = new Peoples(api);
    this.asks = new Asks(api, this.rooms);
    this.typing = new Typing(link);
    this.reading = new Reading(link, this.rooms, () => this.own.peek()?.me.peek().id ?? "");
    const inbox = new Inbox(this);
    link.onFrame = (frame) => inbox.receive(frame);
  }

  /** The server said who we are. @param {Me} me */
  become(me) {
    const known = this.own.peek()?.me;
    if (known && known.peek().id !== me.id) location.reload();
    if (known) known.value = me;
    else this.own.value = new Own(me, this.link, this.storage, (room) => this.logs.position(room));
    if (!known) this.learnRights();
  }

  /** Learn once what one may do beyond rooms. */
  async learnRights() {
    const { may_make } = await this.api.directory().catch(() => ({ may_make: false }));
    this.mayMake.value = may_make;
    const { may_begin } = await this.api.direct().catch(() => ({ may_begin: false }));
    this.mayBegin.value = may_begin;
  }

  /** Listen to these rooms, each from where we stand. @param {Room[]} rooms */
  listen(rooms) {
    for (const room of rooms) this.farewells.forget(room.id);
    this.link.subscribe(rooms.map((room) => this.logs.follow(room)));
  }

  /** A room is no longer ours: if it was open, what was written there is given back. @param {Room} room */
  lose(room) {
    const own = this.own.peek();
    const texts = [...(own?.outbox.giveBack(room.id) ?? []), own?.drafts.get(room.id) ?? ""];
    this.rooms.drop(room.id);
    this.logs.drop(room.id);
    this.peoples.drop(room.id);
    this.asks.drop(room.id);
    const kept = texts.filter((text) => text.trim());
    const goodbye = { name: room.name, direct: Boolean(room.peer), texts: kept };
    if (this.route.room === room.id || kept.length) this.farewells.say(room.id, goodbye);
  }

  /** A room came by an own act: it is shown without waiting for the list. @param {Room} room */
  enter(room) {
    this.rooms.add(room);
    if (!this.logs.get(room.id)) this.listen([room]);
    this.route.go({ room: room.id });
  }

  /** Ask what one may do in a room now: soon if it is open, else when others have asked. @param {string} room */
  relearn(room) {
    const longest = this.route.room === room ? SOON : LATER;
    const ask = () => this.api.room(room).then((found) => this.rooms.learn(found), () => {});
    setTimeout(ask, Math.random() * longest);
  }

  /** The room to come back to. @param {string} room */
  keepLast(room) {
    this.last.set("room", room);
  }

  /** The log does not connect: start it anew. @param {string} room */
  resync(room) {
    this.logs.get(room)?.distrust();
    this.link.request({ t: "unsubscribe", room }).catch(() => {});
    this.link.subscribe([{ room }]);
  }
}
