"""Writing the documents that are made from the code, and the one about the settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

MADE = "<!-- Made by `make docs`; a change here is lost. -->\n"
ROOT = Path(__file__).parent.parent


def write_documents(folder: Path, documents: Mapping[str, str]) -> None:
    """``documents``: file name → content."""
    for name, text in documents.items():
        (folder / name).write_text(MADE + text, encoding="utf-8")


def settings_document() -> str:
    """docs/configuration.md."""
    defaults = (ROOT / "config.yaml").read_text(encoding="utf-8")
    return (
        "# Settings\n\nPut what you change into `data/config.yaml`, in the same shape, or"
        " into the environment: `CHATELAINE_SIGNUP=open`,\n`CHATELAINE_LIMITS__BODY_BYTES=65536`"
        " (two underscores between a group and its setting), lists separated\nby spaces. An unknown"
        " setting or a wrong value stops the start with a sentence that names it.\n"
        f"`.venv/bin/python app.py check` only checks.\n\n```yaml\n{defaults}```\n"
    )
