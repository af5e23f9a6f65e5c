"""Every text is translated, in every language, as the code has it now."""

import io

import polib
import pytest

from tools import translations
from tools.javascript_texts import NotAString, extract_javascript


def test_every_language_is_complete_and_in_step_with_the_code() -> None:
    assert translations.check() == []


def template(*texts: str) -> polib.POFile:
    po = polib.POFile()
    po.extend(polib.POEntry(msgid=text) for text in texts)
    return po


def language(**entry: object) -> polib.POFile:
    po = polib.POFile()
    po.append(polib.POEntry(**entry))
    return po


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"msgid": "Save"}, "not translated: Save"),
        ({"msgid": "Save", "msgstr": "保存", "flags": ["fuzzy"]}, "fuzzy: Save"),
        ({"msgid": "Save", "msgstr": "保存 %(name)s"}, "other parameters: Save"),
        ({"msgid": "Gone", "msgstr": "没有了"}, "not used any more: Gone"),
        ({"msgid": "Gone", "msgstr": "没有了"}, "missing: Save"),
        ({"msgid": "Save", "msgstr": "保存", "obsolete": True}, "not used any more: Save"),
    ],
)
def test_a_fault_is_found(entry: dict[str, object], fault: str) -> None:
    assert fault in list(translations.faults(template("Save"), language(**entry)))


def test_a_good_translation_has_none() -> None:
    po = language(msgid="Hello %(name)s", msgstr="%(name)s，你好")
    assert list(translations.faults(template("Hello %(name)s"), po)) == []


def texts_in(source: str) -> list[str | tuple[str, ...]]:
    found = extract_javascript(io.BytesIO(source.encode()), (), (), {})
    return [message for _line, _function, message, _comments in found]


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('_("Save")', ["Save"]),
        ("_('It\\'s here', { n })", ["It's here"]),
        ("_('say \"go\"')", ['say "go"']),
        ('html`<p>${open && html`<b title=${_("In")}>${_("Deep")}</b>`}</p>`', ["In", "Deep"]),
        ('ngettext(\n  "%(n)s day",\n  "%(n)s days", n)', [("%(n)s day", "%(n)s days")]),
        ('N_("Later")', ["Later"]),
        ('map._("no"); foo_("no"); $_("no")', []),
        ("export function _(text, params) {}", []),
        ('_("\\u623f\\u95f4")', ["房间"]),
    ],
)
def test_texts_are_found_wherever_they_stand(source: str, texts: list[object]) -> None:
    assert texts_in(source) == texts


@pytest.mark.parametrize("source", ["_(name)", "_(`Save`)", '_("a" + b)', 'ngettext("a", b, n)'])
def test_a_text_that_only_running_would_tell_is_refused(source: str) -> None:
    with pytest.raises(NotAString, match="line 1"):
        texts_in(source)
