"""Names and nicknames as nobody else may have them."""

from __future__ import annotations

from auth import nicknames
from auth.skeleton import keys
from core.clock import DAY
from core.errors import ChatError
from storage import labels as rows
from storage.engine import Tx

NAME, NICKNAME = "name", "nickname"
HELD = 90 * DAY
_TRIES = 1_000


def check_name_free(tx: Tx, name: str) -> None:
    """Raises `ChatError` name_taken."""
    if not rows.is_free(tx, NAME, keys(name)):
        raise ChatError("name_taken")


def claim_name(tx: Tx, name: str, account: str) -> None:
    """``name`` is prepared (auth/names.py). Raises `ChatError` name_taken."""
    if not rows.claim(tx, NAME, keys(name), account):
        raise ChatError("name_taken")


def claim_nickname(tx: Tx, nickname: str, account: str) -> None:
    """Give up the nickname in use, held 90 days for a return, for another; nickname_taken."""
    rows.release(tx, NICKNAME, account, tx.now() + HELD)
    if not rows.claim(tx, NICKNAME, _nickname_keys(nickname), account):
        raise ChatError("nickname_taken")


def give_up(tx: Tx, account: str) -> None:
    """Name and nickname are nobody's now, and held for 90 days: nobody passes for who had them."""
    for kind in (NAME, NICKNAME):
        rows.release(tx, kind, account, tx.now() + HELD)


def free_nickname(tx: Tx, wanted: str) -> str:
    """``wanted``, or with the first number that makes it free and presentable."""
    if rows.is_free(tx, NICKNAME, _nickname_keys(wanted)):
        return wanted
    for number in range(2, _TRIES):
        numbered = f"{wanted[: nicknames.LONGEST - 4]}{number}"
        if rows.is_free(tx, NICKNAME, _nickname_keys(numbered)):
            return numbered
    raise ChatError("nickname_taken")


def by_nickname(tx: Tx, raw: str) -> str | None:
    """The id of the account that has this nickname now, by RFC 8266's comparison."""
    compared = nicknames.compared(raw.removeprefix("@"))
    return rows.in_use_by(tx, NICKNAME, _exact(compared)) if compared else None


def _nickname_keys(nickname: str) -> frozenset[str]:
    return keys(nickname) | {_exact(nicknames.compared(nickname) or nickname)}


def _exact(compared: str) -> str:
    return f"!{compared}"
