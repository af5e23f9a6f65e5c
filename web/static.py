"""Serves the static files."""

from __future__ import annotations

from core.errors import ChatError
from web.assets import Asset
from web.guards import Guard
from web.handler import Handler
from web.headers import security_headers

_FOR_GOOD = "public, max-age=31536000, immutable"


class Static(Handler):
    """A hashed address is cached for good; a plain one is asked again each time."""

    guard = Guard.STATIC

    def security_headers(self) -> dict[str, str]:
        return dict(security_headers(secure=self.site.config.secure))

    def get(self, path: str) -> None:
        asset, hashed = self.site.assets.find(path)
        if asset is None:
            raise ChatError("not_found")
        self.set_header("Cache-Control", _FOR_GOOD if hashed else "no-cache")
        self.set_header("Etag", asset.etag)
        self.set_header("Vary", "Accept-Encoding")
        if self.check_etag_header():
            self.set_status(304)
        else:
            self._send(asset)

    def _send(self, asset: Asset) -> None:
        self.set_header("Content-Type", asset.media_type)
        content = asset.content
        if asset.compressed and "gzip" in self.request.headers.get("Accept-Encoding", ""):
            self.set_header("Content-Encoding", "gzip")
            content = asset.compressed
        self.finish(content)


class NotFound(Handler):
    """Every address that no route knows."""

    guard = Guard.PUBLIC

    def check_csrf(self) -> None:
        raise ChatError("not_found")
