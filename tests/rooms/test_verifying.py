"""Every way of tampering, planted one at a time, is named; an untouched room has no faults."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from core.access import Cap, Delta, History, Preset, Settings
from core.levels import Level
from core.records import Identity
from rooms.verifying import Verified, verify, verify_accounts
from storage.engine import Tx
from tests.rooms.house import House


@pytest.fixture
async def room(house: House, ann: Identity, bo: Identity, cy: Identity) -> str:
    """1 made, 2 bo invited, 3 cy invited, 4 a message, 5 bo muted, 6 renamed, 7 a message."""
    room = await house.room(ann, preset=Preset.LISTED, history=History.JOINED)
    await house.invite(ann, room, bo, cy)
    await house.say(bo, room, "hello")
    muted = Cap(bo.account.id, Level.READ, ann.account.id, 7, "too loud")
    await house.change(room, Delta(caps=(muted,)), ann)
    await house.change(room, Delta(settings=Settings(name="Pantry")), ann)
    await house.say(ann, room, "bye")
    return room


async def verified(house: House, room: str, noted: str | None = None) -> Verified:
    return await house.read(lambda tx: verify(tx, room, noted))


@dataclass
class Tampering:
    """SQL, with :room for the room and :bo, :cy for people; and what is found first."""

    name: str
    statements: tuple[str, ...]
    kind: str
    seq: int | None = None
    told: str = ""
    noted: bool = False


_HERE = "WHERE room = :room AND seq"
"""Written @ below."""
_SWAP = (
    "UPDATE entries SET seq = -2 @ = 2",
    "UPDATE entries SET seq = 2 @ = 3",
    "UPDATE entries SET seq = 3 @ = -2",
)
_SWAP_FAR = tuple(statement.replace("= 3", "= 6") for statement in _SWAP)
_CUT = (
    "DELETE FROM entries @ > 5",
    "UPDATE heads SET seq = 5 WHERE room = :room",
    "UPDATE heads SET access_hash = (SELECT access_hash FROM entries @ = 5) WHERE room = :room",
    "UPDATE rooms SET name = 'Kitchen' WHERE id = :room",
)
TAMPERINGS = [
    Tampering(
        "a changed delta",
        ("UPDATE entries SET delta = replace(delta, 'too loud', 'too rude') @ = 5",),
        "changed",
        5,
    ),
    Tampering(
        "a changed level",
        ("UPDATE entries SET delta = replace(delta, '\"level\"\\:4', '\"level\"\\:6') @ = 2",),
        "changed",
        2,
    ),
    Tampering("a changed author", ("UPDATE entries SET author = :bo @ = 5",), "changed", 5),
    Tampering("no author", ("UPDATE entries SET author = NULL @ = 5",), "changed", 5),
    Tampering("a changed time", ("UPDATE entries SET at = at - 1 @ = 5",), "changed", 5),
    Tampering("another kind", ("UPDATE entries SET kind = 'topic' @ = 6",), "changed", 6),
    Tampering(
        "passed off as a message",
        ("UPDATE entries SET kind = 'post' @ = 5",),
        "changed",
        5,
    ),
    Tampering(
        "no hash any more",
        ("UPDATE entries SET access_hash = NULL @ = 5",),
        "changed",
        5,
    ),
    Tampering("nothing in it", ("UPDATE entries SET delta = '?' @ = 5",), "changed", 5),
    Tampering(
        "a forged hash",
        ("UPDATE entries SET access_hash = 'ffff' @ = 5",),
        "changed",
        5,
    ),
    Tampering("a deleted entry", ("DELETE FROM entries @ = 3",), "missing", 3, "an access"),
    Tampering("a deleted first entry", ("DELETE FROM entries @ = 1",), "missing", 1),
    Tampering("a deleted message", ("DELETE FROM entries @ = 4",), "missing", 4, "a message"),
    Tampering("neighbours swapped", _SWAP, "reordered", 2, "was entry 3"),
    Tampering("two far ones swapped", _SWAP_FAR, "reordered", 2, "was entry 6"),
    Tampering("cut, the head left", ("DELETE FROM entries @ > 5",), "cut", 6),
    Tampering("cut, the head mended", _CUT, "cut", told="cut after entry 5", noted=True),
    Tampering("everything gone", ("DELETE FROM entries @ > 0",), "cut", 1),
    Tampering(
        "a head that lags", ("UPDATE heads SET seq = 6 WHERE room = :room",), "head", told="on to 7"
    ),
    Tampering(
        "a head with another hash",
        ("UPDATE heads SET access_hash = 'ffff' WHERE room = :room",),
        "head",
    ),
    Tampering(
        "a forged grant",
        ("UPDATE grants SET level = 4 WHERE room = :room AND subject_kind = 'everyone'",),
        "table",
        told="Grant to everyone: it is not what the log says",
    ),
    Tampering(
        "a forged personal grant",
        ("INSERT INTO grants VALUES (:room, 'glass', :cy, 6, NULL, 0, '', NULL)",),
        "table",
        told="no entry explains it",
    ),
    Tampering(
        "a grant without its end",
        ("UPDATE grants SET level = 6 WHERE room = :room AND subject = :bo",),
        "table",
        told="not what the log says",
    ),
    Tampering(
        "a grant taken out",
        ("DELETE FROM grants WHERE room = :room AND subject = :bo",),
        "table",
        told="the table does not have it",
    ),
    Tampering("a cap taken out", ("DELETE FROM caps WHERE room = :room",), "table", told="Cap of"),
    Tampering(
        "a forged cap",
        ("INSERT INTO caps VALUES (:room, :cy, 0, NULL, 0, '', NULL)",),
        "table",
        told="HIDDEN: no entry explains it",
    ),
    Tampering(
        "a forged member",
        ("DELETE FROM memberships WHERE room = :room AND person = :cy",),
        "table",
        told="Membership of",
    ),
    Tampering(
        "a changed setting",
        ("UPDATE rooms SET history = 'all' WHERE id = :room",),
        "table",
        told="Setting history",
    ),
    Tampering(
        "an interval made longer",
        ("UPDATE spans SET from_seq = 1 WHERE room = :room AND person = :bo",),
        "table",
        told="Readable intervals of",
    ),
]  # fmt: skip


def play(tampering: Tampering, **names: str) -> Callable[[Tx], None]:
    def work(tx: Tx) -> None:
        for statement in tampering.statements:
            asked = text(statement.replace("@", _HERE))
            used = {name: names[name] for name in asked._bindparams}
            tx.conn.execute(asked, used)

    return work


async def test_an_untouched_room_has_no_faults(house: House, room: str) -> None:
    head = await house.head(room)
    for noted in (None, head.access_hash, "0" * 64):
        found = await verified(house, room, noted)
        assert found.faults == []
        assert (found.entries, found.seq, found.hash) == (5, 7, head.access_hash)


@pytest.mark.parametrize("tampering", TAMPERINGS, ids=lambda tampering: tampering.name)
async def test_every_tampering_is_named(
    house: House, room: str, bo: Identity, cy: Identity, tampering: Tampering
) -> None:
    noted = (await house.head(room)).access_hash if tampering.noted else None
    names = {"room": room, "bo": bo.account.id, "cy": cy.account.id}
    await house.database.write(play(tampering, **names))
    first = (await verified(house, room, noted)).faults[0]
    assert (first.kind, first.seq) == (tampering.kind, tampering.seq)
    assert tampering.told in first.text


@pytest.mark.parametrize(
    "name", ["a changed author", "a deleted entry", "a deleted message", "a forged cap"]
)
async def test_one_tampering_is_one_fault_of_the_log(house: House, room: str, name: str) -> None:
    """What follows a changed or missing entry is not blamed for it."""
    tampering = next(one for one in TAMPERINGS if one.name == name)
    await house.database.write(play(tampering, room=room, bo="nobody", cy="nobody"))
    faults = [fault for fault in (await verified(house, room)).faults if fault.kind != "table"]
    assert len(faults) == (0 if tampering.kind == "table" else 1)


async def test_a_head_noted_earlier_is_still_in_the_chain(
    house: House, ann: Identity, room: str
) -> None:
    noted = (await house.head(room)).access_hash
    await house.making.describe(ann, room, "Larder", None)
    assert (await verified(house, room, noted)).faults == []


async def test_a_log_written_anew_shows_against_a_noted_head(
    house: House, ann: Identity, room: str
) -> None:
    """All of another room's history put in the place of this one's."""
    noted = (await house.head(room)).access_hash
    other = await house.room(ann)
    found = await verified(house, other, noted)
    assert [fault.kind for fault in found.faults] == ["cut"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET role = 'admin' WHERE id = :cy",
        "UPDATE accounts SET state = 'suspended' WHERE id = :cy",
        "DELETE FROM journal WHERE person = :cy",
    ],
)
async def test_forged_accounts_are_named(
    house: House, room: str, cy: Identity, statement: str
) -> None:
    assert await house.read(verify_accounts) == []
    await house.database.write(play(Tampering("", (statement,), ""), cy=cy.account.id))
    (fault,) = await house.read(verify_accounts)
    assert fault.kind == "account"
    assert cy.account.id in fault.text
