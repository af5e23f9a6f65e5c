"""The access log as admins get it: the page without JavaScript, and all of it as CSV."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from admin.pages import access
from core.access import Cap, Delta
from core.levels import Level
from core.log import Kind
from rooms.granting import LAST_DAY
from rooms.ledger import open_room
from tests.house import House, open_house
from tests.people import Person


@pytest.fixture
async def house(tmp_path: Path) -> object:
    async with open_house(tmp_path) as house:
        yield house


async def rows_of(admin: Person, query: str = "") -> list[dict[str, str]]:
    answer = await admin.page(f"/admin/access/csv{query}")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="access-log.csv"'
    assert answer.text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(answer.text[1:], newline="")))


async def test_the_page(house: House) -> None:
    adam = await house.person("adam", admin=True)
    ann, bo = await house.person("ann"), await house.person("bo")
    room = await ann.make_room("<Kitchen>")
    await ann.invite(room, bo)
    await ann.post(room, "canary text")
    page = (await adam.page("/admin/access")).text
    for words in ("invited", "bo may: write", "bo is in the room", "&lt;Kitchen&gt;", "entry 2"):
        assert words in page
    assert "canary" not in page
    found = (await adam.page("/admin/access?room=%3CKitchen%3E&person=bo")).text
    assert ("invited" in found, "room made" in found) == (True, True), "made is in the choice"
    assert found.count("<li>") == 1
    nothing = (await adam.page("/admin/access?room=Cellar&from=x&to=9999-12-31&after=x")).text
    assert "Nothing was found" in nothing


async def test_no_end_is_too_far_to_be_told(house: House) -> None:
    """Any owner could take the access log from the admins, and the room's page with its glass."""
    adam = await house.person("adam", admin=True)
    ann, bo = await house.person("ann"), await house.person("bo")
    room = await ann.make_room("Kitchen")
    for until, status in ((2**53 - 1, 400), (LAST_DAY + 1, 400), (LAST_DAY, 200)):
        grant = {"to": "person", "id": bo.id, "level": "READ", "until": until}
        cap = {"person": bo.id, "kind": "mute", "until": until}
        for change in ({"grants": [grant]}, {"caps": [cap]}):
            answer = await ann.ask("POST", f"/api/v1/rooms/{room}/access", change)
            assert answer.status == status
    for path in ("/admin/access", "/admin/access/csv", f"/admin/rooms/{room}"):
        assert (await adam.page(path)).status == 200


async def test_older_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "SHOWN", 2)
    adam = await house.person("adam", admin=True)
    room = await adam.make_room("Kitchen")
    for number in range(4):
        await adam.api("PATCH", f"rooms/{room}", {"name": f"Kitchen {number}"})
    seen: list[str] = []
    path = "/admin/access?room=" + room
    while path:
        page = (await adam.page(path)).text
        seen += re.findall(r"· entry (\d+)<", page)
        older = re.search(r'href="([^"]+)">Older<', page)
        path = older[1].replace("&amp;", "&") if older else ""
    assert seen == ["5", "4", "3", "2", "1"]


async def test_csv_is_whole_and_harmless(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "EXPORTED", 3)
    adam = await house.person("adam", nickname="=adam", admin=True)
    room = await adam.make_room('=cmd|"/c calc"!A1')
    for number in range(8):
        await adam.api("PATCH", f"rooms/{room}", {"name": f"+{number}"})
    bo = await house.person("bo")
    await adam.invite(room, bo)
    cap = Cap(bo.id, Level.READ, adam.id, 0, "=HYPERLINK(1)")
    await house.chatelaine.database.write(
        lambda tx: open_room(tx, room).write(Kind.MUTED, None, Delta(caps=(cap,)))
    )
    await adam.post(room, "canary text")
    rows = await rows_of(adam)
    here = [row for row in rows if row["room"] == room]
    assert [row["seq"] for row in here] == [str(seq) for seq in range(11, 0, -1)]
    assert {row["room_name"] for row in here} == {"'+7"}
    assert (here[0]["kind"], here[0]["why"], here[0]["by"]) == ("muted", "'=HYPERLINK(1)", "")
    assert here[1]["by"] == "'=adam"
    assert {row["kind"] for row in rows if not row["room"]} == {"account:made"}
    assert "canary" not in repr(rows)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


async def test_csv_holds_what_was_looked_for(house: House) -> None:
    adam = await house.person("adam", admin=True)
    rooms = [await adam.make_room(name) for name in ("Kitchen", "Garden")]
    assert [row["room"] for row in await rows_of(adam, "?room=Garden")] == [rooms[1]]
    kinds = {row["kind"] for row in await rows_of(adam, "?kind=account:made")}
    assert kinds == {"account:made"}
    today = (await rows_of(adam, "?kind=made"))[0]["time"][:10]
    assert len(await rows_of(adam, f"?kind=made&from={today}&to={today}")) == 3
    assert await rows_of(adam, "?to=2001-01-01") == []
