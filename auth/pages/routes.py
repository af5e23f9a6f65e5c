"""The addresses of these pages."""

from __future__ import annotations

from auth.accounts import Accounts
from auth.contacts import Contacts
from auth.cookies import SessionCookie
from auth.links import Links
from auth.login import Logins
from auth.pages import account
from auth.pages import tokens as token_pages
from auth.pages.entering import Entrance
from auth.pages.language import Language
from auth.pages.login import Login, Logout
from auth.pages.reset import Reset
from auth.pages.signup import First, SignUp, Waiting
from auth.personal_tokens import PersonalTokens
from auth.sessions import Sessions
from auth.signup import SignUps
from core.config import Config
from web.routes import ID, LINK, Route


def entrance_routes(
    config: Config,
    logins: Logins,
    signups: SignUps,
    links: Links,
    entrance: Entrance,
    cookie: SessionCookie,
) -> list[Route]:
    """For people on their way in or out."""
    is_open = {"signup_open": config.signup != "invitation"}
    approval = {"approval": config.signup == "approval"}
    shortest = {"shortest_password": config.passwords.min_length}
    way_in = {"entrance": entrance}
    sign_up = {"signups": signups, **shortest, **way_in}
    return [
        Route("/login", Login, {"logins": logins, **is_open, **way_in}, "login"),
        Route("/logout", Logout, {"logins": logins, "cookie": cookie}, "logout"),
        Route("/signup", SignUp, {**sign_up, **is_open, **approval}, "signup"),
        Route("/signup/waiting", Waiting, {}, "waiting"),
        Route(f"/first/{LINK}", First, {"links": links, **sign_up}, "first"),
        Route(f"/reset/{LINK}", Reset, {"links": links, **shortest, **way_in}, "reset"),
    ]


def account_routes(
    config: Config,
    accounts: Accounts,
    sessions: Sessions,
    links: Links,
    tokens: PersonalTokens,
    contacts: Contacts,
) -> list[Route]:
    """For people who are in."""
    services = {
        "accounts": accounts,
        "sessions": sessions,
        "links": links,
        "tokens": tokens,
        "contacts": contacts,
        "shortest_password": config.passwords.min_length,
    }
    return [
        Route("/account", account.AccountPage, services, "account"),
        Route("/account/nickname", account.ChangeNickname, services, "nickname"),
        Route("/account/password", account.ChangePassword, services, "password"),
        Route("/account/reachable", account.ChangeReach, services, "account_reachable"),
        Route("/account/sessions/end-others", account.EndOtherSessions, services, "end_others"),
        Route(rf"/account/sessions/{ID}/end", account.EndSession, services, "end_session"),
        Route("/account/tokens", token_pages.MakeToken, services, "make_token"),
        Route(rf"/account/tokens/{ID}/revoke", token_pages.RevokeToken, services, "revoke_token"),
        Route("/language", Language, {"accounts": accounts}, "language"),
    ]
