"""Chat as tutorials of Tornado teach it: a set of users in the class, `write_message` to each.

python tutorial_server.py PORT
"""

from __future__ import annotations

import asyncio
import sys
from typing import ClassVar

from tornado.web import Application
from tornado.websocket import WebSocketHandler


class Chat(WebSocketHandler):
    users: ClassVar[set[WebSocketHandler]] = set()

    def open(self, *args: str, **kwargs: str) -> None:
        self.users.add(self)

    def on_message(self, message: str | bytes) -> None:
        for user in self.users:
            user.write_message(message)

    def on_close(self) -> None:
        self.users.discard(self)


async def main(port: int) -> None:
    Application([("/", Chat)]).listen(port, "127.0.0.1", backlog=4096)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
