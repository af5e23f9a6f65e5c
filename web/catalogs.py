"""The catalogues that the pages' JavaScript fetches, as static files."""

from __future__ import annotations

import msgspec

from core.i18n import Catalogs


def catalog_path(language: str) -> str:
    return f"locale/{language}.json"


def catalog_files(catalogs: Catalogs) -> dict[str, bytes]:
    """Extra files for `web.assets.Assets`."""
    return {
        catalog_path(language): msgspec.json.encode(catalog)
        for language, catalog in catalogs.browser.items()
    }
