"""Making rooms, naming them, and who may."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.access import History, Preset
from core.ids import ALPHABET, LENGTH
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role
from rooms.making import clean_name, clean_topic
from storage import rooms
from tests.auth.refusals import refusal as refused
from tests.rooms.house import House
from tests.rooms.refusals import refusal

GOOD_NAMES = [
    ("Kitchen", "Kitchen"),
    ("  two   words ", "two words"),
    ("大厅", "大厅"),
    ("line\nbreak", "line break"),
    ("cafe\N{COMBINING ACUTE ACCENT}", "café"),
    ("ideographic\u3000space", "ideographic space"),
    ("🏠", "🏠"),
    ("x" * 80, "x" * 80),
]
BAD_NAMES = [
    "", " ", "\u3000", "x" * 81, "tab\x00", "left\u202eright", "zero\u200bwidth", "bom\ufeff",
    "surrogate\ud800",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), GOOD_NAMES)
def test_names_are_kept_on_one_line(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept
    assert clean_topic(typed) == kept


@pytest.mark.parametrize("typed", BAD_NAMES)
def test_bad_names_are_refused(typed: str) -> None:
    error = refused(lambda: clean_name(typed))
    assert error is not None and error.code == "room_name_bad"


def test_a_topic_may_be_empty_and_longer() -> None:
    assert clean_topic("  ") == ""
    assert len(clean_topic("x" * 250)) == 250
    error = refused(lambda: clean_topic("x" * 251))
    assert error is not None and error.code == "room_topic_bad"


async def test_whoever_makes_a_room_owns_it(house: House, ann: Identity) -> None:
    room = await house.making.make(ann, "Kitchen", "tea", Preset.LISTED, History.JOINED)
    (seen,) = await house.listing.mine(ann)
    assert (seen.id, seen.name, seen.topic, seen.preset, seen.history, seen.level) == (
        room, "Kitchen", "tea", "listed", "joined", Level.OWN.name,
    )  # fmt: skip
    assert len(room) == LENGTH
    assert set(room) <= set(ALPHABET)


async def test_two_rooms_may_bear_one_name(house: House, ann: Identity, bo: Identity) -> None:
    """A refused name would tell of a hidden room."""
    assert await house.room(ann) != await house.room(bo)


@pytest.mark.parametrize(
    ("role", "by_admins", "error"),
    [
        (Role.GUEST, False, "rooms_by_admins"),
        (Role.MEMBER, False, None),
        (Role.ADMIN, False, None),
        (Role.GUEST, True, "rooms_by_admins"),
        (Role.MEMBER, True, "rooms_by_admins"),
        (Role.ADMIN, True, None),
    ],
)
async def test_who_makes_rooms(
    tmp_path: Path, empty_database: Path, role: Role, by_admins: bool, error: str | None
) -> None:
    house = House(tmp_path, empty_database, rooms_by_admins=by_admins)
    who = await house.person("dee", role)
    assert house.making.may_make(role) == (error is None)
    assert await refusal(house.room(who)) == error
    assert await house.read(rooms.any_room) == (error is None)
    house.close()


async def test_what_stays_the_same_makes_no_entry(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    await house.making.describe(ann, room, "  Kitchen ", "")
    assert (await house.head(room)).seq == 1
    await house.making.describe(ann, room, "Pantry", "tins")
    assert [entry.kind for entry in await house.entries(room)][1:] == [Kind.RENAMED, Kind.TOPIC]


async def test_only_owners_rename(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    assert await refusal(house.making.describe(bo, room, "Mine", None)) == "not_allowed"
