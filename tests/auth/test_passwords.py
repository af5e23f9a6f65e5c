"""Long passwords count whole, unknown names cost the same, and weak ones are told why."""

import asyncio
from collections.abc import Iterator
from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auth.passwords import LONGEST, WAITING_PER_THREAD, Passwords, prepare
from core.errors import ChatError
from tests.auth.house import COST, PEPPER, CountingBcrypt
from tests.auth.refusals import refusal


@pytest.fixture(scope="module")
def passwords() -> Iterator[Passwords]:
    made = Passwords(COST, 2, PEPPER, 8)
    yield made
    made.close()


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=120))
async def test_any_text_is_a_password(passwords: Passwords, password: str) -> None:
    stored = await passwords.hash(password)
    assert await passwords.verify(password, stored)
    assert not await passwords.verify(password + "x", stored)
    assert not passwords.needs_rehash(stored)


@pytest.mark.parametrize("length", [72, 73, 200, LONGEST])
async def test_every_character_counts(passwords: Passwords, length: int) -> None:
    stored = await passwords.hash("p" * (length - 1) + "1")
    assert await passwords.verify("p" * (length - 1) + "1", stored)
    assert not await passwords.verify("p" * (length - 1) + "2", stored)


async def test_an_overlong_password_is_not_cut(passwords: Passwords) -> None:
    stored = await passwords.hash("p" * LONGEST)
    assert not await passwords.verify("p" * (LONGEST + 1), stored)


async def test_forms_of_the_same_text_are_the_same_password(passwords: Passwords) -> None:
    stored = await passwords.hash("cafe\u0301 au\u00a0lait")
    assert await passwords.verify("caf\u00e9 au lait", stored)


async def test_an_unknown_name_costs_as_much_as_a_known_one(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await passwords.hash("correct horse")
    work = CountingBcrypt(monkeypatch)
    assert not await passwords.verify("wrong horse", stored)
    known, work.costs[:] = list(work.costs), []
    assert not await passwords.verify("wrong horse", None)
    assert work.costs == known == [f"{COST:02d}"]


@pytest.mark.parametrize("password", ["correct horse", "wrong horse"])
async def test_a_hash_of_a_lower_cost_costs_no_less_than_an_unknown_name(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    """Else who signed up before the cost was raised could be told from who never did."""
    stored = await passwords.hash("correct horse")
    dearer = Passwords(COST + 2, 1, PEPPER, 8)
    work = CountingBcrypt(monkeypatch)
    await dearer.verify(password, None)
    unknown, work.costs[:] = list(work.costs), []
    assert await dearer.verify(password, stored) is (password == "correct horse")
    assert unknown == [f"{COST + 2:02d}"]
    assert work.costs == [f"{COST:02d}", *unknown]
    dearer.close()


async def test_an_endless_password_is_refused_before_anything_is_computed(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = CountingBcrypt(monkeypatch)
    prepared: list[int] = []

    def watched(password: str) -> str | None:
        prepared.append(len(password))
        return prepare(password)

    monkeypatch.setattr("auth.passwords.prepare", watched)
    endless = "p" * 200_000
    with pytest.raises(ChatError, match="password_long"):
        passwords.check_strength(endless, "annabella")
    with pytest.raises(ChatError, match="password_long"):
        await passwords.hash(endless)
    assert (prepared, work.costs) == ([], [])
    assert not await passwords.verify(endless, None)
    assert (prepared, work.costs) == ([LONGEST], [f"{COST:02d}"]), "as any wrong password"


async def test_what_cannot_be_typed_costs_the_same_and_never_matches(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = CountingBcrypt(monkeypatch)
    assert not await passwords.verify("tab\tand\ud800", None)
    assert work.costs == [f"{COST:02d}"]


async def test_a_hash_is_worth_nothing_without_the_key(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    elsewhere = Passwords(COST, 1, {1: bytes(range(1, 33))}, 8)
    assert not await elsewhere.verify("correct horse", stored)
    elsewhere.close()


async def test_a_newer_key_or_cost_asks_for_a_new_hash(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    newer = Passwords(COST, 1, {**PEPPER, 2: bytes(range(2, 34))}, 8)
    dearer = Passwords(COST + 1, 1, PEPPER, 8)
    assert await newer.verify("correct horse", stored)
    assert newer.needs_rehash(stored)
    assert dearer.needs_rehash(stored)
    assert (await newer.hash("correct horse")).startswith("v1$2$2b$04$")
    newer.close()
    dearer.close()


async def test_too_much_at_once_is_refused_and_then_taken_again() -> None:
    passwords = Passwords(COST, 1, PEPPER, 8)
    tries = [passwords.verify("correct horse", None) for _ in range(WAITING_PER_THREAD + 3)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, ChatError)]
    assert [error.code for error in refused] == ["busy", "busy"]
    assert await passwords.verify("correct horse", None) is False
    passwords.close()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_short"),
        ("我的密码", "password_short"),
        ("p" * (LONGEST + 1), "password_long"),
        ("with\ttab or\nline", "password_bad"),
        ("password", "password_common"),
        ("PassWord1", "password_common"),
        ("password2024", "password_common"),
        ("woaini1314", "password_common"),
        ("a123456789", "password_common"),
        ("5201314a", "password_common"),
        ("88888888", "password_common"),
        ("abababab", "password_common"),
        ("19900523", "password_common"),
        ("87654321", "password_common"),
        ("ｐａｓｓｗｏｒｄ", "password_common"),
        ("annabella", "password_is_name"),
        ("AnnaBella12!", "password_is_name"),
        ("allebanna", "password_is_name"),
        ("The Annabells", "password_is_name"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(
    passwords: Passwords, password: str, code: str
) -> None:
    with pytest.raises(ChatError) as refused:
        passwords.check_strength(password, "annabella", "The Annabells")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", ["correct horse battery", "我家的猫叫咪咪呀", "p" * 50 + "qrs", "🐈🐕🐈🐕🦊🦊🐻🐻"]
)
def test_good_passwords_need_no_digits_or_signs(passwords: Passwords, password: str) -> None:
    passwords.check_strength(password, "annabella", "The Annabells")


@given(st.text(max_size=200))
def test_strength_answers_for_any_text(passwords: Passwords, password: str) -> None:
    refused = refusal(lambda: passwords.check_strength(password, "annabella"))
    if refused is None:
        assert not any(category(char) in ("Cc", "Cs") for char in password)
    else:
        assert refused.code.startswith("password_")
