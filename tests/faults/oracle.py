"""Whether what all clients saw can be true together, and true to what is promised.

Each client keeps a `Diary`: what it sent, what was acknowledged, and every entry that it was
handed, over all its connections. The log itself is what an owner reads page by page when all is
over.
`faults` finds, in sentences:

- an acknowledged post that is not in the log under its seq, or a post that is there twice, or
  though it was refused, or that nobody sent;
- a hole in a log, or a time that goes back;
- an entry that differs from the log's, came twice or out of order, or did not come;
- an entry that somebody was handed outside the time in which they were in the room.

For rooms whose history counts from joining, and for rooms whose people stay the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tests.wires import Frame, Notes

COMING = {"made", "joined", "invited", "let_in"}
GOING = {"removed", "left"}


@dataclass(frozen=True)
class Said:
    room: str
    text: str


@dataclass(frozen=True)
class Begins:
    """From here on a client is handed all that follows ``seq``."""

    room: str
    seq: int


@dataclass(frozen=True)
class Line:
    """An entry, as a log has it or somebody was handed it."""

    room: str
    seq: int
    at: int
    kind: str
    by: str = ""
    people: tuple[str, ...] = ()
    text: str = ""
    client_id: str = ""

    @classmethod
    def of(cls, room: str, entry: Frame) -> Line:
        """Of a frame, or of a row of a page."""
        return cls(
            room,
            entry["seq"],
            entry["at"],
            entry["kind"],
            entry.get("by", {}).get("id", ""),
            tuple(sorted(person["id"] for person in entry.get("people", ()))),
            entry.get("text", ""),
            entry.get("client_id", ""),
        )


@dataclass
class Diary(Notes):
    """One client's, which is one person's; kept across its connections."""

    person: str
    sent: dict[str, Said] = field(default_factory=dict)
    """By client id."""
    acknowledged: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """For good, with the code."""
    heard: list[Line | Begins] = field(default_factory=list)
    """In the order in which it came."""

    def __post_init__(self) -> None:
        super().__init__()

    def take(self, frame: Frame, hearing: set[str]) -> None:
        if frame["t"] == "entry":
            self.heard.append(Line.of(frame["room"], frame))
        elif frame["t"] == "subscribed" and (frame.get("reload") or frame["room"] not in self.at):
            self.heard.append(Begins(frame["room"], frame["seq"]))
        super().take(frame, hearing)


Logs = Mapping[str, Sequence[Line]]


def faults(logs: Logs, diaries: Sequence[Diary]) -> list[str]:
    """All that is wrong; empty if nothing is."""
    found = [fault for room, log in logs.items() for fault in _of_log(room, log)]
    found += _of_posts(logs, diaries)
    for diary in diaries:
        found += diary.faults
        found += _of_answers(logs, diary)
        for room, log in logs.items():
            found += _of_hearing(room, log, diary)
    return found


def _of_log(room: str, log: Sequence[Line]) -> Iterator[str]:
    seqs = [line.seq for line in log]
    if seqs != list(range(1, len(log) + 1)):
        yield f"the log of {room} is not 1, 2, 3 ...: {seqs}"
    for before, after in pairwise(log):
        if after.at < before.at:
            yield f"time goes back in {room} at {after.seq}"


def _of_posts(logs: Logs, diaries: Sequence[Diary]) -> Iterator[str]:
    """Each post of a log was sent by its author, and is there once."""
    sent = {(diary.person, id): said for diary in diaries for id, said in diary.sent.items()}
    seen: set[tuple[str, str]] = set()
    for room, log in logs.items():
        for line in log:
            key = (line.by, line.client_id)
            if line.kind != "post":
                continue
            if sent.get(key) != Said(room, line.text):
                yield f"nobody sent {line}"
            if key in seen:
                yield f"twice in the log: {line}"
            seen.add(key)


def _of_answers(logs: Logs, diary: Diary) -> Iterator[str]:
    """What was acknowledged is there as it was; what was refused is not."""
    kept = {
        line.client_id: (room, line.seq)
        for room, log in logs.items()
        for line in log
        if line.kind == "post" and line.by == diary.person
    }
    for id, seq in diary.acknowledged.items():
        if kept.get(id) != (diary.sent[id].room, seq):
            yield f"acknowledged as {seq}, but it is {kept.get(id)}: {diary.sent[id]}"
    for id, code in diary.refused.items():
        if id in kept:
            yield f"refused with {code}, but it is {kept[id]}: {diary.sent[id]}"


def _of_hearing(room: str, log: Sequence[Line], diary: Diary) -> Iterator[str]:
    """They were handed every entry once, in order, and saw just those that were for them."""
    theirs = [one for one in diary.heard if one.room == room]
    seq: int | None = None
    stays = _stays(log, diary.person)
    for one in theirs:
        if isinstance(one, Line):
            if seq is None or one.seq != seq + 1:
                yield f"{diary.person} was handed {one.seq} of {room} after {seq}"
            yield from _of_line(log, one, any(one.seq in stay for stay in stays))
        seq = one.seq
    still_there = stays and stays[-1].stop > len(log)
    if theirs and still_there and seq != len(log):
        yield f"{diary.person} was handed {room} up to {seq}, not {len(log)}"


def _of_line(log: Sequence[Line], line: Line, theirs: bool) -> Iterator[str]:
    if line.seq > len(log):
        yield f"handed out, but not in the log: {line}"
    elif not theirs and line.kind != "withheld":
        yield f"not for them: {line}"
    elif theirs and line != log[line.seq - 1]:
        yield f"{line} is {log[line.seq - 1]} in the log"


def _stays(log: Sequence[Line], person: str) -> list[range]:
    """When somebody was in the room: the seqs from coming in to going, both included."""
    stays: list[range] = []
    since: int | None = None
    for line in log:
        concerned = person in line.people or (line.kind == "made" and line.by == person)
        if not concerned:
            continue
        if line.kind in COMING and since is None:
            since = line.seq
        elif line.kind in GOING and since is not None:
            stays.append(range(since, line.seq + 1))
            since = None
    return stays if since is None else [*stays, range(since, len(log) + 2)]
