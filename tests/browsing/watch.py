"""Looks over a browser profile's shoulder: pages must be silent, and must ask nobody else."""

from __future__ import annotations

import re

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError

OWN_SCHEMES = ("data:", "blob:", "about:")


class Watch:
    """Notes errors, warnings, refused content and requests to anywhere but ``origin``."""

    def __init__(self, context: BrowserContext, origin: str) -> None:
        self.asked: list[str] = []
        self._origin = origin
        self._said: list[str] = []
        self._forgiven: list[re.Pattern[str]] = []
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "info":
            self._said.append(f"{message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self._said.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def forgive(self, what: str) -> None:
        """The browser itself tells of this: a refused form, a lost connection."""
        self._forgiven.append(re.compile(what))

    def forgive_lost_connection(self) -> None:
        self.forgive(r"WebSocket connection to .* failed|net::ERR_")

    def check(self) -> None:
        said = [text for text in self._said if not self._is_forgiven(text)]
        foreign = [url for url in self.asked if self._is_foreign(url)]
        assert not said, f"the console said {said}"
        assert not foreign, f"asked elsewhere for {foreign}"

    def _is_forgiven(self, text: str) -> bool:
        return any(one.search(text) for one in self._forgiven)

    def _is_foreign(self, url: str) -> bool:
        return not url.startswith((f"{self._origin}/", *OWN_SCHEMES))
