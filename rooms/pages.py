"""Pages that need rooms: of an invitation link, and what ends a block from one's account."""

from __future__ import annotations

from auth.pages.entering import Entrance
from auth.pages.signup import SignUpForm
from auth.signup import SignUps
from core.errors import ChatError
from core.records import Identity
from rooms.blocking import Blocking
from rooms.invitations import Invitations
from rooms.newcomers import Newcomers
from rooms.services import RoomServices
from rooms.shown_links import Invited
from web.forms import Form
from web.guards import Guard
from web.handler import Handler
from web.next import HOME
from web.routes import ID, LINK, Route


class Invite(SignUpForm):
    """Anyone who has the link may see what it offers."""

    guard = Guard.PUBLIC
    template = "invite.html"

    def initialize(
        self,
        signups: SignUps,
        invitations: Invitations,
        newcomers: Newcomers,
        entrance: Entrance,
        shortest_password: int,
    ) -> None:
        self.signups = signups
        self.entrance = entrance
        self.shortest_password = shortest_password
        self._invitations = invitations
        self._newcomers = newcomers

    async def show(self, form: Form, status: int = 200) -> None:
        self.send_page(
            self.template,
            status,
            form=form,
            invitation=self._offer,
            shortest_password=self.shortest_password,
        )

    async def get(self, secret: str) -> None:
        self._offer: Invited = await self._invitations.look(secret)
        await self.show(Form())

    async def post(self, secret: str) -> None:
        self._offer = await self._invitations.look(secret)
        if self.identity is not None:
            await self._accept(self.identity, secret)
        else:
            await self._sign_up(secret)

    async def _accept(self, who: Identity, secret: str) -> None:
        room = await self._invitations.accept(who, secret)
        self.redirect(_page_of(room), status=303)

    async def _sign_up(self, secret: str) -> None:
        try:
            account, room = await self._newcomers.sign_up(await self.draft(), secret)
        except ChatError as error:
            await self.show_again(error)
        else:
            await self.entrance.let_in(self, account, _page_of(room))


def _page_of(room: str | None) -> str:
    return f"/r/{room}" if room else HOME


class Unblock(Handler):
    """A form on the page of one's account; who asks for it is led there."""

    guard = Guard.SESSION

    def initialize(self, blocking: Blocking) -> None:
        self._blocking = blocking

    def get(self, _person: str) -> None:
        self.redirect("/account", status=303)

    async def post(self, person: str) -> None:
        if self.identity is None:
            raise ChatError("not_signed_in")
        await self._blocking.unblock(self.identity, person)
        self.redirect("/account?done=unblocked", status=303)


def invitation_routes(
    signups: SignUps, rooms: RoomServices, entrance: Entrance, shortest_password: int
) -> list[Route]:
    services = {
        "signups": signups,
        "invitations": rooms.invitations,
        "newcomers": rooms.newcomers,
        "entrance": entrance,
        "shortest_password": shortest_password,
    }
    return [Route(f"/invite/{LINK}", Invite, services, "invite")]


def block_routes(rooms: RoomServices) -> list[Route]:
    services = {"blocking": rooms.blocking}
    return [Route(rf"/account/blocks/{ID}/lift", Unblock, services, "unblock")]
