"""What Chatelaine is measured beside: the floor in C, libraries, and a chat server."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bench.building import BENCH, CACHE, WS_VERSION, CannotBuildError, fetch_ws
from bench.processes import Contender
from tools.node import HOME

FLOOR, DISK = "floor in C", "floor with disk"
WS, WEBSOCKETS, TUTORIAL, IRC = "Node ws", "websockets", "tutorial's handler", "InspIRCd"
_PEERS = BENCH / "peers"

Tell = Callable[[str], None]


def floor() -> Contender:
    """One send of ready bytes to each."""
    return Contender(FLOOR, "this commit", lambda port, _: [str(CACHE / "floor"), str(port)])


def floor_with_disk() -> Contender:
    """The same, and each post appended and synced before."""
    return Contender(
        DISK,
        "this commit",
        lambda port, folder: [str(CACHE / "floor"), str(port), str(folder / "posts")],
    )


def node_ws() -> Contender:
    """Raises `CannotBuildError`."""
    folder, node = fetch_ws(), str(HOME / "bin" / "node")
    script = str(_PEERS / "ws_server.mjs")
    return Contender(WS, WS_VERSION, lambda port, _: [node, script, str(port), str(folder)])


def websockets() -> Contender:
    return _python(WEBSOCKETS, "websockets", "websockets_server.py")


def tutorial() -> Contender:
    return _python(TUTORIAL, "tornado", "tutorial_server.py")


def _python(name: str, package: str, script: str) -> Contender:
    file = str(_PEERS / script)
    return Contender(
        name,
        version(package) if package == name else f"on {package} {version(package)}",
        lambda port, _: [sys.executable, file, str(port)],
    )


def inspircd() -> Contender:
    """Raises `CannotBuildError` where it is not installed."""
    program = shutil.which("inspircd", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        raise CannotBuildError("InspIRCd is not here: install it with: apt-get install inspircd")
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"InspIRCd-?\s*([\d.]+)", told.stdout + told.stderr)
    return Contender(
        IRC,
        found[1] if found else "?",
        lambda port, folder: _irc_command(program, port, folder),
        speak="irc",
    )


def _irc_command(program: str, port: int, folder: Path) -> list[str]:
    text = (_PEERS / "inspircd.conf").read_text("utf-8")
    config = folder / "inspircd.conf"
    config.write_text(text.replace("PORT", str(port)).replace("FOLDER", str(folder)))
    return [program, "--nofork", "--nolog", "--runasroot", f"--config={config}"]


def available(makers: dict[str, Callable[[], Contender]], tell: Tell) -> list[Contender]:
    """Those that can run here; of the others it is told why they cannot."""
    found = []
    for name, make in makers.items():
        try:
            found.append(make())
        except CannotBuildError as error:
            tell(f"not measured: {name}. {error}")
    return found


def all_peers(tell: Tell) -> list[Contender]:
    """The floors are not among them."""
    makers = {WS: node_ws, WEBSOCKETS: websockets, TUTORIAL: tutorial, IRC: inspircd}
    return available(makers, tell)
