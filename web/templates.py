"""The pages' templates, in every language."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.i18n import Catalogs, Translator
from web.assets import Assets
from web.catalogs import catalog_path


class Templates:
    """Renders ``folder``'s templates: what is put in is escaped, what is missing is an error."""

    def __init__(self, folder: Path, catalogs: Catalogs, assets: Assets) -> None:
        languages = list(catalogs.translators.values())
        common = {
            "static": assets.url,
            "integrity": assets.integrity,
            "modules": assets.modules,
            "import_map": lambda *paths: _safe_json(assets.import_map(*paths)),
            "catalogs": {t.language: assets.url(catalog_path(t.language)) for t in languages},
            "languages": languages,
        }
        self._environments = {
            translator.language: _environment(folder, translator, common)
            for translator in languages
        }

    def render(self, template: str, language: str, /, **values: object) -> str:
        return self._environments[language].get_template(template).render(**values)


def _environment(folder: Path, translator: Translator, common: dict[str, object]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        translator.gettext, translator.ngettext, newstyle=True
    )
    environment.filters["iso"] = _iso
    environment.globals.update(common, language=translator.language)
    return environment


def _iso(ms: int) -> str:
    """A time in UTC as HTML's time element takes it."""
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _safe_json(text: str) -> Markup:
    """JSON inside a script element, which only ``</`` and ``<!--`` could break."""
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - made by us, and escaped here
