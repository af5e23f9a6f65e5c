"""Signing up by an invitation: the account and what the link gives, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from auth.signup import Draft, Made, SignUps
from core.records import Account
from live.bus import Bus, RoomMoved
from rooms.changes import Changes
from rooms.expiry import expire_due
from rooms.ledger import Opened
from rooms.membership import arrive
from rooms.offers import limit_guest, offer, redeem
from storage.engine import Tx


class Newcomers:
    """Turns invited outsiders into guests or members."""

    def __init__(self, signups: SignUps, changes: Changes) -> None:
        self._signups = signups
        self._changes = changes

    async def sign_up(self, draft: Draft, secret: str) -> tuple[Account, str | None]:
        """Make the account and use the link; returns it and the room it leads to, if any.

        Raises `invitation_void`, `name_taken`, `nickname_taken`.
        """

        def work(tx: Tx, touched: list[Opened]) -> tuple[Made, str | None]:
            given = offer(tx, secret)
            made = self._signups.create(tx, draft, given.link.role)
            limit_guest(tx, given, made.account)
            opened = redeem(tx, given, made.account, is_new=True)
            touched.extend(opened)
            return made, opened[0].head.room if opened else None

        made, room = await self._changes.commit(work)
        self._signups.committed(made)
        return made.account, room


def newcomer(tx: Tx, account: Account) -> list[str]:
    """`auth.signup.Newcomer`: everyone new is put into the rooms that await them.

    What has run out there is ended first; log-ins that are over by it end with the lease.
    """
    ended = expire_due(tx).rooms
    return [room.head.room for room in (*ended, *arrive(tx, account))]


def tell_of(bus: Bus, rooms: Sequence[str]) -> None:
    """`auth.signup.After`: these logs have grown."""
    for room in rooms:
        bus.publish(RoomMoved(room))
