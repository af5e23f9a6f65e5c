"""Makes .venv hold exactly the locked requirements; needs nothing but Python.

Called by make before anything else: `python3 tools/bootstrap.py requirements.txt`. Python 3.6 must
be able to read this file, so that an old Python gets as far as being told that it is too old.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, List, Set

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / "unfinished"  # is there while .venv is being changed
OLDEST = (3, 11)
RUN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"
KEPT = {"pip", "setuptools"}


class BootstrapError(Exception):
    """Why there is no environment, in one sentence that says what to do."""


def main(arguments: List[str]) -> int:
    try:
        check_version()
        with_lock_held(arguments[0] if arguments else RUN_LOCK)
    except BootstrapError as error:
        sys.stderr.write("{}\n".format(error))
        return 1
    except OSError as error:
        sys.stderr.write("The environment in .venv could not be made: {}.\n".format(error))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted; the next run makes the environment anew.\n")
        return 130
    return 0


def check_version() -> None:
    if sys.version_info[:2] < OLDEST:
        raise BootstrapError(
            "Chatelaine needs Python 3.11 or newer and this one is {}: install a newer one, "
            "or name it, for example: make run PYTHON=python3.12".format(
                ".".join(str(part) for part in sys.version_info[:3])
            )
        )


def with_lock_held(lock: str) -> None:
    """Two makes at a time take turns."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        ensure(lock)
    finally:
        os.close(folder)


def ensure(lock: str) -> None:
    sound = not UNFINISHED.exists() and usable()
    if sound and stamp(lock).exists() and stamp(lock).read_text() == digest(lock):
        return
    if not sound:
        create()
    UNFINISHED.touch()
    install(lock)
    remove_strangers()
    record(lock)
    UNFINISHED.unlink()


def usable() -> bool:
    """Whether .venv has a Python that is new enough and finds its own pip."""
    probe = "import sys, pip; sys.exit(sys.version_info[:2] < {})".format(OLDEST)
    try:
        return not run(str(PYTHON), "-I", "-c", probe, stderr=subprocess.DEVNULL).returncode
    except OSError:
        return False


def create() -> None:
    check_ensurepip()
    sys.stdout.write("Making the environment in .venv\n")
    sys.stdout.flush()
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    shutil.rmtree(str(VENV), ignore_errors=True)
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    maker = getattr(sys, "_base_executable", sys.executable)  # .venv's own may just have gone
    made = run(maker, "-I", "-m", "venv", str(VENV), stdout=subprocess.PIPE)
    if made.returncode:
        raise BootstrapError("Python could not make an environment in {}.".format(VENV))


def check_ensurepip() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        raise BootstrapError(
            "Python's venv module is not complete: install it with: apt-get install python3-venv"
        ) from None


def install(lock: str) -> None:
    sys.stdout.write("Installing {}\n".format(lock))
    sys.stdout.flush()
    if pip("install", "--quiet", "--require-hashes", "--requirement", lock).returncode:
        raise BootstrapError("{} could not be installed; what pip said is above.".format(lock))


def remove_strangers() -> None:
    """What no lock names is not there."""
    listed = pip("list", "--local", "--format", "json", stdout=subprocess.PIPE).stdout
    installed = {normal(package["name"]) for package in json.loads(listed.decode())}
    strangers = sorted(installed - KEPT - locked_names())
    if strangers:
        pip("uninstall", "--quiet", "--yes", *strangers)


def locked_names() -> Set[str]:
    text = (ROOT / DEV_LOCK).read_text("utf-8") + (ROOT / RUN_LOCK).read_text("utf-8")
    return {normal(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def record(lock: str) -> None:
    """The development lock holds all that the other one does."""
    for name in {lock, RUN_LOCK}:
        stamp(name).write_text(digest(name))


def stamp(lock: str) -> Path:
    return VENV / "installed-{}".format(lock)


def digest(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def pip(*arguments: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return run(
        str(PYTHON), "-I", "-m", "pip", "--no-input", "--disable-pip-version-check",
        *arguments, **options
    )  # fmt: skip


def run(*command: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, cwd=str(ROOT), check=False, **options)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
