"""Static files: held in memory, their content's hash in their address, cached for good.

``js/view/app.js`` is served as ``/static/js/view/app.<hash>.js``. As the directory stays the
same, modules import each other by relative paths; the import map leads these to the hashed ones.
"""

from __future__ import annotations

import gzip
import json
import mimetypes
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha384
from pathlib import Path, PurePosixPath

PREFIX = "/static/"
_VENDOR_MAP = "vendor/importmap.json"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".woff2": "font/woff2"}
_TEXT = ("text/", "application/json", "image/svg+xml")
_HASH_LENGTH = 16


@dataclass(frozen=True)
class Asset:
    """One file; ``path`` is below static/."""

    path: str
    content: bytes

    @cached_property
    def integrity(self) -> str:
        return f"sha384-{b64encode(sha384(self.content).digest()).decode()}"

    @cached_property
    def hashed_path(self) -> str:
        path = PurePosixPath(self.path)
        return str(path.with_name(f"{path.stem}.{self._hash}{path.suffix}"))

    @property
    def url(self) -> str:
        return PREFIX + self.hashed_path

    @property
    def etag(self) -> str:
        return f'"{self._hash}"'

    @cached_property
    def media_type(self) -> str:
        suffix = PurePosixPath(self.path).suffix
        kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
        return f"{kind}; charset=utf-8" if kind.startswith(_TEXT) else kind

    @cached_property
    def compressed(self) -> bytes | None:
        """The content in gzip, if that is worth it."""
        return gzip.compress(self.content, mtime=0) if self.media_type.startswith(_TEXT) else None

    @cached_property
    def _hash(self) -> str:
        return sha384(self.content).hexdigest()[:_HASH_LENGTH]


class Assets:
    """Every file of static/, and what is made at start (``extra``), found by its address."""

    def __init__(self, folder: Path, extra: Mapping[str, bytes] | None = None) -> None:
        files = {**dict(_files(folder)), **(extra or {})}
        self._by_path = {path: Asset(path, content) for path, content in files.items()}
        self._by_hashed = {asset.hashed_path: asset for asset in self._by_path.values()}
        self._imports = _imports(self._by_path)

    def url(self, path: str) -> str:
        """The hashed address; KeyError when there is no such file."""
        return self._by_path[path].url

    def integrity(self, path: str) -> str:
        return self._by_path[path].integrity

    def modules(self, folder: str) -> list[Asset]:
        """The modules below ``folder``, for preloading."""
        return [a for path, a in self._by_path.items() if _is_module(path, folder)]

    def import_map(self, *paths: str) -> str:
        """The JSON of a page's import map: of all modules, or of our own at ``paths`` only."""
        wanted = {PREFIX + path for path in paths} or set(self._imports)
        modules = {name: asset for name, asset in self._imports.items() if name in wanted}
        imports = {name: asset.url for name, asset in modules.items()}
        integrity = {asset.url: asset.integrity for asset in modules.values()}
        return json.dumps({"imports": imports, "integrity": integrity}, separators=(",", ":"))

    def find(self, requested: str) -> tuple[Asset | None, bool]:
        """The asset of an address below /static/, and whether that address is its hashed one."""
        if asset := self._by_hashed.get(requested):
            return asset, True
        return self._by_path.get(requested), False


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _is_module(path: str, folder: str) -> bool:
    return path.startswith(folder) and path.endswith((".js", ".mjs"))


def _imports(assets: Mapping[str, Asset]) -> dict[str, Asset]:
    """Modules by what imports say: vendored ones by their name, our own by their plain address."""
    vendored = assets.get(_VENDOR_MAP)
    named = json.loads(vendored.content)["imports"] if vendored else {}
    own = {PREFIX + path: asset for path, asset in assets.items() if _is_module(path, "js/")}
    return {name: assets[path] for name, path in named.items()} | own
