"""Who gets in at every method of every route: generated from the route table.

A new route fails here until somebody has written down who may use it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from core.ids import new_id
from tests.api.endpoints import Endpoint, endpoints, handlers
from tests.house import House, open_house
from tests.people import Answer, Asker, Person, Program, Visitor
from web.guards import Guard

SECRET = "s" * 43
ROLES = ("anonymous", "member", "guest", "admin", "bearer")


@dataclass(frozen=True)
class Row:
    """One endpoint: its guard, and the status that each of `ROLES` gets for an empty request.

    Pages know browsers only: there a bearer token is nobody, and has no form's token either.

    ``at`` fills the varying parts; without it they are ids that stand for nothing.
    """

    guard: Guard
    statuses: str
    at: tuple[str, ...] = ()


def _api(found: int) -> Row:
    """Everyone but the anonymous is let in, and then told of what is wrong or not there."""
    return Row(Guard.API, f"401 {found} {found} {found} {found}")


def _form(found: int) -> Row:
    return Row(Guard.SESSION, f"303 {found} {found} {found} 303")


def _admins(found: int, *at: str) -> Row:
    return Row(Guard.ADMIN, f"404 404 404 {found} 404", at)


_PAGE = Row(Guard.SESSION, "303 200 200 200 303")
_MOVED = _form(303)
_HIDDEN = _api(404)
_UNREADABLE = _api(400)
_ON_A_PERSON = (
    *("reset-link", "suspend", "restore", "role", "end"),
    *("sessions/end-all", "sessions/{}/end"),
)
_ADMIN_PAGE = Row(Guard.ADMIN, "404 404 404 200 404")
_ADMIN_MOVED = Row(Guard.ADMIN, "404 404 404 303 404")
_ADMIN_ABSENT = Row(Guard.ADMIN, "404 404 404 404 404")
_ROOM = "/api/v1/rooms/{}"

ROWS = {
    # the chat
    "GET /": _PAGE,
    "GET /r/{}": _PAGE,
    "GET /socket": Row(Guard.SOCKET, "401 403 403 403 400"),
    # programs
    "POST /api/v1/token": Row(Guard.PROGRAM, "400 400 400 400 400"),
    "POST /api/v1/token/renew": Row(Guard.API, "401 404 404 404 201"),
    "POST /api/v1/ticket": _api(201),
    "GET /api/v1/me": _api(200),
    # rooms
    "GET /api/v1/rooms": _api(200),
    "POST /api/v1/rooms": _UNREADABLE,
    "GET /api/v1/directory": _api(200),
    f"GET {_ROOM}": _HIDDEN,
    f"PATCH {_ROOM}": _UNREADABLE,
    f"POST {_ROOM}/join": _HIDDEN,
    f"POST {_ROOM}/leave": _HIDDEN,
    f"GET {_ROOM}/entries": _HIDDEN,
    f"POST {_ROOM}/posts": _UNREADABLE,
    f"PUT {_ROOM}/read": _UNREADABLE,
    f"GET {_ROOM}/people": _HIDDEN,
    f"POST {_ROOM}/people": _UNREADABLE,
    f"DELETE {_ROOM}/people/{{}}": _HIDDEN,
    f"DELETE {_ROOM}": _HIDDEN,
    f"GET {_ROOM}/access": _HIDDEN,
    f"POST {_ROOM}/access": _UNREADABLE,
    f"POST {_ROOM}/access/preview": _UNREADABLE,
    f"GET {_ROOM}/rights": _HIDDEN,
    f"POST {_ROOM}/ask": _UNREADABLE,
    f"DELETE {_ROOM}/ask": _HIDDEN,
    f"GET {_ROOM}/asks": _HIDDEN,
    f"POST {_ROOM}/asks/{{}}": _UNREADABLE,
    f"GET {_ROOM}/links": _HIDDEN,
    f"POST {_ROOM}/links": _UNREADABLE,
    f"DELETE {_ROOM}/links/{{}}": _HIDDEN,
    f"GET {_ROOM}/rights/who-could": _HIDDEN,
    f"GET {_ROOM}/rights/head": _HIDDEN,
    f"GET {_ROOM}/why": _HIDDEN,
    # direct rooms
    "GET /api/v1/direct": _api(200),
    "POST /api/v1/direct": _UNREADABLE,
    "GET /api/v1/blocks": _api(200),
    "PUT /api/v1/blocks/{}": _HIDDEN,
    "DELETE /api/v1/blocks/{}": _api(200),
    "GET /api/v1/reachable": _api(200),
    "PUT /api/v1/reachable": _UNREADABLE,
    # on the way in and out
    "GET /login": Row(Guard.ANONYMOUS, "200 303 303 303 200"),
    "POST /login": Row(Guard.ANONYMOUS, "403 303 303 303 403"),
    "GET /logout": _MOVED,
    "POST /logout": _MOVED,
    "GET /signup": Row(Guard.ANONYMOUS, "200 303 303 303 200"),
    "POST /signup": Row(Guard.ANONYMOUS, "400 303 303 303 403"),
    "GET /signup/waiting": Row(Guard.ANONYMOUS, "200 303 303 303 200"),
    "GET /first/{}": Row(Guard.PUBLIC, "404 404 404 404 404", (SECRET,)),
    "POST /first/{}": Row(Guard.PUBLIC, "404 404 404 404 403", (SECRET,)),
    "GET /reset/{}": Row(Guard.PUBLIC, "404 404 404 404 404", (SECRET,)),
    "POST /reset/{}": Row(Guard.PUBLIC, "404 404 404 404 403", (SECRET,)),
    "GET /invite/{}": Row(Guard.PUBLIC, "404 404 404 404 404", (SECRET,)),
    "POST /invite/{}": Row(Guard.PUBLIC, "404 404 404 404 403", (SECRET,)),
    # one's account
    "GET /account": _PAGE,
    "GET /account/nickname": _MOVED,
    "POST /account/nickname": _form(400),
    "GET /account/password": _MOVED,
    "POST /account/password": _form(403),
    "GET /account/reachable": _MOVED,
    "POST /account/reachable": _form(400),
    "GET /account/blocks/{}/lift": _MOVED,
    "POST /account/blocks/{}/lift": _MOVED,
    "GET /account/sessions/end-others": _MOVED,
    "POST /account/sessions/end-others": _MOVED,
    "GET /account/sessions/{}/end": _MOVED,
    "POST /account/sessions/{}/end": _MOVED,
    "GET /account/tokens": _MOVED,
    "POST /account/tokens": _form(400),
    "GET /account/tokens/{}/revoke": _MOVED,
    "POST /account/tokens/{}/revoke": _MOVED,
    "GET /language": Row(Guard.PUBLIC, "303 303 303 303 303"),
    "POST /language": Row(Guard.PUBLIC, "400 400 400 400 403"),
    # the server
    "GET /admin": Row(Guard.ADMIN, "404 404 404 200 404"),
    "GET /admin/people/{}": _admins(404),
    "GET /admin/people/{}/delete": _admins(404),
    "POST /admin/people/{}/delete": _admins(404),
    **{f"GET /admin/people/{{}}/{form}": _admins(303) for form in _ON_A_PERSON},
    **{f"POST /admin/people/{{}}/{form}": _admins(404) for form in _ON_A_PERSON},
    "POST /admin/people/{}/role": _admins(400),
    "POST /admin/people/{}/reset-link": _admins(200, "member"),
    "GET /admin/approvals": _admins(200),
    "GET /admin/approvals/{}": _admins(303),
    "POST /admin/approvals/{}": _admins(400),
    "GET /admin/invitations": Row(Guard.ADMIN, "404 404 404 200 404"),
    "POST /admin/invitations": Row(Guard.ADMIN, "404 404 404 400 404"),
    "GET /admin/invitations/{}/revoke": Row(Guard.ADMIN, "404 404 404 303 404"),
    "POST /admin/invitations/{}/revoke": Row(Guard.ADMIN, "404 404 404 303 404", ("invitation",)),
    "GET /admin/access": Row(Guard.ADMIN, "404 404 404 200 404"),
    "GET /admin/access/csv": Row(Guard.ADMIN, "404 404 404 200 404"),
    "GET /admin/groups": _ADMIN_PAGE,
    "POST /admin/groups": Row(Guard.ADMIN, "404 404 404 400 404"),
    "GET /admin/groups/{}": _ADMIN_ABSENT,
    "POST /admin/groups/{}": Row(Guard.ADMIN, "404 404 404 400 404", ("group",)),
    "GET /admin/groups/{}/members": _ADMIN_MOVED,
    "POST /admin/groups/{}/members": _ADMIN_ABSENT,
    "GET /admin/groups/{}/members/{}/take-out": _ADMIN_MOVED,
    "POST /admin/groups/{}/members/{}/take-out": _ADMIN_ABSENT,
    "GET /admin/groups/{}/delete": Row(Guard.ADMIN, "404 404 404 200 404", ("group",)),
    "POST /admin/groups/{}/delete": _ADMIN_ABSENT,
    "GET /admin/new-rooms": _ADMIN_PAGE,
    "POST /admin/new-rooms": Row(Guard.ADMIN, "404 404 404 400 404"),
    "GET /admin/new-rooms/take": _ADMIN_MOVED,
    "POST /admin/new-rooms/take": _ADMIN_MOVED,
    "GET /admin/rooms": _ADMIN_PAGE,
    "GET /admin/rooms/{}": Row(Guard.ADMIN, "404 404 404 200 404", ("room",)),
    "GET /admin/rooms/{}/verify": _ADMIN_MOVED,
    "POST /admin/rooms/{}/verify": Row(Guard.ADMIN, "404 404 404 200 404", ("room",)),
    "GET /admin/rooms/{}/glass": _ADMIN_MOVED,
    "POST /admin/rooms/{}/glass": Row(Guard.ADMIN, "404 404 404 400 404", ("room",)),
    "GET /admin/rooms/{}/glass/{}/end": _ADMIN_MOVED,
    "POST /admin/rooms/{}/glass/{}/end": _ADMIN_ABSENT,
    # files
    "GET /static/{}": Row(Guard.STATIC, "200 200 200 200 200", ("css/base.css",)),
}


@dataclass
class World:
    house: House
    member: Person
    guest: Person
    admin: Person
    bot: Program
    invitation: str
    group: str
    room: str

    def address(self, endpoint: Endpoint) -> str:
        """Where the endpoint is; ids that stand for nothing, unless its row says otherwise."""
        known = {"member": self.member.id, "invitation": self.invitation}
        known |= {"group": self.group, "room": self.room}
        parts = [known.get(part, part) for part in ROWS[endpoint.name].at]
        parts += [new_id()] * (endpoint.template.count("{}") - len(parts))
        return endpoint.template.format(*parts)

    async def asker(self, role: str) -> Asker:
        """Whoever a form has logged out meanwhile logs in again."""
        if role == "anonymous":
            visitor = self.house.visitor()
            await visitor.page("/login")
            return visitor
        person: Person = self.member if role == "bearer" else getattr(self, role)
        if await _is_nobody(person):
            await person.log_in(person.name, person.password)
        if role == "bearer" and await _is_nobody(self.bot):
            self.bot = await person.program()
        return self.bot if role == "bearer" else person


async def _is_nobody(asker: Asker) -> bool:
    return (await asker.ask("GET", "/api/v1/me")).status == 401


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_house(tmp_path_factory.mktemp("guards")) as house:
        admin = await house.person("ann", admin=True)
        member = await house.person("mel")
        room = await member.make_room("Kitchen")
        guest = await house.person("gus", link=await member.link(room))
        await guest.leave(room)
        page = await admin.page("/admin/invitations")
        made = await admin.submit("/admin/invitations", uses="1", days="1")
        assert (page.status, made.status) == (200, 200)
        invitation = made.text.split("/admin/invitations/")[1].split("/revoke")[0]
        group = (await admin.submit("/admin/groups", name="Crew")).location.split("/")[-1]
        bot = await member.program()
        yield World(house, member, guest, admin, bot, invitation, group, room)


@pytest.fixture(scope="module")
def table(world: World) -> list[Endpoint]:
    return endpoints(world.house.chatelaine.application())


def test_every_endpoint_has_a_row(table: list[Endpoint]) -> None:
    assert {endpoint.name: endpoint.guard for endpoint in table} == {
        name: row.guard for name, row in ROWS.items()
    }


def test_every_handler_names_its_own_guard(world: World) -> None:
    for pattern, handler in handlers(world.house.chatelaine.application()):
        assert isinstance(vars(handler).get("guard"), Guard), pattern


@pytest.mark.parametrize("name", ROWS)
async def test_who_gets_in(world: World, table: list[Endpoint], name: str) -> None:
    endpoint = _named(table, name)
    statuses = [await _status(world, endpoint, role) for role in ROLES]
    assert " ".join(map(str, statuses)) == ROWS[name].statuses


async def test_a_personal_token_opens_no_more_than_a_program_s_log_in(
    world: World, table: list[Endpoint]
) -> None:
    """Not even an admin's at the highest level: pages, forms and admins' pages know no tokens."""
    admin = await world.asker("admin")
    assert isinstance(admin, Person)
    bot = await admin.bot("OWN")
    for name, row in ROWS.items():
        answer = await _ask(world, _named(table, name), bot)
        assert answer.status == int(row.statuses.split()[-1]), name


async def _status(world: World, endpoint: Endpoint, role: str) -> int:
    asker = await world.asker(role)
    answer = await _ask(world, endpoint, asker)
    if not endpoint.writes:
        head = await asker.ask("HEAD", world.address(endpoint))
        assert (head.status, head.body) == (answer.status, b"")
    return answer.status


@pytest.mark.parametrize("name", ROWS)
async def test_no_endpoint_acts_for_another_site(
    world: World, table: list[Endpoint], name: str
) -> None:
    endpoint = _named(table, name)
    for asker in (await world.asker("admin"), await world.asker("bearer")):
        elsewhere = await _ask(world, endpoint, asker, Host="evil.example")
        assert elsewhere.status == 421
        foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}
        assert (await _ask(world, endpoint, asker, **foreign)).status == 403


@pytest.mark.parametrize("name", [name for name in ROWS if not name.startswith("GET ")])
async def test_no_cookie_writes_without_its_own_token(
    world: World, table: list[Endpoint], name: str
) -> None:
    """Neither without a token, nor with another's, nor with one in the address."""
    endpoint = _named(table, name)
    if endpoint.guard is Guard.PROGRAM:
        return
    asker = await world.asker("anonymous" if endpoint.guard is Guard.ANONYMOUS else "admin")
    assert isinstance(asker, Visitor)
    address = f"{world.address(endpoint)}?_csrf={asker.csrf}"
    for token in (None, "", "junk", world.member.csrf):
        answer = await asker.ask(
            endpoint.method, address, form={}, headers={"X-CSRF-Token": token, "Accept": _JSON}
        )
        assert (answer.status, answer.error) == (403, "form_expired")


async def test_other_methods_are_refused(world: World, table: list[Endpoint]) -> None:
    """Only the methods that were checked above do anything."""
    known = {endpoint.name for endpoint in table}
    admin = await world.asker("admin")
    for endpoint in table:
        path = endpoint.template.format(*["2" * 20] * endpoint.template.count("{}"))
        refusals = _REFUSALS.get(endpoint.guard, (404, 405))
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "LINK"):
            if f"{method} {endpoint.template}" not in known:
                answer = await admin.ask(method, path, form={})
                assert answer.status in refusals, f"{method} {endpoint.template}"


async def _ask(world: World, endpoint: Endpoint, asker: Asker, **headers: str) -> Answer:
    """An empty request that comes from our own page."""
    form: dict[str, str] | None = {} if endpoint.writes else None
    return await asker.ask(endpoint.method, world.address(endpoint), form=form, headers=headers)


def _named(table: list[Endpoint], name: str) -> Endpoint:
    return next(endpoint for endpoint in table if endpoint.name == name)


_JSON = "application/json"
_REFUSALS = {Guard.ANONYMOUS: (303, 405), Guard.STATIC: (403, 405)}
