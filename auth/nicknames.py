"""The name that others see: RFC 8266, and nothing in it that deceives."""

from __future__ import annotations

from unicodedata import bidirectional

from precis_i18n import get_profile
from precis_i18n.bidi import bidi_rule, has_rtl
from precis_i18n.unicode import UnicodeData

from auth.reserved import is_reserved
from auth.visible import has_blank, has_ink, too_many_marks
from core.errors import ChatError

LONGEST = 40
_SIGILS = "@#"
"""What programs write before a name or a room: not part of one."""

_shown = get_profile("NicknameCasePreserved")
_compared = get_profile("NicknameCaseMapped:CaseFold")
_ucd = UnicodeData()
_EMOJI_STYLE = str.maketrans("", "", "\ufe0e\ufe0f")


def prepare(raw: str) -> str:
    """The nickname as it is shown. Raises `ChatError` nickname_…"""
    nickname = _enforced(raw)
    if not 1 <= len(nickname) <= LONGEST:
        raise ChatError("nickname_length")
    if has_blank(nickname) or nickname[0] in _SIGILS:
        raise ChatError("nickname_bad")
    if not has_ink(nickname):
        raise ChatError("nickname_blank")
    if too_many_marks(nickname):
        raise ChatError("nickname_marks")
    if not _one_direction(nickname):
        raise ChatError("nickname_direction")
    if is_reserved(nickname):
        raise ChatError("nickname_reserved")
    return nickname


def compared(raw: str) -> str | None:
    """The form to compare by; None when it cannot be a nickname."""
    if len(raw) > 4 * LONGEST:
        return None
    try:
        return str(_compared.enforce(raw.translate(_EMOJI_STYLE)))
    except ValueError:
        return None


def _enforced(raw: str) -> str:
    if len(raw) > 4 * LONGEST or not raw.strip():
        raise ChatError("nickname_length")
    try:
        return str(_shown.enforce(raw.translate(_EMOJI_STYLE)))
    except ValueError:
        raise ChatError("nickname_bad") from None


def _one_direction(nickname: str) -> bool:
    """Mixed directions can be drawn in an order other than the one they are compared in."""
    if not has_rtl(nickname, _ucd):
        return True
    no_left_to_right = all(bidirectional(char) != "L" for char in nickname)
    return no_left_to_right and all(bidi_rule(word, _ucd) for word in nickname.split(" "))
