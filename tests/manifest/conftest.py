"""What the tests of the manifest stand on: runs with short names, and an execution directory with a journal in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from irl_logging.lifecycle import RunState
from irl_logging.manifest.store import ManifestStore
from irl_logging.manifest.template import template


def make_run(number: int | str = 1, **changes) -> RunState:
    """Return a running run; `ended="00:50:00"` ends it at that time of the day."""
    if len(changes.get("ended") or "") == len("00:50:00"):
        changes["ended"] = f"2026-02-08T{changes['ended']}.654321Z"
    if "ended" in changes:
        changes.setdefault("status", "✓ Complete")
    workflow = changes.pop("workflow", "deploy")
    values = {
        "id": f"run-{number}",
        "workflow": workflow,
        "title": workflow,
        "agent": "agent-x",
        "log": f"logs/{workflow}-2026-02-08-{number:>03}.log",
        "started": "2026-02-08T00:45:00.123456Z",
        **changes,
    }
    return RunState(**values)


class Directory:
    """An execution directory whose journal is a dict."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.readme = root / "README.md"
        self.runs: dict[str, RunState] = {}
        self.marked: list[tuple[str, ...]] = []
        (root / "active").mkdir(parents=True)
        self.readme.write_bytes(template())

    def add(self, *runs: RunState) -> None:
        self.runs.update({run.id: run for run in runs})

    def end(self, run: RunState, **changes) -> RunState:
        ended = {"ended": "2026-02-08T00:50:00.654321Z", "status": "✓ Complete", **changes}
        self.runs[run.id] = replace(self.runs[run.id], **ended)
        return self.runs[run.id]

    def mark(self, ids: Sequence[str]) -> None:
        self.marked.append(tuple(ids))
        for run in ids:
            self.runs[run] = replace(self.runs[run], shown=True)

    def store(self, **options) -> ManifestStore:
        options = {"mark_shown": self.mark, "durable": False, **options}
        return ManifestStore(self.root, runs=lambda: list(self.runs.values()), **options)

    def rows(self) -> list[str]:
        """The rows of both tables, from the top."""
        found, fenced = [], False
        for line in self.readme.read_text().splitlines():
            fenced ^= line.startswith("```")
            if not fenced and line.startswith("| ") and not line.startswith(("| Workflow", "| Type", "| **")):
                found.append(line)
        return found


@pytest.fixture
def run():
    return make_run


@pytest.fixture
def directory(tmp_path) -> Directory:
    return Directory(tmp_path / "execution")
