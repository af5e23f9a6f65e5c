/** Oneself, at the foot of the room list: account, server, theme, language, log out. */

import { html } from "../html.js";
import { _, language } from "../i18n.js";
import { Avatar } from "./avatar.js";
import { useChat, useOwn } from "./context.js";
import { Icon } from "./icon.js";
import { Menu } from "./menu.js";
import { ThemeChoice } from "./theme.js";

function Languages() {
  const { api, page } = useChat();
  return html`
    <form class="menu-choice" method="post" action="/language">
      <input type="hidden" name="_csrf" value=${api.csrf} />
      <input type="hidden" name="next" value=${location.pathname} />
      <span class="menu-label">${_("Language")}</span>
      <span class="segments">
        ${page.languages.map(([code, name]) => html`
          <button key=${code} name="language" value=${code} lang=${code} data-stay
            aria-pressed=${code === language}>${name}</button>
        `)}
      </span>
    </form>
  `;
}

function LogOut() {
  const { api, link } = useChat();
  const own = useOwn();
  const goodbye = () => {
    link.stop();
    own.forget();
  };
  return html`
    <form method="post" action="/logout" onSubmit=${goodbye}>
      <input type="hidden" name="_csrf" value=${api.csrf} />
      <button class="menu-item" data-stay><${Icon} name="leave" />${_("Log out")}</button>
    </form>
  `;
}

export function AccountMenu() {
  const me = useOwn().me.value;
  const button = html`
    <${Avatar} person=${me} size="small" />
    <span class="own-name" dir="auto">${me.nickname}</span>
    <${Icon} name="more" />
  `;
  return html`
    <div class="own">
      <${Menu} id="account-menu" class="own" button=${button}>
        <a class="menu-item" href="/account"><${Icon} name="user" />${_("Your account")}</a>
        ${me.role === "admin" && html`<a class="menu-item" href="/admin"><${Icon} name="shield" />${_("Server")}</a>`}
        <${ThemeChoice} />
        <${Languages} />
        <${LogOut} />
      <//>
    </div>
  `;
}
