"""Statements that are compiled once, for what runs at every post.

SQLAlchemy takes as long to build and wrap a small statement as SQLite to run ten. These are built
from its Core all the same, so that each kind of database gets its own SQL, but once: afterwards
the text and the values go to the driver as they are, and rows come back as its plain tuples. So
only text and whole numbers may be given or asked for.

    _NAME = Prepared(select(rooms.c.name).where(rooms.c.id == bindparam("room")), "room")
    found = _NAME.rows(tx, "kitchen")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ClauseElement, Dialect, bindparam
from sqlalchemy.sql.compiler import SQLCompiler

from storage.engine import Tx

Values = Sequence[str | int | None]
Row = tuple[Any, ...]
Keys = list[tuple[BindParameter[Any], ...]]

SIZES = (1, 5, 25, 100, 200)
"""How many keys a statement over a list has places for; the last of fewer is repeated."""


class _Compiled(NamedTuple):
    """``arrange``: brings values into the driver's order; None if they are in it."""

    text: str
    arrange: Callable[[Values], Any] | None


class Prepared:
    """One statement. ``names``: its parameters, in the order in which values are given."""

    def __init__(self, statement: ClauseElement, *names: str) -> None:
        self._statement = statement
        self._names = names
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, tx: Tx, *values: str | int | None) -> list[Row]:
        """What is found."""
        text, arrange = self._for(tx)
        return list(tx.run(text, arrange(values) if arrange else values).fetchall())

    def run_all(self, tx: Tx, values: Sequence[Values]) -> None:
        """Run it once for each of ``values``; nothing is sent if there are none."""
        if values:
            text, arrange = self._for(tx)
            tx.run(text, list(map(arrange, values)) if arrange else values, many=True)

    def _for(self, tx: Tx) -> _Compiled:
        dialect = tx.conn.dialect
        if (known := self._compiled.get(dialect.name)) is None:
            known = self._compiled[dialect.name] = _compile(self._statement, self._names, dialect)
        return known


class PreparedList:
    """A statement over a list of keys, each of ``width`` values.

    ``build`` makes it from a tuple of parameters for each key; ``names`` are its other ones.
    """

    def __init__(self, width: int, build: Callable[[Keys], ClauseElement], *names: str) -> None:
        self._width = width
        self._build = build
        self._names = names
        self._sized: dict[int, Prepared] = {}

    def rows(self, tx: Tx, keys: Iterable[Values], *values: str | int | None) -> list[Row]:
        """What is found for any of ``keys``, in one statement for up to 200 of them."""
        wanted, found, most = list(keys), [], SIZES[-1]
        for start in range(0, len(wanted), most):
            found += self._some(tx, wanted[start : start + most], values)
        return found

    def _some(self, tx: Tx, keys: list[Values], values: Values) -> list[Row]:
        size = next(size for size in SIZES if size >= len(keys))
        keys += [keys[-1]] * (size - len(keys))
        flat = [value for key in keys for value in key]
        return self._of(size).rows(tx, *values, *flat)

    def _of(self, size: int) -> Prepared:
        if (known := self._sized.get(size)) is None:
            keys: Keys = [
                tuple(bindparam(f"key_{place}_{number}") for place in range(self._width))
                for number in range(size)
            ]
            names = (parameter.key for key in keys for parameter in key)
            known = self._sized[size] = Prepared(self._build(keys), *self._names, *names)
        return known


def _compile(statement: ClauseElement, names: tuple[str, ...], dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    fixed = {name: value for name, value in compiled.params.items() if name not in names}
    return _Compiled(compiled.string, _arranging(compiled, names, fixed))


def _arranging(
    compiled: SQLCompiler, names: tuple[str, ...], fixed: dict[str, Any]
) -> Callable[[Values], Any] | None:
    if not compiled.positional:
        return lambda values: fixed | dict(zip(names, values, strict=True))
    order = tuple(compiled.positiontup or ())
    if order == names:
        return None
    places = {name: place for place, name in enumerate(names)}
    picks = [(places.get(name), fixed.get(name)) for name in order]
    return lambda values: tuple(fix if at is None else values[at] for at, fix in picks)
