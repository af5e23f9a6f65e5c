"""Saying something: kept once, in order, and only if its author may post at that very point.

Follows rule 1 of docs/room-log.md: many posts, one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from core.access import Delta, Facts, PersonFacts, RoomFacts
from core.errors import ChatError
from core.levels import Level
from core.log import Entry, Head, Kind
from core.records import Identity, Person
from live.bus import Bus, RoomMoved
from messages.text import clean
from rooms.acting import tell_of_rooms
from rooms.expiry import announce, expire_due, is_due
from rooms.ledger import Opened
from rooms.permissions import Decision, decide, level_of
from rooms.standing import Ended
from storage import access, actors, direct, last_posts, log, post_ids
from storage.engine import Database, Tx
from storage.group_commit import Done, GroupCommit
from storage.post_ids import Outcome

REMEMBERED = 16_384
"""Authors in rooms."""

_Place = tuple[str, str, frozenset[str]]
"""A room, and someone with the groups that they are in."""
_Known = tuple[int, str, RoomFacts]
"""As of a version of the room with this tag."""


class Draft(Struct, frozen=True):
    """A post on its way in."""

    who: Identity
    room: str
    client_id: str
    text: str

    @property
    def key(self) -> tuple[str, str]:
        return (self.who.account.id, self.client_id)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return 1_000 + 4 * len(self.text)


class Kept(Struct, frozen=True):
    """A post durably in the log: now, or before (a retry)."""

    room: str
    client_id: str
    seq: int
    at: int


Answer = Callable[[Kept | Exception], None]


class Posting:
    """Accepts posts, commits them in groups, and tells of them afterwards."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._bus = bus
        self._known: dict[_Place, _Known] = {}
        """What of rooms bears on their authors; all else there may be as large as it likes."""
        self._commits: GroupCommit[Draft, Kept] = GroupCommit(
            database, self._commit, lambda draft: draft.key, lambda draft: draft.size
        )

    async def post(self, who: Identity, room: str, client_id: str, text: str) -> Kept:
        """`submit`, and wait."""
        return await self._commits.commit(Draft(who, room, client_id, clean(text)))

    def submit(self, who: Identity, room: str, client_id: str, text: str, answer: Answer) -> None:
        """``answer`` hears once it is durable. The same ``client_id`` again is the same post.

        Raises `post_empty`, `post_too_long`, `busy`; ``answer`` hears of `not_found`,
        `post_not_allowed`, `client_id_reused`, `storage_down`, ... Those who listen to the room
        are told after it, in the same step.
        """
        self._commits.submit(Draft(who, room, client_id, clean(text)), answer)

    async def drain(self) -> None:
        """Commit what is in hand."""
        await self._commits.drain()

    # --- in the write transaction ----------------------------------------------------------------

    def _commit(self, tx: Tx, drafts: Sequence[Draft]) -> Done[Kept]:
        heads, ended = _lock(tx, {draft.room for draft in drafts})
        before = post_ids.known(tx, [draft.key for draft in drafts])
        people = actors.acting(tx, [draft.who.session.id for draft in drafts])
        batch = _Batch(tx, heads, ended)
        for draft in drafts:
            known = before.get(draft.key)
            if known is not None:
                batch.results.append(_again(draft, known))
            else:
                self._decide(batch, draft, people.get(draft.who.session.id))
        batch.write()
        return Done(batch.results, partial(self._tell, batch))

    def _decide(self, batch: _Batch, draft: Draft, person: PersonFacts | None) -> None:
        if person is None:
            batch.results.append(ChatError("not_signed_in"))
            return
        head = batch.heads.get(draft.room)
        room, decision = self._decision(batch, draft, head, person)
        if decision.allowed and head is not None:
            if room.direct:
                head = batch.bring_back(head)
            batch.accept(draft, head, slow=room.slow > 0)
        elif decision.retry_after is not None:
            batch.results.append(ChatError("slow_mode", retry_after=decision.retry_after))
        else:
            hidden = decision.level < Level.SEE
            batch.refuse(draft, "not_found" if hidden else "post_not_allowed")

    def _decision(
        self, batch: _Batch, draft: Draft, head: Head | None, person: PersonFacts
    ) -> tuple[RoomFacts, Decision]:
        """From the room's facts at its locked head.

        Who may see the room is answered from memory, if that is of the head's version. For others
        a hidden room and an absent one cost the same statements.
        """
        place = (draft.room, person.id, person.groups)
        facts = self._remembered(batch, place, head)
        if facts is None or level_of(Facts(person, facts)) < Level.SEE:
            facts = access.facts_for(batch.tx, *place)
            if head is not None and level_of(Facts(person, facts)) >= Level.SEE:
                batch.learned[place] = (head.access_version, head.tag, facts)
        return facts, decide("post", Facts(person, facts, batch.wait(draft, facts.slow)))

    def _remembered(self, batch: _Batch, place: _Place, head: Head | None) -> RoomFacts | None:
        known = batch.learned.get(place) or self._known.get(place)
        if head is None or known is None or known[:2] != (head.access_version, head.tag):
            return None
        return known[2]

    # --- after the commit ----------------------------------------------------------------------

    def _tell(self, batch: _Batch) -> None:
        self._remember(batch.learned)
        announce(self._bus, batch.ended)
        tell_of_rooms(self._bus, batch.returned)
        moved: dict[str, list[Entry]] = defaultdict(list)
        for entry in batch.entries:
            moved[entry.room].append(entry)
        for room, entries in moved.items():
            self._bus.publish(RoomMoved(room, tuple(entries)))

    def _remember(self, learned: dict[_Place, _Known]) -> None:
        """What the transaction learned, now that its version of the room is a fact."""
        for place, known in learned.items():
            self._known.pop(place, None)
            if len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[place] = known


def _lock(tx: Tx, rooms: set[str]) -> tuple[dict[str, Head], Ended]:
    """The heads, after whatever has run out was ended."""
    heads = log.lock_heads(tx, rooms)
    if not is_due(tx, heads.values()):
        return heads, Ended([], [])
    ended = expire_due(tx)
    return log.lock_heads(tx, rooms), ended


class _Batch:
    """What one transaction found, and is going to write."""

    def __init__(self, tx: Tx, heads: dict[str, Head], ended: Ended) -> None:
        self.tx = tx
        self.heads = heads
        self.results: list[Kept | ChatError] = []
        self.entries: list[Entry] = []
        self.ended = ended
        """Before it decided on its posts."""
        self.returned: list[Opened] = []
        """The direct rooms that its posts brought back into lists."""
        self.learned: dict[_Place, _Known] = {}
        """For `Posting`, once it is committed: until then it may never be."""
        self._now = tx.now()
        self._refused: list[tuple[tuple[str, str], Outcome]] = []
        self._moved: set[str] = set()
        self._posted: dict[tuple[str, str], int] = {}
        """By (room, person) of rooms with slow mode."""

    def wait(self, draft: Draft, slow: int) -> float:
        """Seconds until slow mode lets the author post again; 0 without it."""
        head = self.heads.get(draft.room)
        if not slow or head is None:
            return 0.0
        place = (draft.room, draft.who.account.id)
        last = self._posted.get(place) or last_posts.last_at(self.tx, *place)
        at = max(head.last_at, self._now)
        return 0.0 if last is None else max(0.0, slow - (at - last) / 1000)

    def bring_back(self, head: Head) -> Head:
        """Before the first post of this transaction in a direct room, it comes back into the lists
        of those who hid it. Returns the head after that."""
        if head.room in self._moved or not (people := direct.absent(self.tx, head.room)):
            return head
        opened = Opened(self.tx, head)
        opened.write(Kind.QUIET, None, Delta(joined=tuple(people)))
        self.returned.append(opened)
        return opened.head

    def accept(self, draft: Draft, head: Head, *, slow: bool) -> None:
        at = max(head.last_at, self._now)
        head = replace(head, seq=head.seq + 1, last_at=at)
        author = draft.who.account
        entry = Entry(
            room=head.room,
            seq=head.seq,
            tag=head.tag,
            at=at,
            kind=Kind.POST,
            by=Person(author.id, author.nickname),
            text=draft.text,
            client_id=draft.client_id,
        )
        self.heads[head.room] = head
        self._moved.add(head.room)
        if slow:
            self._posted[head.room, author.id] = at
        self.entries.append(entry)
        self.results.append(Kept(head.room, draft.client_id, head.seq, at))

    def refuse(self, draft: Draft, code: str) -> None:
        said = post_ids.hash_of(draft.key, draft.text)
        outcome = Outcome(draft.room, self._now, refusal=code, text_hash=said)
        self._refused.append((draft.key, outcome))
        self.results.append(ChatError(code))

    def write(self) -> None:
        log.append(self.tx, self.entries)
        log.move_heads(self.tx, [self.heads[room] for room in sorted(self._moved)])
        post_ids.refuse(self.tx, self._refused)
        last_posts.note(self.tx, self._posted)


def _again(draft: Draft, known: Outcome) -> Kept | ChatError:
    """A post that was answered before gets the same answer."""
    if not known.is_of(draft.key, draft.room, draft.text):
        return ChatError("client_id_reused")
    if known.seq is None:
        return ChatError(known.refusal or "post_not_allowed")
    return Kept(known.room, draft.client_id, known.seq, known.at)
