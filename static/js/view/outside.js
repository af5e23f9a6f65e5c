/** A room that is not in one's list: the way in, or the one answer for hidden and absent. */

import { useEffect, useState } from "preact/hooks";
import { html } from "../html.js";
import { _ } from "../i18n.js";
import { Failure } from "../net/failure.js";
import { AskToJoin } from "./asking.js";
import { useChat } from "./context.js";
import { Icon } from "./icon.js";
import { join } from "./join.js";
import { Link } from "./link.js";
import { MessageSkeleton } from "./skeleton.js";

/** @import {Listed} from "../types.js" */
/** @typedef {{loading: boolean, room?: Listed, failure?: Failure}} Found */

/** @param {string} id @returns {Found} */
function useListed(id) {
  const { api, asks } = useChat();
  const [found, setFound] = useState(/** @type {Found} */ ({ loading: true }));
  useEffect(() => {
    api.directory().then(
      ({ rooms }) => {
        const room = rooms.find((it) => it.id === id);
        setFound({ loading: false, ...(room && { room }) });
      },
      (failure) => setFound({ loading: false, failure }),
    );
  }, [id, asks.moved.value]);
  return found;
}

function NotFound() {
  return html`
    <section class="state">
      <${Icon} name="compass" />
      <h1>${_("There is no such room")}</h1>
      <p>${_("It may never have been here, or it is not open to you. If someone gave you this address, ask them to invite you.")}</p>
      <p>
        <${Link} to=${{ panel: "directory" }} class="button primary">${_("Find rooms")}<//>
        <${Link} to=${{}} class="button">${_("Back to the rooms")}<//>
      </p>
    </section>
  `;
}

/** @param {{room: Listed}} props */
function Door({ room }) {
  const chat = useChat();
  return html`
    <section class="state">
      <${Icon} name="hash" />
      <h1 dir="auto">${room.name}</h1>
      ${room.topic && html`<p dir="auto">${room.topic}</p>`}
      ${room.may_join
        ? html`<p><button type="button" class="button primary" onClick=${() => join(chat, room.id)}>${_("Join this room")}</button></p>`
        : html`<${AskToJoin} room=${room} />`}
      <p><${Link} to=${{}}>${_("Back to the rooms")}<//></p>
    </section>
  `;
}

/** @param {{id: string}} props */
export function OutsidePane({ id }) {
  const { loading, room, failure } = useListed(id);
  if (loading) return html`<${MessageSkeleton} />`;
  if (failure) return html`<section class="state" role="alert"><${Icon} name="alert" /><p>${failure.message}</p></section>`;
  return room ? html`<${Door} room=${room} />` : html`<${NotFound} />`;
}
