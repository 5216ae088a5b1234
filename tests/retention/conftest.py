"""A directory with a past: logs and results of any age, made as programs make them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.retention.cleaning import DAY
from irl_logging.storage.pieces import content, pieces

NOW = time.time()


class Past:
    """An execution directory whose files can be made older."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.execution = Execution(root, agent="agent-x")
        self.execution.layout.create()

    def put(self, name: str, text: str = "text\n", days: float = 40) -> Path:
        """Make a file that was last changed some days ago."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return self.age(path, days)

    def age(self, path: Path, days: float) -> Path:
        """Make a file as old as this."""
        os.utime(path, (NOW - days * DAY, NOW - days * DAY))
        return path

    def content(self, log: str) -> bytes:
        """Return what a log says, wherever it stands."""
        return b"".join(block for path in pieces(self.execution.layout, log) for block in content(path))

    def tree(self) -> dict[str, bytes]:
        """Return all files but those that only the machinery needs, with their content."""
        return tree(self.root)


def tree(root: Path) -> dict[str, bytes]:
    """Return all files below an execution directory but those of `active/`, with their content."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.relative_to(root).parts[0] != "active"
    }


@pytest.fixture
def past(tmp_path):
    """An execution directory below `tmp_path`."""
    return Past(tmp_path / "execution")
