"""The oracle finds each kind of lie, in a story that is true without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from tests.faults.oracle import Begins, Diary, Line, Said, faults

ROOM = "kitchen"


@dataclass
class Story:
    """Bo talks; cy is let in at 3, removed at 5, and let in again at 7."""

    log: list[Line]
    bo: Diary
    cy: Diary

    @property
    def faults(self) -> list[str]:
        return faults({ROOM: self.log}, [self.bo, self.cy])


@pytest.fixture
def story() -> Story:
    log = [
        Line(ROOM, 1, 100, "made", by="bo"),
        _post(2, "first"),
        Line(ROOM, 3, 300, "invited", by="bo", people=("cy",)),
        _post(4, "second"),
        Line(ROOM, 5, 500, "removed", by="bo", people=("cy",)),
        _post(6, "without cy"),
        Line(ROOM, 7, 700, "invited", by="bo", people=("cy",)),
        _post(8, "last"),
    ]
    bo, cy = Diary("bo"), Diary("cy")
    bo.heard = [Begins(ROOM, 0), *log]
    for line in (log[1], log[3], log[5], log[7]):
        bo.sent[line.client_id] = Said(ROOM, line.text)
        bo.acknowledged[line.client_id] = line.seq
    bo.sent["id of none"] = Said(ROOM, "never arrived")
    cy.sent["id of cy"] = Said(ROOM, "may I?")
    cy.refused["id of cy"] = "not_found"
    withheld = Line(ROOM, 6, 600, "withheld")
    cy.heard = [Begins(ROOM, 3), log[3], log[4], withheld, log[6], log[7]]
    return Story(log, bo, cy)


def _post(seq: int, text: str) -> Line:
    return Line(ROOM, seq, seq * 100, "post", by="bo", text=text, client_id=f"id of {text}")


def test_the_truth_has_no_fault(story: Story) -> None:
    assert story.faults == []


def test_what_was_not_acknowledged_may_be_there(story: Story) -> None:
    del story.bo.acknowledged["id of last"]
    assert story.faults == []


def _lost(story: Story) -> None:
    """The last post is gone from log and ears alike."""
    story.log.pop()
    story.bo.heard.pop()
    story.cy.heard.pop()


def _other_seq(story: Story) -> None:
    story.bo.acknowledged["id of last"] = 6


def _twice(story: Story) -> None:
    again = replace(story.log[-1], seq=9)
    story.log.append(again)
    story.bo.heard.append(again)
    story.cy.heard.append(again)


def _refused_and_kept(story: Story) -> None:
    story.bo.refused["id of first"] = "not_found"


def _never_sent(story: Story) -> None:
    del story.bo.sent["id of first"], story.bo.acknowledged["id of first"]


def _other_text_kept(story: Story) -> None:
    story.bo.sent["id of first"] = Said(ROOM, "something else")


def _hole(story: Story) -> None:
    story.log[7] = replace(story.log[7], seq=9)


def _time_goes_back(story: Story) -> None:
    story.log[3] = replace(story.log[3], at=1)


def _missed(story: Story) -> None:
    del story.bo.heard[4]


def _missed_the_last(story: Story) -> None:
    story.bo.heard.pop()


def _heard_twice(story: Story) -> None:
    story.bo.heard.insert(4, story.bo.heard[4])


def _out_of_order(story: Story) -> None:
    story.bo.heard[4:6] = reversed(story.bo.heard[4:6])


def _another_order_for_another(story: Story) -> None:
    story.cy.heard[1] = replace(story.log[5], seq=4, at=400)


def _handed_out_but_not_kept(story: Story) -> None:
    story.bo.heard.append(_post(9, "vanished"))


def _read_while_away(story: Story) -> None:
    story.cy.heard[3] = story.log[5]


def _read_before_coming(story: Story) -> None:
    story.cy.heard[:1] = [Begins(ROOM, 1), story.log[1], Line(ROOM, 3, 300, "withheld")]


def _withheld_from_a_member(story: Story) -> None:
    story.bo.heard[4] = Line(ROOM, 4, 400, "withheld")


def _resumed_elsewhere(story: Story) -> None:
    place = {"t": "subscribed", "room": ROOM, "tag": "x"}
    story.bo.take({**place, "seq": 8}, set())
    story.bo.heard.pop()
    story.bo.take({**place, "seq": 6}, set())


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        (_lost, "acknowledged as 8"),
        (_other_seq, "acknowledged as 6"),
        (_twice, "twice in the log"),
        (_refused_and_kept, "refused with not_found"),
        (_never_sent, "nobody sent"),
        (_other_text_kept, "nobody sent"),
        (_hole, "is not 1, 2, 3"),
        (_time_goes_back, "time goes back"),
        (_missed, "bo was handed 5 of kitchen after 3"),
        (_missed_the_last, "bo was handed kitchen up to 7, not 8"),
        (_heard_twice, "bo was handed 4 of kitchen after 4"),
        (_out_of_order, "bo was handed 5 of kitchen after 3"),
        (_another_order_for_another, "in the log"),
        (_handed_out_but_not_kept, "handed out, but not in the log"),
        (_read_while_away, "not for them"),
        (_read_before_coming, "not for them"),
        (_withheld_from_a_member, "in the log"),
        (_resumed_elsewhere, "goes on from"),
    ],
)
def test_a_lie_is_found(story: Story, lie: Callable[[Story], None], told: str) -> None:
    lie(story)
    found = story.faults
    assert any(told in fault for fault in found), found
