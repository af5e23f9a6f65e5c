"""The judge: what each device got, against an independent replay of the log."""

from __future__ import annotations

from tests.live.devices import Device, Hearing, LiveHouse
from tests.live.world import World


def judge(house: LiveHouse) -> None:
    """While anything may still be under way."""
    assert house.violations == []
    for device in house.devices:
        for hearing in device.hearings:
            judge_hearing(house.world, device.who, hearing)


def judge_hearing(world: World, who: str, hearing: Hearing) -> None:
    for seq, kind, text in hearing.handed:
        entry = world.log[seq - 1]
        assert (kind == "entry") == world.readable(who, seq), f"{who} at {seq}: {kind}"
        assert text == (entry.text if kind == "entry" else None)
    begins = [h for h in range(hearing.head + 1) if may_begin_at(world, who, hearing, h)]
    assert begins, f"{who} had no right to this: {hearing}"


def may_begin_at(world: World, who: str, hearing: Hearing, head: int) -> bool:
    """Whether all would be right if ``who`` had been let in as of entry ``head``: they heard the
    room then, were handed nothing past the entry at which they lost it, and were told of that
    entry and no other."""
    if who not in world.hearers[head]:
        return False
    loss = next((n for n in range(head + 1, world.head + 1) if who not in world.hearers[n]), None)
    if loss is None:
        return hearing.lost_at is None
    if any(seq > loss for seq, _, _ in hearing.handed):
        return False
    return hearing.lost_at in (None, loss)


def judge_rest(house: LiveHouse) -> None:
    """When all is quiet and the database answers: who hears has all, who lost it was told."""
    judge(house)
    world = house.world
    for device in house.devices:
        current = device.current
        if current is None or device.connection is None or device.connection.closed:
            continue
        assert device.who in world.hearers[-1], f"{device.session} was not told that it is over"
        assert current.pos == world.head, f"{device.session} stays behind"
    assert house.hub.here("kitchen") == {device.who for device in house.devices if listens(device)}


def listens(device: Device) -> bool:
    open_ = device.connection is not None and not device.connection.closed
    return device.current is not None and open_
