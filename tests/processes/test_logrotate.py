"""A real logrotate while a program writes: which of its ways keeps every line, and every line whole."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import time
from collections import Counter

import pytest

from irl_logging.storage.sink import LogFiles

LOGROTATE = shutil.which("logrotate") or shutil.which("/usr/sbin/logrotate")
SPECIFICATION = "weekly\nrotate 4\ncompress\nmissingok\nnotifempty\n"

pytestmark = pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")


def rotated_while_written(tmp_path, forked, rules: str, turns: int) -> tuple[int, Counter[bytes]]:
    """Return how many lines were written while logrotate was made to rotate some times, and those that are in the files."""
    logs = tmp_path / "logs"
    logs.mkdir(mode=0o750)
    config = tmp_path / "logrotate.conf"
    config.write_text(f"{logs}/*.log {{\n{rules}}}\n")
    stop = tmp_path / "stop"

    def write():
        file = LogFiles().get(logs / "a.log", lambda text: text.encode())
        number = 0
        while not stop.exists():
            for _ in range(200):
                file.write(b"%09d %s\n" % (number, b"x" * 80), time.time())
                number += 1
            time.sleep(0.002)
        stop.write_text(str(number))

    child = forked(write)
    while not (logs / "a.log").exists():
        time.sleep(0.01)
    for _ in range(turns):
        size = os.path.getsize(logs / "a.log") if (logs / "a.log").exists() else 0
        while not (logs / "a.log").exists() or os.path.getsize(logs / "a.log") in (0, size):
            time.sleep(0.01)  # the program has come to the new file, and wrote to it
        command = [LOGROTATE, "--force", "--state", str(tmp_path / "state"), str(config)]
        subprocess.run(command, check=True, capture_output=True)
    stop.touch()
    assert os.waitpid(child, 0)[1] == 0
    lines: Counter[bytes] = Counter()
    for path in logs.iterdir():
        data = path.read_bytes()
        lines.update((gzip.decompress(data) if path.suffix == ".gz" else data).splitlines())
    return int(stop.read_text()), lines


TURNS = 3


@pytest.mark.parametrize(
    ("rules", "loses", "tears"),
    [
        pytest.param(SPECIFICATION + "delaycompress\n", False, 0, id="create, delaycompress"),
        pytest.param(SPECIFICATION, True, 0, id="create"),
        pytest.param(SPECIFICATION + "copytruncate\n", True, TURNS, id="copytruncate"),
    ],
)
def test_what_a_rotation_costs(tmp_path, forked, rules, loses, tears, record_property):
    """With `delaycompress` nothing. Without it, what is written until the next look; with `copytruncate`, while it copies."""
    written, lines = rotated_while_written(tmp_path, forked, rules, TURNS)
    whole = {b"%09d %s" % (number, b"x" * 80) for number in range(written)}
    torn = lines.keys() - whole
    # The end of a copy may be in the middle of a line; none comes from nowhere.
    assert len(torn) <= tears
    assert all(any(line.startswith(part) for line in whole) for part in torn)
    assert max(lines.values()) == 1
    lost = written - len(lines.keys() & whole)
    record_property("lost", lost)
    if not loses:
        assert lost == 0
    # What it may cost at most: what was written in the half second around each of three rotations.
    assert lost < written
