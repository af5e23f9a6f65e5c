"""``app.py rights explain | who-could | head | verify``: what the log proves, on the terminal.

Nothing is written, and a server may be running on the same database.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from admin import rights_text as words
from core.config import Config
from core.errors import ChatError, ConfigError
from rooms.actions import ACTIONS
from rooms.finding import people_called, rooms_called
from rooms.proof import explain, head_of, who_could
from rooms.verifying import Verdict, verify, verify_accounts
from storage import evidence, log
from storage.engine import Database, Tx
from storage.migrate import check_current

WRONG = 1
"""The exit status when something was tampered with."""
_HASH = re.compile(r"[0-9a-f]{64}")
_SEQ = re.compile(r"[0-9]{1,15}")


class Question(Struct, frozen=True):
    """What was asked after ``rights``; what was left out is empty."""

    verb: str
    person: str = ""
    room: str = ""
    point: str = ""
    action: str = ""
    head: str = ""
    json: bool = False


class Told(NamedTuple):
    """What to print, and the exit status."""

    text: str
    status: int


def add_proof_verbs(verbs: Any) -> None:
    """Add the sub-commands to those of ``rights``."""
    explained = _verb(verbs, "explain", "what someone may do in a room, and why")
    explained.add_argument("person", metavar="PERSON", help="login name or nickname")
    explained.add_argument("room", metavar="ROOM", help="id, or a name that is the only one")
    explained.add_argument(
        "action", metavar="ACTION", nargs="?", default="", choices=["", *ACTIONS]
    )
    could = _verb(verbs, "who-could", "who could read a message when it was sent, and ever since")
    could.add_argument("room", metavar="ROOM")
    could.add_argument(
        "point",
        metavar="SEQ|TIME",
        nargs="?",
        default="",
        help="an entry's number, or a time like 2026-11-24T15:00 (UTC); now if left out",
    )
    could.add_argument("action", metavar="ACTION", nargs="?", default="read", choices=[*ACTIONS])
    head = _verb(verbs, "head", "where a room's log stands: note the hash elsewhere")
    head.add_argument("room", metavar="ROOM")
    verified = _verb(verbs, "verify", "look for changed, missing, cut or reordered entries")
    verified.add_argument("room", metavar="ROOM", nargs="?", default="", help="all, if left out")
    verified.add_argument("--head", metavar="HASH", default="", help="a head noted earlier")


def _verb(verbs: Any, name: str, text: str) -> argparse.ArgumentParser:
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=text, description=text)
    verb.add_argument("--json", action="store_true", help="for programs")
    verb.set_defaults(question=name)
    return verb


def question(found: argparse.Namespace) -> Question | None:
    """What was understood, if it was one of these."""
    verb = getattr(found, "question", None)
    if verb is None:
        return None
    given = {name: getattr(found, name, None) or "" for name in _TEXTS}
    return Question(verb, json=found.json, **given)


_TEXTS = ("person", "room", "point", "action", "head")


def answer(asked: Question, config: Config) -> Told:
    """Raises `ConfigError` with a sentence for what cannot be answered."""
    check_current(config.database_url)
    database = Database(config.database_url)
    try:
        return _VERBS[asked.verb](asked, database)
    finally:
        database.close()


def _explain(asked: Question, database: Database) -> Told:
    def work(tx: Tx) -> object:
        return explain(tx, _person(tx, asked.person), _room(tx, asked.room), asked.action or None)

    return _told(asked, database.read_here(work))


def _who_could(asked: Question, database: Database) -> Told:
    point, action = asked.point, asked.action
    if point in ACTIONS and action == "read":
        point, action = "", point

    def work(tx: Tx) -> object:
        room = _room(tx, asked.room)
        seq = int(point) if _SEQ.fullmatch(point) else None
        at = _time(point) if point and seq is None else None
        try:
            return who_could(tx, room, seq, at, action)
        except ChatError:
            raise ConfigError(_not_there(tx, asked.room, room, point)) from None

    return _told(asked, database.read_here(work))


def _not_there(tx: Tx, name: str, room: str, point: str) -> str:
    head = log.head_of(tx, room)
    newest = head.seq if head else 0
    return f"There is no entry at {point} in the log of '{name}'; its newest is {newest}."


def _head(asked: Question, database: Database) -> Told:
    return _told(asked, database.read_here(lambda tx: head_of(tx, _room(tx, asked.room))))


def _verify(asked: Question, database: Database) -> Told:
    if asked.head and not asked.room:
        raise ConfigError("Name the room that the head is of.")
    if asked.head and not _HASH.fullmatch(asked.head):
        raise ConfigError("A head's hash has 64 digits 0-9 and a-f, as 'rights head' prints it.")
    read = database.read_here
    wanted = [read(lambda tx: _room(tx, asked.room))] if asked.room else read(evidence.every_room)
    checks = [_check_of(room, asked.head) for room in wanted]
    found = Verdict(
        rooms=[read(check) for check in checks],
        accounts=[] if asked.room else read(verify_accounts),
    )
    return _told(asked, found, 0 if found.is_well else WRONG)


def _check_of(room: str, head: str) -> Callable[[Tx], Any]:
    return lambda tx: verify(tx, room, head or None)


_VERBS: dict[str, Callable[[Question, Database], Told]] = {
    "explain": _explain,
    "who-could": _who_could,
    "head": _head,
    "verify": _verify,
}


def _told(asked: Question, found: object, status: int = 0) -> Told:
    if asked.json:
        return Told(msgspec.json.format(msgspec.json.encode(found)).decode(), status)
    return Told(words.of(found), status)


# --- who and what is meant -----------------------------------------------------------------------


def _room(tx: Tx, text: str) -> str:
    called = rooms_called(tx, text)
    if not called:
        raise ConfigError(f"There is no room '{text}'.")
    if len(called) > 1:
        ids = ", ".join(called)
        raise ConfigError(f"{len(called)} rooms are called '{text}'; name one by its id: {ids}.")
    return called[0]


def _person(tx: Tx, text: str) -> str:
    called = people_called(tx, text)
    if not called:
        raise ConfigError(f"Nobody here is called '{text}'.")
    if len(called) > 1:
        ids = ", ".join(called)
        raise ConfigError(f"Several people are called '{text}'; name one by their id: {ids}.")
    return called[0]


def _time(text: str) -> int:
    """In ms; UTC unless it says otherwise."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise ConfigError(
            f"'{text}' is neither an entry's number nor a time like 2026-11-24T15:00."
        ) from None
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)
