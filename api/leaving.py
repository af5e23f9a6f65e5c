"""How the server leaves: what is in hand is committed and answered, clients come back spread."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from api.client import Client
from api.framing import encoded
from api.protocol import Status
from live.sockets import Sockets

GOING_AWAY = 1001
COMMIT_SECONDS, GOODBYE_SECONDS = 5.0, 2.0
"""For what is in hand, and for clients to close."""
COMING_BACK = 500
"""Clients a second that are asked to come back: a third of what one core takes in."""


async def leave(sockets: Sockets[Client], *in_hand: Callable[[], Awaitable[None]]) -> None:
    """Tell every client when to come back, wait for what is ``in_hand``, and close."""
    sockets.send_to_all(encoded(leaving(len(sockets))))
    with suppress(TimeoutError):
        async with asyncio.timeout(COMMIT_SECONDS):
            for done in in_hand:
                await done()
    for client in sockets:
        client.listener.end(GOING_AWAY)
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_SECONDS):
            await sockets.gone()


def leaving(clients: int) -> Status:
    """What so many ``clients`` are told when the server stops."""
    return Status("leaving", round(max(1.0, clients / COMING_BACK), 1))
