"""Whom someone lets write to them: what they chose on the page of their account."""

from __future__ import annotations

from core.errors import ChatError
from core.records import Identity, Person, Reach
from storage import accounts, blocks
from storage.engine import Database


class Contacts:
    """Of one account each. What becomes of a block in a room is for rooms/blocking.py."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reach(self, account: str) -> Reach:
        """Who may begin a direct room with them."""
        return await self._database.read(lambda tx: accounts.reach_of(tx, account))

    async def set_reach(self, who: Identity, reach: str) -> None:
        """Raises `ChatError` bad_request for what is none, not_allowed for a token with caps."""
        if who.session.is_capped:
            raise ChatError("not_allowed")
        if reach not in list(Reach):
            raise ChatError("bad_request")
        await self._database.write(lambda tx: accounts.set_reach(tx, who.account.id, Reach(reach)))

    async def blocked(self, account: str) -> list[Person]:
        """Whom they block, by nickname."""
        return await self._database.read(lambda tx: blocks.of_person(tx, account))
