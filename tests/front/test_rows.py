"""Lines of the timeline: who follows whom, where a day begins, what is new."""

from __future__ import annotations

from typing import Any

from tests.front.conftest import Run

ROWS = """
const { rows } = await import("/static/js/text/rows.js");
const show = row => row.kind === "post" ? (row.head ? "Post" : "post")
  : row.kind === "events" ? `events ${row.entries.length}` : row.kind;
const lines = rows(given.entries, given.readTo ?? 0, "me").map(show);
const { happenings, sentence, summary } = await import("/static/js/text/events.js");
"""
NOON = 1_790_000_000_000
MINUTE = 60_000
ANN, BO, ME = ({"id": name.lower(), "nickname": name} for name in ("Ann", "Bo", "Me"))


def entry(seq: int, kind: str = "post", by: Any = ANN, minutes: int = 0, **more: Any) -> Any:
    return {"seq": seq, "kind": kind, "by": by, "at": NOON + minutes * MINUTE, **more}


async def lines(run: Run, *entries: Any, read_to: int = 0) -> Any:
    return await run(f"{ROWS} return lines;", {"entries": entries, "readTo": read_to})


async def test_one_author_within_minutes_stands_together(run: Run) -> None:
    entries = [entry(1), entry(2, minutes=4), entry(3, minutes=10), entry(4, by=BO, minutes=10)]
    assert await lines(run, *entries) == ["day", "Post", "post", "Post", "Post"]


async def test_an_event_between_begins_a_new_group(run: Run) -> None:
    entries = [entry(1), entry(2, "joined"), entry(3, "left"), entry(4)]
    assert await lines(run, *entries) == ["day", "Post", "events 2", "Post"]


async def test_a_day_begins_at_the_readers_midnight(run: Run) -> None:
    assert await lines(run, entry(1), entry(2, minutes=24 * 60)) == ["day", "Post", "day", "Post"]


async def test_what_others_said_since_is_new(run: Run) -> None:
    entries = [entry(1), entry(2, by=ME), entry(3, by=BO), entry(4, by=BO)]
    assert await lines(run, *entries, read_to=1) == ["day", "Post", "Post", "new", "Post", "post"]
    assert await lines(run, *entries, read_to=4) == ["day", "Post", "Post", "Post", "post"]


async def test_what_happened_is_told_in_a_sentence(run: Run) -> None:
    entries = [
        entry(1, "joined", people=[ANN]),
        entry(2, "joined", people=[BO]),
        entry(3, "removed", people=[BO]),
        entry(4, "renamed", name="Den"),
        entry(5, "access"),
    ]
    told = await run(
        f"{ROWS} const all = happenings(given.entries);"
        "return [...all.map(it => sentence(it, person => person.nickname)), summary(all)];",
        {"entries": entries},
    )
    assert told == [
        "Ann and Bo entered the room",
        "Ann removed Bo",
        "Ann renamed the room to “Den”",
        "Ann changed who may do what here",
        "2 people entered, 1 was removed, and 2 other changes",
    ]
