"""Whatever is sent instead of HTTP, the log does not say from where."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from tests.people import address_in
from tests.start.server import PATIENCE, Server, running

MALLORY = "127.0.9.9"
FORM = "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 5\r\n"
MALFORMED = {
    "no request at all": "rubbish\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "another protocol": "GET / GOPHER/9\r\n\r\n",
    "a header without a colon": "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
    "a header with a line break": "GET / HTTP/1.1\r\nHost: HOST\r\nX: a\rb\r\n\r\n",
    "two hosts": "GET / HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
    "a host that is none": "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a length that is none": "POST /login HTTP/1.1\r\nHost: HOST\r\nContent-Length: x\r\n\r\n",
    "two lengths": "POST / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1, 2\r\n\r\n",
    "too long": "POST /login HTTP/1.1\r\nHost: HOST\r\nContent-Length: 99999999\r\n\r\n",
    "too long a header": f"GET / HTTP/1.1\r\nHost: HOST\r\nX: {'x' * 20_000}\r\n\r\n",
    "bad chunks": "POST / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n",
    "a form that is none": f"POST /login HTTP/1.1\r\nHost: HOST\r\n{FORM}\r\nxxxxx",
}


async def send(server: Server, text: str) -> bytes:
    """What comes back until the server is done with it."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", server.port, local_addr=(MALLORY, 0)
    )
    writer.write(text.replace("HOST", server.host).encode("latin-1"))
    writer.write_eof()
    answer = b""
    async with asyncio.timeout(PATIENCE):
        with suppress(ConnectionError):
            answer = await reader.read()
    writer.close()
    return answer


async def test_no_address_is_logged(tmp_path: Path) -> None:
    async with running(tmp_path / "data", {"LOG_LEVEL": "debug"}) as server:
        for text in MALFORMED.values():
            assert MALLORY.encode() not in await send(server, text)
        assert (await server.visitor().page("/login")).status == 200
        await server.stop()
        assert "request" in server.errors, "something is logged"
        assert address_in(server.errors.encode()) is None
