"""The addresses of these pages."""

from __future__ import annotations

from admin.pages import person
from admin.pages.access import Access, AccessCsv
from admin.pages.approvals import Answer, ApprovalsPage
from admin.pages.defaults import NewRooms, TakeDefault
from admin.pages.groups import DeleteGroup, GroupList, GroupMembers, OneGroup, TakeOut
from admin.pages.invitations import InvitationPage, RevokeInvitation
from admin.pages.people import People
from admin.pages.rooms import BreakGlass, MendGlass, OneRoom, RoomList, Verify
from auth.accounts import Accounts
from auth.links import Links
from rooms.services import RoomServices
from web.routes import ID, Route


def admin_routes(accounts: Accounts, links: Links, rooms: RoomServices) -> list[Route]:
    approvals = {"approvals": rooms.approvals}
    people = {"accounts": accounts, "keeping": rooms.keeping, **approvals}
    inviting = {"invitations": rooms.invitations, **approvals}
    return [
        Route("/admin", People, people, "admin_people"),
        *_person_routes(links, rooms),
        Route("/admin/approvals", ApprovalsPage, approvals, "admin_approvals"),
        Route(rf"/admin/approvals/{ID}", Answer, approvals, "admin_answer"),
        Route("/admin/invitations", InvitationPage, inviting, "admin_invitations"),
        Route(rf"/admin/invitations/{ID}/revoke", RevokeInvitation, inviting, "admin_revoke"),
        *_access_routes(rooms),
        *_group_routes(rooms),
        *_room_routes(rooms),
    ]


def _access_routes(rooms: RoomServices) -> list[Route]:
    access = {"access_log": rooms.access_log, "approvals": rooms.approvals}
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


def _group_routes(rooms: RoomServices) -> list[Route]:
    groups = {"groups": rooms.groups, "approvals": rooms.approvals}
    defaults = {"defaults": rooms.default_grants, **groups}
    one = rf"/admin/groups/{ID}"
    return [
        Route("/admin/groups", GroupList, groups, "admin_groups"),
        Route(one, OneGroup, groups, "admin_group"),
        Route(f"{one}/members", GroupMembers, groups, "admin_group_members"),
        Route(rf"{one}/members/{ID}/take-out", TakeOut, groups, "admin_take_out"),
        Route(f"{one}/delete", DeleteGroup, groups, "admin_group_delete"),
        Route("/admin/new-rooms", NewRooms, defaults, "admin_new_rooms"),
        Route("/admin/new-rooms/take", TakeDefault, defaults, "admin_take_default"),
    ]


def _room_routes(rooms: RoomServices) -> list[Route]:
    overseeing = {"overseeing": rooms.overseeing, "approvals": rooms.approvals}
    glass = {"glass": rooms.glass, **overseeing}
    one = rf"/admin/rooms/{ID}"
    return [
        Route("/admin/rooms", RoomList, overseeing, "admin_rooms"),
        Route(one, OneRoom, glass, "admin_room"),
        Route(f"{one}/verify", Verify, glass, "admin_verify"),
        Route(f"{one}/glass", BreakGlass, glass, "admin_break_glass"),
        Route(rf"{one}/glass/{ID}/end", MendGlass, glass, "admin_mend_glass"),
    ]
