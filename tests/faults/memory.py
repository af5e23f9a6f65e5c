"""What a process takes up."""

from __future__ import annotations

import os
from pathlib import Path


def rss(pid: int) -> int:
    """Bytes of memory that are resident."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def sockets(pid: int) -> int:
    """How many it holds open."""
    count = 0
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            count += str(link.readlink()).startswith("socket:")
        except FileNotFoundError:
            continue
    return count
