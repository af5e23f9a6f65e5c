"""The addresses of the chat page, the socket and REST."""

from __future__ import annotations

from dataclasses import dataclass

from api.client import ClientServices
from api.page import Chat
from api.rest import access, asks, direct, entries, people, programs, rights, rooms
from api.socket import Socket
from auth.contacts import Contacts
from auth.login import Logins
from auth.personal_tokens import PersonalTokens
from auth.tickets import Tickets
from auth.tokens import Tokens
from messages.history import History
from messages.posting import Posting
from messages.reading import Reading
from rooms.services import RoomServices
from web.routes import ID, Route

_API = "/api/v1"
_ROOM = rf"{_API}/rooms/{ID}"


@dataclass(frozen=True, slots=True)
class ApiServices:
    """What the ways in for programs and the chat page need."""

    client: ClientServices
    logins: Logins
    personal_tokens: PersonalTokens
    tokens: Tokens
    tickets: Tickets
    contacts: Contacts
    rooms: RoomServices
    history: History
    posting: Posting
    reading: Reading


def api_routes(services: ApiServices) -> list[Route]:
    return [
        Route("/", Chat, name="chat"),
        Route(rf"/r/{ID}", Chat, name="chat"),
        Route("/socket", Socket, {"services": services.client}, "socket"),
        *_program_routes(services),
        *_room_routes(services),
        *_people_routes(services),
        *_access_routes(services),
        *_proof_routes(services),
        *_direct_routes(services),
        *_ask_routes(services),
    ]


def _program_routes(services: ApiServices) -> list[Route]:
    tokens = {"tokens": services.tokens}
    logging_in = {"logins": services.logins, "personal": services.personal_tokens, **tokens}
    return [
        Route(f"{_API}/token", programs.Token, logging_in, "token"),
        Route(f"{_API}/token/renew", programs.Renewal, tokens, "renew"),
        Route(f"{_API}/ticket", programs.Ticket, {"tickets": services.tickets}, "ticket"),
        Route(f"{_API}/me", programs.WhoAmI, name="me"),
    ]


def _room_routes(services: ApiServices) -> list[Route]:
    listing = {"listing": services.rooms.listing, "making": services.rooms.making}
    membership = {"membership": services.rooms.membership}
    posting = {"posting": services.posting, "limiter": services.client.frames}
    return [
        Route(f"{_API}/rooms", rooms.Rooms, listing, "rooms"),
        Route(f"{_API}/directory", rooms.Directory, listing, "directory"),
        Route(_ROOM, rooms.Room, {**listing, "changing": services.rooms.changing}, "room"),
        Route(f"{_ROOM}/join", rooms.Join, membership, "join"),
        Route(f"{_ROOM}/leave", rooms.Leave, membership, "leave"),
        Route(f"{_ROOM}/entries", entries.Entries, {"history": services.history}, "entries"),
        Route(f"{_ROOM}/posts", entries.Posts, posting, "posts"),
        Route(f"{_ROOM}/read", entries.Read, {"reading": services.reading}, "read"),
    ]


def _people_routes(services: ApiServices) -> list[Route]:
    inviting = {"inviting": services.rooms.inviting}
    finding = {"occupancy": services.rooms.occupancy}
    here = {"hub": services.client.hub}
    links = {"invitations": services.rooms.invitations}
    return [
        Route(f"{_ROOM}/people", people.People, {**finding, **inviting, **here}, "people"),
        Route(rf"{_ROOM}/people/{ID}", people.OnePerson, inviting, "person"),
        Route(f"{_ROOM}/links", people.Links, links, "links"),
        Route(rf"{_ROOM}/links/{ID}", people.OneLink, links, "link"),
    ]


def _access_routes(services: ApiServices) -> list[Route]:
    changing = {"changing": services.rooms.changing}
    rights = {"rights": services.rooms.rights}
    return [
        Route(f"{_ROOM}/access", access.Access, {**rights, **changing}, "access"),
        Route(f"{_ROOM}/access/preview", access.AccessPreview, changing, "access_preview"),
        Route(f"{_ROOM}/rights", access.Rights, rights, "rights"),
    ]


def _proof_routes(services: ApiServices) -> list[Route]:
    proof = {"proof": services.rooms.proof}
    own = {"own": services.rooms.own_rights}
    return [
        Route(f"{_ROOM}/rights/who-could", rights.WhoCould, proof, "who_could"),
        Route(f"{_ROOM}/rights/head", rights.Head, proof, "rights_head"),
        Route(f"{_ROOM}/why", rights.WhyMe, own, "why"),
    ]


def _direct_routes(services: ApiServices) -> list[Route]:
    opening = {"direct": services.rooms.direct, "listing": services.rooms.listing}
    contacts = {"contacts": services.contacts}
    blocking = {"blocking": services.rooms.blocking}
    return [
        Route(f"{_API}/direct", direct.Direct, opening, "direct"),
        Route(f"{_API}/blocks", direct.Blocks, contacts, "blocks"),
        Route(rf"{_API}/blocks/{ID}", direct.OneBlock, blocking, "block"),
        Route(f"{_API}/reachable", direct.Reach, contacts, "reachable"),
    ]


def _ask_routes(services: ApiServices) -> list[Route]:
    asking = {"asking": services.rooms.asking}
    return [
        Route(f"{_ROOM}/ask", asks.MyAsk, asking, "ask"),
        Route(f"{_ROOM}/asks", asks.Asks, asking, "asks"),
        Route(rf"{_ROOM}/asks/{ID}", asks.OneAsk, asking, "one_ask"),
    ]
