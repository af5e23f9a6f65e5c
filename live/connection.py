"""One open WebSocket as a listener: hands over ready frames, bounded in what may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError

from core.records import Person

FELL_BEHIND = 4000


class Connection:
    """`live.listener.Listener` over the stream of an upgraded request.

    ``close`` sends a close frame with a code. ``backlog`` is in bytes; one frame may be larger if
    nothing else waits.
    """

    def __init__(
        self,
        stream: IOStream,
        person: Person,
        backlog: int,
        close: Callable[[int], None],
    ) -> None:
        self._backlog = backlog
        self._stream = stream
        self._close = close
        self._written: asyncio.Future[None] | None = None
        self.person = person
        self.closed = False

    def send(self, frame: bytes) -> None:
        if self.closed:
            return
        self._stream.max_write_buffer_size = max(self._backlog, len(frame))
        try:
            self._written = self._stream.write(frame)
        except StreamBufferFullError:
            self.fall_behind()
        except StreamClosedError:
            self.closed = True

    def fall_behind(self) -> None:
        """The close frame may not fit either; then the connection is cut."""
        if not self.closed:
            self.end(FELL_BEHIND)

    def end(self, code: int) -> None:
        """Hand out nothing more, and close."""
        self.closed = True
        try:
            self._close(code)
        except StreamBufferFullError:
            self._stream.close()
        except StreamClosedError:
            pass

    async def drained(self) -> None:
        if self._written is not None and not self.closed:
            with suppress(StreamClosedError):
                await self._written
