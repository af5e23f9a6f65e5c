"""Languages: the catalogues of locale/ read at start, and the choice of one for a reader.

The English texts in the code are the keys. A language is one file, ``locale/<code>.po``; its
header ``X-Native-Name`` says what its own speakers call it.
"""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = "en"
_SOURCE_NAME = "English"
_SOURCE_PLURAL = "nplurals=2; plural=(n != 1);"
_JAVASCRIPT = "static/js/"
_PLURAL_PERIOD = 100


def N_(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Translator:
    """One language: ``language`` is its BCP 47 tag, ``name`` what its own speakers call it."""

    language: str
    name: str
    _strings: gettext.NullTranslations

    def gettext(self, message: str) -> str:
        return self._strings.gettext(message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self._strings.ngettext(singular, plural, n)


@dataclass(frozen=True, slots=True)
class BrowserCatalog:
    """What static/js/i18n.js needs of a language.

    ``plural`` holds the index of the plural form for n = 0..199, a digit each; a larger n has the
    form of 100 + n % 100, as gettext's rules look at the last two digits.
    """

    language: str
    plural: str
    messages: Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Catalogs:
    """Every language there is."""

    translators: Mapping[str, Translator]
    browser: Mapping[str, BrowserCatalog]

    @classmethod
    def load(cls, folder: Path) -> Catalogs:
        """Read ``folder``'s .po files; a broken one raises OSError or ValueError."""
        files = [_source(), *(polib.pofile(str(path)) for path in sorted(folder.glob("*.po")))]
        return cls(
            translators={_tag(po): _translator(po) for po in files},
            browser={_tag(po): _browser_catalog(po) for po in files},
        )

    def translator(self, language: str) -> Translator:
        """The translator for ``language``, or for English when there is no such language."""
        return self.translators.get(language) or self.translators[SOURCE]

    def choose(
        self, accept_language: str = "", cookie: str | None = None, account_language: str = ""
    ) -> Translator:
        """The account's language, else the cookie's, else what the browser asks for."""
        for language in (account_language, cookie):
            if language and language in self.translators:
                return self.translators[language]
        return self.translator(_negotiate(accept_language, self.translators))


def _source() -> polib.POFile:
    po = polib.POFile()
    po.metadata = {
        "Language": SOURCE,
        "X-Native-Name": _SOURCE_NAME,
        "Plural-Forms": _SOURCE_PLURAL,
        "Content-Type": "text/plain; charset=utf-8",
    }
    return po


def _tag(po: polib.POFile) -> str:
    return str(po.metadata["Language"]).replace("_", "-")


def _translator(po: polib.POFile) -> Translator:
    strings = gettext.GNUTranslations(io.BytesIO(po.to_binary()))
    return Translator(_tag(po), po.metadata["X-Native-Name"], strings)


def _browser_catalog(po: polib.POFile) -> BrowserCatalog:
    rule = re.search(r"plural=([^;]+)", po.metadata["Plural-Forms"])
    if rule is None:
        raise ValueError(f"locale: {_tag(po)} has no plural rule")
    form = gettext.c2py(rule[1])
    return BrowserCatalog(
        _tag(po),
        "".join(str(form(n)) for n in range(2 * _PLURAL_PERIOD)),
        {
            entry.msgid: _forms(entry)
            for entry in po.translated_entries()
            if any(path.startswith(_JAVASCRIPT) for path, _line in entry.occurrences)
        },
    )


def _forms(entry: polib.POEntry) -> str | tuple[str, ...]:
    if not entry.msgid_plural:
        return str(entry.msgstr)
    return tuple(entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural))


def _negotiate(header: str, languages: Iterable[str]) -> str:
    """The first of the wanted languages that there is, by its primary tag (RFC 4647 look-up)."""
    by_primary = {tag.partition("-")[0].lower(): tag for tag in languages}
    for wanted in _by_preference(header):
        if found := by_primary.get(wanted.partition("-")[0]):
            return found
    return SOURCE


def _by_preference(header: str) -> Iterator[str]:
    wanted: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, quality = part.partition(";q=")
        try:
            wanted.append((float(quality or 1), tag.strip().lower()))
        except ValueError:
            continue
    ranked = sorted(wanted, key=lambda pair: pair[0], reverse=True)
    return (tag for quality, tag in ranked if quality > 0)
