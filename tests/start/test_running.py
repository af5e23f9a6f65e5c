"""The program as people run it: its first admin, a lost password, stopping, starting again."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from pathlib import Path

import pytest

from app import ROOT
from tests.people import PASSWORD, address_in
from tests.start.forks import Run
from tests.start.server import PATIENCE, Server, free_port, running
from tests.start.test_errors import refused

NEW = "another long password"


async def command(server: Server, *arguments: str, **more: str) -> Run:
    """Another run of the program with the server's settings, beside it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "app.py",
        *arguments,
        cwd=ROOT,
        env={**server.environ, **more},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Run(process.returncode, out.decode(), err.decode())


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


async def test_by_default_only_the_first_signs_up_without_an_invitation(tmp_path: Path) -> None:
    async with running(tmp_path / "data", {"SIGNUP": "invitation"}) as server:
        visitor = server.visitor()
        page = await visitor.page("/signup")
        assert 'name="password"' not in page.text
        refusal = await visitor.submit("/signup", name="bo", password=PASSWORD)
        assert refusal.status == 403
        await server.person("ann", admin=True)


async def test_who_forgot_the_password_gets_in_by_a_reset_link(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        wire = await ann.connect()
        made = await command(server, "reset-link", "ANN")
        assert (made.status, made.err) == (0, "")
        path = made.out.split(server.origin)[1].strip()
        visitor = server.visitor()
        await visitor.page(path)
        assert (await visitor.submit(path, password="short")).status == 400
        assert (await visitor.submit(path, password=NEW)).location == "/"
        assert await wire.closed() == 4001
        assert (await visitor.page("/")).status == 200
        assert "by a link made on the server" in (await visitor.page("/account")).text
        await server.window(ann, password=NEW)
        refused(await command(server, "reset-link", "nobody"), "'nobody'")


async def test_one_server_for_one_data_folder(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running(folder) as server:
        port = free_port()
        elsewhere = {
            "CHATELAINE_LISTEN": f"127.0.0.1:{port}",
            "CHATELAINE_PUBLIC_URL": f"http://localhost:{port}",
        }
        second = await command(server, "run", **elsewhere)
        refused(second, "Another Chatelaine", str(folder))
        await server.person("ann", admin=True)


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


async def test_nothing_is_written_outside_the_data_folder(tmp_path: Path) -> None:
    before = _names(ROOT)
    async with running(tmp_path / "data") as server:
        await server.person("ann", admin=True)
    assert _names(ROOT) <= before
    assert _names(tmp_path) == {"data"}


async def test_no_address_is_written_down(tmp_path: Path) -> None:
    """Neither in the log, however much of it is wanted, nor in the data folder."""
    folder = tmp_path / "data"
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


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
