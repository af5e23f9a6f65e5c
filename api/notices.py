"""Brings what the bus says to the sockets that it concerns."""

from __future__ import annotations

import asyncio
import random

from api import protocol
from api.client import Client
from api.framing import encoded
from live.bus import (
    AsksChanged,
    Bus,
    PersonRenamed,
    ReadMoved,
    RoomsChanged,
    SessionsEnded,
    TypingNotice,
)
from live.hub import Hub
from live.sockets import Sockets

CROWD = 100
"""Sockets whose lists are refreshed at once."""
LISTS_PER_SECOND = 200


class Notices:
    """Subscribes to everything that is not a room's log."""

    def __init__(self, bus: Bus, hub: Hub, sockets: Sockets[Client]) -> None:
        self._hub = hub
        self._sockets = sockets
        bus.on(RoomsChanged, self._rooms_changed)
        bus.on(AsksChanged, self._asks_changed)
        bus.on(SessionsEnded, self._sessions_ended)
        bus.on(PersonRenamed, self._renamed)
        bus.on(ReadMoved, self._read)
        bus.on(TypingNotice, self._typing)

    def _rooms_changed(self, notice: RoomsChanged) -> None:
        """Each list is asked of the database anew: those of a crowd are spread over some time."""
        clients = [it for person in notice.people for it in self._sockets.of_person(person)]
        longest = max(0, len(clients) - CROWD) / LISTS_PER_SECOND
        for client in clients:
            if longest:
                delay = random.uniform(0, longest)  # noqa: S311
                asyncio.get_running_loop().call_later(delay, client.refresh_rooms)
            else:
                client.refresh_rooms()

    def _asks_changed(self, notice: AsksChanged) -> None:
        self._sockets.send_to(notice.tell, encoded(protocol.Asks(notice.room)))

    def _sessions_ended(self, notice: SessionsEnded) -> None:
        self._sockets.end_sessions(notice.sessions)

    def _renamed(self, notice: PersonRenamed) -> None:
        for client in self._sockets.of_person(notice.person.id):
            client.renamed(notice.person)
        self._sockets.send_to(notice.tell, encoded(protocol.Renamed(notice.person)))
        self._hub.renamed(notice.person.id)

    def _read(self, notice: ReadMoved) -> None:
        frame = encoded(protocol.ReadUpTo(notice.room, notice.seq))
        self._sockets.send_to([notice.person], frame)

    def _typing(self, notice: TypingNotice) -> None:
        frame = encoded(protocol.IsTyping(notice.room, notice.person))
        self._hub.tell(notice.room, frame, besides=notice.person.id, up_to=notice.seq)
