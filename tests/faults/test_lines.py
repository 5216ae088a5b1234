"""Lines of one byte to a megabyte from eight processes into one log: none is mixed, and a killed writer tears its last one only."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from irl_logging.line import parse
from irl_logging.storage.sink import LogFiles

SIZES = (1, 100, 4_000, 65_536, 1 << 20)
WRITERS = 8
LINE = re.compile(r"writer (\d+) line (\d+) of (\d+): (x*)")


def write(path: Path, writer: int, seconds: float, written: int) -> None:
    """Write lines of all sizes as fast as it goes; tell after each one that it is in the file."""
    file = LogFiles().get(path, lambda text: text.encode())
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        size = SIZES[number % len(SIZES)]
        head = f"[2026-02-08T00:45:00Z] [INFO] [deploy] [-] writer {writer} line {number} of {size}: "
        file.write(head.encode() + b"x" * size + b"\n", time.time())
        os.write(written, b"%d %d %d\n" % (writer, number, size))
        number += 1


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("kills", [False, True], ids=["", "with kills"])
@pytest.mark.parametrize("seconds", [0.15, pytest.param(5.0, marks=pytest.mark.slow)])
def test_lines_of_all_sizes(kills, seconds, tmp_path, forked, measured):
    """Each line whose write returned is there once and whole; each torn one is found, and is a killed writer's."""
    path, chance = tmp_path / "deploy.log", random.Random(1)
    written = os.open(tmp_path / "written", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    until, killed, started, writers = time.monotonic() + seconds, 0, 0, {}
    while writers or time.monotonic() < until:
        while len(writers) < WRITERS and time.monotonic() < until:
            left = max(0.0, until - time.monotonic())
            writers[forked(lambda started=started, left=left: write(path, started, left, written))] = started
            started += 1
        if kills and time.monotonic() < until:
            time.sleep(chance.uniform(0, 0.02))
            os.kill(chance.choice(list(writers)), signal.SIGKILL)
        pid, status = os.wait()
        killed += os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        del writers[pid]
    os.close(written)
    acknowledged = Counter((tmp_path / "written").read_text().splitlines())
    records = list(parse(path.read_bytes().decode()))
    found = [LINE.fullmatch(record.message) for record in records]
    whole = Counter(f"{it[1]} {it[2]} {it[3]}" for it in found if it and len(it[4]) == int(it[3]))
    torn = [record for record, it in zip(records, found, strict=True) if it is None or len(it[4]) != int(it[3])]
    assert acknowledged - whole == Counter()
    assert max(whole.values()) == 1
    assert len(torn) <= killed
    assert kills or not torn
    if seconds > 1:
        measured(f"{len(whole):,} lines, {killed} kills, {len(torn)} torn")
