"""People and programs edit the README while it is rewritten as fast as it goes: no edit of theirs is lost, no row of ours.

Four ways of saving a file, each with and without a pause between its steps; the editor may be anywhere in them when the
rewriter reads, swaps and looks.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

MARK = b"## Usage Patterns\n"
EDITS = 11  # at least, so that there was something to lose
LIMIT = 30.0  # seconds for these


def with_edit(text: bytes, number: int) -> bytes:
    return text.replace(MARK, b"%s\nedit-%d.\n" % (MARK, number), 1)


def save_by_rename(path: Path, number: int, pause: float) -> None:
    """As vim and `sed -i` do."""
    other = path.with_name("README.md.swp")
    other.write_bytes(with_edit(path.read_bytes(), number))
    time.sleep(pause)
    other.replace(path)


def save_by_truncating(path: Path, number: int, pause: float) -> None:
    """As nano, VS Code and the shell's `>` do."""
    text = with_edit(path.read_bytes(), number)
    with path.open("wb", buffering=0) as file:
        time.sleep(pause)
        file.write(text[:5000])
        time.sleep(pause)
        file.write(text[5000:])


def append(path: Path, number: int, pause: float) -> None:
    """As the shell's `>>` does."""
    with path.open("ab", buffering=0) as file:
        time.sleep(pause)
        file.write(b"\nedit-%d.\n" % number)


def save_by_creating_anew(path: Path, number: int, pause: float) -> None:
    """As git does."""
    text = with_edit(path.read_bytes(), number)
    path.unlink()
    time.sleep(pause)
    with path.open("xb", buffering=0) as file:
        file.write(text)


def wait_until_there(path: Path, number: int) -> None:
    """An editor that reads in the microseconds until its edit is put back would undo it itself with its next one."""
    limit = time.monotonic() + 1
    while time.monotonic() < limit:
        with contextlib.suppress(FileNotFoundError):
            if b"edit-%d.\n" % number in path.read_bytes():
                return


def edit_until(stop, path: Path, way, pause: float, count, made) -> None:
    number, edits = 0, []
    while not stop.is_set():
        try:
            way(path, number, pause)
        except FileNotFoundError:  # taken away between two steps: this edit was not made
            pass
        else:
            edits.append(number)
            count.value += 1
            wait_until_there(path, number)
        number += 1
        time.sleep(0.005)
    made.put(edits)
    made.close()
    made.join_thread()
    os._exit(0)


def rewrite(directory, run, until: float, count) -> int:
    """Start and end runs as fast as it goes, on a busy machine until there were some edits; return how many."""
    store, number = directory.store(completed_rows=None), 0
    while time.monotonic() < until or (count.value < EDITS and time.monotonic() < until + LIMIT):
        now = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
        state = run(number, started=now)
        directory.add(state)
        store.update()
        directory.add(replace(state, status="✓ Complete", ended=now, summary=f"run {number}"))
        store.update()
        number += 1
    return number


def check(directory, run, way, pause: float, seconds: float) -> None:
    context = multiprocessing.get_context("fork")
    stop, made, count = context.Event(), context.Queue(), context.Value("i", 0)
    editor = context.Process(target=edit_until, args=(stop, directory.readme, way, pause, count, made))
    editor.start()
    try:
        runs = rewrite(directory, run, time.monotonic() + seconds, count)
    finally:
        stop.set()
    edits = made.get(timeout=20)
    editor.join(20)
    directory.store(completed_rows=None).sync(20)
    text = directory.readme.read_bytes()
    put_aside = b"".join(path.read_bytes() for path in directory.root.glob("README.md.foreign-*"))
    assert [number for number in edits if b"edit-%d.\n" % number not in text + put_aside] == []
    assert len(edits) >= EDITS
    lines = text.decode().splitlines()
    assert sorted(line.split(" | ")[3] for line in lines if " | run " in line) == sorted(
        f"run {n}" for n in range(runs)
    )
    assert text.count(b"| Running | logs/deploy-") == 0
    assert runs


WAYS = [save_by_rename, save_by_truncating, append, save_by_creating_anew]


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("pause", [0.0, 0.003], ids=["at once", "pausing"])
def test_no_edit_and_no_row_is_lost(directory, run, way, pause):
    check(directory, run, way, pause, 0.7)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("pause", [0.0, 0.0005, 0.01], ids=["at once", "shortly", "pausing"])
def test_no_edit_and_no_row_is_lost_in_a_long_time(directory, run, way, pause):
    check(directory, run, way, pause, 20.0)
