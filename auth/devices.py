"""What to call the browser or program behind a log-in, so that its owner knows it again."""

from __future__ import annotations

import re

LONGEST = 60

# The first match counts: most browsers also claim to be those after them.
_PROGRAMS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Vivaldi", "Vivaldi"),
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ Browser"),
    ("UCBrowser", "UC Browser"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_PLAIN = re.compile(r"[\w.+-]+(/[\w.+-]+)?", re.ASCII)


def describe(user_agent: str) -> str:
    """Such as "Firefox · Linux", which all languages share, or a program's own first word.

    "" when nothing is known.
    """
    program, system = _first(_PROGRAMS, user_agent), _first(_SYSTEMS, user_agent)
    if program and system:
        return f"{program} · {system}"
    word = _PLAIN.match(user_agent)
    own = word[0][:LONGEST] if word and not user_agent.startswith("Mozilla/") else ""
    return program or own or system


def _first(table: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for sign, name in table if sign in user_agent), "")
