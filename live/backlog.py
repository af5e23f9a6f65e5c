"""What one socket could not take at once: frames in order, the first maybe half sent."""

from __future__ import annotations

from collections import deque

CHUNK = 65_536
"""Bytes, about, that are offered to the socket at a time."""


class Backlog:
    """A queue of bytes. Frames are not copied, so that slow listeners of a room share them."""

    __slots__ = ("_frames", "size")

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque()
        self.size = 0
        """Bytes that wait."""

    def __bool__(self) -> bool:
        return bool(self._frames)

    def add(self, frame: bytes) -> None:
        self._frames.append(frame)
        self.size += len(frame)

    def chunk(self) -> bytes:
        """What to offer next; the first frame is never offered in parts of this queue's making."""
        size, taken = 0, []
        for frame in self._frames:
            taken.append(frame)
            size += len(frame)
            if size >= CHUNK:
                break
        return taken[0] if len(taken) == 1 else b"".join(taken)

    def taken(self, size: int) -> None:
        """The socket took so many bytes."""
        self.size -= size
        while self._frames and size >= len(self._frames[0]):
            size -= len(self._frames.popleft())
        if size:
            self._frames[0] = self._frames[0][size:]

    def hold(self) -> None:
        """The socket refused a chunk; TLS may have sealed a part of it, so it stays whole."""
        chunk, held = self.chunk(), 0
        while held < len(chunk):
            held += len(self._frames.popleft())
        self._frames.appendleft(chunk)

    def keep_only_first(self) -> None:
        """Forget all frames but the one that may be under way."""
        while len(self._frames) > 1:
            self._frames.pop()
        self.size = sum(map(len, self._frames))
