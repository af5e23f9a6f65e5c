"""Entries are brought into the order of writing: nothing of what they were is lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.command import upgrade

from core.log import Kind
from core.records import Person
from storage import log, post_ids
from storage.engine import Database
from storage.migrate import migrate

BEFORE = """
INSERT INTO accounts (id, name, nickname, role, state, language, password, password_changed_at,
    created_at) VALUES ('ann', 'ann', 'Ann', 'member', 'active', '', '', 0, 0);
INSERT INTO rooms (id, name, topic, preset, history, archived, raised, awaits_newcomers, created_at)
    VALUES ('kitchen', 'Kitchen', '', 'private', 'all', 0, '{}', 0, 0),
        ('pantry', 'Pantry', '', 'private', 'all', 0, '{}', 0, 0);
INSERT INTO entries VALUES
    ('kitchen', 1, 'made', 'ann', 't', 10, NULL, '{}', 'hash', 7),
    ('kitchen', 2, 'post', 'ann', 't', 20, 'id-1', NULL, NULL, 8),
    ('kitchen', 3, 'post', 'ann', 't', 40, 'id-2', NULL, NULL, NULL),
    ('pantry', 1, 'post', 'ann', 'u', 30, 'id-3', NULL, NULL, 8);
INSERT INTO bodies VALUES ('kitchen', 2, 'hello'), ('kitchen', 3, NULL), ('pantry', 1, 'tins');
INSERT INTO post_ids VALUES
    ('ann', 'id-1', 'kitchen', 2, NULL, 20, 'x'),
    ('ann', 'id-4', 'kitchen', NULL, 'post_not_allowed', 50, 'y');
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    file = tmp_path / "chatelaine.db"
    url = f"sqlite:///{file}"
    with monkeypatch.context() as patch:
        patch.setattr("storage.migrate.upgrade", lambda alembic, to: upgrade(alembic, "0002"))
        migrate(url)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(BEFORE)
    migrate(url)
    return Database(url)


def test_entries_are_what_they_were(database: Database) -> None:
    kitchen, pantry = (
        database.read_here(lambda tx, room=room: log.after(tx, room, 0, 9))  # type: ignore[misc]
        for room in ("kitchen", "pantry")
    )
    ann = Person("ann", "Ann")
    assert [(it.seq, it.kind, it.tag, it.at, it.by, it.client_id, it.text) for it in kitchen] == [
        (1, Kind.MADE, "t", 10, ann, None, None),
        (2, Kind.POST, "t", 20, ann, "id-1", "hello"),
        (3, Kind.POST, "t", 40, ann, "id-2", None),
    ]
    assert [(it.seq, it.text) for it in pantry] == [(1, "tins")]
    marks = database.read_here(lambda tx: [log.journal_mark(tx, "kitchen", n) for n in (1, 2, 3)])
    assert marks == [7, 8, None]
    assert database.read_here(lambda tx: log.journal_marks(tx, "kitchen")) == {1: 7}
    database.close()


def test_they_lie_in_the_order_of_writing(database: Database) -> None:
    order = "SELECT room, seq FROM entries ORDER BY id"
    rows = database.read_here(lambda tx: tx.run(order, ()).fetchall())
    assert rows == [("kitchen", 1), ("kitchen", 2), ("pantry", 1), ("kitchen", 3)]
    database.close()


def test_ids_of_posts_are_known_still(database: Database) -> None:
    keys = [("ann", f"id-{number}") for number in range(6)]
    known = database.read_here(lambda tx: post_ids.known(tx, keys))
    assert {id: (it.room, it.seq, it.at, it.refusal) for (_, id), it in known.items()} == {
        "id-1": ("kitchen", 2, 20, None),
        "id-2": ("kitchen", 3, 40, None),
        "id-3": ("pantry", 1, 30, None),
        "id-4": ("kitchen", None, 50, "post_not_allowed"),
    }
    assert known["ann", "id-1"].is_of(("ann", "id-1"), "kitchen", "hello")
    assert not known["ann", "id-1"].is_of(("ann", "id-1"), "kitchen", "goodbye")
    assert known["ann", "id-2"].is_of(
        ("ann", "id-2"), "kitchen", "whatever it was, it is blank now"
    )
    database.close()
