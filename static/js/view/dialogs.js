/** The dialog that is open, if one is. */

import { html } from "../html.js";
import { useChat } from "./context.js";
import { DirectDialog } from "./direct.js";
import { InviteDialog } from "./invite.js";
import { DeleteRoomDialog } from "./deleteroom.js";
import { LeaveDialog } from "./leave.js";
import { MakeRoomDialog } from "./makeroom.js";
import { PersonRightsDialog } from "./personrights.js";
import { SettingsDialog } from "./settings.js";
import { SwitcherDialog } from "./switcher.js";
import { WhoCouldDialog } from "./whocould.js";
import { WhyDialog } from "./why.js";

/** @type {Record<string, Function>} */
const ABOUT_A_ROOM = {
  invite: InviteDialog,
  leave: LeaveDialog,
  settings: SettingsDialog,
  delete: DeleteRoomDialog,
  person: PersonRightsDialog,
  why: WhyDialog,
  who: WhoCouldDialog,
};
/** @type {Record<string, Function>} */
const OTHERS = { direct: DirectDialog, make: MakeRoomDialog, switcher: SwitcherDialog };

export function Dialogs() {
  const { dialog, rooms } = useChat();
  const { name, room: id, person, seq } = dialog.value;
  const close = () => (dialog.value = { name: "", room: "" });
  const room = rooms.get(id);
  const About = ABOUT_A_ROOM[name];
  const Other = OTHERS[name];
  if (About && room) return html`<${About} room=${room} person=${person} seq=${seq} close=${close} />`;
  return Other ? html`<${Other} close=${close} />` : null;
}
