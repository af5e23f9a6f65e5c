"""Everything of auth/ on a database of its own, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import bcrypt
import pytest

from auth.accounts import Accounts
from auth.links import Links
from auth.login import LoggedIn, Logins
from auth.login_throttle import LoginThrottle
from auth.passwords import Passwords
from auth.personal_tokens import MadeBy, PersonalTokens
from auth.sessions import Sessions
from auth.signup import SignUps
from auth.throttle import Limiter, Rate
from core.config import Sessions as SessionSettings
from core.records import Account, Role
from storage.engine import Database, Tx
from storage.migrate import migrate

PASSWORD = "correct horse battery"
HOME, AWAY = "192.0.2.7", "198.51.100.9"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
COST = 4
PEPPER = {1: bytes(range(32))}


class StillClock:
    """Moves when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def now(self) -> int:
        return int(self.seconds * 1000)

    def boot(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds


class CountingBcrypt:
    """Counts what bcrypt is asked for, and lets it work."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.costs: list[str] = []
        check, hashpw = bcrypt.checkpw, bcrypt.hashpw

        def counted_check(password: bytes, hashed: bytes) -> bool:
            self.costs.append(hashed[4:6].decode())
            return check(password, hashed)

        def counted_hash(password: bytes, salt: bytes) -> bytes:
            self.costs.append(salt[4:6].decode())
            return hashpw(password, salt)

        monkeypatch.setattr(bcrypt, "checkpw", counted_check)
        monkeypatch.setattr(bcrypt, "hashpw", counted_hash)


class House:
    """The services as app.py puts them together, and what they announced."""

    def __init__(self, folder: Path, made_by: MadeBy = "members") -> None:
        url = f"sqlite:///{folder / 'chatelaine.db'}"
        migrate(url)
        self.clock = StillClock()
        self.ended: list[str] = []
        self.rooms: list[str] = []
        self.database = Database(url, self.clock)
        self.passwords = Passwords(COST, 2, PEPPER, 8)
        self.sessions = Sessions(self.database, SessionSettings(30, 3), self.ended.extend)
        self.throttle = LoginThrottle(Rate(5, 30), self.clock)
        self.signups = SignUps(
            self.database,
            self.passwords,
            Limiter(Rate(1_000, 1), self.clock),
            self._newcomer,
            self.rooms.extend,
        )
        self.logins = Logins(self.database, self.passwords, self.sessions, self.throttle)
        self.accounts = Accounts(
            self.database,
            self.passwords,
            self.sessions,
            self.logins,
            Limiter(Rate(100, 60), self.clock),
            ("en", "zh-CN"),
            lambda person, tell: None,
        )
        self.personal_tokens = PersonalTokens(
            self.database,
            self.sessions,
            self.throttle,
            made_by,
            {"read": "read messages", "join": "join the room", "post": "write messages"},
        )
        self.links = Links(self.database, self.passwords, self.sessions, self.signups)

    def close(self) -> None:
        self.database.close()
        self.passwords.close()

    async def sign_up(
        self, name: str, nickname: str = "", role: Role = Role.MEMBER, password: str = PASSWORD
    ) -> Account:
        draft = await self.signups.draft(name, password, nickname, "", HOME)
        return await self.signups.sign_up(draft, role)

    async def log_in(self, name: str, password: str = PASSWORD, address: str = HOME) -> LoggedIn:
        return await self.logins.log_in(name, password, address, FIREFOX)

    def _newcomer(self, tx: Tx, account: Account) -> Sequence[str]:
        return [f"hall of {account.name}"]
