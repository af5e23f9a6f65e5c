"""Target 6: that nothing gets slower as rooms and posts pile up."""

from __future__ import annotations

import random
import shutil
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from bench.history import History
from bench.processes import LOAD_CORE, Contender, Running, on_core
from bench.product import chatelaine
from bench.results import Line, Plot, Result, Spread, Table, Verdict, spread
from bench.seeding import Seed
from bench.stage import Stage
from bench.visitor import Visitor

ROOMS = (1, 100, 1_000, 10_000)
POSTS = (10_000, 100_000, 1_000_000, 10_000_000)
AUTHORS, CROWD = 100, 400
ROOMS_WITH_POSTS = 100
IN_A_ROOM = 3
TIMES, MISSED = 60, 200
"""How often each thing is done in a round; how many entries who resumes has missed."""
MOST = 1.5

START, ACK, OPEN, SCROLL, RESUME = (
    "start-up",
    "ack of a post",
    "opening a room",
    "a page back",
    "resuming",
)
THINGS = (START, ACK, OPEN, SCROLL, RESUME)
Found = dict[str, dict[int, list[float]]]
"""Milliseconds by thing and size: the median of each round."""
HOW = (
    f"Medians of {TIMES} times a round, as one client sees them, who is in one room of"
    f" {AUTHORS} people. Half of the posts are in that room, the others in"
    f" {ROOMS_WITH_POSTS - 1} more. Resuming: {MISSED} entries were missed."
)


@dataclass(frozen=True)
class Level:
    """A data folder of one size, with a busy room in it, and its visitor's cookie."""

    size: int
    contender: Contender
    room: str
    cookie: str


def run(stage: Stage) -> Result:
    grown = {
        "rooms": _levels_of_rooms(stage),
        "posts": _levels_of_posts(stage, [size for size in POSTS if size <= stage.posts]),
    }
    found = {what: _measured(stage, levels) for what, levels in grown.items()}
    return Result(
        "growth",
        "Growth: many rooms, many stored posts",
        [_verdict(found[what], what, thing) for what in found for thing in THINGS],
        [_table(found[what], what) for what in found],
        [_plot(found[what], what) for what in found],
        notes=[HOW],
        runs=[
            {"grows": what, "thing": thing, "size": size, "ms": ms}
            for what, things in found.items()
            for thing, sizes in things.items()
            for size, rounds in sizes.items()
            for ms in rounds
        ],
    )


# --- making ----------------------------------------------------------------------------------


def _levels_of_rooms(stage: Stage) -> list[Level]:
    seed, room = _begun(stage)
    seed.add_people(AUTHORS + CROWD)
    History(seed.database, [room], seed.people[:AUTHORS]).grow_to(POSTS[0])
    crowd, levels, there = seed.people[AUTHORS:], [], 1
    for size in stage.up_to_largest(ROOMS):
        stage.tell(f"making {size:,} rooms")
        members = [[crowd[(n + k) % CROWD] for k in range(IN_A_ROOM)] for n in range(there, size)]
        seed.add_rooms(members)
        there = size
        levels.append(_level(stage, seed, size, room))
    seed.close()
    return levels


def _levels_of_posts(stage: Stage, sizes: list[int]) -> list[Level]:
    seed, room = _begun(stage)
    pairs = [[seed.people[n], seed.people[(n + 1) % AUTHORS]] for n in range(1, ROOMS_WITH_POSTS)]
    history = History(seed.database, [room, *seed.add_rooms(pairs)], seed.people)
    levels = []
    for size in sizes:
        stage.tell(f"making {size:,} posts")
        history.grow_to(size)
        levels.append(_level(stage, seed, size, room))
    seed.close()
    return levels


def _begun(stage: Stage) -> tuple[Seed, str]:
    """With the room that is looked at; its first member is in no other."""
    seed = stage.seed()
    seed.add_people(AUTHORS)
    return seed, seed.add_room(seed.people)


def _level(stage: Stage, seed: Seed, size: int, room: str) -> Level:
    """A copy of the data as they are now."""
    seed.checkpoint()
    folder = stage.new_folder(f"level-{size}")
    shutil.copytree(seed.folder, folder, dirs_exist_ok=True)
    people = folder / "clients"
    people.write_text(f"{seed.cookies[0]}\t{room}\n")
    return Level(size, chatelaine(folder, people), room, seed.cookies[0])


# --- measuring -------------------------------------------------------------------------------


def _measured(stage: Stage, levels: list[Level]) -> Found:
    found: Found = {thing: defaultdict(list) for thing in THINGS}
    for turn in range(stage.rounds):
        stage.tell(f"round {turn + 1} of {stage.rounds}")
        for level in levels:
            with stage.running(level.contender) as server, on_core(LOAD_CORE):
                for thing, ms in _once(stage, level, server).items():
                    found[thing][level.size].append(ms)
    return found


def _once(stage: Stage, level: Level, server: Running) -> dict[str, float]:
    with Visitor(server.port, level.cookie) as visitor:
        newest = visitor.get(f"/rooms/{level.room}/entries?limit=1")["seq"]
        chosen = random.Random(7)
        looks = {
            OPEN: lambda: _open(visitor, level.room),
            SCROLL: lambda: _scroll(visitor, level.room, chosen.randint(100, newest)),
        }
        medians = {thing: _median(look) for thing, look in looks.items()}
        medians[RESUME] = _resuming(visitor, level.room, newest)
    run = stage.measure(server, {"clients": 1, "rate": 100, "seconds": 2, "warm": 0.5})
    return {START: server.started_in * 1e3, ACK: run["ack_p50_ms"], **medians}


def _median(look: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        look()
        times.append((time.perf_counter() - begun) * 1e3)
    return spread(times).median


def _open(visitor: Visitor, room: str) -> None:
    visitor.get(f"/rooms/{room}")
    visitor.get(f"/rooms/{room}/entries")


def _scroll(visitor: Visitor, room: str, before: int) -> None:
    visitor.get(f"/rooms/{room}/entries?before={before}")


def _resuming(visitor: Visitor, room: str, newest: int) -> float:
    """From asking until the last of the missed entries is there."""
    tag = visitor.get(f"/rooms/{room}/entries?limit=1")["tag"]
    wire = visitor.wire()
    place = {"room": room, "seq": newest - MISSED, "tag": tag}

    def resume() -> None:
        wire.say({"t": "subscribe", "id": 1, "rooms": [place]})
        assert "reload" not in wire.until("subscribed")
        while wire.until("entry")["seq"] < newest:
            pass

    times = []
    for _ in range(TIMES // 3):
        begun = time.perf_counter()
        resume()
        times.append((time.perf_counter() - begun) * 1e3)
        wire.say({"t": "unsubscribe", "id": 2, "room": room})
        wire.until("ok")
    wire.close()
    return spread(times).median


# --- telling ---------------------------------------------------------------------------------


def _worst(sizes: dict[int, list[float]]) -> Spread:
    """The slowest size's time to the smallest size's, round by round."""
    least = min(sizes)
    slowest = max(sizes, key=lambda size: spread(sizes[size]).median)
    return spread(many / few for many, few in zip(sizes[slowest], sizes[least], strict=True))


def _verdict(found: Found, what: str, thing: str) -> Verdict:
    worst = _worst(found[thing])
    sizes = f"{min(found[thing]):,} to {max(found[thing]):,} {what}"
    return Verdict(f"{thing} within {MOST} ×, {sizes}", f"{worst} ×", worst.median <= MOST)


def _table(found: Found, what: str) -> Table:
    sizes = list(found[START])
    rows = [[thing, *(str(spread(found[thing][size])) for size in sizes)] for thing in THINGS]
    return Table(f"Milliseconds, by {what}", ["", *(f"{size:,}" for size in sizes)], rows)


def _plot(found: Found, what: str) -> Plot:
    lines = []
    for thing in THINGS:
        points = []
        for size, rounds in found[thing].items():
            ms = spread(rounds)
            points.append((float(size), ms.median, ms.least, ms.most))
        lines.append(Line(thing, points))
    return Plot(
        f"growth-{what}", f"What a person waits for, by {what}", what, "ms", lines, log_up=True
    )
