"""Python's websockets with `broadcast`: every text goes to all.

python websockets_server.py PORT
"""

from __future__ import annotations

import asyncio
import sys

from websockets.asyncio.server import ServerConnection, broadcast, serve

users: set[ServerConnection] = set()


async def chat(user: ServerConnection) -> None:
    users.add(user)
    try:
        async for text in user:
            broadcast(users, text)
    finally:
        users.discard(user)


async def main(port: int) -> None:
    async with serve(chat, "127.0.0.1", port, compression=None, ping_interval=None, backlog=4096):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
