"""The addresses of these pages."""

from __future__ import annotations

from admin.pages.invitations import InvitationPage, RevokeInvitation
from admin.pages.people import MakeResetLink, People
from auth.accounts import Accounts
from auth.links import Links
from rooms.invitations import Invitations
from web.routes import Route

_ID = r"([0-9a-z]{1,40})"


def admin_routes(accounts: Accounts, links: Links, invitations: Invitations) -> list[Route]:
    people = {"accounts": accounts, "links": links}
    inviting = {"invitations": invitations, "accounts": accounts}
    return [
        Route("/admin", People, people, "admin_people"),
        Route(rf"/admin/people/{_ID}/reset-link", MakeResetLink, people, "admin_reset_link"),
        Route("/admin/invitations", InvitationPage, inviting, "admin_invitations"),
        Route(rf"/admin/invitations/{_ID}/revoke", RevokeInvitation, inviting, "admin_revoke"),
    ]
