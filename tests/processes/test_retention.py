"""Rotation, cleaning and backups while several programs write: each line is there once, wherever it went."""

from __future__ import annotations

import collections
import functools
import os

from irl_logging import Execution
from irl_logging.history import lines
from irl_logging.retention.backup import backup
from irl_logging.retention.cleaning import clean
from irl_logging.retention.restore import restore

WRITERS = 4
LINES = 1_500


def write(root, writer):
    """Log as a service does, with a log that all share and that is rotated at 20 kB."""
    execution = Execution(root, log_pattern="service.log", rotate_bytes=20_000, fsync=False)
    with execution.start(f"service-{writer}") as run:
        for number in range(LINES):
            run.log("INFO", "serve", f"{writer} {number} {'x' * 100}")
            if number % 500 == 499:
                run.lines.close()  # the next line opens the file again, perhaps while it is being packed


def numbers(layout):
    """Return the numbers that each writer's lines have, in the order of the log."""
    found = collections.defaultdict(list)
    for line in lines(layout, "logs/service.log"):
        if line.step == "serve":
            writer, number, _ = line.message.split(" ")
            found[int(writer)].append(int(number))
    return dict(found)


def test_cleaning_and_backups_beside_writers(tmp_path, forked):
    """Every age is old enough here: what is rotated goes at once, what is open stays, and a backup ends between two lines."""
    root = tmp_path / "execution"
    layout = Execution(root).layout
    children = [forked(functools.partial(write, root, writer)) for writer in range(WRITERS)]
    passes = 0
    while children:
        if layout.active.is_dir():
            clean(Execution(root), logs_days=0)
            backup(layout, tmp_path / f"{passes}.tgz")
            passes += 1
        for child in [child for child in children if os.waitpid(child, os.WNOHANG)[0]]:
            children.remove(child)
    assert passes
    done = clean(Execution(root), logs_days=0)
    assert done.left == {}
    assert list(layout.logs.iterdir()) == []
    assert len(list(layout.archive.glob("*/service.log*.gz"))) > 3
    found = numbers(layout)
    assert {writer: sorted(of) for writer, of in found.items()} == {n: list(range(LINES)) for n in range(WRITERS)}
    for number in range(passes):
        restore(tmp_path / f"{number}.tgz", tmp_path / f"there-{number}")
        for writer, of in numbers(Execution(tmp_path / f"there-{number}").layout).items():
            assert sorted(of) == list(range(len(of))), writer
