"""The program as people run it: its first admin, a lost password, stopping, starting again."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app import ROOT
from tests.people import PASSWORD, Person, address_in
from tests.start.forks import Forks
from tests.start.server import Server, free_port, running
from tests.start.test_errors import refused

NEW = "another long password"


@pytest.fixture(scope="module")
async def open_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    """One for several tests, as it is by default: people come by invitation."""
    folder = tmp_path_factory.mktemp("running") / "data"
    async with running(folder, {"SIGNUP": "invitation"}) as server:
        yield server


@pytest.fixture(scope="module")
async def ann(open_server: Server) -> Person:
    return await open_server.person("ann", admin=True)


async def test_the_first_admins_link(tmp_path: Path) -> None:
    """Printed at every start until there is an admin; each start voids the link before."""
    folder = tmp_path / "data"
    async with running(folder) as server:
        assert f"open {server.origin}\n" in server.welcome
        old = server.first
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "keys.json").stat().st_mode & 0o777 == 0o600
        assert await server.stop() == 0
        await server.start()
        assert server.first and server.first != old
        visitor = server.visitor()
        assert (await visitor.page(f"/first/{old}")).status == 404
        ann = await server.person("ann", admin=True)
        assert (await ann.api("GET", "me"))["role"] == "admin"
        assert (await visitor.page(f"/first/{server.first}")).status == 404
        assert await server.stop() == 0
        await server.start()
        assert "/first/" not in server.welcome
        assert (await ann.page("/")).status == 200, "still logged in"


async def test_nobody_signs_up_without_an_invitation(open_server: Server, ann: Person) -> None:
    visitor = open_server.visitor()
    page = await visitor.page("/signup")
    assert 'name="password"' not in page.text
    assert (await visitor.submit("/signup", name="bo", password=PASSWORD)).status == 403
    room = await ann.make_room("Kitchen")
    bo = await open_server.person("bo", link=await ann.link(room))
    assert room in await bo.rooms()


async def test_who_forgot_the_password_gets_in_by_a_reset_link(
    open_server: Server, ann: Person, forks: Forks
) -> None:
    wire = await ann.connect()
    made = forks.run(["reset-link", "ANN"], open_server.environ)
    assert (made.status, made.err) == (0, "")
    path = made.out.split(open_server.origin)[1].strip()
    visitor = open_server.visitor()
    await visitor.page(path)
    assert (await visitor.submit(path, password="short")).status == 400
    assert (await visitor.submit(path, password=NEW)).location == "/"
    assert await wire.closed() == 4001
    assert (await visitor.page("/")).status == 200
    assert "by a link made on the server" in (await visitor.page("/account")).text
    await ann.log_in("ann", NEW)
    refused(forks.run(["reset-link", "nobody"], open_server.environ), "'nobody'")


async def test_one_server_for_one_data_folder(
    open_server: Server, ann: Person, forks: Forks
) -> None:
    port = free_port()
    elsewhere = {
        "CHATELAINE_LISTEN": f"127.0.0.1:{port}",
        "CHATELAINE_PUBLIC_URL": f"http://localhost:{port}",
    }
    second = forks.run(["run"], open_server.environ | elsewhere)
    refused(second, "Another Chatelaine", open_server.environ["CHATELAINE_DATA"])
    assert (await ann.page("/")).status == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_server_that_is_told_to_stop_says_so_and_is_gone(
    tmp_path: Path, how: signal.Signals
) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        wires = [await ann.connect() for _ in range(3)]
        begin = time.monotonic()
        assert await server.stop(how) == 0
        assert time.monotonic() - begin < 9, "it did not wait for anybody"
        for wire in wires:
            assert await wire.closed() == 1001


async def test_a_second_start_is_quick(tmp_path: Path) -> None:
    """Against what importing its two largest libraries alone costs on the same machine now."""
    async with running(tmp_path / "data") as server:
        await server.stop()
        begin = time.monotonic()
        await server.start()
        start = time.monotonic() - begin
    begin = time.monotonic()
    libraries_alone = [sys.executable, "-c", "import tornado.web, sqlalchemy"]
    await (await asyncio.create_subprocess_exec(*libraries_alone)).wait()
    libraries = time.monotonic() - begin
    assert start < max(3, 5 * libraries), f"{start:.1f} s, {libraries:.1f} s for the libraries"


async def test_what_is_written_down(tmp_path: Path) -> None:
    """Nothing outside the data folder, and no address: neither there nor in the longest log."""
    folder, before = tmp_path / "data", _names(ROOT)
    async with running(folder, {"LOG_LEVEL": "debug"}) as server:
        ann = await server.person("ann", admin=True)
        wire = await ann.connect()
        await wire.connection.send("rubbish")
        await wire.frame("error")
        await server.visitor().submit("/login", name="ann", password="wrong")
        _, sending = await asyncio.open_connection("127.0.0.1", server.port)
        sending.write(b"this is no http\r\n\r\n")
        await sending.drain()
        sending.close()
        await server.visitor().ask("GET", "/nowhere")
        assert await server.stop() == 0
        assert "request" in server.errors
        assert address_in(server.errors.encode()) is None
    for name in _names(folder):
        assert address_in(_content(folder / name)) is None
    assert _names(ROOT) <= before
    assert _names(tmp_path) == {"data"}


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
