"""Processes that start and end runs for a long time: their memory and their descriptors stay what they were."""

from __future__ import annotations

import json
import os
import statistics
import time
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.storage.journal import Journal
from irl_logging.storage.replay import KEPT_RUNS


def work(root: Path, seconds: float, report: Path) -> None:
    """Start, log and end runs; write down memory and descriptors after each of them."""
    execution = Execution(root, agent=f"agent-{os.getpid()}", fsync=False)
    until, seen = time.monotonic() + seconds, []
    while time.monotonic() < until:
        with execution.start("deploy") as run:
            for number in range(20):
                run.log("INFO", "push", f"line {number}")
            with run.step("push"):
                run.decision("approved", "incident")
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        seen.append((pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir("/proc/self/fd"))))
    report.write_text(json.dumps(seen))


def fill(root: Path, runs: int) -> None:
    """Let so many runs be over: more than a process remembers, so that what it remembers does not grow meanwhile."""
    execution = Execution(root)
    execution.start("first").complete()
    journal = Journal(execution.layout.journal, durable=False)
    names = [f"20260101T000000Z-{number:08x}" for number in range(runs)]
    for name in names:
        journal.append({"event": "run.started", "run": name, "workflow": "old", "log": f"logs/{name}.log"})
        journal.append({"event": "run.ended", "run": name, "workflow": "old", "status": "✓ Complete"})
    for at in range(0, runs, 100):
        journal.append({"event": "manifest.shown", "runs": names[at : at + 100]})


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc to read memory from")
@pytest.mark.parametrize(
    ("processes", "seconds", "growth"),
    [(2, 0.8, 1.3), pytest.param(20, 150.0, 1.25, marks=[pytest.mark.slow, pytest.mark.timeout(600)])],
    ids=["a moment", "minutes"],
)
def test_memory_and_descriptors_are_flat(processes, seconds, growth, tmp_path, forked, measured):
    """Between the second quarter of the time and the last one, no process has grown by much; the number of descriptors is the same."""
    root = tmp_path / "execution"
    fill(root, 2 * KEPT_RUNS if processes > 2 else 10)
    reports = [tmp_path / f"{number}.json" for number in range(processes)]
    children = [forked(lambda report=report: work(root, seconds, report)) for report in reports]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * processes
    ratios, runs, last = [], 0, 0.0
    for report in reports:
        seen = json.loads(report.read_text())
        quarter = max(1, len(seen) // 4)
        early, late = seen[quarter : 2 * quarter] or seen[:1], seen[-quarter:]
        ratios.append(statistics.median(mb for mb, _ in late) / statistics.median(mb for mb, _ in early))
        assert max(open_now for _, open_now in late) <= max(open_now for _, open_now in early)
        runs, last = runs + len(seen), max(last, *(mb for mb, _ in late))
    assert max(ratios) < growth
    if processes > 2:
        measured(f"{processes} processes, {runs:,} runs, {last:.0f} MB at most, grown by {max(ratios) - 1:.1%} at most")
