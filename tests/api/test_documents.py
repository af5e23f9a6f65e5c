"""docs/api.md: every example is run, in the order of the page, and answered as the page says."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import Any

from app import ROOT
from tests.api.endpoints import endpoints
from tests.house import House
from tests.people import Answer, Asker, Program

TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
_SECTION = re.compile(r"^### `(\w+) (\S+)`\n(.*?)(?=^##)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_VARIABLE = re.compile(r"\$\w+")


@dataclass(frozen=True)
class Example:
    """One section: the endpoint, the command, and the answer if the page shows one."""

    method: str
    path: str
    command: str
    answer: Any

    @property
    def template(self) -> str:
        return f"{self.method} /api/v1{_VARIABLE.sub('{}', self.path)}"


def examples() -> list[Example]:
    found = []
    for method, path, text in _SECTION.findall(TEXT):
        blocks = dict(_BLOCK.findall(text))
        answer = json.loads(blocks["json"]) if "json" in blocks else None
        found.append(Example(method, path, blocks["sh"], answer))
    return found


def test_every_endpoint_is_on_the_page(house: House) -> None:
    table = endpoints(house.chatelaine.application())
    wanted = {endpoint.name for endpoint in table if endpoint.template.startswith("/api/")}
    assert sorted(example.template for example in examples()) == sorted(wanted)


async def test_every_example_works(house: House) -> None:
    """As Ann, who is the first admin, with Bo at hand; Dee asks to be let into a room of Ann's."""
    ann = await house.person("ann", nickname="Ann", admin=True)
    library = await ann.make_room("Library", preset="listed")
    dee = await (await house.person("dee", nickname="Dee")).program()
    bo = await house.person("bo", nickname="Bo")
    known = {"URL": f"{house.origin}/api/v1", "PERSON": bo.id}
    asker = Asker(house, "127.0.7.99")
    for example in sorted(examples(), key=_order):
        asked = await _asked(example, dee, library) if "/ask" in example.path else {}
        answer = await _run(asker, example, known | asked)
        assert answer.status in (200, 201), f"{example.template}: {answer.text}"
        _learn(known, example, answer)
        if example.answer is not None:
            assert shape(answer.json, example.answer) == shape(example.answer, example.answer)


ENDING = {"DELETE /api/v1/rooms/{}"}


def _order(example: Example) -> int:
    """An only owner cannot leave: that example comes late, when Bo owns the room too. Whatever ends
    the room comes after it, with a room of its own."""
    return 2 * (example.template in ENDING) + int(example.path.endswith("/leave"))


async def _asked(example: Example, dee: Program, library: str) -> dict[str, str]:
    """Whom and what the examples of asking are about; Dee asks before each but the first."""
    if example.template != "POST /api/v1/rooms/{}/ask":
        await dee.ask("POST", f"/api/v1/rooms/{library}/ask", {})
    own = {"TOKEN": dee.token} if example.path.endswith("/ask") else {}
    return {"ROOM": library, "PERSON": dee.id, **own}


async def _run(asker: Asker, example: Example, known: dict[str, str]) -> Answer:
    """What curl would do."""
    if example.template in ENDING:
        headers = {"Authorization": f"Bearer {known['TOKEN']}"}
        another = await asker.ask("POST", "/api/v1/rooms", {"name": "Attic"}, headers=headers)
        known["ROOM"] = another.json["id"]
    if example.path.endswith("/leave"):
        owner = {"nickname": "Bo", "level": "OWN"}
        headers = {"Authorization": f"Bearer {known['TOKEN']}"}
        made = await asker.ask(
            "POST", f"/api/v1/rooms/{known['ROOM']}/people", owner, headers=headers
        )
        assert made.status == 200
    words = shlex.split(_filled(example.command, known))
    program, url, options = words[0], *_parted(words[1:])
    body = options.get("--json")
    method = options.get("-X", "GET" if body is None else "POST")
    assert method == example.method
    path = url.removeprefix(asker.house.origin)
    assert path.partition("?")[0] == "/api/v1" + _filled(example.path, known)
    token = {"Authorization": f"Bearer {known['TOKEN']}"} if program == "api" else {}
    return await asker.ask(method, path, body, headers=token)


def _parted(words: list[str]) -> tuple[str, dict[str, str]]:
    """The address and the options with a value."""
    rest = [word for word in words if word != "-sS"]
    options = {rest[i]: rest[i + 1] for i in range(len(rest)) if rest[i].startswith("-")}
    (url,) = [word for word in rest if word.startswith("http")]
    return url, options


def _filled(text: str, known: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: known[found[0][1:]], text)


def _learn(known: dict[str, str], example: Example, answer: Answer) -> None:
    names = {"/token": ("TOKEN", "token"), "/rooms": ("ROOM", "id")}
    names["/rooms/$ROOM/links"] = ("LINK", "id")
    if example.method == "POST" and example.path in names:
        name, field = names[example.path]
        known[name] = answer.json[field]


def shape(value: Any, like: Any) -> Any:
    """The names and types in an answer; of lists, their first element, if the page shows one."""
    if isinstance(value, dict) and isinstance(like, dict):
        return {name: shape(inner, like.get(name)) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0], like[0])] if like else []
    return type(value).__name__


async def test_the_refusal_on_the_page_is_one(house: House) -> None:
    found = re.search(r'^\{"error".*$', TEXT, re.MULTILINE)
    assert found
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    assert (await ann.ask("POST", f"/api/v1/rooms/{room}/leave")).json == json.loads(found[0])
