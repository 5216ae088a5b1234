"""State files under many processes, some of which are killed: every change that was acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from irl_logging.redaction import Redactor
from irl_logging.storage.layout import Layout
from irl_logging.storage.state import StateFile

LIMIT = 60.0


def work(root: Path, number: int, updates: int, go: int) -> None:
    """Count up in the shared file, and say so for each count that was acknowledged."""
    state = StateFile(Layout(root), Redactor(), "counts", durable=False, limit=LIMIT)
    acknowledged = os.open(root.parent / f"acks-{number}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.read(go, 1)
    for _ in range(updates):
        with state.edit() as values:
            values[f"worker {number}"] = values.get(f"worker {number}", 0) + 1
        os.write(acknowledged, b".")


@pytest.mark.parametrize(
    ("processes", "updates", "kills"), [(12, 15, 5), pytest.param(50, 100, 20, marks=pytest.mark.slow)]
)
@pytest.mark.timeout(300)
def test_every_acknowledged_update_is_there(processes, updates, kills, tmp_path, forked):
    """No update is lost or counted twice; one that was in the making when its process was killed may be there."""
    root = tmp_path / "execution"
    go, start = os.pipe()
    children = [forked(lambda number=number: work(root, number, updates, go)) for number in range(processes)]
    os.write(start, b"." * processes)

    def acks() -> dict[int, int]:
        sizes = {number: tmp_path / f"acks-{number}" for number in range(processes)}
        return {number: path.stat().st_size if path.exists() else 0 for number, path in sizes.items()}

    deadline = time.monotonic() + LIMIT
    order = random.Random(5)  # which are killed, and after how many updates of all
    doomed = order.sample(range(processes), kills)
    for nth, number in enumerate(doomed, 1):
        wanted = nth * processes * updates // (3 * kills)
        while sum(acks().values()) < wanted and time.monotonic() < deadline:
            time.sleep(0.001)
        os.kill(children[number], signal.SIGKILL)
    codes = {number: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for number, pid in enumerate(children)}
    os.close(go)
    os.close(start)

    assert {codes[number] for number in range(processes) if number not in doomed} == {0}
    told, counts = acks(), StateFile(Layout(root), Redactor(), "counts").read()
    for number in range(processes):
        more = 1 if codes[number] == -signal.SIGKILL else 0
        assert 0 <= counts.get(f"worker {number}", 0) - told[number] <= more, number
    assert [told[number] for number in range(processes) if number not in doomed] == [updates] * (processes - kills)

    StateFile(Layout(root), Redactor(), "counts").update(end=True)
    assert [path.name for path in (root / "state").iterdir()] == ["counts.json"]
