"""Which Host and Origin may act. Checked before anything else, and before any upgrade."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.errors import ChatError

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origins:
    """The one origin that people use: that of ``public_url``."""

    def __init__(self, public_url: str) -> None:
        parts = urlsplit(public_url)
        self._url = public_url
        self._port = f":{_DEFAULT_PORTS[parts.scheme]}"
        self._host = self._plain(parts.netloc)
        self._origin = f"{parts.scheme}://{self._host}"

    def check_host(self, host: str | None) -> None:
        """Raises `ChatError` wrong_host unless ``host`` is exactly ours."""
        if host is None or self._plain(host) != self._host:
            raise ChatError("wrong_host", url=self._url)

    def check_origin(self, origin: str | None) -> None:
        """An Origin, if there is one, is our own. Raises `ChatError` wrong_origin."""
        if origin is not None and origin.lower() != self._origin:
            raise ChatError("wrong_origin")

    def check_handshake(self, origin: str | None, fetch_site: str | None, *, cookie: bool) -> None:
        """Whether a WebSocket may be opened. Raises `ChatError` wrong_origin.

        A browser sends a cookie whoever asked it to, so that a cookie needs the Origin of our own
        pages. A bearer token or ticket must be known to the sender; then Origin may be missing.
        Sec-Fetch-Site can only speak against a request: it never makes up for a wrong Origin.
        """
        self.check_origin(origin)
        if cookie and origin is None:
            raise ChatError("wrong_origin")
        if fetch_site not in (None, "same-origin", "none"):
            raise ChatError("wrong_origin")

    def _plain(self, host: str) -> str:
        """Lower case, without the port that the scheme has anyway."""
        name = host.lower().removesuffix(self._port)
        return host.lower() if name.rpartition("]")[2].count(":") else name
