/** Where the chat begins: makes its parts, wires them together, and shows it. */

import { render } from "preact";
import { html } from "./html.js";
import { Api } from "./net/api.js";
import { Failure } from "./net/failure.js";
import { Link } from "./net/socket.js";
import { Chat } from "./store/chat.js";
import { browserStorage } from "./store/kept.js";
import { Route } from "./store/route.js";
import { keepTitle } from "./title.js";
import { followViewport } from "./viewport.js";
import { App } from "./view/app.js";

const root = /** @type {HTMLElement} */ (document.getElementById("chat"));
const csrf = document.querySelector('meta[name="csrf"]')?.getAttribute("content") ?? "";

function socketUrl() {
  const url = new URL("/socket", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  return url.href;
}

function toLogin() {
  location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
}

/** @param {Api} api the server takes no connection: is it the session that ended? */
async function checkSession(api) {
  try {
    await api.me();
  } catch (error) {
    if (error instanceof Failure && error.status === 401) toLogin();
  }
}

/** @param {string} text "en=English;zh-CN=简体中文" */
function languages(text) {
  return text.split(";").map((pair) => /** @type {[string, string]} */ (pair.split("=")));
}

function start() {
  const api = new Api(csrf);
  const link = new Link(socketUrl());
  const page = { languages: languages(root.dataset.languages ?? "") };
  const chat = new Chat({ link, api, page, route: new Route(), storage: browserStorage() });
  link.onSessionEnded = toLogin;
  link.onRefused = () => checkSession(api);
  addEventListener("online", () => link.wake());
  addEventListener("pageshow", () => link.wake());
  document.addEventListener("visibilitychange", () => document.hidden || link.wake());
  keepTitle(chat);
  followViewport();
  render(html`<${App} chat=${chat} />`, root);
  link.connect();
}

start();
