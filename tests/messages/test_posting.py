"""Saying something: kept once, in order, and only by who may at that very point of the log."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec import DecodeError

from core.access import Cap, Delta, Preset, Settings, person_subject
from core.errors import ChatError
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity
from live.bus import RoomMoved
from messages import posting
from messages.posting import Kept
from rooms.wishes import GrantWish, Wish
from storage import group_commit, log
from storage.engine import StorageDown, Tx
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal
from tests.statements import statements

HOUR = 3_600_000


def mute(who: Identity) -> Delta:
    return Delta(caps=(Cap(who.account.id, Level.READ, None, 0),))


def unmute(who: Identity) -> Delta:
    return Delta(uncapped=((who.account.id, Level.READ),))


async def texts(house: House, room: str) -> list[str]:
    return [entry.text for entry in await house.entries(room) if entry.text is not None]


# --- kept ----------------------------------------------------------------------------------------


async def test_a_post_is_the_next_entry(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    kept = await house.say(ann, room, "  hello\r\nworld ", "id-000001")
    (made, post) = await house.entries(room)
    assert (post.seq, post.kind, post.text, post.client_id) == (
        2, Kind.POST, "  hello\nworld", "id-000001",
    )  # fmt: skip
    assert (kept.seq, kept.at) == (post.seq, post.at)
    assert post.by is not None and post.by.id == ann.account.id
    assert made.tag == post.tag


async def test_others_hear_of_it_after_the_commit(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    house.told.clear()
    seen: list[int] = []
    house.bus.on(RoomMoved, lambda notice: seen.append(committed_head(house, notice.room)))
    kept = await house.say(ann, room, "hello")
    assert house.told == [RoomMoved(room, tuple(await house.entries(room))[-1:])]
    assert seen == [kept.seq]


def committed_head(house: House, room: str) -> int:
    head = house.database.read_here(lambda tx: log.head_of(tx, room))
    assert head is not None
    return head.seq


# --- who may -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "settings", "error"),
    [
        (Level.POST, Settings(), None),
        (Level.READ, Settings(), "post_not_allowed"),
        (Level.POST, Settings(raised={"post": Level.MODERATE}), "post_not_allowed"),
        (Level.MODERATE, Settings(raised={"post": Level.MODERATE}), None),
        (Level.OWN, Settings(archived=True), "post_not_allowed"),
    ],
)
async def test_who_may_post(
    house: House, ann: Identity, bo: Identity, level: Level, settings: Settings, error: str | None
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=level)
    await house.change(room, Delta(settings=settings))
    assert await refusal(house.say(bo, room, "hello")) == error
    assert await texts(house, room) == ([] if error else ["hello"])


async def test_a_token_that_only_reads_does_not_post(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    reader = await house.another_login(ann, Level.READ)
    assert await refusal(house.say(reader, room, "hello")) == "post_not_allowed"


async def test_posting_needs_no_joining(house: House, ann: Identity, cy: Identity) -> None:
    """Membership is a subscription, not a right."""
    room = await house.room(ann, preset=Preset.OPEN)
    assert await refusal(house.say(cy, room, "hello")) is None


async def test_an_ended_log_in_posts_nothing(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    await house.log_out(ann)
    assert await refusal(house.say(ann, room, "hello", "id-000001")) == "not_signed_in"
    again = await house.another_login(ann)
    kept = await house.say(again, room, "hello", "id-000001")
    assert kept.seq == 2, "an ended log-in is not a refusal of the post"


async def test_an_expired_log_in_posts_nothing(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    house.clock.ms += 30 * DAY
    assert await refusal(house.say(ann, room, "hello")) == "not_signed_in"


async def test_a_suspended_account_posts_nothing(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql("UPDATE accounts SET state = 'suspended'")
    )
    assert await refusal(house.say(ann, room, "hello")) == "not_signed_in"


async def test_a_mute_counts_from_the_next_entry_on(
    house: House, ann: Identity, bo: Identity
) -> None:
    """Rights that were remembered count for their version only."""
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    for _ in range(3):
        await house.say(bo, room, "loud")
        await house.change(room, mute(bo))
        assert await refusal(house.say(bo, room, "too loud")) == "post_not_allowed"
        await house.change(room, unmute(bo))
    assert await texts(house, room) == ["loud"] * 3


# --- once ----------------------------------------------------------------------------------------


async def test_sent_again_it_is_the_same_post(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    first = await house.say(ann, room, "hello", "id-000001")
    house.clock.ms += DAY
    house.told.clear()
    again = await house.say(ann, room, "hello ", "id-000001")
    assert (again.seq, again.at) == (first.seq, first.at)
    assert await texts(house, room) == ["hello"]
    assert house.told == []


async def test_over_another_log_in_too(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    first = await house.say(ann, room, "hello", "id-000001")
    other = await house.another_login(ann)
    assert (await house.say(other, room, "hello", "id-000001")).seq == first.seq


async def test_the_same_id_with_another_text_or_room_is_an_error(
    house: House, ann: Identity
) -> None:
    kitchen, pantry = await house.room(ann), await house.room(ann)
    await house.say(ann, kitchen, "hello", "id-000001")
    for room, text in ((kitchen, "goodbye"), (pantry, "hello")):
        assert await refusal(house.say(ann, room, text, "id-000001")) == "client_id_reused"
    assert await texts(house, pantry) == []


async def test_ids_are_each_authors_own(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    first = await house.say(ann, room, "hello", "id-000001")
    second = await house.say(bo, room, "hello", "id-000001")
    assert second.seq == first.seq + 1


async def test_a_refusal_is_remembered_when_the_right_comes_back(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.change(room, mute(bo))
    assert await refusal(house.say(bo, room, "hello", "id-000001")) == "post_not_allowed"
    await house.change(room, unmute(bo))
    assert await refusal(house.say(bo, room, "hello", "id-000001")) == "post_not_allowed"
    assert await refusal(house.say(bo, room, "hello", "id-000002")) is None
    assert await texts(house, room) == ["hello"]


async def test_the_id_of_a_refused_post_is_no_other_post_either(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    for text, error in (
        ("hello", "not_found"),
        ("hello", "not_found"),
        ("you", "client_id_reused"),
    ):
        assert await refusal(house.say(cy, room, text, "id-000001")) == error


@pytest.mark.parametrize("loss", ["mute", "removal"])
async def test_what_was_accepted_stays_accepted(
    house: House, ann: Identity, bo: Identity, loss: str
) -> None:
    """Duplicate first, right second: the ack was lost, then the right was."""
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    kept = await house.say(bo, room, "hello", "id-000001")
    if loss == "mute":
        await house.change(room, mute(bo))
    else:
        await house.inviting.remove(ann, room, bo.account.id)
    assert (await house.say(bo, room, "hello", "id-000001")).seq == kept.seq
    assert await refusal(house.say(bo, room, "other", "id-000002")) in (
        "post_not_allowed", "not_found",
    )  # fmt: skip


# --- many at once --------------------------------------------------------------------------------


async def test_what_gathers_while_a_commit_runs_is_one_commit(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ann)
    writes = counted_writes(house, monkeypatch)
    kept = await asyncio.gather(*(house.say(ann, room, str(number)) for number in range(100)))
    assert [post.seq for post in kept] == list(range(2, 102))
    assert len(writes) == 1
    assert await texts(house, room) == [str(number) for number in range(100)]


async def test_one_alone_does_not_wait(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ann)
    writes = counted_writes(house, monkeypatch)
    for number in range(3):
        await house.say(ann, room, str(number))
    assert len(writes) == 3


def counted_writes(house: House, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    writes: list[None] = []
    write_soon = house.database.write_soon

    def counted(work: Callable[[Tx], Any], done: Callable[[Any], None]) -> None:
        writes.append(None)
        write_soon(work, done)

    monkeypatch.setattr(house.database, "write_soon", counted)
    return writes


async def test_equal_ids_at_once_are_one_post(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    house.told.clear()
    kept = await asyncio.gather(*(house.say(ann, room, "hello", "id-000001") for _ in range(5)))
    assert {post.seq for post in kept} == {2}
    assert [len(told.entries) for told in house.told if isinstance(told, RoomMoved)] == [1]
    assert await texts(house, room) == ["hello"]


async def test_equal_ids_with_two_texts_at_once(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    first, second = await asyncio.gather(
        refusal(house.say(ann, room, "hello", "id-000001")),
        refusal(house.say(ann, room, "goodbye", "id-000001")),
    )
    assert (first, second) == (None, "client_id_reused")


async def test_refusals_and_posts_in_one_batch_do_not_touch_each_other(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.change(room, mute(bo))
    gone = await house.another_login(ann)
    await house.log_out(gone)
    outcomes = await asyncio.gather(
        refusal(house.say(ann, room, "one")),
        refusal(house.say(bo, room, "muted")),
        refusal(house.say(cy, room, "stranger")),
        refusal(house.say(gone, room, "ended")),
        refusal(house.say(ann, new_id(), "nowhere")),
        refusal(house.say(ann, room, "two")),
    )
    assert [*outcomes] == [
        None, "post_not_allowed", "not_found", "not_signed_in", "not_found", None,
    ]  # fmt: skip
    entries = await house.entries(room)
    assert [entry.text for entry in entries][-2:] == ["one", "two"]
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]


async def test_too_many_waiting_are_told_to_come_back(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "WAITING_MOST", 3)
    room = await house.room(ann)
    outcomes = await asyncio.gather(
        *(refusal(house.say(ann, room, str(number))) for number in range(10))
    )
    assert outcomes == [None] * 3 + ["busy"] * 7
    assert len(await texts(house, room)) == 3


async def test_a_crowd(house: House) -> None:
    """Many in many rooms, with mutes between, retries, and a clock that jumps both ways."""
    dice = random.Random(7)
    people = [await house.person(f"p{number}") for number in range(8)]
    rooms = [await house.room(people[0], preset=Preset.OPEN) for _ in range(5)]
    outcomes: dict[tuple[str, str, str], set[int | str]] = {}

    async def chatter(who: Identity) -> None:
        for number in range(30):
            house.clock.ms += dice.randint(-2_000, 2_000)
            room, id = dice.choice(rooms), f"id-{number:06}"
            for _ in range(dice.choice((1, 1, 2))):
                try:
                    outcome: int | str = (await house.say(who, room, f"{room} {id}", id)).seq
                except ChatError as refused:
                    outcome = refused.code
                outcomes.setdefault((who.account.id, id, room), set()).add(outcome)

    async def moderate() -> None:
        for _ in range(40):
            who = dice.choice(people[1:])
            await house.change(dice.choice(rooms), dice.choice((mute, unmute))(who))

    await asyncio.gather(*(chatter(who) for who in people), moderate())
    assert all(len(answers) == 1 for answers in outcomes.values())
    kept = {key: next(iter(answers)) for key, answers in outcomes.items()}
    assert {type(outcome) for outcome in kept.values()} == {int, str}, "both happened"
    for room in rooms:
        await check_log(house, room, {(author, id): outcome for (author, id, at), outcome
                                      in kept.items() if at == room})  # fmt: skip


async def check_log(house: House, room: str, kept: dict[tuple[str, str], int | str]) -> None:
    """Replay: no holes, monotone times, each post by someone not muted just before it."""
    entries, head = await house.entries(room), await house.head(room)
    assert [entry.seq for entry in entries] == list(range(1, head.seq + 1))
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    muted: set[str] = set()
    found: dict[tuple[str, str], int] = {}
    for entry in entries:
        if entry.kind is Kind.POST:
            assert entry.by is not None and entry.client_id is not None
            assert entry.by.id not in muted
            assert entry.text == f"{room} {entry.client_id}"
            found[entry.by.id, entry.client_id] = entry.seq
        elif entry.delta is not None:
            muted |= {cap.person for cap in entry.delta.caps}
            muted -= {person for person, _ in entry.delta.uncapped}
    assert len(found) == sum(entry.kind is Kind.POST for entry in entries), "ids are unique"
    assert found == {key: outcome for key, outcome in kept.items() if isinstance(outcome, int)}


# --- when the database fails ---------------------------------------------------------------------


@pytest.mark.parametrize("committed", [False, True])
async def test_after_an_unknown_outcome_the_same_id_tells(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    """The connection broke before, or after, the database committed."""
    room = await house.room(ann)
    house.told.clear()
    write_soon = house.database.write_soon

    def broken(work: Callable[[Tx], Any], done: Callable[[Any], None]) -> None:
        if committed:
            write_soon(work, lambda _: done(StorageDown()))
        else:
            done(StorageDown())

    with monkeypatch.context() as patch:
        patch.setattr(house.database, "write_soon", broken)
        assert await refusal(house.say(ann, room, "hello", "id-000001")) == "storage_down"
    assert house.told == [], "nobody hears of what may not be"
    kept = await house.say(ann, room, "hello", "id-000001")
    assert (kept.seq, len(house.told)) == (2, 0 if committed else 1)
    assert await texts(house, room) == ["hello"]


async def test_all_of_a_failed_batch_are_told(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ann)

    def broken(work: Callable[[Tx], Any], done: Callable[[Any], None]) -> None:
        done(StorageDown())

    with monkeypatch.context() as patch:
        patch.setattr(house.database, "write_soon", broken)
        failed = [refusal(house.say(ann, room, str(number))) for number in range(3)]
        assert await asyncio.gather(*failed) == ["storage_down"] * 3
    assert await refusal(house.say(ann, room, "again")) is None


async def test_who_gave_up_waiting_does_not_disturb_the_rest(house: House, ann: Identity) -> None:
    """A socket that closed while its post was on the way."""
    room = await house.room(ann)
    gone = asyncio.ensure_future(house.say(ann, room, "one", "id-000001"))
    stays = asyncio.ensure_future(house.say(ann, room, "two"))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    assert await texts(house, room) == ["one", "two"]
    assert (await house.say(ann, room, "one", "id-000001")).seq == 2


async def test_draining_waits_for_what_is_in_hand(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    posts = [asyncio.ensure_future(house.say(ann, room, str(number))) for number in range(5)]
    await asyncio.sleep(0)
    await house.posting.drain()
    assert len(await texts(house, room)) == 5
    await asyncio.gather(*posts)


async def test_a_room_that_is_damaged_does_not_keep_others_from_posting(
    house: House, ann: Identity
) -> None:
    """In the same commit as theirs."""
    kitchen, damaged = await house.room(ann), await house.room(ann)
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql(
            "UPDATE rooms SET raised = 'no JSON' WHERE id = ?", (damaged,)
        )
    )
    rooms = [kitchen, damaged, kitchen, kitchen]
    results = await asyncio.gather(
        *(house.say(ann, room, str(number)) for number, room in enumerate(rooms)),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [Kept, DecodeError, Kept, Kept]
    assert await texts(house, kitchen) == ["0", "2", "3"]
    assert (await house.head(damaged)).seq == 1


async def test_a_retry_of_a_text_that_was_blanked_is_the_same_post(
    house: House, ann: Identity
) -> None:
    room = await house.room(ann)
    kept = await house.say(ann, room, "hello", "id-000001")
    await house.database.write(lambda tx: log.blank(tx, room))
    assert (await house.say(ann, room, "hello", "id-000001")).seq == kept.seq


async def test_what_cannot_be_a_post_is_refused_before_it_waits(
    house: House, ann: Identity
) -> None:
    for text, code in ((" \n", "post_empty"), ("x" * 10_001, "post_too_long")):
        with pytest.raises(ChatError, match=code):
            house.posting.submit(ann, new_id(), new_id(), text, print)


async def test_large_posts_that_wait_are_bounded_by_size(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "WAITING_BYTES", 100_000)
    room = await house.room(ann)
    outcomes = await asyncio.gather(*(refusal(house.say(ann, room, "x" * 10_000)) for _ in "abcd"))
    assert outcomes == [None, None, "busy", "busy"]


async def test_what_a_post_is_decided_from_does_not_grow_without_bound(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "REMEMBERED", 3)
    rooms = [await house.room(ann) for _ in range(5)]
    for room in rooms:
        await house.say(ann, room, "hello")
    assert [place[0] for place in house.posting._known] == rooms[2:]


async def test_a_room_that_is_remembered_costs_no_statement_more(
    house: House, ann: Identity
) -> None:
    """What is asked for one post by somebody who posted there before."""
    room = await house.room(ann)
    await house.say(ann, room, "hello")
    with statements(house.database) as sent:
        await house.say(ann, room, "again")
    tables = [re.findall(r"(?:FROM|INTO|UPDATE) (\w+)", text)[:1] for text in sent]
    assert [name for names in tables for name in names] == [
        "heads", "heads", "refusals", "entries", "sessions", "journal", "entries", "heads",
    ]  # fmt: skip


async def test_what_a_transaction_that_failed_had_learned_is_forgotten(
    house: House, ann: Identity, bo: Identity, cy: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its version of the room never was; the next of that number may be another one."""
    room = await house.room(ann)
    await house.invite(ann, room, cy)
    for who, hours in ((bo, 2), (cy, 1)):
        grant = GrantWish(person_subject(who.account.id), Level.POST, house.clock.ms + hours * HOUR)
        await house.changing.save(ann, room, Wish(grants=(grant,)))
    await house.say(bo, room, "in time", new_id())
    house.clock.ms += HOUR
    write_soon = house.database.write_soon

    def fails(work: Callable[[Tx], Any], done: Callable[[Any], None]) -> None:
        def and_fails(tx: Tx) -> Any:
            work(tx)
            raise StorageDown

        write_soon(and_fails, done)

    with monkeypatch.context() as patch:
        patch.setattr(house.database, "write_soon", fails)
        assert await refusal(house.say(bo, room, "no disk", new_id())) == "storage_down"
    house.clock.ms += HOUR
    assert await refusal(house.say(bo, room, "too late", new_id())) == "not_found"
