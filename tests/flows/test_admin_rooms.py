"""What an admin's pages say of rooms, and what they never say."""

from __future__ import annotations

from pathlib import Path

from tests.house import open_house


async def test_rooms_without_a_word_of_what_is_said(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        bo, cy = await house.person("bo"), await house.person("cy")
        room = await bo.make_room("Kitchen <b>", topic="Forks")
        await bo.invite(room, cy)
        await bo.post(room, "text canary soup")
        listed = await ann.page("/admin/rooms?query=kitchen")
        assert "Kitchen &lt;b&gt;" in listed.text
        assert "Owned by bo" in listed.text
        assert "2 people in it" in listed.text
        one = await ann.page(f"/admin/rooms/{room}")
        assert all(it in one.text for it in ("Forks", "can post", "owns it", "Given by bo"))
        assert (await ann.page("/admin/rooms?query=soup")).text.count("/admin/rooms/") == 0
        assert b"canary" not in ann.seen
        assert (await bo.page(f"/admin/rooms/{room}")).status == 404


async def test_the_glass_is_not_broken_by_half(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ann, bo = await house.person("ann", admin=True), await house.person("bo")
        room = await bo.make_room("Kitchen")
        page = f"/admin/rooms/{room}"
        plain = (await ann.page(page)).text
        assert "Everyone in the room will be told at once" in plain
        assert "Open the room in the chat" not in plain
        failed = await ann.submit(f"{page}/glass", level="READ", hours="x", why="")
        assert failed.status == 400
        assert 'id="why-error">Say why' in failed.text
        failed = await ann.submit(f"{page}/glass", level="READ", hours="25", why="Help")
        assert 'id="hours-error">Breaking the glass lasts 1 to 24 hours.' in failed.text
        assert [it["kind"] for it in (await bo.entries(room))["entries"]] == ["made"]
        done = await ann.submit(f"{page}/glass", level="READ", hours="24", why="Help")
        assert done.location == page
        shown = (await ann.page(page)).text
        assert "broke the glass" in shown
        assert f'href="/r/{room}"' in shown
