"""Signing up by an invitation: the account and what the link gives, in one transaction."""

from __future__ import annotations

from auth.signup import Draft, Made, SignUps
from core.records import Account
from rooms.acting import Changes
from rooms.invitations import redeem, role_for
from rooms.ledger import Opened
from storage.engine import Tx


class Arrivals:
    """Lets outsiders in."""

    def __init__(self, changes: Changes, signups: SignUps) -> None:
        self._changes = changes
        self._signups = signups

    async def sign_up(self, secret: str, draft: Draft) -> Account:
        """Make the account and redeem the link. Raises `ChatError` invitation_void, name_taken,
        nickname_taken; then neither has happened."""

        def work(tx: Tx, touched: list[Opened]) -> Made:
            made = self._signups.create(tx, draft, role_for(tx, secret))
            touched.extend(redeem(tx, secret, made.account))
            return made

        made = await self._changes.commit(work)
        self._signups.committed(made)
        return made.account
