"""Finds the texts to translate in JavaScript, inside nested htm templates too.

Babel's own lexer loses its way in a template within a template, so calls are found as such:
their arguments must be plain strings, and one that is not is an error.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import IO

_CALL = re.compile(r"(?<![\w$.])(?P<name>_|N_|ngettext)\(\s*")
_STRING = re.compile(r"""(?P<quote>["'])(?P<text>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)""")
_END = re.compile(r"\s*[,)]")
_COMMA = re.compile(r"\s*,\s*")
_DECLARATION = re.compile(r"function\s+$")

Extracted = tuple[int, str, str | tuple[str, ...], list[str]]


class NotAString(ValueError):
    """A call whose text cannot be known without running it."""


def extract_javascript(
    file: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, object],
) -> Iterator[Extracted]:
    """An extraction method as Babel has them."""
    source = file.read().decode()
    for call in _CALL.finditer(source):
        if _DECLARATION.search(source, 0, call.start()):
            continue
        line = source.count("\n", 0, call.start()) + 1
        yield line, call["name"], _texts(source, call, line), []


def _texts(source: str, call: re.Match[str], line: int) -> str | tuple[str, ...]:
    singular, end = _string(source, call.end(), line)
    if call["name"] != "ngettext":
        return singular
    comma = _COMMA.match(source, end)
    plural, _ = _string(source, comma.end() if comma else end, line)
    return singular, plural


def _string(source: str, start: int, line: int) -> tuple[str, int]:
    found = _STRING.match(source, start)
    if found is None or not _END.match(source, found.end()):
        raise NotAString(f"line {line}: what is translated must be a plain string")
    return _plain(found["text"]), found.end()


def _plain(text: str) -> str:
    """JavaScript's escapes that JSON has too; ``\\'`` is the one it lacks."""
    quoted = re.sub(r'(?<!\\)"', r"\"", text.replace(r"\'", "'"))
    return str(json.loads(f'"{quoted}"'))
