"""Hands the same bytes to many connections: nothing is done for each but the `send` itself."""

from __future__ import annotations

from collections.abc import Iterable

from live.listener import Listener


def hand_out(listeners: Iterable[Listener], frame: bytes) -> None:
    """Whoever cannot take all of ``frame`` at once keeps the rest for later; nobody waits.

    The `try` is outside the loop, which goes on where it was after one that failed. ``write`` is
    looked up by itself: to call it as a method takes Python a third longer.
    """
    size = len(frame)
    left = iter(listeners)
    while True:
        try:
            for listener in left:
                write = listener.write
                if (sent := write(frame)) != size:
                    listener.keep(frame, sent)
        except OSError as error:
            listener.failed(frame, error)
        else:
            return
