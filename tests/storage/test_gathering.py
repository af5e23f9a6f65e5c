"""What is asked at the same time shares one transaction, and what is asked later never gets an
earlier one's answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import text

from core.errors import ChatError
from storage.engine import Database, Tx
from storage.gathering import MOST, Gathering
from tests.rooms.house import House


class Asked:
    """Answers with each question's double, and notes what was asked together.

    ``hold``: a transaction begins, and reads nothing until it is released.
    """

    def __init__(self, database: Database) -> None:
        self.together: list[list[int]] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.began = threading.Event()
        self.gathering: Gathering[int, int] = Gathering(database, self._work)

    def _work(self, tx: Tx, questions: Sequence[int]) -> Mapping[int, int]:
        tx.conn.execute(text("SELECT 1"))
        self.together.append(list(questions))
        self.began.set()
        assert self.may_go_on.wait(20)
        if 13 in questions:
            raise ZeroDivisionError
        if 99 in questions:
            raise ChatError("storage_down")
        return {question: 2 * question for question in questions if question >= 0}


@pytest.fixture
def asked(house: House) -> Asked:
    return Asked(house.database)


async def test_what_is_asked_in_one_turn_is_asked_together(asked: Asked) -> None:
    answers = await asyncio.gather(*(asked.gathering.ask(number) for number in (1, 2, 3, 2)))
    assert answers == [2, 4, 6, 4]
    assert asked.together == [[1, 2, 3, 2]]


async def test_what_is_asked_meanwhile_waits_for_the_next(asked: Asked) -> None:
    """Its answer is from a transaction that was begun after it was asked."""
    asked.may_go_on.clear()
    first = asyncio.ensure_future(asked.gathering.ask(1))
    await asyncio.get_running_loop().run_in_executor(None, asked.began.wait, 20)
    later = [asyncio.ensure_future(asked.gathering.ask(number)) for number in (2, 1, 3)]
    await asyncio.sleep(0)
    asked.may_go_on.set()
    assert await asyncio.gather(first, *later) == [2, 4, 2, 6]
    assert asked.together == [[1], [2, 1, 3]]


async def test_no_transaction_answers_more_than_so_many(asked: Asked) -> None:
    await asyncio.gather(*(asked.gathering.ask(number) for number in range(100, 101 + MOST)))
    assert [len(some) for some in asked.together] == [MOST, 1]


async def test_a_question_without_an_answer_gets_none(asked: Asked) -> None:
    assert [*await asyncio.gather(asked.gathering.ask(-1), asked.gathering.ask(1))] == [None, 2]


async def test_a_fault_that_one_question_meets_is_not_the_others(asked: Asked) -> None:
    answers = await asyncio.gather(
        *(asked.gathering.ask(number) for number in (1, 13, 2)), return_exceptions=True
    )
    assert answers[0] == 2
    assert isinstance(answers[1], ZeroDivisionError)
    assert answers[2] == 4


async def test_without_a_database_all_are_told_and_it_goes_on_afterwards(asked: Asked) -> None:
    answers = await asyncio.gather(
        *(asked.gathering.ask(number) for number in (1, 99)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [ChatError, ChatError]
    assert asked.together == [[1, 99]], "it is not asked again for each"
    assert await asked.gathering.ask(4) == 8


async def test_who_does_not_wait_any_more_is_not_asked_for(asked: Asked) -> None:
    asked.may_go_on.clear()
    first = asyncio.ensure_future(asked.gathering.ask(1))
    await asyncio.get_running_loop().run_in_executor(None, asked.began.wait, 20)
    gone, stays = (asyncio.ensure_future(asked.gathering.ask(number)) for number in (2, 3))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    asked.may_go_on.set()
    assert [*await asyncio.gather(first, stays)] == [2, 6]
    assert asked.together == [[1], [3]]
