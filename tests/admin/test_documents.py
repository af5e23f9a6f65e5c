"""What is generated from the code is as the code is now."""

from __future__ import annotations

import re

import msgspec
import pytest

from admin.documents import MADE
from api import protocol
from app import ROOT, documents


@pytest.mark.parametrize("name", sorted(documents()))
def test_generated_documents_are_not_stale(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text("utf-8")
    assert kept == MADE + documents()[name], "run make docs"


def test_the_protocol_names_every_frame() -> None:
    text = documents()["protocol.md"]
    frames = protocol.ClientFrame.__args__ + protocol.ServerFrame.__args__
    tags = {msgspec.inspect.type_info(kind).tag for kind in frames}  # type: ignore[attr-defined]
    assert tags == set(re.findall(r"^### `(\w+)`$", text, re.MULTILINE))


def test_links_between_documents_lead_somewhere() -> None:
    for document in [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *ROOT.glob("examples/*.md"),
    ]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"
