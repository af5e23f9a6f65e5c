"""Nothing that an outsider can fetch or hear tells of a hidden room, however busy it is."""

from __future__ import annotations

import pytest

from tests.api.endpoints import endpoints
from tests.twins.comparing import Twins
from tests.twins.tour import SKIPPED

OUTSIDERS = ("mel", "rex", "gus", "ann", "nobody")
"""A member, someone who was removed, a guest, an admin, and someone who is not logged in."""


@pytest.mark.parametrize("who", OUTSIDERS)
async def test_an_outsider_cannot_tell_them_apart(twins: Twins, who: str) -> None:
    found = await twins.compare(who)
    assert not found.differences, "\n".join(found.differences)
    assert found.steps > 50
    print(f"{who}: {found.steps} steps, seconds: {found.seconds}")  # noqa: T201
    assert b"canary" not in found.received


async def test_the_twins_differ_for_those_inside(twins: Twins) -> None:
    """Else the test above would say nothing."""
    found = await twins.compare("ivy", only="GET /api/v1")
    assert b"canary" in found.received
    assert any("ivy: hear: frames" in difference for difference in found.differences)
    assert any("/api/v1/rooms/{}/entries cellar: body" in line for line in found.differences)


def test_what_is_skipped_is_there(twins: Twins) -> None:
    table = endpoints(twins.both[0].house.chatelaine.application())
    assert SKIPPED.keys() <= {endpoint.name for endpoint in table}
