"""What people write, as it is shown: no markup of theirs, no link that leads astray, no freeze."""

from __future__ import annotations

import pytest

from tests.front.conftest import Run

SHOW = """
const { render } = await import("preact");
const { markdown } = await import("/static/js/text/markdown.js");
const place = document.createElement("div");
const show = text => { render(null, place); render(markdown(text), place); return place; };
"""
LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
SLOWEST_MS = 1_000
"""Ten times what a slow machine needs; a freeze is seconds."""


def link(to: str, text: str) -> str:
    return f'<a href="{to}" title="{to}" {LINK}>{text}</a>'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"),
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("**重要。**然后", "<p><strong>重要。</strong>然后</p>"),
        ("# Loud", '<p class="heading h1">Loud</p>'),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("<b onclick=x>b</b>", "<p>&lt;b onclick=x&gt;b&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](data:text/html,hi)", "<p>[x](data:text/html,hi)</p>"),
        ("[x](/logout)", "<p>[x](/logout)</p>"),
        ("[x](https://a.org)", f"<p>{link('https://a.org', 'x')}</p>"),
        ("[](https://a.org)", f"<p>{link('https://a.org', 'https://a.org')}</p>"),
        ("![x](https://a.org/p.png)", f"<p>{link('https://a.org/p.png', 'x')}</p>"),
        ("看https://a.org。好", f"<p>看{link('https://a.org', 'https://a.org')}。好</p>"),
        ("app.py and README.md", "<p>app.py and README.md</p>"),
        ("#", '<p class="as-written">#</p>'),
    ],
)
async def test_it_is_shown_so(run: Run, text: str, shown: str) -> None:
    assert await run(f"{SHOW} return show(given).innerHTML;", text) == shown


@pytest.mark.parametrize(
    "text",
    [
        ">" * 5_000 + "x",
        "[" * 10_000,
        "![" * 5_000,
        "*a " * 3_333,
        "**a*" * 2_500,
        "*_" * 2_500 + "a" + "_*" * 2_500,
        "`" * 10_000,
        "a@b.c " * 1_600,
        "a\n" * 5_000,
        "```\n" * 2_500,
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + ("|b" * 100 + "\n") * 45,
        "".join("  " * depth + "- x\n" for depth in range(90)),
    ],
    ids=lambda text: repr(text[:8]),
)
async def test_nothing_freezes_the_page(run: Run, text: str) -> None:
    program = f"""{SHOW}
      const begun = performance.now();
      const shown = show(given);
      shown.getBoundingClientRect();
      const took = performance.now() - begun;
      return [took, shown.querySelectorAll("*").length, shown.textContent.trim() !== ""];"""
    took, elements, visible = await run(program, text[:10_000])
    assert took < SLOWEST_MS
    assert elements < 1_600
    assert visible
