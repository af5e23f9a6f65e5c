"""The name to log in with: RFC 8265, UsernameCaseMapped."""

from __future__ import annotations

from precis_i18n import get_profile

from auth.reserved import is_reserved
from auth.visible import has_blank, has_ink, too_many_marks
from core.errors import ChatError

SHORTEST, LONGEST = 2, 32

_profile = get_profile("UsernameCaseMapped")


def prepare(raw: str) -> str:
    """The one form of a name. Raises `ChatError` name_bad or name_reserved."""
    name = find(raw)
    if name is None or has_blank(name) or not has_ink(name) or too_many_marks(name):
        raise ChatError("name_bad")
    if is_reserved(name):
        raise ChatError("name_reserved")
    return name


def find(raw: str) -> str | None:
    """The form a name would have been kept under, for looking it up; None when it cannot be one."""
    if len(raw) > 4 * LONGEST:
        return None
    try:
        name = str(_profile.enforce(raw.strip(" ")))
    except ValueError:
        return None
    return name if SHORTEST <= len(name) <= LONGEST else None
