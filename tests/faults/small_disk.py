"""A file system that is soon full, for a server to keep its data on.

It is mounted in a namespace of its own, so that it needs root or a kernel that lets users have
such, and goes away with the last process in it. From outside it is seen through /proc.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

OWN = ("unshare", "--mount") if os.geteuid() == 0 else ("unshare", "--map-root-user", "--mount")
ENTER = ("--mount",) if os.geteuid() == 0 else ("--user", "--preserve-credentials", "--mount")
MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && echo mounted && exec cat'


def possible() -> bool:
    """Whether this machine lets us mount one."""
    try:
        tried = subprocess.run(
            [*OWN, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False
        )
    except OSError:
        return False
    return tried.returncode == 0


class SmallDisk:
    def __init__(self, place: Path, holder: int) -> None:
        self.place = place
        """Where programs inside see it."""
        self.seen = Path(f"/proc/{holder}/root{place}")
        """Where it is seen from outside."""
        self._holder = holder

    def inside(self, command: Sequence[str]) -> tuple[str, ...]:
        """``command`` as it has to be started to see the disk."""
        return ("nsenter", f"--target={self._holder}", *ENTER, f"--wd={Path.cwd()}", *command)

    async def remount(self, how: str) -> None:
        """``how``: "ro" for read-only, "rw" for both."""
        mount = self.inside(("mount", "-o", f"remount,{how}", str(self.place)))
        assert await (await asyncio.create_subprocess_exec(*mount)).wait() == 0

    def fill(self) -> None:
        """To the last byte."""
        with (self.seen / "ballast").open("ab", buffering=0) as ballast:
            for size in (65_536, 4_096, 1):
                try:
                    while ballast.write(bytes(size)):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        (self.seen / "ballast").unlink()


@asynccontextmanager
async def small_disk(place: Path, size: str) -> AsyncIterator[SmallDisk]:
    os.mkdir(place)  # noqa: PTH102
    holder = await asyncio.create_subprocess_exec(
        *OWN, "sh", "-c", MOUNT, "sh", size, str(place),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert holder.stdin and holder.stdout
    assert await holder.stdout.readline() == b"mounted\n"
    try:
        yield SmallDisk(place, holder.pid)
    finally:
        holder.stdin.close()
        await holder.wait()
