"""What goes on in the hidden rooms of the busy twin, and what goes on in both."""

from __future__ import annotations

from collections.abc import Callable

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    PersonFacts,
    Subject,
    group_subject,
    person_subject,
)
from core.levels import Level
from core.log import Kind
from core.records import Person, Role
from rooms.ledger import Opened, open_room
from rooms.standing import put_in_group, take_out_of_group
from storage.engine import Tx
from tests.twins.twin import Twin


async def same_on_both(twin: Twin) -> None:
    """What an outsider may well see: people who are in the hidden room do things elsewhere."""
    ned, ann, turn = twin.ned, twin.ann, twin.turn
    answer = await ned.submit("/account/nickname", nickname=f"Ned {turn}")
    assert answer.status == 303, answer.text
    ned.nickname = f"Ned {turn}"
    facts = PersonFacts(ned.id, Role.MEMBER, groups=frozenset({twin.group} if turn % 2 else ()))
    by = Person(ann.id, ann.nickname)

    def change(tx: Tx, touched: list[Opened]) -> None:
        if turn % 2:
            touched.extend(take_out_of_group(tx, facts, twin.group, by))
        else:
            touched.extend(put_in_group(tx, facts, twin.group, by, None))

    await twin.change(change)
    await twin.olga.post(twin.rooms["garden"], f"spoken in the garden {turn}")
    await twin.quiet()


async def behind_closed_doors(twin: Twin) -> None:
    """In the cellar, and in the attic that Rex was removed from. Olga stays there, listening."""
    for wire in twin.olga.wires:
        await wire.hang_up()
    for room in (twin.rooms["cellar"], twin.rooms["attic"]):
        await _coming_and_going(twin, room)
        await _rights(twin, room)
    await twin.quiet()


async def _coming_and_going(twin: Twin, room: str) -> None:
    olga, ivy, ned, turn = twin.olga, twin.ivy, twin.ned, twin.turn
    await olga.invite(room, ivy, ned)
    ear, mouth, window = (
        await olga.connect(room), await ivy.connect(room), await ned.connect(room),
    )  # fmt: skip
    await twin.at(twin.clock.ms + 3_000)
    await mouth.send("typing", room=room)
    await ear.frame("is_typing", room=room)
    for number in range(5):
        await mouth.post(room, f"canary {turn} {number} for @mel, @rex, @gus and @ann")
    await ear.frame("entry", text=f"canary {turn} 4 for @mel, @rex, @gus and @ann")
    await ear.ask("read", room=room, seq=3)
    await olga.api("PATCH", f"rooms/{room}", {"name": twin.name, "topic": f"topic canary {turn}"})
    link = await olga.api("POST", f"rooms/{room}/links", {})
    if turn % 2:
        await olga.api("DELETE", f"rooms/{room}/links/{link['id']}")
    await olga.remove(room, ned)
    await window.frame("lost", room=room)
    await ivy.leave(room)
    await mouth.frame("lost", room=room)
    for wire in (mouth, window):
        await wire.hang_up()
    await twin.quiet()


async def _rights(twin: Twin, room: str) -> None:
    by, ivy = Person(twin.olga.id, twin.olga.nickname), twin.ivy.id
    steps: list[Callable[[int], Delta]] = [
        lambda at: Delta(caps=(Cap(ivy, Level.READ, by.id, at),)),
        lambda at: Delta(uncapped=((ivy, Level.READ),), caps=(Cap(ivy, Level.HIDDEN, None, at),)),
        lambda at: Delta(uncapped=((ivy, Level.HIDDEN),)),
        lambda at: Delta(grants=(_grant(group_subject(twin.group), at),)),
        lambda at: Delta(grants=(_grant(person_subject(ivy), at),), joined=(ivy,)),
    ]
    for step in steps:

        def write(tx: Tx, touched: list[Opened], step: Callable[[int], Delta] = step) -> None:
            opened = open_room(tx, room)
            opened.write(Kind.ACCESS, by, step(opened.at))
            touched.append(opened)

        await twin.change(write)


def _grant(subject: Subject, at: int) -> Grant:
    assert subject != EVERYONE, "then it would not be hidden"
    return Grant(subject, Level.POST, None, at)
