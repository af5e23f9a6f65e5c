"""The protocol's document, made from its frames."""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any

import msgspec

from api import protocol
from core.errors import ERRORS

_PROTOCOL = """# The WebSocket protocol

Address: `/socket`. Open it with a cookie session (then `Origin` must be the server's own), with
`Authorization: Bearer <token>`, or with a one-use ticket as subprotocol
`chatelaine.ticket.<ticket>`; offer the subprotocol `chatelaine.1`. [api.md](api.md) says how to get
a token or a ticket.

Each text frame holds one JSON object; its field `t` names the frame. Times are milliseconds since
1970 (UTC). `seq` is an entry's number in its room's log, from 1 on and without holes. A frame with
an unknown field, or of an unknown kind, is answered by `error`.

After opening, the server sends `welcome`. Subscribe to your rooms; keep, for each, the last `seq`
and the `tag`, and send them with `subscribe` after a break: you get exactly what you missed.

Come back after a break by yourself, but not at once: wait a random time below a ceiling, which is a
second at first, doubles with each try up to half a minute, and is a second again after `welcome`.
If `status` said `leaving`, the first ceiling is its `retry_within`.
"""


def protocol_document() -> str:
    """docs/protocol.md."""
    client = "\n".join(_frame(kind) for kind in typing.get_args(protocol.ClientFrame))
    server = "\n".join(_frame(kind) for kind in typing.get_args(protocol.ServerFrame))
    records = "\n".join(_record(kind) for kind in protocol.RECORDS)
    codes = "\n".join(f"| {code} | {text} |" for code, text in protocol.CLOSE_CODES.items())
    errors = "\n".join(
        f"| `{e.code}` | {e.status} | {'yes' if e.retryable else 'no'} | {e.text} |"
        for e in sorted(ERRORS.values(), key=lambda kind: kind.code)
    )
    return (
        f"{_PROTOCOL}\n## From the client\n\n{client}\n## From the server\n\n{server}\n"
        f"## Records inside frames\n\n{records}\n"
        f"## Close codes\n\n| code | what it means |\n|---|---|\n{codes}\n\n"
        "## Errors\n\nThe same codes on the socket and over REST; `status` is REST's.\n\n"
        f"| code | status | retryable | text |\n|---|---|---|---|\n{errors}\n"
    )


def _frame(kind: type[Any]) -> str:
    tag = msgspec.inspect.type_info(kind).tag  # type: ignore[attr-defined]
    return f"### `{tag}`\n\n{_described(kind)}"


def _record(kind: type[Any]) -> str:
    return f"### {kind.__name__}\n\n{_described(kind)}"


def _described(kind: type[Any]) -> str:
    text = inspect.cleandoc(kind.__doc__ or "").replace("``", "`")
    rows = "\n".join(f"| `{name}` | {shape} |" for name, shape in _fields(kind))
    return f"{text}\n\n| field | type |\n|---|---|\n{rows}\n" if rows else f"{text}\n"


def _fields(kind: type[Any]) -> Iterator[tuple[str, str]]:
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        optional = "" if field.required else ", optional"
        yield field.encode_name, _shape(hints[field.name]) + optional


def _shape(hint: Any) -> str:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _shape(arguments[0]) + _bounds(arguments[1])
    if origin is typing.Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        known = [a for a in arguments if a not in (type(None), msgspec.UnsetType)]
        return " or ".join(_shape(argument) for argument in known)
    if origin is list:
        return f"list of {_shape(arguments[0])}"
    return {str: "text", int: "number", float: "number", bool: "true or false"}.get(
        hint, getattr(hint, "__name__", str(hint))
    )


def _bounds(meta: msgspec.Meta) -> str:
    bounds = {
        "at least": meta.ge,
        "at most": meta.le,
        "shortest": meta.min_length,
        "longest": meta.max_length,
        "matching": _pattern(meta.pattern) if meta.pattern else None,
    }
    told = ", ".join(f"{name} {value}" for name, value in bounds.items() if value is not None)
    return f" ({told})" if told else ""


def _pattern(pattern: str) -> str:
    """As readers of other languages know it: Python's own ``$`` lets a line break follow."""
    return f"`{pattern}`".replace("|", "\\|").replace("\\Z", "$")
