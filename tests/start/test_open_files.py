"""As many connections as the system lets the program have, not as few as a shell begins with."""

from __future__ import annotations

import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

from app import ROOT
from tests.house import settings
from tests.start.server import environment, free_port

FEW = 200


def test_the_limit_is_raised_as_far_as_may_be(tmp_path: Path) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    process = subprocess.Popen(
        [sys.executable, "app.py", "run"],
        cwd=ROOT,
        env={**environment(), **settings(tmp_path / "data", free_port())},
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (FEW, hard)),
    )
    with process:
        assert process.stdout
        assert "listens" in process.stdout.readline()
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        process.send_signal(signal.SIGTERM)
        process.communicate()
    found = re.search(r"Max open files +(\d+) +(\d+)", limits)
    assert found and found.groups() == (str(hard), str(hard))
    assert process.returncode == 0
