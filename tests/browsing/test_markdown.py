"""What a message may look like, and that it can do nothing."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House

HOSTILE = (
    "<script>window.hit = 1</script>",
    "<img src=x onerror='window.hit = 1'>",
    "<svg onload='window.hit = 1'><a href='javascript:window.hit = 1'>x</a></svg>",
    "[click](javascript:window.hit=1)",
    "[click](JaVaScRiPt&colon;window.hit=1)",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "<javascript:window.hit=1>",
    "![picture](https://elsewhere.invalid/x.png)",
    '[text](https://example.invalid "onmouseover=window.hit=1")',
    "`<b onclick=window.hit=1>`",
)
_HARMFUL = """at => [...at.querySelectorAll(
  "script, img, iframe, object, embed, style, link, form, svg a, .text [style], .text [id]"
)].map(it => it.outerHTML)"""
_HANDLERS = """at => [...at.querySelectorAll(".text, .text *")]
  .flatMap(it => it.getAttributeNames()).filter(name => name.startsWith("on"))"""
_LINKS = "at => [...at.querySelectorAll('.text a')].map(it => it.protocol)"


async def test_markdown_is_shown(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}")
    await window.write("**loud** and *soft*\nnext line")
    await expect(window.messages.get_by_role("strong")).to_have_text("loud")
    await expect(window.messages.get_by_role("emphasis")).to_have_text("soft")
    await window.sees("loud and soft\nnext line")
    await window.write("```python\nprint('hi')\n  indented\n```")
    await expect(window.messages.get_by_role("code")).to_have_text("print('hi')\n  indented")
    await window.write("see [the docs](https://docs.invalid/a) or https://plain.invalid/b")
    for name, href in (
        ("the docs", "https://docs.invalid/a"),
        ("https://plain.invalid/b", "https://plain.invalid/b"),
    ):
        link = window.link(name)
        await expect(link).to_have_attribute("href", href)
        await expect(link).to_have_attribute("rel", re.compile(r"\bnoopener\b"))
        await expect(link).to_have_attribute("rel", re.compile(r"\bnoreferrer\b"))
    await window.write("> quoted\n\n- one\n- two")
    await expect(window.messages.get_by_role("blockquote")).to_have_text("quoted")
    await expect(window.messages.get_by_role("list").last).to_contain_text("two")


async def test_a_message_is_never_markup(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="<b>Bo</b>")
    room = await ann.make_room("<i>Kitchen</i>", topic="<img src=x onerror=window.hit=1>")
    await ann.invite(room, bo)
    for text in HOSTILE:
        await bo.post(room, text)
    window = await enter(ann, f"/r/{room}")
    await expect(window.heading("<i>Kitchen</i>").first).to_be_visible()
    await expect(window.messages).to_contain_text("<b>Bo</b>")
    await expect(window.messages).to_contain_text("<script>window.hit = 1</script>")
    await expect(window.messages).to_contain_text("onerror='window.hit = 1'")
    assert len(await window.said()) == len(HOSTILE)
    assert await window.messages.evaluate(_HARMFUL) == []
    assert await window.messages.evaluate(_HANDLERS) == []
    assert set(await window.messages.evaluate(_LINKS)) == {"https:"}
    assert await window.page.evaluate("window.hit") is None
