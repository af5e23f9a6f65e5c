"""One handler for each guard; each answers who was let in."""

from __future__ import annotations

from core.errors import ChatError
from web.guards import Guard
from web.handler import Handler
from web.routes import Route


class _Echo(Handler):
    def get(self) -> None:
        self.finish(self.identity.account.name if self.identity else "nobody")

    def post(self) -> None:
        self.get()


class Public(_Echo):
    guard = Guard.PUBLIC


class Anonymous(_Echo):
    guard = Guard.ANONYMOUS


class SessionOnly(_Echo):
    guard = Guard.SESSION


class Admin(_Echo):
    guard = Guard.ADMIN


class Api(_Echo):
    guard = Guard.API


class Program(_Echo):
    guard = Guard.PROGRAM


class Socket(_Echo):
    guard = Guard.SOCKET


class Hidden(Handler):
    """A thing that this reader may not see."""

    guard = Guard.PUBLIC

    def get(self) -> None:
        raise ChatError("not_found")


class Broken(Handler):
    guard = Guard.PUBLIC

    def get(self) -> None:
        raise RuntimeError("the secret is 12345")


class Address(Handler):
    guard = Guard.PUBLIC

    def get(self) -> None:
        self.finish(self.address)


ROUTES = [
    Route("/public", Public),
    Route("/anonymous", Anonymous),
    Route("/session", SessionOnly),
    Route("/admin", Admin),
    Route("/api", Api),
    Route("/program", Program),
    Route("/socket", Socket),
    Route("/hidden", Hidden),
    Route("/broken", Broken),
    Route("/address", Address),
]
