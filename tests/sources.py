"""The project's Python files, for the tests that read them."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "admin", "api", "auth", "bench", "core", "examples", "live", "messages", "rooms", "storage",
    "tools", "web",
)  # fmt: skip


@dataclass(frozen=True)
class Source:
    path: str  # from the root, with slashes
    tree: ast.Module
    lines: int

    @property
    def package(self) -> str:
        """The folder at the top, or the name of a module that lies there."""
        return self.path.partition("/")[0].removesuffix(".py")

    def imports(self) -> set[str]:
        """The dotted names this file imports, those inside functions too."""
        return {name for node in ast.walk(self.tree) for name in imported(node)}


def imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import():
            return [alias.name for alias in node.names]
        case ast.ImportFrom():
            return [f"{node.module}.{alias.name}" for alias in node.names]
        case _:
            return []


@cache
def sources() -> tuple[Source, ...]:
    """Everything but the tests."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    return tuple(read(path) for path in sorted([*ROOT.glob("*.py"), *inside]))


def read(path: Path) -> Source:
    text = path.read_text("utf-8")
    return Source(path.relative_to(ROOT).as_posix(), ast.parse(text), len(text.splitlines()))
