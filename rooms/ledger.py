"""Writes access entries: one entry, its whole delta, the tables it changes, its link in the chain.

Follows rule 2 of docs/room-log.md: heads are locked first, then what is checked is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec
from msgspec.structs import replace

from core.access import Delta, Facts, History, PersonFacts, RoomFacts, SubjectKind
from core.errors import ChatError
from core.ids import new_id
from core.levels import Level
from core.log import Entry, Head, Kind
from core.records import Person, State
from rooms import waiting
from rooms.alike import Alike
from rooms.ownership import lasting_owners
from rooms.permissions import decide, level_of
from storage import access, deltas, expiries, groups, log, people, rooms
from storage.engine import Tx

FIRST_HASH = "0" * 64

_UNTOLD = (Kind.ACCOUNT, Kind.QUIET)
"""What does not count as a change that someone made to the room."""


class Opened:
    """A room whose head is locked in this transaction, ready for one or more access entries."""

    def __init__(self, tx: Tx, head: Head) -> None:
        self._tx = tx
        self.head = head
        self.settings = rooms.settings_of(tx, head.room) or access.NOWHERE
        self.facts: RoomFacts = access.room_facts(tx, head.room)
        self.at = max(head.last_at, tx.now())
        self.written: list[Entry] = []
        self.affected: set[str] = set()
        """People for whom an answer in this room may be another than before."""

    def facts_for(self, person: PersonFacts) -> Facts:
        return Facts(person, self.facts)

    def idle_owners(self) -> frozenset[str]:
        """Those whose accounts are not in use."""
        about = people.facts(self._tx, lasting_owners(self.facts)).values()
        return frozenset(it.id for it in about if it.state is not State.ACTIVE)

    def write(self, kind: Kind, by: Person | None, delta: Delta) -> Entry:
        """Append an entry and bring facts and tables to what it says."""
        self._keep_closed(delta)
        delta = self._with_those_grouped(delta)
        everybody = self._everybody(delta)
        before, since = self._levels(everybody), self._since_joining(delta, {})
        opened_from = self.facts.open_from if self.facts.history is History.ALL else None
        head = self._advanced(delta)
        entry = self._entry(head, kind, by, delta)
        linked = replace(head, access_hash=link(head.access_hash, entry))
        log.append(self._tx, [entry], linked.access_hash)
        log.move_heads(self._tx, [linked])
        deltas.apply_delta(self._tx, head.room, self.at, entry.seq, delta)
        self.facts.apply(delta)
        changed = {account.id: account for account in delta.accounts}
        self._write_spans(entry.seq, opened_from, since, self._since_joining(delta, changed))
        if delta.changes_rights and kind not in _UNTOLD:
            rooms.note_change(self._tx, head.room, self.at, by.id if by else None)
        self.head = linked
        self.settle()
        self.written.append(entry)
        self.affected |= delta.people | _differing(before, self._levels({**everybody, **changed}))
        if delta.changes_rights:
            self.affected |= waiting.settle(self._tx, head.room, self.facts, changed)
        return entry

    def _with_those_grouped(self, delta: Delta) -> Delta:
        """With who of the room is in the groups that it names for the first time.

        While a group was not named here, no entry said who came into it or left it.
        """
        new = {
            grant.subject.id
            for grant in delta.grants
            if grant.subject.kind is SubjectKind.GROUP and grant.subject not in self.facts.grants
        }
        if not new:
            return delta
        known = {account.id for account in delta.accounts}
        inside = self.facts.members | {*delta.joined}
        found = people.facts(self._tx, (groups.ever_in(self._tx, new) & inside) - known)
        return replace(delta, accounts=(*delta.accounts, *found.values()))

    def settle(self) -> None:
        """Note when something ends here next; once more after accounts or groups have changed."""
        ends = expiries.next_in(self._tx, self.head.room)
        if ends != self.head.next_expiry:
            self.head = replace(self.head, next_expiry=ends)
            log.move_heads(self._tx, [self.head])

    def _keep_closed(self, delta: Delta) -> None:
        """A direct room is its two people's for good, whoever asks."""
        if self.facts.direct and self.head.seq and (delta.grants or delta.settings is not None):
            raise ChatError("access_closed")

    def _advanced(self, delta: Delta) -> Head:
        version = self.head.access_version + (1 if delta.changes_rights else 0)
        return replace(self.head, seq=self.head.seq + 1, access_version=version, last_at=self.at)

    def _entry(self, head: Head, kind: Kind, by: Person | None, delta: Delta) -> Entry:
        shown = people.persons(self._tx, delta.people)
        return Entry(
            room=head.room,
            seq=head.seq,
            tag=head.tag,
            at=self.at,
            kind=kind,
            by=by,
            people=log.named_people(delta, shown),
            delta=delta,
        )

    def _everybody(self, delta: Delta) -> dict[str, PersonFacts]:
        """Read once, and only if the delta can change the level of people whom it does not name."""
        is_wide = delta.is_room_wide and (delta.grants or delta.revoked)
        return people.everybody(self._tx) if is_wide else {}

    def _levels(self, about: Mapping[str, PersonFacts]) -> dict[str, Level]:
        level = Alike(self.facts, level_of)
        return {person: level(facts) for person, facts in about.items()}

    def _since_joining(self, delta: Delta, changed: Mapping[str, PersonFacts]) -> set[str]:
        """Those concerned whose reading is counted from their joining, and who read now.

        ``changed``: what accounts are, where the tables do not say so yet.
        """
        if self.facts.history is not History.JOINED:
            return set()
        concerned = self.facts.members if delta.is_room_wide else delta.people
        about = people.facts(self._tx, concerned) | dict(changed)
        return {
            person
            for person in concerned & self.facts.members
            if person in about and decide("read", self.facts_for(about[person])).allowed
        }

    def _write_spans(
        self, seq: int, opened_from: int | None, before: set[str], after: set[str]
    ) -> None:
        """``opened_from``: whoever was in the room keeps what all could read from there on."""
        room, start = self.head.room, seq if opened_from is None else max(1, opened_from)
        deltas.close_span(self._tx, room, before - after, seq)
        deltas.open_span(self._tx, room, sorted(after - before), start, self.facts.history)


def open_room(tx: Tx, room: str) -> Opened:
    """Lock one room for a change. Raises `not_found` if it does not exist."""
    opened = open_rooms(tx, [room])
    if not opened:
        raise ChatError("not_found")
    return opened[room]


def open_rooms(tx: Tx, ids: Iterable[str]) -> dict[str, Opened]:
    """Lock those of the rooms that exist, in the one order."""
    return {room: Opened(tx, head) for room, head in log.lock_heads(tx, ids).items()}


def make_room(
    tx: Tx,
    by: Person | None,
    delta: Delta,
    *,
    awaits_newcomers: bool = False,
    direct: str | None = None,
) -> Opened:
    """Make a room; ``delta`` is its first entry. ``direct``: the key of a direct room."""
    room = new_id()
    assert delta.settings is not None
    rooms.add(tx, room, delta.settings, awaits_newcomers=awaits_newcomers, direct=direct)
    head = Head(room, 0, 0, None, tx.now(), new_id(), FIRST_HASH)
    log.add_head(tx, head)
    opened = Opened(tx, head)
    opened.write(Kind.MADE, by, delta)
    return opened


def _differing(before: Mapping[str, Level], after: Mapping[str, Level]) -> set[str]:
    return {person for person, level in after.items() if before.get(person) != level}


def link(previous: str, entry: Entry) -> str:
    """The next hash of a room's access chain: SHA-256 over the previous one and this entry."""
    content = msgspec.json.encode(
        [
            entry.room,
            entry.seq,
            entry.at,
            entry.kind,
            entry.by.id if entry.by else None,
            entry.delta,
        ],
        order="deterministic",
    )
    return hashlib.sha256(previous.encode() + content).hexdigest()
