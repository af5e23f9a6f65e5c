/** How somebody is called in the reader's language. */

import { _ } from "../i18n.js";

/** The nickname of everyone whose account was deleted; nobody else can bear it. */
const GONE = "deleted";

/** @param {{nickname: string}} person */
export function called({ nickname }) {
  return nickname === GONE ? _("Deleted account") : nickname;
}
