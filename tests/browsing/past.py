"""Fills a room with a long past, straight into the database."""

from __future__ import annotations

from functools import partial

from core.ids import new_id
from core.log import Entry, Head, Kind
from core.records import Person as By
from storage import log
from storage.engine import Tx
from tests.house import House
from tests.people import Person

WORDS = ("bread", "and butter\nwith jam", "再来一杯茶，谢谢。", "soup " * 30, "`code`")
BETWEEN = 20_000
"""Milliseconds between two messages."""


async def fill(house: House, room: str, authors: list[Person], count: int) -> None:
    """As if ``count`` posts had been made, the last of them just now."""
    by = [By(author.id, author.nickname) for author in authors]
    await house.chatelaine.database.write(partial(_fill, room=room, by=by, count=count))


def _fill(tx: Tx, room: str, by: list[By], count: int) -> None:
    head = log.lock_heads(tx, [room])[room]
    end = head.seq + count
    log.append(tx, [_entry(head, seq, end, by, tx.now()) for seq in range(head.seq + 1, end + 1)])
    values = {name: getattr(head, name) for name in Head.__struct_fields__}
    log.move_heads(tx, [Head(**values | {"seq": end, "last_at": tx.now()})])


def _entry(head: Head, seq: int, end: int, by: list[By], now: int) -> Entry:
    return Entry(
        room=head.room,
        seq=seq,
        tag=head.tag,
        at=now - (end - seq) * BETWEEN,
        kind=Kind.POST,
        by=by[seq // 3 % len(by)],
        text=f"{seq}: {WORDS[seq % len(WORDS)]}",
        client_id=new_id(),
    )
