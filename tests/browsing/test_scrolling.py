"""A long past is read smoothly: little is in the page, and nothing jumps."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browsing.conftest import Enter
from tests.browsing.past import fill
from tests.browsing.window import Window
from tests.house import House

MOST_ELEMENTS = 4_000
STEP = -700
"""Pixels of one turn of the wheel."""

_SHOWN = """timeline => ({
  elements: document.getElementsByTagName("*").length,
  runs: [...timeline.querySelectorAll("[data-seq]")]
    .map(it => [Number(it.dataset.seq), Number(it.dataset.to ?? it.dataset.seq)]),
})"""
# Turns the wheel by itself, in the frames, and notes in every frame where a message stands that
# was in view: it must move by what was turned, and by nothing else, whatever is loaded meanwhile.
# (Not the first of all: its upper edge moves when it need not name its author any more.)
_TURN = """async (timeline, [turns, step]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const posts = () => [...timeline.querySelectorAll("[data-seq]:not([data-to])")];
  const top = it => it.getBoundingClientRect().top - timeline.getBoundingClientRect().top;
  const find = seq => timeline.querySelector(`[data-seq="${seq}"]`);
  const jumps = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const held = posts().slice(1).find(it => top(it) >= 0);
    const before = top(held), was = timeline.scrollTop;
    timeline.scrollBy({ top: step, behavior: "instant" });
    const turned = timeline.scrollTop - was;
    for (let n = 0; n < 6; n += 1) {
      await frame();
      const now = find(held.dataset.seq);
      if (!now) jumps.push(`${held.dataset.seq} is gone`);
      else if (Math.abs(top(now) - before + turned) > 1.5) jumps.push([before, turned, top(now)]);
    }
  }
  return jumps;
}"""


@pytest.mark.timeout(180)
async def test_20_000_messages_are_read_back_without_a_jump(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    head = (await bo.rooms())[room]["seq"]
    await fill(house, room, [ann, bo], 20_000)
    window = await enter(bo, f"/r/{room}")
    await shows(window, head + 20_000)
    while await read_back(window) > head + 20_000 - 600:
        pass
    await ann.post(room, "while you read")
    await expect(window.button("1 new message")).to_be_visible()
    assert await turn(window.messages, 3, 100) == []
    await window.button("1 new message").click()
    await window.sees("while you read")
    assert (await shown(window))[-1] == head + 20_001
    await window.button("To the first unread message").click()
    await expect(window.messages.get_by_text("New", exact=True)).to_be_visible()
    await shows(window, head + 1)
    await window.button("To the newest").click()
    await window.sees("while you read")


@pytest.mark.soak
@pytest.mark.timeout(1_200)
async def test_100_000_messages_are_read_back_to_the_first(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    await fill(house, room, [ann], 100_000)
    window = await enter(ann, f"/r/{room}")
    await shows(window, (await ann.rooms())[room]["seq"])
    while await read_back(window, turns=50, step=-3_000) > 1:
        pass
    await expect(window.messages).to_contain_text("This is where the room begins.")


async def shows(window: Window, seq: int) -> None:
    """Until the entry is in the page."""
    await expect(window.messages.locator(f'[data-seq="{seq}"]')).to_be_attached()


async def read_back(window: Window, turns: int = 10, step: int = STEP) -> int:
    """Returns the oldest entry that is in the page then."""
    assert await turn(window.messages, turns, step) == []
    await expect(window.messages.get_by_role("status").first).not_to_be_in_viewport()
    return (await shown(window))[0]


async def turn(messages: Locator, turns: int, step: int) -> list[object]:
    """Turn the wheel; returns what jumped."""
    jumps: list[object] = await messages.evaluate(_TURN, [turns, step])
    return jumps


async def shown(window: Window) -> list[int]:
    """All entries in the page: none missing between them, and not too many."""
    found = await window.messages.evaluate(_SHOWN)
    assert found["elements"] < MOST_ELEMENTS
    runs: list[list[int]] = found["runs"]
    seqs = [seq for first, last in runs for seq in range(first, last + 1)]
    assert seqs == list(range(seqs[0], seqs[-1] + 1))
    return seqs
