"""Every way out of a room is declared, and has a test that looks for leaks in it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from api import protocol
from rooms.sinks import NOT_OF_ROOMS, SINKS, Sink
from tests.api.endpoints import endpoints
from tests.house import open_house

TESTS = Path(__file__).parent


def ways_of(sink: Sink) -> set[str]:
    return {*sink.routes, *(f"frame {tag}" for tag in sink.frames)}


def leak_tests() -> Iterator[tuple[str, str]]:
    """(sink, test) of every ``@pytest.mark.leaks("sink", ...)``, without running any."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for mark in node.decorator_list:
                    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.leaks":
                        for sink in mark.args:
                            yield ast.literal_eval(sink), f"{file.stem}.{node.name}"


@pytest.fixture(scope="module")
async def ways(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every route and every frame of the server that there is."""
    async with open_house(tmp_path_factory.mktemp("sinks")) as house:
        routes = {endpoint.name for endpoint in endpoints(house.chatelaine.application())}
    frames = {
        f"frame {msgspec.inspect.type_info(frame).tag}"  # type: ignore[attr-defined]
        for frame in get_args(protocol.ServerFrame)
    }
    return routes | frames


def test_every_way_out_is_declared(ways: set[str]) -> None:
    """A new route or frame must be named by a sink, or be known to tell nothing of rooms."""
    declared = {way for sink in SINKS.values() for way in ways_of(sink)}
    assert ways - declared - set(NOT_OF_ROOMS) == set()


def test_what_is_declared_is_there(ways: set[str]) -> None:
    declared = {way for sink in SINKS.values() for way in ways_of(sink)}
    assert (declared | set(NOT_OF_ROOMS)) - ways == set()
    assert declared & set(NOT_OF_ROOMS) == set()


def test_every_address_of_a_room_is_in_a_sink() -> None:
    """None of those is excused."""
    addresses = ("/api/v1/rooms", " /r/")
    assert [way for way in NOT_OF_ROOMS if any(part in way for part in addresses)] == []


def test_every_sink_has_a_leak_test() -> None:
    tested = dict(leak_tests())
    assert SINKS.keys() - tested.keys() == set(), "a sink without a leak test"
    assert tested.keys() - SINKS.keys() == set(), "a leak test of an unknown sink"


@pytest.mark.parametrize("sink", SINKS.values(), ids=lambda sink: sink.name)
def test_every_sink_says_what_it_tells_and_whom(sink: Sink) -> None:
    assert sink.tells and sink.to and ways_of(sink)
