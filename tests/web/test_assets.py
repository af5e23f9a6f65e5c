"""Static files: their address changes with their content, and they can be nothing else."""

import gzip
import json
from pathlib import Path

import pytest

from tests.web.house import ROOT, House
from web.assets import Assets


@pytest.fixture
def static(tmp_path: Path) -> Path:
    for name, content in {
        "js/a.js": "import './deep/b.js'",
        "js/deep/b.js": "1",
        "vendor/x@1/x.mjs": "2",
        "vendor/importmap.json": '{"imports": {"x": "vendor/x@1/x.mjs"}, "integrity": {}}',
        "img/logo.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def test_an_address_changes_with_its_content_only(static: Path) -> None:
    before = Assets(static)
    (static / "js/a.js").write_text("changed")
    after = Assets(static)
    assert before.url("js/a.js") != after.url("js/a.js")
    assert before.url("js/deep/b.js") == after.url("js/deep/b.js")
    assert Path(after.url("js/a.js")).parent == Path("/static/js")


def test_every_module_is_reached_by_its_hash(static: Path) -> None:
    assets = Assets(static)
    made = json.loads(assets.import_map())
    assert made["imports"] == {
        "x": assets.url("vendor/x@1/x.mjs"),
        "/static/js/a.js": assets.url("js/a.js"),
        "/static/js/deep/b.js": assets.url("js/deep/b.js"),
    }
    assert set(made["integrity"]) == set(made["imports"].values())


def test_a_page_can_do_with_a_few_modules(static: Path) -> None:
    made = json.loads(Assets(static).import_map("js/a.js"))
    assert list(made["imports"]) == ["/static/js/a.js"]


def test_the_digests_are_those_that_were_vendored() -> None:
    assets = Assets(ROOT / "static")
    vendored = json.loads((ROOT / "static/vendor/importmap.json").read_text())
    assert vendored["integrity"]
    for path, digest in vendored["integrity"].items():
        assert assets.integrity(path) == digest


async def test_a_hashed_address_is_kept_for_good(house: House) -> None:
    response = await house.ask(house.site.assets.url("css/base.css"))
    assert response.code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"


async def test_a_plain_address_is_asked_again(house: House) -> None:
    first = await house.ask("/static/css/base.css")
    again = await house.ask("/static/css/base.css", If_None_Match=first.headers["Etag"])
    assert (first.code, again.code) == (200, 304)
    assert again.body == b""


async def test_texts_are_sent_compressed_to_those_who_can_read_that(house: House) -> None:
    response = await house.client.fetch(
        f"{house.origin}/static/css/base.css",
        headers={"Accept-Encoding": "gzip"},
        decompress_response=False,
    )
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.body) == (ROOT / "static/css/base.css").read_bytes()


@pytest.mark.parametrize(
    "path", ["../app.py", "..%2fapp.py", "%2e%2e/core/config.py", "/etc/passwd", "css", "css/"]
)
async def test_nothing_else_is_served(house: House, path: str) -> None:
    assert (await house.ask(f"/static/{path}")).code == 404
