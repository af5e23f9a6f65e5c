"""What is in memory of a room: every entry exactly once and in order, and never too many."""

from __future__ import annotations

import pytest

from tests.front.conftest import Run

NEW = """
const { Log, Gap, MOST } = await import("/static/js/store/log.js");
const entry = seq => ({ room: "r", seq, tag: "t", at: seq * 1000, kind: "post", text: `${seq}` });
const from = (first, last) => Array.from({ length: last - first + 1 }, (_, i) => entry(first + i));
const page = (first, last, head) =>
  ({ entries: from(first, last), start: first === 1, end: last === head, seq: head, tag: "t" });
const log = new Log({ id: "r", seq: 1000, tag: "t", history: "all" });
const ends = () => [log.first, log.last, log.atEnd.value];
const gap = act => {
  try { act(); } catch (error) { if (error instanceof Gap) return "gap"; throw error; }
  return "no gap";
};
"""


async def test_it_grows_with_what_is_heard(run: Run) -> None:
    assert await run(
        f"{NEW} log.replace(page(941, 1000, 1000)); log.hear(entry(1001)); return ends();"
    ) == [941, 1001, True]


@pytest.mark.parametrize("seq", [999, 1000, 1002])
async def test_what_does_not_follow_is_a_gap(run: Run, seq: int) -> None:
    program = f"{NEW} log.replace(page(941, 1000, 1000)); return gap(() => log.hear(entry(given)));"
    assert await run(program, seq) == "gap"


async def test_pages_must_meet(run: Run) -> None:
    program = f"""{NEW} log.replace(page(941, 1000, 1000));
      const before = last => gap(() => log.prepend(page(last - 59, last, 1000)));
      return [before(939), before(940)];"""
    assert await run(program) == ["gap", "no gap"]


async def test_the_far_end_is_let_go(run: Run) -> None:
    program = f"""{NEW} log.replace(page(941, 1000, 1000));
      for (let first = 881; first > 400; first -= 60) log.prepend(page(first, first + 59, 1000));
      const {{ entries }} = log.run.value;
      return [...ends(), entries.length === MOST];"""
    assert await run(program) == [401, 700, False, True]


async def test_what_is_heard_far_from_the_end_waits_there(run: Run) -> None:
    program = f"""{NEW} log.replace(page(401, 460, 1000)); log.hear(entry(1001));
      const before = ends();
      log.replace(page(941, 1000, 1000));
      return [before, ends()];"""
    assert await run(program) == [[401, 460, False], [941, 1001, True]]


async def test_a_page_newer_than_the_socket_is_not_repeated(run: Run) -> None:
    program = f"""{NEW} log.replace(page(943, 1002, 1002));
      for (const seq of [1001, 1002, 1003]) log.hear(entry(seq));
      return [...ends(), log.run.value.entries.length];"""
    assert await run(program) == [943, 1003, True, 61]


async def test_a_reader_in_the_past_keeps_what_they_look_at(run: Run) -> None:
    program = f"""{NEW} log.replace(page(701, 1000, 1000)); log.following = false;
      log.hear(entry(1001)); const away = ends();
      log.following = true; log.catchUp();
      return [away, ends()];"""
    assert await run(program) == [[701, 1000, False], [702, 1001, True]]
