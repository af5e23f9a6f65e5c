"""Copies the browser modules that package.json names from npm to static/vendor, byte for byte.

Writes static/vendor/importmap.json: `imports` maps each bare specifier to its path below static/,
`integrity` maps each of those paths to its sha384 digest.
"""

import base64
import hashlib
import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from tools.node import MODULES, ROOT, install

STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"


@dataclass(frozen=True)
class Module:
    specifier: str
    package: str
    file: str
    bundled: tuple[str, ...] = ()  # packages inside this file, whose licences come along


WANTED = (
    Module("preact", "preact", "dist/preact.mjs"),
    Module("preact/hooks", "preact", "hooks/dist/hooks.mjs"),
    Module("@preact/signals-core", "@preact/signals-core", "dist/signals-core.mjs"),
    Module("@preact/signals", "@preact/signals", "dist/signals.mjs"),
    Module("htm", "htm", "dist/htm.mjs"),
    Module("htm/preact", "htm", "preact/index.mjs"),
    Module(
        "markdown-it",
        "markdown-it",
        "dist/browser/markdown-it.esm.min.mjs",
        bundled=("entities", "linkify-it", "mdurl", "punycode.js", "uc.micro"),
    ),
)


def main() -> int:
    if not install():
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    imports = {module.specifier: copy(module) for module in WANTED}
    write_map(imports)
    return 0


def copy(module: Module) -> str:
    """Copy one module and its licences; answer its path below static/."""
    source = MODULES / module.package
    home = VENDOR / f"{module.package}@{version_of(source)}"
    target = home / module.file
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / module.file, target)
    shutil.copyfile(licence_of(source), home / "LICENSE")
    for name in module.bundled:
        shutil.copyfile(licence_of(MODULES / name), home / f"LICENSE-{name}")
    return target.relative_to(STATIC).as_posix()


def version_of(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text("utf-8"))["version"])


def licence_of(package: Path) -> Path:
    return min(package.glob("LICENSE*"))


def digest(path: Path) -> str:
    """The subresource-integrity value of a file."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def write_map(imports: dict[str, str]) -> None:
    content = {
        "imports": imports,
        "integrity": {path: digest(STATIC / path) for path in imports.values()},
    }
    (VENDOR / "importmap.json").write_text(json.dumps(content, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
