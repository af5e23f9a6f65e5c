"""Who may begin a direct room with whom; and a refusal does not tell, not even by its work, why."""

from __future__ import annotations

from itertools import product

import pytest

from core.records import Identity, Reach, Role, State
from rooms.direct import Beginning, may_begin
from storage import accounts
from tests.rooms.house import House
from tests.rooms.refusals import refusal
from tests.statements import statements

EVERYONE, SHARING, NOBODY = Reach
YES, NO = True, False


@pytest.mark.parametrize(
    ("reach", "shares", "blocks", "allowed"),
    [
        (EVERYONE, NO, NO, YES),
        (EVERYONE, YES, NO, YES),
        (SHARING, NO, NO, NO),
        (SHARING, YES, NO, YES),
        (NOBODY, NO, NO, NO),
        (NOBODY, YES, NO, NO),
        *((reach, shares, YES, NO) for reach in Reach for shares in (YES, NO)),
    ],
)
class TestBeginning:
    def test_the_rule(self, reach: Reach, shares: bool, blocks: bool, allowed: bool) -> None:
        for state in State:
            wish = Beginning(Role.MEMBER, state, reach, shares, blocks)
            assert may_begin(wish, "members") is (allowed and state is State.ACTIVE)

    @pytest.mark.parametrize("exists", [False, True])
    async def test_in_the_house(
        self,
        house: House,
        ann: Identity,
        bo: Identity,
        reach: Reach,
        shares: bool,
        blocks: bool,
        allowed: bool,
        exists: bool,
    ) -> None:
        """A room that is there already goes on in any case."""
        if exists:
            await house.direct.open(ann, bo.account.id)
        await _arrange(house, ann, bo, reach, shares, blocks)
        answer = await refusal(house.direct.open(ann, bo.account.id))
        assert answer == (None if allowed or exists else "direct_refused")


@pytest.mark.parametrize(
    ("by", "role", "allowed"),
    [
        ("members", Role.GUEST, NO),
        ("members", Role.MEMBER, YES),
        ("members", Role.ADMIN, YES),
        ("everyone", Role.GUEST, YES),
        ("everyone", Role.MEMBER, YES),
        ("nobody", Role.ADMIN, NO),
        ("nobody", Role.MEMBER, NO),
        ("nobody", Role.GUEST, NO),
    ],
)
def test_whom_the_server_lets(by: str, role: Role, allowed: bool) -> None:
    wish = Beginning(role, State.ACTIVE, EVERYONE, True, False)
    assert may_begin(wish, by) is allowed  # type: ignore[arg-type]


REASONS = [
    (reach, shares, blocks, state)
    for reach, shares, blocks, state in product(
        Reach, (False, True), (False, True), (State.ACTIVE, State.SUSPENDED, State.PENDING)
    )
    if not may_begin(Beginning(Role.MEMBER, state, reach, shares, blocks), "members")
]


async def test_all_refusals_are_one(house: House, ann: Identity) -> None:
    """The same code after the same statements, whichever of the reasons it is."""
    work, codes = [], []
    for number, (reach, shares, blocks, state) in enumerate(REASONS):
        other = await house.person(f"bo{number:02}")
        await _arrange(house, ann, other, reach, shares, blocks)
        await _set_state(house, other, state)
        with statements(house.database) as sent:
            codes.append(await refusal(house.direct.open(ann, other.account.id)))
        work.append(sent)
    assert len(REASONS) > 20
    assert set(codes) == {"direct_refused"}
    assert all(sent == work[0] for sent in work)


async def test_the_servers_own_refusal_is_the_same(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    await house.blocking.block(cy, ann.account.id)
    with statements(house.database) as blocked:
        assert await refusal(house.direct.open(ann, cy.account.id)) == "direct_refused"
    house.direct._by = "nobody"
    with statements(house.database) as closed:
        assert await refusal(house.direct.open(ann, bo.account.id)) == "direct_refused"
    assert blocked == closed


async def test_hidden_from_a_guest_is_absent(house: House, ann: Identity, gus: Identity) -> None:
    house.direct._by = "everyone"
    with statements(house.database) as hidden:
        assert await refusal(house.direct.open_by_nickname(gus, "ann")) == "person_not_found"
    with statements(house.database) as absent:
        assert await refusal(house.direct.open_by_nickname(gus, "eve")) == "person_not_found"
    assert [sent.replace("!ann", "!eve") for sent in hidden] == absent


async def _arrange(
    house: House, opener: Identity, other: Identity, reach: Reach, shares: bool, blocks: bool
) -> None:
    await house.database.write(lambda tx: accounts.set_reach(tx, other.account.id, reach))
    if shares:
        await house.invite(opener, await house.room(opener), other)
    if blocks:
        await house.blocking.block(other, opener.account.id)


async def _set_state(house: House, other: Identity, state: State) -> None:
    await house.database.write(lambda tx: accounts.set_state(tx, other.account.id, state))
