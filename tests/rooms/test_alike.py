"""Deciding once for all who are alike is deciding for each."""

from __future__ import annotations

from hypothesis import given
from msgspec.structs import replace

from core.access import Facts
from rooms.alike import Alike
from rooms.effects import allowed
from rooms.permissions import level_of
from tests.rooms.test_decide_model import PEOPLE, Someone, World, facts_of, someone, worlds


@given(worlds, someone)
def test_each_gets_their_own_answer(world: World, who: Someone) -> None:
    """Of three who differ in nothing but in what the room has given or forbidden them."""
    room = facts_of(world, who).room
    level, may = Alike(room, level_of), Alike(room, allowed)
    for id in PEOPLE:
        person = facts_of(world, replace(who, id=id)).person
        mine = Facts(person, room)
        assert (level(person), may(person)) == (level_of(mine), allowed(mine))
