"""What many rows and a change for all cost in statements: as much as few."""

from __future__ import annotations

from core.access import EVERYONE, Cap, Delta, Grant, Preset, person_subject
from core.levels import Level
from core.records import Identity
from rooms.wishes import GrantWish, Wish
from tests.rooms.house import House
from tests.statements import statements

ALL_READ = Wish(grants=(GrantWish(EVERYONE, Level.READ),))
NOT_ALL = Wish(grants=(GrantWish(EVERYONE, Level.SEE),))


async def more(house: House, ann: Identity, room: str, numbers: range) -> None:
    """Each let in by someone else, with a reason of their own; every third is muted."""
    for number in numbers:
        bo = await house.person(f"bo{number}")
        given = Grant(person_subject(bo.account.id), Level.POST, ann.account.id, 0, f"for {number}")
        caps = (Cap(bo.account.id, Level.READ, ann.account.id, 0),) if number % 3 == 0 else ()
        await house.change(room, Delta(grants=(given,), caps=caps, joined=(bo.account.id,)), ann)


async def counts(house: House, ann: Identity, room: str) -> list[int]:
    """Statements of a page, of one by action, of a preview and of a change for all."""
    found = []
    for ask in (
        lambda: house.rights.page(ann, room),
        lambda: house.rights.page(ann, room, action="post"),
        lambda: house.changing.preview(ann, room, ALL_READ),
        lambda: house.changing.save(ann, room, ALL_READ),
        lambda: house.changing.save(ann, room, NOT_ALL),
    ):
        with statements(house.database) as sent:
            await ask()
        found.append(len(sent))
    return found


async def test_more_people_take_no_more_statements(house: House, ann: Identity) -> None:
    room = await house.room(ann, preset=Preset.LISTED)
    await house.changing.save(ann, room, NOT_ALL)
    await more(house, ann, room, range(3))
    few = await counts(house, ann, room)
    await more(house, ann, room, range(3, 60))
    assert await counts(house, ann, room) == few
    assert len((await house.rights.page(ann, room)).rows) == 61
    assert max(few) < 40
