"""What the fault tests stand on: what this machine permits.

A test that needs more than every user may do asks for one of these fixtures, and is skipped, with the reason, where it
is not to be had.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LOAD = Path(__file__).with_name("load.py")


def tried(*command: str, **options: object) -> bool:
    """Say whether a command is there and does what it should."""
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, **options).returncode == 0


@pytest.fixture
def strace() -> str:
    """The system call tracer, where it is installed and may trace."""
    if not tried("strace", "-o", "/dev/null", "true"):
        pytest.skip("strace is not installed, or not permitted to trace here")
    return "strace"


@pytest.fixture
def own_mounts() -> list[str]:
    """What a command starts with so that its mounts are its own and go with it."""
    if not tried("unshare", "--mount", "sh", "-c", "mount -t tmpfs none /mnt"):
        pytest.skip("this user may not mount")
    return ["unshare", "--mount"]


@pytest.fixture
def load() -> Callable[..., str]:
    """Run `load.py` with these options; return the sentence that it ends with."""

    def run(**options: int) -> str:
        words = [f"--{name.replace('_', '-')}{'' if value is True else f'={value}'}" for name, value in options.items()]
        done = subprocess.run([sys.executable, str(LOAD), *words], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout.splitlines()[-1]

    return run
