"""Signing up: openly, or as the first admin."""

from __future__ import annotations

from auth.links import FIRST_ADMIN, Links
from auth.pages.entering import SIGN_UP_FIELDS, Entrance, chosen_language, typed
from auth.signup import Draft, SignUps
from core.errors import ChatError
from core.records import Account
from web.forms import Form
from web.guards import Guard
from web.handler import Handler


class SignUpForm(Handler):
    """A page with the sign-up form. Subclasses say what it leads to."""

    template: str
    signups: SignUps
    entrance: Entrance
    shortest_password: int
    signup_open = True
    approval = False
    """Whether an admin decides on who signs up."""

    async def show(self, form: Form, status: int = 200) -> None:
        self.send_page(
            self.template,
            status,
            form=form,
            signup_open=self.signup_open,
            approval=self.approval,
            shortest_password=self.shortest_password,
        )

    async def draft(self) -> Draft:
        """What was typed, checked. Raises ChatError."""
        return await self.signups.draft(
            typed(self, "name"),
            typed(self, "password"),
            typed(self, "nickname"),
            chosen_language(self),
            self.address,
        )

    async def show_again(self, error: ChatError) -> None:
        """The form with what was typed, but the password."""
        form = Form({field: typed(self, field) for field in ("name", "nickname")})
        failed = form.failed(error, self.translator, SIGN_UP_FIELDS)
        await self.show(failed, error.kind.status)


class SignUp(SignUpForm):
    guard = Guard.ANONYMOUS
    template = "signup.html"

    def initialize(
        self,
        signups: SignUps,
        entrance: Entrance,
        signup_open: bool,
        approval: bool,
        shortest_password: int,
    ) -> None:
        self.signups = signups
        self.entrance = entrance
        self.signup_open = signup_open
        self.approval = approval
        self.shortest_password = shortest_password

    async def get(self) -> None:
        await self.show(Form())

    async def post(self) -> None:
        if not self.signup_open:
            raise ChatError("signup_closed")
        try:
            await self._sign_up(await self.draft())
        except ChatError as error:
            await self.show_again(error)

    async def _sign_up(self, draft: Draft) -> None:
        if self.approval:
            await self.signups.ask(draft)
            self.redirect("/signup/waiting", status=303)
        else:
            await self.entrance.let_in(self, await self.signups.sign_up(draft))


class Waiting(Handler):
    """What whoever signed up is told, where an admin decides."""

    guard = Guard.ANONYMOUS

    def get(self) -> None:
        self.send_page("waiting.html")


class First(SignUpForm):
    """The one-time link that is printed while there is no admin."""

    guard = Guard.PUBLIC
    template = "first.html"

    def initialize(
        self, signups: SignUps, links: Links, entrance: Entrance, shortest_password: int
    ) -> None:
        self.signups = signups
        self._links = links
        self.entrance = entrance
        self.shortest_password = shortest_password

    async def get(self, secret: str) -> None:
        await self._links.check(FIRST_ADMIN, secret)
        await self.show(Form())

    async def post(self, secret: str) -> None:
        await self._links.check(FIRST_ADMIN, secret)
        try:
            account = await self._sign_up(secret)
        except ChatError as error:
            await self.show_again(error)
        else:
            await self.entrance.let_in(self, account)

    async def _sign_up(self, secret: str) -> Account:
        return await self._links.first_admin(secret, await self.draft())
