/** The frames of the socket and the answers of the REST interface (api/protocol.py is their source). */

export interface Person { id: string; nickname: string }
export interface Me extends Person { name: string; role: "guest" | "member" | "admin" }
export interface Permissions {
  post: boolean; invite: boolean; remove: boolean; mute: boolean; ban: boolean; rights: boolean;
  appoint: boolean; open: boolean; settings: boolean; archive: boolean; delete: boolean;
}

export type Preset = "open" | "listed" | "private" | "announcements" | "direct";
export type Level = "HIDDEN" | "SEE" | "ASK" | "READ" | "POST" | "MODERATE" | "OWN";

export interface Room {
  id: string;
  name: string;
  topic: string;
  preset: Preset;
  level: Level;
  may: Permissions;
  restricted: boolean;
  guests: boolean;
  archived: boolean;
  /** Seconds between two messages of one person; 0: no wait. */
  slow: number;
  history: "all" | "joined";
  /** From which level on messages are written. */
  posting: Level;
  seq: number;
  tag: string;
  read_seq: number;
  unread: number;
  last_at: number;
  /** How many wait to be let in, if one may do that. */
  asks: number;
  /** Leaving gives up the only right to come back. */
  leaving_gives_up: boolean;
  /** Of a direct room: the other one, whose nickname it is shown under, and whether one blocks them. */
  peer: Person | null;
  blocked: boolean;
}

export interface Entry {
  t?: "entry";
  room: string;
  seq: number;
  tag: string;
  at: number;
  kind: string;
  by?: Person;
  people?: Person[];
  text?: string;
  name?: string;
  topic?: string;
  client_id?: string;
  /** Broken glass: what an admin took, until when, and why. */
  level?: Level;
  until?: number;
  why?: string;
}

export interface Welcome {
  t: "welcome"; me: Me; rooms: Room[]; now: number; typing_fades_ms: number; max_text: number;
}
export interface Rooms { t: "rooms"; rooms: Room[] }
export interface Ok { t: "ok"; id: number }
export interface Failed {
  t: "error"; code: string; message: string; retryable: boolean; id?: number; retry_after?: number;
}
export interface Posted { t: "posted"; id: number; room: string; client_id: string; seq: number; at: number }
export interface Subscribed {
  t: "subscribed"; id: number; room: string; seq: number; tag: string; reload?: boolean;
}
export interface Lost { t: "lost"; room: string; seq?: number; id?: number }
export type EntryFrame = Entry & { t: "entry" };
export interface Presence { t: "presence"; room: string; here: Person[]; others?: number }
export interface IsTyping { t: "is_typing"; room: string; person: Person }
export interface ReadUpTo { t: "read_up_to"; room: string; seq: number }
export interface Renamed { t: "person"; person: Person }
export interface Asks { t: "asks"; room: string }
export interface Status { t: "status"; state: "ok" | "degraded" | "leaving"; retry_within?: number }

export type ServerFrame =
  | Welcome | Rooms | Ok | Failed | Posted | Subscribed | Lost | EntryFrame
  | Presence | IsTyping | ReadUpTo | Asks | Renamed | Status;

export interface From { room: string; seq?: number; tag?: string }
export type ClientFrame =
  | { t: "subscribe"; id: number; rooms: From[] }
  | { t: "unsubscribe"; id: number; room: string }
  | { t: "post"; id: number; room: string; client_id: string; text: string }
  | { t: "read"; id: number; room: string; seq: number }
  | { t: "typing"; room: string }
  | { t: "ping"; id: number };

/** A client frame that is answered, before the link has given it its id. */
export type Request =
  | { t: "unsubscribe"; room: string }
  | { t: "post"; room: string; client_id: string; text: string }
  | { t: "read"; room: string; seq: number }
  | { t: "ping" };

export interface Page { entries: Entry[]; start: boolean; end: boolean; seq: number; tag: string }

export interface Listed {
  id: string; name: string; topic: string; level: Level; may_join: boolean; member: boolean;
  owners: Person[]; people: number;
  may_ask: boolean; asked_at: number | null; ask_again_at: number | null;
}

/** Someone who asked to be let in. */
export interface Waiting extends Person { at: number; text: string }

export interface RoomPerson extends Person {
  level: Level; role: Me["role"]; member: boolean; muted: boolean; here: boolean; may_remove: boolean;
}
export interface Counts { read: number; post: number }
export interface People extends Counts {
  people: RoomPerson[]; guests: boolean; history: "all" | "joined"; changed_at: number | null; changed_by: Person | null;
}

/** A grant or a cap, as those who moderate see it. */
export interface Reason {
  kind: "everyone" | "group" | "person" | "glass" | "cap";
  level: Level; person: Person | null; group: string | null; subject: string;
  by: Person | null; at: number; until: number | null; why: string;
}
export interface RightsRow {
  person: Person; role: Me["role"]; level: Level; member: boolean; actions: string[]; because: Reason[];
}
export interface RightsTable { rows: RightsRow[]; total: number; needs: Record<string, Level> }
export interface AccessList {
  version: number; grants: Reason[]; caps: Reason[]; needs: Record<string, Level>; raisable: string[];
  slow: number; history: "all" | "joined"; open_from: number; archived: boolean;
  groups: { id: string; name: string }[];
}
export interface AccessChange {
  grants?: { to: "everyone" | "group" | "person"; level: Level | null; id?: string; until?: number; why?: string }[];
  caps?: { person: string; kind: "mute" | "ban"; lift?: boolean; until?: number; why?: string }[];
  settings?: {
    raised?: Record<string, Level>; slow?: number; history?: "all" | "joined"; reveal?: boolean; archived?: boolean;
  };
  version?: number;
}
/** What makes one's own level in a room; never the name of a group. */
export interface Ground {
  kind: "granted" | "everyone" | "groups" | "glass" | "capped" | "token";
  level: Level; by: string | null; until: number | null; count: number | null;
}
export interface Why {
  action: string; allowed: boolean; level: Level; needs: Level;
  hindered_by: "level" | "archived" | "slow" | "token" | null;
  because: Ground[]; ask: Person[]; until: number | null; retry_after: number | null;
}
/** A grant or cap, as a room's log proves it. */
export interface Proven {
  kind: "grant" | "cap"; subject: string; name: string; level: Level; by: string | null;
  at: number; why: string; until: number | null;
}
export interface Able { id: string; nickname: string; level: Level; because: Proven[] }
export interface AccessTurn {
  seq: number | null; at: number; kind: string; by: string | null; why: string; gained: Able[]; lost: Able[];
}
export interface WhoCould { seq: number; at: number; action: string; people: Able[]; changes: AccessTurn[] }
export interface RightsHead { seq: number; access_version: number; hash: string }
export interface Effect { actions: string[]; people: Person[]; count: number }
export interface AccessPreview { version: number; gains: Effect[]; loses: Effect[] }
export interface Directory { rooms: Listed[]; may_make: boolean }

/** Someone after an invitation: at which level they are, and whether they came in by it. */
export interface Invitee extends Person { level: Level; may_post: boolean; joined: boolean }

export interface InviteLink {
  id: string; url?: string; made_by: string; works: boolean; rooms: number; role: "guest" | "member"; level: "READ" | "POST";
  guest_days: number | null; expires_at: number; uses: number; uses_left: number;
}
export interface LinkTerms {
  days: number; uses: number; role?: InviteLink["role"]; level: InviteLink["level"]; guest_days: number | null;
}

/** An own message on its way: waiting for a connection, sent, kept by the server, or refused. */
export interface Outgoing {
  client_id: string;
  room: string;
  text: string;
  at: number;
  state: "waiting" | "sending" | "kept" | "failed";
  seq: number;
  error: string;
}

/** A line of the timeline. */
export type Row =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "post"; key: string; entry: Entry; head: boolean }
  | { kind: "events"; key: string; entries: Entry[] };
