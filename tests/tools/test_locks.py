"""The locks hold hashes for every platform and name no registry but the public ones."""

import json
import re

import pytest

from tests.sources import ROOT

LOCKS = ("requirements.txt", "requirements-dev.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_has_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert re.findall(r"https?://|file:|index-url|find-links|\s/\w+", text) == []


def test_the_run_lock_is_part_of_the_development_lock() -> None:
    run, development = (pins((ROOT / lock).read_text("utf-8")) for lock in LOCKS)
    assert run <= development


def pins(text: str) -> set[str]:
    return set(re.findall(r"^[\w.-]+==[^\s\\]+", text, re.MULTILINE))


def test_the_npm_lock_names_no_registry_and_has_hashes() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    del packages[""]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []


def test_package_json_names_exact_versions() -> None:
    manifest = json.loads((ROOT / "package.json").read_text("utf-8"))
    wanted = {**manifest["dependencies"], **manifest["devDependencies"]}
    assert [name for name, version in wanted.items() if not re.fullmatch(r"[\d.]+", version)] == []
