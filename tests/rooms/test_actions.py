"""The catalogue of actions and the presets say what the design says."""

import pytest

from core.access import EVERYONE, Facts, History, PersonFacts, Preset, RoomFacts, person_subject
from core.levels import Level
from core.records import Role
from rooms.actions import ACTIONS, Action
from rooms.permissions import decide, level_of
from rooms.presets import SHAPES, first_delta

READING = {"join", "read"}
CONTENT = {"post"}
ON_OTHERS = {"invite", "remove", "mute", "ban", "rights"}
ON_THE_ROOM = {"settings", "appoint", "open", "archive", "delete"}
NOT_IN_ARCHIVES = {"ask", "settings"} | CONTENT
FLOORS = {
    **dict.fromkeys({"see"}, Level.SEE),
    **dict.fromkeys({"ask"}, Level.ASK),
    **dict.fromkeys(READING, Level.READ),
    **dict.fromkeys(CONTENT, Level.POST),
    **dict.fromkeys(ON_OTHERS, Level.MODERATE),
    **dict.fromkeys(ON_THE_ROOM, Level.OWN),
}


def rows() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)


def test_every_action_is_of_one_kind() -> None:
    """A new action must be given its kind here."""
    assert FLOORS.keys() == ACTIONS.keys()


@rows()
def test_no_default_is_below_its_floor(action: Action) -> None:
    assert FLOORS[action.name] <= action.floor <= action.default


@rows()
def test_an_archive_can_be_read_and_moderated_but_not_written(action: Action) -> None:
    assert action.when_archived == (action.name not in NOT_IN_ARCHIVES)


@rows()
def test_every_action_can_be_told(action: Action) -> None:
    assert action.text
    assert not action.text.endswith(".")


MEMBER, GUEST = PersonFacts("cy", Role.MEMBER), PersonFacts("gus", Role.GUEST)
OWNER = PersonFacts("ann", Role.MEMBER)


def room_of(preset: Preset, owner: str | None = "ann") -> RoomFacts:
    delta = first_delta(preset, "Kitchen", "", owner, 1, History.ALL)
    assert delta.settings is not None
    return RoomFacts(delta.settings, delta.grants, (), frozenset(delta.joined))


@pytest.mark.parametrize(
    ("preset", "level", "allowed"),
    [
        (Preset.OPEN, Level.POST, {"see", "ask", "join", "read", "post"}),
        (Preset.LISTED, Level.ASK, {"see", "ask"}),
        (Preset.PRIVATE, Level.HIDDEN, set()),
        (Preset.ANNOUNCEMENTS, Level.POST, {"see", "ask", "join", "read"}),
    ],
)
def test_what_a_preset_gives_a_stranger(preset: Preset, level: Level, allowed: set[str]) -> None:
    facts = Facts(MEMBER, room_of(preset))
    assert level_of(facts) is level
    assert {action for action in ACTIONS if decide(action, facts).allowed} == allowed


def test_all_but_direct_rooms_have_a_shape() -> None:
    assert set(SHAPES) == set(Preset) - {Preset.DIRECT}


@pytest.mark.parametrize("preset", SHAPES)
class TestEveryPreset:
    def test_hides_from_guests(self, preset: Preset) -> None:
        assert level_of(Facts(GUEST, room_of(preset))) is Level.HIDDEN

    def test_lets_its_owner_do_all(self, preset: Preset) -> None:
        facts = Facts(OWNER, room_of(preset))
        assert all(decide(action, facts).allowed for action in ACTIONS)
        assert facts.room.members == {"ann"}

    def test_may_wait_for_an_owner(self, preset: Preset) -> None:
        room = room_of(preset, owner=None)
        assert room.members == set()
        assert person_subject("ann") not in room.grants
        assert (EVERYONE in room.grants) == (preset is not Preset.PRIVATE)

    def test_raises_only_what_there_is(self, preset: Preset) -> None:
        for action, level in SHAPES[preset].raised.items():
            assert level > ACTIONS[action].default
