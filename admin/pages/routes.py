"""The addresses of these pages."""

from __future__ import annotations

from admin.pages import person
from admin.pages.access import Access, AccessCsv
from admin.pages.approvals import Answer, ApprovalsPage
from admin.pages.invitations import InvitationPage, RevokeInvitation
from admin.pages.people import People
from auth.accounts import Accounts
from auth.links import Links
from rooms.services import RoomServices
from web.routes import ID, Route


def admin_routes(accounts: Accounts, links: Links, rooms: RoomServices) -> list[Route]:
    approvals = {"approvals": rooms.approvals}
    people = {"accounts": accounts, "keeping": rooms.keeping, **approvals}
    inviting = {"invitations": rooms.invitations, "accounts": accounts, **approvals}
    return [
        Route("/admin", People, people, "admin_people"),
        *_person_routes(links, rooms),
        Route("/admin/approvals", ApprovalsPage, approvals, "admin_approvals"),
        Route(rf"/admin/approvals/{ID}", Answer, approvals, "admin_answer"),
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


def _person_routes(links: Links, rooms: RoomServices) -> list[Route]:
    one = {"keeping": rooms.keeping, "approvals": rooms.approvals, "links": links}
    at = rf"/admin/people/{ID}"
    return [
        Route(at, person.PersonPage, one, "admin_person"),
        Route(f"{at}/reset-link", person.MakeResetLink, one, "admin_reset_link"),
        Route(f"{at}/suspend", person.Suspend, one, "admin_suspend"),
        Route(f"{at}/restore", person.Restore, one, "admin_restore"),
        Route(f"{at}/role", person.ChangeRole, one, "admin_role"),
        Route(f"{at}/end", person.SetEnd, one, "admin_end"),
        Route(f"{at}/sessions/end-all", person.EndSessions, one, "admin_end_sessions"),
        Route(rf"{at}/sessions/{ID}/end", person.EndSession, one, "admin_end_session"),
        Route(f"{at}/delete", person.Delete, one, "admin_delete"),
    ]
