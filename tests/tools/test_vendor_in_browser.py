"""The vendored modules run in a real browser under the strictest of policies."""

import json
import mimetypes

from playwright.async_api import Page, Route

from tests.conftest import NewProfile
from tools.vendor import STATIC, VENDOR

HOST = "http://chatelaine.test"
POLICY = (
    "default-src 'none'; base-uri 'none'; script-src 'self' 'nonce-n';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
MAP = json.loads((VENDOR / "importmap.json").read_text("utf-8"))
MODULES = {f"/{path}": (STATIC / path).read_text("utf-8") for path in MAP["integrity"]}
PROGRAM = """
import { useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { effect } from "@preact/signals-core";
import htm from "htm";
import { html, render, h } from "htm/preact";
import { Fragment } from "preact";
import MarkdownIt from "markdown-it";

const count = signal(1);
effect(() => { document.title = String(count.value); });
const words = new MarkdownIt({ linkify: true }).parse("**bold** &eacute;", {});
function App() {
  const [word] = useState("hello");
  return html`<p>${word} ${count} ${words[1].children.map((token) => token.content).join("")}</p>`;
}
render(html`<${App} />`, document.getElementById("root"));
count.value = 2;
if (htm.bind(h)`<i />`.type !== "i" || !Fragment) throw new Error("htm and preact do not fit");
"""


def page_with(integrity: dict[str, str]) -> str:
    entries = {
        "imports": {name: f"/{path}" for name, path in MAP["imports"].items()},
        "integrity": {f"/{path}": value for path, value in integrity.items()},
    }
    return (
        f'<!doctype html><script type="importmap" nonce="n">{json.dumps(entries)}</script>'
        '<div id="root"></div><script type="module" src="/program.js"></script>'
    )


async def open_page(new_profile: NewProfile, integrity: dict[str, str]) -> Page:
    pages = {"/": page_with(integrity), "/program.js": PROGRAM}

    async def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        kind = "text/html" if path == "/" else mimetypes.guess_type(path)[0]
        body = pages.get(path) or MODULES[path]
        headers = {"Content-Security-Policy": POLICY}
        await route.fulfill(body=body, content_type=kind or "text/javascript", headers=headers)

    page = await (await new_profile()).new_page()
    await page.route(f"{HOST}/**", answer)
    return page


async def test_they_draw_under_a_strict_policy(new_profile: NewProfile) -> None:
    page = await open_page(new_profile, MAP["integrity"])
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    await page.goto(HOST)
    await page.wait_for_function("document.querySelector('p')?.textContent === 'hello 2 bold é'")
    assert await page.title() == "2"
    assert troubles == []


async def test_a_changed_file_is_refused(new_profile: NewProfile) -> None:
    changed = dict.fromkeys(MAP["integrity"], "sha384-" + "A" * 64)
    page = await open_page(new_profile, changed)
    async with page.expect_console_message() as refusal:
        await page.goto(HOST)
    assert "integrity" in (await refusal.value).text
    assert await page.inner_text("#root") == ""
