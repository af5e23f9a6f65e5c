"""The addresses of these pages."""

from __future__ import annotations

from admin.pages.access import Access, AccessCsv
from admin.pages.invitations import InvitationPage, RevokeInvitation
from admin.pages.people import MakeResetLink, People
from auth.accounts import Accounts
from auth.links import Links
from rooms.services import RoomServices
from web.routes import ID, Route


def admin_routes(accounts: Accounts, links: Links, rooms: RoomServices) -> list[Route]:
    people = {"accounts": accounts, "links": links}
    inviting = {"invitations": rooms.invitations, "accounts": accounts}
    return [
        Route("/admin", People, people, "admin_people"),
        Route(rf"/admin/people/{ID}/reset-link", MakeResetLink, people, "admin_reset_link"),
        Route("/admin/invitations", InvitationPage, inviting, "admin_invitations"),
        Route(rf"/admin/invitations/{ID}/revoke", RevokeInvitation, inviting, "admin_revoke"),
        *_access_routes(rooms),
    ]


def _access_routes(rooms: RoomServices) -> list[Route]:
    access = {"access_log": rooms.access_log}
    return [
        Route("/admin/access", Access, access, "admin_access"),
        Route("/admin/access/csv", AccessCsv, access, "admin_access_csv"),
    ]
