"""One person's requests are bounded, whoever else asks."""

from pathlib import Path

from tests.house import open_house


async def test_requests_beyond_the_allowance_are_told_to_wait(tmp_path: Path) -> None:
    few = {"LIMITS__REQUEST_BURST": "30", "LIMITS__REQUESTS_PER_SECOND": "1"}
    async with open_house(tmp_path, few) as house:
        ann = await house.person("ann", admin=True)
        bo = await house.person("bo")
        answers = [await ann.ask("GET", "/api/v1/me") for _ in range(31)]
        assert answers[0].status == 200
        assert answers[-1].error == "too_many_requests"
        assert int(answers[-1].headers["Retry-After"]) >= 1
        assert (await bo.ask("GET", "/api/v1/me")).status == 200
