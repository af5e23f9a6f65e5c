"""The commands of app.py, and how they are told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from admin.rights_bulk import BulkChange, add_bulk_verbs, bulk_change
from admin.rights_proof import Question, add_proof_verbs, question
from core.config import Config

DATABASE_FAILED = (
    "The database cannot be read or written: if the disk is not full, restore a backup"
    " (docs/running.md)."
)


class Arguments(Struct, frozen=True):
    """What was asked on the command line."""

    command: str
    name: str = ""
    file: Path | None = None
    question: Question | None = None
    bulk: BulkChange | None = None


def parse(arguments: Sequence[str]) -> Arguments:
    """Raises SystemExit with a message for what cannot be understood."""
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Chatelaine: self-hosted chat in which every room has its own keys.",
        epilog="Settings: config.yaml, data/config.yaml and CHATELAINE_* variables"
        " (docs/configuration.md).",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("run", help="serve the chat (the default)")
    reset = commands.add_parser(
        "reset-link", help="print a one-time link for someone who forgot the password"
    )
    reset.add_argument("name", metavar="NAME", help="the name they log in with")
    backup = commands.add_parser(
        "backup", help="write database, keys and settings into one file; the server may run"
    )
    backup.add_argument("file", metavar="FILE", type=Path, help="a .tar file to be made")
    commands.add_parser("rotate-keys", help="make new keys; the old ones are still accepted")
    commands.add_parser("check", help="check the settings, and change nothing")
    rights = commands.add_parser("rights", help="who may what in which room, and the proof of it")
    verbs = rights.add_subparsers(dest="verb", metavar="VERB", required=True)
    add_proof_verbs(verbs)
    add_bulk_verbs(verbs)
    commands.add_parser("docs", help="write docs/protocol.md and docs/configuration.md anew")
    found = parser.parse_args(arguments)
    return Arguments(
        found.command or "run",
        getattr(found, "name", ""),
        getattr(found, "file", None),
        question(found),
        bulk_change(found),
    )


def welcome(config: Config, secret: str | None) -> str:
    """What is printed once the server listens; ``secret``: of the first admin's link."""
    lines = [f"Chatelaine listens on {config.listen}; open {config.origin}"]
    if secret is not None:
        lines.append("Nobody is admin yet. This link makes one, once, within a day:")
        lines.append(f"    {config.origin}/first/{secret}")
    return "\n".join(lines)
