"""Seeded people can connect and post to the real server, and what it does is understood."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.generator import load, run_load
from bench.history import History
from bench.others import floor_with_disk
from bench.processes import running
from bench.product import chatelaine
from bench.seeding import Seed
from bench.visitor import Visitor


def test_people_of_two_rooms_post_and_hear(programs: Path, tmp_path: Path) -> None:
    seed = Seed(tmp_path / "data")
    seed.add_people(6)
    rooms = seed.add_rooms([seed.people[0::2], seed.people[1::2]])
    people = seed.write_clients([rooms[i % 2] for i in range(6)])
    seed.close()
    with running(chatelaine(seed.folder, people), tmp_path) as server:
        options = {"clients": 6, "rooms": 2, "senders": 4, "rate": 40, "seconds": 0.5, "warm": 0}
        found = load(server, options, programs / "load")
        closed = load(server, {**options, "rate": 0, "unacked": 1}, programs / "load")
    assert found["posts"] == found["acks"] >= 20
    assert found["deliveries"] == 3 * found["posts"]
    assert found["ack_p50_ms"] > 0
    assert found["cpu_us"] > 0
    assert closed["acks"] == closed["posts"] >= 4


def test_old_posts_are_there_and_can_be_resumed(programs: Path, tmp_path: Path) -> None:
    seed = Seed(tmp_path / "data")
    seed.add_people(3)
    rooms = seed.add_rooms([seed.people, seed.people[1:]])
    history = History(seed.database, rooms, seed.people)
    history.grow_to(100)
    history.grow_to(300)
    people = seed.write_clients(rooms[:1])
    seed.close()
    with running(chatelaine(seed.folder, people), tmp_path) as server:
        with Visitor(server.port, seed.cookies[0]) as ann:
            page = ann.get(f"/rooms/{rooms[0]}/entries")
            first = page["entries"][0]["seq"]
            wire = ann.wire()
            place = {"room": rooms[0], "seq": first - 1, "tag": page["tag"]}
            wire.say({"t": "subscribe", "id": 1, "rooms": [place]})
            assert wire.until("entry") == page["entries"][0]
            wire.close()
        found = load(
            server, {"clients": 1, "rate": 20, "seconds": 0.3, "warm": 0}, programs / "load"
        )
    assert page["seq"] == 150 + 2  # half of the posts, the room's making and its members
    assert page["entries"][-1]["seq"] == page["seq"]
    assert found["acks"] == found["posts"]


def test_who_stops_reading_catches_up(programs: Path, tmp_path: Path) -> None:
    seed = Seed(tmp_path / "data")
    seed.add_people(4)
    people = seed.write_clients([seed.add_room(seed.people)] * 4)
    seed.close()
    with running(chatelaine(seed.folder, people), tmp_path) as server:
        options = {"clients": 4, "rate": 40, "seconds": 0.5, "warm": 0, "size": 4_000}
        slow = {"stopped": 1, "dribbling": 1, "again": True}
        found = run_load(server, {**options, **slow}, programs / "load")
    assert found["caught_up"] == 2
    assert found["log_gaps"] == found["missing"] == 0


def test_the_floor_keeps_what_it_hands_out(
    programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bench.others.CACHE", programs)
    with running(floor_with_disk(), tmp_path) as server:
        options = {"clients": 3, "rate": 100, "seconds": 0.2, "warm": 0, "size": 100}
        found = load(server, options, programs / "load")
    assert found["deliveries"] == 3 * found["posts"] > 0
    assert (tmp_path / "posts").stat().st_size == 100 * found["posts"]
