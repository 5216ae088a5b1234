"""Many processes decide at once, some are killed: the chain is whole, and every decision that was acknowledged is in it."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.audit.verification import verify

LIMIT = 60.0


def decide(root: Path, number: int, decisions: int, go: int) -> None:
    """Make decisions, and note each that was acknowledged."""
    execution = Execution(root, fsync=False, agent=f"agent-{number}")
    run = execution.start("incident-approval")
    acknowledged = os.open(root.parent / f"acks-{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.read(go, 1)
    for nth in range(decisions):
        run.decision("approved", f"incident-{number}-{nth}")
        os.write(acknowledged, b"%d\n" % nth)


@pytest.mark.parametrize(
    ("processes", "decisions", "kills"), [(6, 12, 3), pytest.param(30, 100, 12, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(300)
def test_the_chain_holds_while_writers_are_killed(processes, decisions, kills, tmp_path, forked):
    """Nothing is missing, doubled or taken for tampering."""
    root = tmp_path / "execution"
    go, start = os.pipe()
    children = [forked(lambda number=number: decide(root, number, decisions, go)) for number in range(processes)]
    os.write(start, b"." * processes)

    def acknowledged() -> dict[str, list[str]]:
        files = {str(number): tmp_path / f"acks-{number}" for number in range(processes)}
        return {number: path.read_text().split() if path.exists() else [] for number, path in files.items()}

    deadline = time.monotonic() + LIMIT
    for nth, number in enumerate(random.Random(7).sample(range(processes), kills), 1):
        wanted = nth * processes * decisions // (3 * kills)
        while sum(map(len, acknowledged().values())) < wanted and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(children[number], signal.SIGKILL)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    os.close(go)
    os.close(start)
    assert sorted(set(codes)) == [-signal.SIGKILL, 0]

    trail = Execution(root, fsync=False).audit
    verdict = verify(trail)
    assert [str(fault) for fault in verdict.faults] == []
    told = {f"incident-{number}-{nth}" for number, all_of in acknowledged().items() for nth in all_of}
    subjects = [decision.subject for decision in trail.decisions()]
    assert len(subjects) == len(set(subjects)) == verdict.lines
    assert told <= set(subjects)
    assert len(set(subjects) - told) <= kills
