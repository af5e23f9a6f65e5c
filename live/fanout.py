"""Hands the same bytes to many connections: nothing is done for each but the `send` itself."""

from __future__ import annotations

from collections.abc import Iterable

from live.listener import Listener


def hand_out(listeners: Iterable[Listener], frame: bytes) -> None:
    """Whoever cannot take all of ``frame`` at once keeps the rest for later; nobody waits.

    The `try` is outside the inner loop, which goes on where it was after one that failed.
    """
    size = len(frame)
    left = iter(listeners)
    for listener in left:
        try:
            if (sent := listener.write(frame)) != size:
                listener.keep(frame, sent)
            for listener in left:
                if (sent := listener.write(frame)) != size:
                    listener.keep(frame, sent)
        except OSError as error:
            listener.failed(frame, error)
