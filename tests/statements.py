"""Which statements a call makes, for tests that count or compare them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from storage.engine import Database

_ONE_TIME = re.compile(r"\b(?:[0-9a-f]{64}|[2-9a-km-np-z]{13})\b")
"""Hashes, and ids of `core.ids.new_id`."""


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """All that is sent to ``database`` meanwhile, with its parameters but for ids and hashes."""
    sent: list[str] = []

    def on_execute(
        _connection: Connection, _cursor: Any, text: str, given: Any, _context: Any, _many: bool
    ) -> None:
        sent.append(_ONE_TIME.sub("-", f"{text} {given}"))

    def on_commit(_connection: Connection) -> None:
        sent.append("COMMIT")

    def on_rollback(_connection: Connection) -> None:
        sent.append("ROLLBACK")

    hooks: dict[str, Callable[..., None]] = {
        "before_cursor_execute": on_execute,
        "commit": on_commit,
        "rollback": on_rollback,
    }
    engines = (database._reader, database._writer)
    listeners = [(engine, name, hook) for engine in engines for name, hook in hooks.items()]
    for engine, name, hook in listeners:
        event.listen(engine, name, hook)
    try:
        yield sent
    finally:
        for engine, name, hook in listeners:
            event.remove(engine, name, hook)
