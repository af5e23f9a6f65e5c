"""The open sockets of this node, by log-in and by person."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar


class Socket(Protocol):
    """An open socket, as the registry knows it."""

    @property
    def session_id(self) -> str: ...

    @property
    def person_id(self) -> str: ...

    def end(self) -> None:
        """The log-in is over: hand out nothing more and close."""
        ...

    def send(self, frame: bytes) -> None: ...


S = TypeVar("S", bound=Socket)


class Sockets(Generic[S]):
    """Finds sockets. Closing one does not need the database."""

    def __init__(self) -> None:
        self._by_session: dict[str, set[S]] = defaultdict(set)
        self._by_person: dict[str, set[S]] = defaultdict(set)
        self._one_went = asyncio.Event()

    def add(self, socket: S) -> None:
        self._by_session[socket.session_id].add(socket)
        self._by_person[socket.person_id].add(socket)

    def remove(self, socket: S) -> None:
        _discard(self._by_session, socket.session_id, socket)
        _discard(self._by_person, socket.person_id, socket)
        self._one_went.set()

    def of_person(self, person: str) -> tuple[S, ...]:
        return tuple(self._by_person.get(person, ()))

    def __iter__(self) -> Iterator[S]:
        return iter([socket for sockets in self._by_session.values() for socket in sockets])

    def __len__(self) -> int:
        return sum(map(len, self._by_session.values()))

    async def gone(self) -> None:
        """Wait until all are closed."""
        while self._by_session:
            self._one_went.clear()
            await self._one_went.wait()

    def sessions(self) -> list[str]:
        """The log-ins that have a socket open."""
        return list(self._by_session)

    def end_sessions(self, sessions: Iterable[str]) -> None:
        """Close every socket of these log-ins at once."""
        for session in sessions:
            for socket in tuple(self._by_session.get(session, ())):
                socket.end()

    def send_to_all(self, frame: bytes) -> None:
        for socket in self:
            socket.send(frame)

    def send_to(self, people: Iterable[str], frame: bytes) -> None:
        for person in people:
            for socket in self.of_person(person):
                socket.send(frame)


def _discard(index: dict[str, set[S]], key: str, socket: S) -> None:
    index[key].discard(socket)
    if not index[key]:
        del index[key]
