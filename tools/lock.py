"""Writes requirements*.txt anew, with hashes for every platform: `python -m tools.lock`.

The newest versions that the .in files allow. Neither a registry nor a path of this machine gets
into the locks.
"""

import subprocess
import sys

from tools.node import ROOT

COMPILE = (
    "uv", "pip", "compile", "--quiet", "--no-config", "--system-certs", "--universal", "--upgrade",
    "--python-version", "3.11", "--generate-hashes", "--custom-compile-command", "make lock",
)  # fmt: skip


def main() -> int:
    for name in ("requirements", "requirements-dev"):
        command = [sys.executable, "-m", *COMPILE, f"{name}.in", "--output-file", f"{name}.txt"]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
