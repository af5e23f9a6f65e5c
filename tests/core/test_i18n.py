"""Languages: chosen as the reader wishes, complete, and the same in Python and in the browser."""

from pathlib import Path

import pytest

from core.i18n import Catalogs

LOCALE = Path(__file__).resolve().parent.parent.parent / "locale"
RUSSIAN = """
msgid ""
msgstr ""
"Language: ru\\n"
"X-Native-Name: русский\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 "
"&& (n%100<12 || n%100>14) ? 1 : 2);\\n"

#: static/js/x.js
msgid "%(n)s person"
msgid_plural "%(n)s people"
msgstr[0] "%(n)s человек"
msgstr[1] "%(n)s человека"
msgstr[2] "%(n)s людей"

#: web/x.py
msgid "Save"
msgstr "Сохранить"
"""


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    return Catalogs.load(LOCALE)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "en"),
        ("zh", "zh-CN"),
        ("zh-TW,zh;q=0.9", "zh-CN"),
        ("ZH-hans-cn", "zh-CN"),
        ("fr,zh;q=0.5,en;q=0.7", "en"),
        ("fr;q=1,zh;q=0.7,en;q=0.5", "zh-CN"),
        ("zh;q=0,en", "en"),
        ("*;q=1", "en"),
        (";;;,q=,zh;q=x", "en"),
        ("x" * 10_000 + ",zh", "en"),
    ],
)
def test_a_browser_asks_for_a_language(catalogs: Catalogs, accept: str, expected: str) -> None:
    assert catalogs.choose(accept).language == expected


def test_an_account_wins_over_a_cookie_and_a_cookie_over_the_browser(catalogs: Catalogs) -> None:
    assert catalogs.choose("zh", "en").language == "en"
    assert catalogs.choose("en", "en", "zh-CN").language == "zh-CN"
    assert catalogs.choose("zh", "klingon", "").language == "zh-CN"


def test_each_language_says_its_own_name(catalogs: Catalogs) -> None:
    names = {tag: translator.name for tag, translator in catalogs.translators.items()}
    assert names["en"] == "English"
    assert names["zh-CN"] == "简体中文"


def test_a_new_language_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "ru.po").write_text(RUSSIAN, "utf-8")
    russian = Catalogs.load(tmp_path).translator("ru")
    assert russian.gettext("Save") == "Сохранить"
    assert russian.gettext("Something untranslated") == "Something untranslated"


def test_the_browser_counts_as_python_does(tmp_path: Path) -> None:
    (tmp_path / "ru.po").write_text(RUSSIAN, "utf-8")
    catalogs = Catalogs.load(tmp_path)
    sent = catalogs.browser["ru"]
    forms = sent.messages["%(n)s person"]
    assert len(sent.plural) == 200
    for n in [*range(300), 1_001, 1_011, 12_345]:
        index = sent.plural[n if n < 200 else 100 + n % 100]
        expected = catalogs.translator("ru").ngettext("%(n)s person", "%(n)s people", n)
        assert forms[int(index)] == expected


def test_the_browser_is_sent_only_what_it_shows(tmp_path: Path) -> None:
    (tmp_path / "ru.po").write_text(RUSSIAN, "utf-8")
    assert list(Catalogs.load(tmp_path).browser["ru"].messages) == ["%(n)s person"]
