"""Makes auth/data/confusables.txt, on standard output, from Unicode's own on standard input."""

import re
import sys
from collections.abc import Iterable, Iterator

LINE = re.compile(r"^([0-9A-F]+)\s*;\s*([0-9A-F ]+?)\s*;\s*MA\b")
VERSION = re.compile(r"^# Version: (\S+)")
HEADER = """\
# Look-alike characters and their prototypes, code points in hexadecimal.
# Compacted from confusables.txt of Unicode Security Mechanisms (UTS #39), version {version}.
# Copyright 1991-2022 Unicode, Inc. Licence: LICENSE-unicode.txt in this folder."""


def compact(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if version := VERSION.match(line):
            yield HEADER.format(version=version[1])
        elif row := LINE.match(line):
            yield f"{row[1]}:{row[2]}"


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8-sig")  # type: ignore[union-attr]
    sys.stdout.writelines(f"{line}\n" for line in compact(sys.stdin))
