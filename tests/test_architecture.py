"""The shape of the whole: imports point one way, SQL has one home, functions are small."""

import ast
from collections.abc import Iterator

import pytest

from tests.sources import Source, imported, sources

LAYERS = (
    {"app"},
    {"api", "admin"},
    {"messages"},
    {"rooms"},
    {"auth"},
    {"live", "storage", "web"},
    {"core"},
)
LEVEL = {package: level for level, packages in enumerate(LAYERS) for package in packages}
SQL = ("sqlalchemy", "alembic", "sqlite3")
SQL_HOMES = {"storage", "app", "bench"}
LONGEST_FILE = 350
LONGEST_FUNCTION = 45


def arrows_back(source: Source) -> list[str]:
    """The imports of a package on the same level or above."""
    if source.package not in LEVEL:
        return []
    tops = {name.partition(".")[0] for name in source.imports()} & LEVEL.keys()
    others = tops - {source.package}
    return sorted(top for top in others if LEVEL[top] <= LEVEL[source.package])


def is_command_line(source: Source) -> bool:
    """It may print, being run by hand."""
    return (
        any(
            isinstance(node, ast.If) and ast.unparse(node.test) == "__name__ == '__main__'"
            for node in source.tree.body
        )
        or source.path == "admin/commands.py"
    )


def functions(source: Source) -> Iterator[tuple[str, int]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def calls_print(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Name) and called.id == "print"


def all_sources() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("source", sources(), ids=lambda source: source.path)


@all_sources()
def test_imports_point_one_way(source: Source) -> None:
    assert arrows_back(source) == []


@all_sources()
def test_sql_is_at_home_in_storage_only(source: Source) -> None:
    reached = {name.partition(".")[0] for name in source.imports()}
    assert source.package in SQL_HOMES or not reached.intersection(SQL)


@all_sources()
def test_imports_name_their_package_in_full(source: Source) -> None:
    relative = [
        node.lineno
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


@all_sources()
def test_files_and_functions_are_small(source: Source) -> None:
    if source.path.startswith("storage/migrations/"):
        return
    assert source.lines <= LONGEST_FILE
    assert [name for name, length in functions(source) if length > LONGEST_FUNCTION] == []


@all_sources()
def test_every_file_says_what_it_is_for(source: Source) -> None:
    assert ast.get_docstring(source.tree)


@all_sources()
def test_only_command_lines_print(source: Source) -> None:
    printing = [node for node in ast.walk(source.tree) if calls_print(node)]
    assert is_command_line(source) or not printing


def test_there_are_files_in_every_layer() -> None:
    """The tests above would also pass on nothing."""
    assert {source.package for source in sources()} >= LEVEL.keys()


@pytest.mark.parametrize(
    ("path", "code", "back"),
    [
        ("rooms/people.py", "from messages.posting import post", ["messages"]),
        ("rooms/people.py", "import auth.gate, core.ids", []),
        ("live/hub.py", "import storage", ["storage"]),
        ("web/errors.py", "def late():\n    from live.hub import Hub", ["live"]),
        ("core/ids.py", "from web import handler", ["web"]),
        ("api/rest.py", "from admin.pages import Pages", ["admin"]),
        ("admin/pages.py", "import app", ["app"]),
        ("messages/log.py", "from storage.rooms import of", []),
    ],
)
def test_an_arrow_that_runs_back_is_seen(path: str, code: str, back: list[str]) -> None:
    assert arrows_back(Source(path, ast.parse(code), 1)) == back


def test_imported_names_are_dotted() -> None:
    assert imported(ast.parse("from a.b import c, d").body[0]) == ["a.b.c", "a.b.d"]
