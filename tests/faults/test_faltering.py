"""The database cannot be written now and then: everyone is told to try again, and what one says
after the other stays in that order.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.faults.crowd import gather
from tests.start.server import running

FALTERING = (sys.executable, "-m", "tests.faults.faltering")
EVERY = 4


async def test_who_waits_for_answers_is_never_overtaken_by_oneself(tmp_path: Path) -> None:
    command = (*FALTERING, str(EVERY), "run")
    async with running(tmp_path / "data", command=command) as server:
        crowd = await gather(server)
        async with crowd.talking(posts=40):
            pass
        await crowd.agree()
        assert [talker.told for talker in crowd.talkers] == [{"storage_down"}] * 3
