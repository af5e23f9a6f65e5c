"""The page that an invitation link leads to."""

from __future__ import annotations

from auth.pages.entering import Entrance
from auth.pages.routes import LINK_PATTERN
from auth.pages.signup import SignUpForm
from auth.signup import SignUps
from core.config import Config
from core.errors import ChatError
from core.records import Identity
from rooms.arriving import Arrivals
from rooms.invitations import Invitations, Invited
from web.forms import Form
from web.guards import Guard
from web.next import HOME
from web.routes import Route


class Invite(SignUpForm):
    """Outsiders sign up; who has an account joins the room."""

    guard = Guard.PUBLIC

    def initialize(
        self,
        invitations: Invitations,
        arrivals: Arrivals,
        signups: SignUps,
        entrance: Entrance,
        shortest_password: int,
    ) -> None:
        self._invitations = invitations
        self._arrivals = arrivals
        self.signups = signups
        self.entrance = entrance
        self.shortest_password = shortest_password

    async def prepare(self) -> None:
        """A link that does not work says so, whatever was asked."""
        await super().prepare()
        if not self._finished:
            self._invited: Invited = await self._invitations.look(self.path_args[0])

    async def get(self, _secret: str) -> None:
        await self.show(Form())

    async def post(self, secret: str) -> None:
        if self.identity is not None:
            await self._join(self.identity, secret)
        else:
            await self._sign_up(secret)

    async def _join(self, who: Identity, secret: str) -> None:
        room = await self._invitations.accept(who, secret) if self._invited.room else None
        self.redirect(_address(room), status=303)

    async def _sign_up(self, secret: str) -> None:
        try:
            account = await self._arrivals.sign_up(secret, await self.draft())
        except ChatError as error:
            await self.show_again(error)
        else:
            await self.entrance.let_in(self, account, _address(self._invited.room))

    async def show(self, form: Form, status: int = 200) -> None:
        self.send_page(
            "invite.html",
            status,
            form=form,
            invitation=self._invited,
            shortest_password=self.shortest_password,
        )


def invitation_routes(
    config: Config,
    invitations: Invitations,
    arrivals: Arrivals,
    signups: SignUps,
    entrance: Entrance,
) -> list[Route]:
    services = {
        "invitations": invitations,
        "arrivals": arrivals,
        "signups": signups,
        "entrance": entrance,
        "shortest_password": config.passwords.min_length,
    }
    return [Route(f"/invite/{LINK_PATTERN}", Invite, services, "invite")]


def _address(room: str | None) -> str:
    return f"/r/{room}" if room else HOME
