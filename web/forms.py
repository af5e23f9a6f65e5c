"""A form as a page shows it: what was typed, and what was wrong beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from core.errors import ChatError
from core.i18n import Translator
from web.errors import message


@dataclass(frozen=True, slots=True)
class Form:
    """``errors`` are by field; ``failure`` is what concerns no single field."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    failure: str = ""

    def failed(self, error: ChatError, translator: Translator, fields: Mapping[str, str]) -> Form:
        """With the error beside its field; ``fields`` leads from beginnings of codes to fields."""
        text = message(error, translator)
        for beginning, name in fields.items():
            if error.code.startswith(beginning):
                return replace(self, errors={name: text})
        return replace(self, failure=text)
