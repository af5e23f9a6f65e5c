"""What a socket gets first, and what becomes of it if that fails."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from live.connection import FELL_BEHIND
from tests.house import open_house
from tests.live.pairs import LOOPS, until


async def test_a_socket_that_cannot_be_greeted_is_closed_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)

        async def fails(_identity: object) -> None:
            raise RuntimeError("a fault of ours")

        with monkeypatch.context() as patch:
            patch.setattr(house.chatelaine.rooms.listing, "mine", fails)
            wire = await ann.dial()
            assert await wire.closed() == FELL_BEHIND
        await until(lambda: not list(house.chatelaine.sockets))
        assert (await (await ann.dial()).frame("welcome"))["me"]["nickname"] == "ann"


@pytest.mark.parametrize("loop", LOOPS)
def test_the_whole_house_on_either_loop(loop: str, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with open_house(tmp_path) as house:
            ann = await house.person("ann", admin=True)
            bo = await house.person("bo")
            room = await ann.make_room("Kitchen")
            await ann.invite(room, bo)
            wires = [await ann.connect(room), await bo.connect(room)]
            texts = ["hello", "x" * 3_000]
            for wire, text in zip(wires, texts, strict=True):
                await wire.post(room, text)
            for wire in wires:
                await wire.frame("entry", text=texts[-1])
                assert wire.notes.texts(room) == texts
            await wires[0].hang_up()
            await wires[1].frame("presence")
            await until(lambda: len(list(house.chatelaine.sockets)) == 1)

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.run(scenario())
