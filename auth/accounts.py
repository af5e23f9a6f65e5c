"""What people change about their own account, and how others find them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from auth import labels, nicknames
from auth.links import RESET
from auth.login import Logins
from auth.passwords import Passwords
from auth.sessions import Sessions
from auth.throttle import Limiter
from core.errors import ChatError
from core.records import Account, Person, State
from storage import accounts as rows
from storage import direct, links, memberships, people
from storage import sessions as session_rows
from storage.engine import Database, Tx


class Accounts:
    """``renamings`` limits by account, so that nobody hoards held nicknames."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        logins: Logins,
        renamings: Limiter,
        languages: Collection[str],
        renamed: Callable[[Person, frozenset[str]], None],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._logins = logins
        self._renamings = renamings
        self._languages = languages
        self._renamed = renamed

    async def get(self, account: str) -> Account | None:
        return await self._database.read(lambda tx: rows.get(tx, account))

    async def everybody(self) -> list[Account]:
        """All accounts, by nickname: for admins."""
        return await self._database.read(rows.everybody)

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """How others see them, by id; unknown ids are left out."""
        wanted = list(ids)
        return await self._database.read(lambda tx: people.persons(tx, wanted))

    async def by_nickname(self, nickname: str) -> Account | None:
        """Who has this nickname now (RFC 8266: width, case and spaces do not matter)."""
        return await self._database.read(lambda tx: _by_nickname(tx, nickname))

    async def change_nickname(self, account: str, nickname: str) -> Person:
        """The old one is held for 90 days, in case they want it back.

        Raises `ChatError` nickname_…, too_many_requests.
        """
        shown = nicknames.prepare(nickname)
        if wait := self._renamings.take(account):
            raise ChatError("too_many_requests", retry_after=wait)
        person, tell = await self._database.write(lambda tx: _rename(tx, account, shown))
        self._renamed(person, tell)
        return person

    async def change_password(
        self, account: str, current: str, new: str, *, keep: str, address: str
    ) -> None:
        """And end all sessions but ``keep``; a reset link that was not used is void.

        Raises `ChatError` password_…, login_too_many, busy.
        """
        known = await self._logins.confirm(account, current, address)
        self._passwords.check_strength(new, known.account.name, known.account.nickname)
        hashed = await self._passwords.hash(new)

        def change(tx: Tx) -> list[str]:
            if not rows.set_password(tx, account, hashed, instead_of=known.password):
                raise ChatError("password_wrong")
            links.void(tx, RESET, account)
            return session_rows.end_all(tx, account, keep)

        self._sessions.announce(await self._database.write(change))

    async def set_language(self, account: str, language: str) -> None:
        """ "" leaves it to the browser. Raises `ChatError` language_unknown."""
        if language and language not in self._languages:
            raise ChatError("language_unknown")
        await self._database.write(lambda tx: rows.set_language(tx, account, language))


def _rename(tx: Tx, account: str, nickname: str) -> tuple[Person, frozenset[str]]:
    """The person as they are shown now, and who sees them."""
    found = rows.get(tx, account)
    if found is None or found.state is not State.ACTIVE:
        raise ChatError("not_signed_in")
    labels.claim_nickname(tx, nickname, account)
    rows.set_nickname(tx, account, nickname)
    seen_by = {account, *memberships.sharing_a_room(tx, account), *direct.met_by(tx, account)}
    return Person(account, nickname), frozenset(seen_by)


def _by_nickname(tx: Tx, nickname: str) -> Account | None:
    account = labels.by_nickname(tx, nickname)
    return rows.get(tx, account) if account else None
