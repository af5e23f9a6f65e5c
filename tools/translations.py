"""Keeps locale/ in step with the code.

    python -m tools.translations update    write messages.pot and bring every language up to date
    python -m tools.translations check     say what is missing or wrong; status 1 if anything is

A new language: an empty locale/<code>.po with the headers of zh_CN.po, then update.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

from tools.javascript_texts import extract_javascript

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
TEMPLATE = LOCALE / "messages.pot"
PACKAGES = ("admin", "api", "auth", "core", "live", "messages", "rooms", "storage", "web")
KEYWORDS = ("_", "N_", "gettext", "ngettext")
HEADERS = {"MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8"}
HEADERS["Content-Transfer-Encoding"] = "8bit"

_EXTRACTORS: dict[str, Callable[..., Iterator[Any]]] = {
    ".py": extract_python,
    ".html": babel_extract,
    ".js": extract_javascript,
}

Found = tuple[int, str, str | tuple[str | None, ...]]


def main(arguments: list[str]) -> int:
    if arguments == ["update"]:
        update()
    elif arguments != ["check"]:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    complaints = check()
    sys.stdout.writelines(f"{complaint}\n" for complaint in complaints)
    return 1 if complaints else 0


def update() -> None:
    """Write the template; give each language the new texts, and take from it what is gone."""
    template = extract()
    template.save(str(TEMPLATE))
    for path in languages():
        po = _open(path)
        po.merge(template)
        for entry in po.obsolete_entries():
            po.remove(entry)
        _fit_plurals(po)
        po.sort(key=_key)
        po.save(str(path))


def _fit_plurals(po: polib.POFile) -> None:
    """As many forms as the language has: merging adds those of English."""
    found = re.search(r"nplurals=(\d+)", po.metadata["Plural-Forms"])
    forms = int(found[1]) if found else 2
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {n: entry.msgstr_plural.get(n, "") for n in range(forms)}


def languages() -> list[Path]:
    return sorted(LOCALE.glob("*.po"))


def extract() -> polib.POFile:
    """Every text of code, templates and JavaScript, by where it is used."""
    texts: dict[tuple[str, str], set[str]] = {}
    for path, (_line, _function, message) in _found():
        singular, plural = (message, "") if isinstance(message, str) else (message[0], message[1])
        texts.setdefault((singular or "", plural or ""), set()).add(path)
    template = polib.POFile(wrapwidth=96)
    template.metadata = dict(HEADERS)
    template.extend(_entry(text, paths) for text, paths in sorted(texts.items()))
    return template


def check() -> list[str]:
    """What is wrong, a sentence each."""
    template = extract()
    stale = not TEMPLATE.exists() or TEMPLATE.read_text("utf-8") != str(template)
    complaints = ["messages.pot is not up to date: run the update."] if stale else []
    for path in languages():
        complaints += [f"{path.name}: {what}" for what in faults(template, _open(path))]
    return complaints


def faults(template: polib.POFile, po: polib.POFile) -> Iterator[str]:
    """What a language lacks, has too much, or says with other parameters."""
    wanted = {_key(entry) for entry in template}
    have = {_key(entry): entry for entry in po if not entry.obsolete}
    yield from (f"missing: {singular}" for singular, _ in sorted(wanted - have.keys()))
    yield from (f"not used any more: {singular}" for singular, _ in sorted(have.keys() - wanted))
    yield from (f"not used any more: {entry.msgid}" for entry in po.obsolete_entries())
    for entry in have.values():
        yield from _entry_faults(entry)


def _entry_faults(entry: polib.POEntry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {entry.msgid}"
    elif not entry.translated():
        yield f"not translated: {entry.msgid}"
    wanted = _parameters(entry.msgid_plural or entry.msgid)
    for form in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
        if form and _parameters(form) != wanted:
            yield f"other parameters: {entry.msgid}"


def _parameters(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|%%", text))


def _found() -> Iterator[tuple[str, Found]]:
    for path in _sources():
        with path.open("rb") as file:
            name = path.relative_to(ROOT).as_posix()
            for line, function, message, _comments in _extractor(path)(file, KEYWORDS, (), {}):
                if message and message[0]:
                    yield name, (line, function, message)


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from (path for path in [ROOT / "app.py"] if path.exists())
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted((ROOT / "static/js").rglob("*.js"))


def _extractor(path: Path) -> Callable[..., Iterator[Any]]:
    return _EXTRACTORS[path.suffix]


def _entry(text: tuple[str, str], paths: set[str]) -> polib.POEntry:
    singular, plural = text
    places = [(path, "") for path in sorted(paths)]
    if not plural:
        return polib.POEntry(msgid=singular, occurrences=places)
    forms = {0: "", 1: ""}
    return polib.POEntry(
        msgid=singular, msgid_plural=plural, msgstr_plural=forms, occurrences=places
    )


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgid_plural


def _open(path: Path) -> polib.POFile:
    return polib.pofile(str(path), wrapwidth=96)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
