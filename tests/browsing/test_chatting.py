"""Two people talk, each in a browser of their own."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_what_one_writes_the_other_sees_at_once(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    anns = await enter(ann, f"/r/{room}")
    bos = await enter(bo, f"/r/{room}")
    await anns.write("Is there any coffee left?")
    await bos.sees("Is there any coffee left?")
    await bos.write("还有一点咖啡。")
    await anns.sees("还有一点咖啡。")
    assert await anns.said() == await bos.said()
    await expect(anns.message("还有一点咖啡。")).to_contain_text("bo")
