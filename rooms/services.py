"""Everything that is done with rooms and people's standing in them, made once."""

from __future__ import annotations

from dataclasses import dataclass

from auth.signup import SignUps
from auth.throttle import Limiter, Rate
from core.clock import Clock
from core.config import Config
from live.bus import Bus
from rooms.access_log import AccessLog
from rooms.accounts import AccountKeeping
from rooms.approvals import Approvals
from rooms.asking import Asking
from rooms.blocking import Blocking
from rooms.bulk import Bulk
from rooms.changes import Changes
from rooms.changing import Changing
from rooms.default_grants import DefaultGrants
from rooms.direct import DirectRooms
from rooms.expiry import Sweeper
from rooms.glass import Glass
from rooms.groups import Groups
from rooms.invitations import Invitations
from rooms.inviting import Inviting
from rooms.listing import Listing
from rooms.making import Making
from rooms.membership import Membership
from rooms.newcomers import Newcomers
from rooms.occupants import Occupancy
from rooms.overseeing import Overseeing
from rooms.proof import Proof
from rooms.rights_table import RightsTable
from rooms.why import OwnRights
from storage.engine import Database


@dataclass(frozen=True, slots=True)
class RoomServices:
    """One service a verb; handlers are given those that they use."""

    changes: Changes
    sweeper: Sweeper
    listing: Listing
    occupancy: Occupancy
    making: Making
    changing: Changing
    rights: RightsTable
    membership: Membership
    inviting: Inviting
    asking: Asking
    invitations: Invitations
    newcomers: Newcomers
    proof: Proof
    own_rights: OwnRights
    access_log: AccessLog
    keeping: AccountKeeping
    approvals: Approvals
    groups: Groups
    default_grants: DefaultGrants
    bulk: Bulk
    glass: Glass
    overseeing: Overseeing
    direct: DirectRooms
    blocking: Blocking


def make_room_services(
    config: Config, clock: Clock, database: Database, bus: Bus, signups: SignUps
) -> RoomServices:
    changes = Changes(database, bus)
    throttle = config.throttle
    making = Limiter(Rate(throttle.rooms_burst, throttle.rooms_seconds), clock)
    inviting = Limiter(Rate(throttle.invites_burst, throttle.invites_seconds), clock)
    asking = Limiter(Rate(throttle.asks_burst, throttle.asks_seconds), clock)
    return RoomServices(
        changes=changes,
        sweeper=Sweeper(database, bus),
        listing=Listing(database),
        occupancy=Occupancy(database),
        making=Making(changes, making, by_admins_only=config.rooms_made_by == "admins"),
        changing=Changing(changes),
        rights=RightsTable(database),
        membership=Membership(changes),
        inviting=Inviting(changes, inviting),
        asking=Asking(database, changes, bus, asking),
        invitations=Invitations(database, changes),
        newcomers=Newcomers(signups, changes),
        proof=Proof(database),
        own_rights=OwnRights(database),
        access_log=AccessLog(database),
        keeping=AccountKeeping(database, changes),
        approvals=Approvals(database, changes),
        groups=Groups(database, changes),
        default_grants=DefaultGrants(database, changes),
        bulk=Bulk(changes),
        glass=Glass(changes),
        overseeing=Overseeing(database),
        direct=DirectRooms(changes, making, config.direct_by),
        blocking=Blocking(changes),
    )
