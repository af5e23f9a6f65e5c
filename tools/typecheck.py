"""Checks the types of static/js: `python -m tools.typecheck`."""

import sys

from tools.findings import note_missing
from tools.node import MODULES, install, node


def main() -> int:
    if not install():
        return note_missing("tsc: npm could not fetch typescript, so static/js is not type-checked")
    return node(MODULES / "typescript" / "bin" / "tsc", "--project", "tsconfig.json")


if __name__ == "__main__":
    sys.exit(main())
