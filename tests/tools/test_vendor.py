"""The vendored modules are the ones that were fetched, and import nothing from elsewhere."""

import json
import re

import pytest

from tests.sources import ROOT
from tools.vendor import STATIC, VENDOR, WANTED, digest

MAP = json.loads((VENDOR / "importmap.json").read_text("utf-8"))
PATHS = sorted(MAP["integrity"])


@pytest.mark.parametrize("path", PATHS)
def test_a_module_matches_its_digest(path: str) -> None:
    assert digest(STATIC / path) == MAP["integrity"][path]


def test_the_map_names_every_module_wanted_and_no_other_file_is_there() -> None:
    assert list(MAP["imports"]) == [module.specifier for module in WANTED]
    assert sorted(MAP["imports"].values()) == PATHS
    scripts = [path for path in VENDOR.rglob("*.*js") if not path.name.startswith("LICENSE")]
    assert sorted(path.relative_to(STATIC).as_posix() for path in scripts) == PATHS


def test_the_versions_are_those_of_package_json() -> None:
    versions = json.loads((ROOT / "package.json").read_text("utf-8"))["dependencies"]
    named = {re.sub(r"^vendor/(@?[^@]+@[^/]+)/.*", r"\1", path) for path in PATHS}
    assert named == {f"{name}@{version}" for name, version in versions.items()}


@pytest.mark.parametrize("path", PATHS)
def test_a_module_imports_only_what_is_mapped(path: str) -> None:
    text = (STATIC / path).read_text("utf-8")
    names = re.findall(r"\b(?:from|import)\s?\"([^\"]+)\"", text)
    assert set(names) <= MAP["imports"].keys()


@pytest.mark.parametrize("path", PATHS)
def test_a_package_brings_its_licence(path: str) -> None:
    homes = [parent for parent in (STATIC / path).parents if "@" in parent.name.lstrip("@")]
    assert (homes[0] / "LICENSE").exists()
