"""The proof against the model: what `who-could` says later is what was decided at the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rooms.proof import WhoCould, who_could
from rooms.verifying import verify
from storage.engine import Tx
from tests.histories.model import Aside, Truth
from tests.histories.observer import Hearing


def judge_proof(
    tx: Tx,
    room: str,
    truth: Truth,
    hearings: Sequence[Hearing],
    asides: Sequence[Aside],
    seqs: Iterable[int],
) -> None:
    """Of each of ``seqs``: who could read it and post then, and who was handed it."""
    for seq in seqs:
        unsure = {account.id for at, delta in asides if at == seq for account in delta.accounts}
        read = who_could(tx, room, seq, None, "read")
        state, able = truth.states[seq], _ids(read)
        seen = {who for who in state.readers if truth.shows(who, seq, seq)}
        assert able - unsure == seen - unsure, (seq, "read")
        post = _ids(who_could(tx, room, seq, None, "post"))
        assert post - unsure == state.posters - unsure, (seq, "post")
        for hearing in hearings:
            if hearing.lost_at == seq:
                could = _ids(who_could(tx, room, seq - 1, None, "read"))
                assert hearing.who in could | unsure, "whoever is told of a loss had it"
            else:
                _judge_handing(hearing, seq, read, unsure)
    assert verify(tx, room).faults == []


def _judge_handing(hearing: Hearing, seq: int, read: WhoCould, unsure: set[str]) -> None:
    """Whoever was handed the entry could read it; live, whoever could read it was handed it."""
    handed = {at: kind != "withheld" for at, kind, _ in hearing.handed}
    if seq not in handed:
        live = min(handed, default=seq) < seq < max(handed, default=seq)
        assert not live, (hearing, seq)
        return
    is_live = seq > hearing.bound
    if is_live and hearing.who not in unsure:
        assert handed[seq] == (hearing.who in _ids(read)), (hearing, seq)
    elif handed[seq]:
        since = {able.id for change in read.changes for able in change.gained}
        assert hearing.who in _ids(read) | since, (hearing, seq)


def _ids(found: WhoCould) -> set[str]:
    return {able.id for able in found.people}
