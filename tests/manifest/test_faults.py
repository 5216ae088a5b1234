"""Killed before any system call, or refused any of them: the README is whole, the next one sets all right, no litter."""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

import pytest

from irl_logging.manifest.template import template
from tests.faults.calls import before_call, count_calls, is_change


def files_of(root: Path) -> dict[str, bytes]:
    """All files but those that say when, and what is kept aside for editors that have the README open."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "workflows.json" and not path.name.endswith(".prev")
    }


def reset(directory, runs) -> None:
    for path in sorted(directory.root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (directory.root / "active").mkdir()
    directory.readme.write_bytes(template())
    directory.runs = {}
    directory.add(*runs[0])
    directory.store(**OPTIONS).update()
    directory.add(*runs[1])


OPTIONS = {"completed_rows": 2, "durable": False}


@pytest.fixture
def runs(run):
    """Four runs that have ended at first; then two more end, which sends older ones to the archive, and one starts."""
    first = [run(n, ended=f"00:5{n}:00") for n in range(4)] + [run(4), run(5)]
    return first, [run(4, ended="00:55:00"), run(5, ended="00:55:00"), run(6)]


@pytest.fixture
def calls(directory, runs):
    """How many system calls an update makes; the files that it leaves."""
    reset(directory, runs)
    count = count_calls(directory.store(**OPTIONS).update)
    assert count > 30
    return count


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_kill_before_any_call_is_set_right_by_the_next_update(directory, runs):
    reset(directory, runs)
    old = directory.readme.read_bytes()
    directory.store(**OPTIONS).update()
    new, expected = directory.readme.read_bytes(), files_of(directory.root)
    reset(directory, runs)
    for number in range(count_calls(directory.store(**OPTIONS).update, is_change)):
        reset(directory, runs)
        child = os.fork()
        if not child:
            store = directory.store(**OPTIONS)
            with before_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL), is_change):
                store.update()
            os._exit(0)
        os.waitpid(child, 0)
        assert directory.readme.read_bytes() in {old, new}
        assert directory.store(**OPTIONS).update()
        assert files_of(directory.root) == expected, number


def test_any_refused_call_is_put_off_and_set_right_by_the_next_update(directory, runs, calls):
    reset(directory, runs)
    old = directory.readme.read_bytes()
    directory.store(**OPTIONS).update()
    new, expected = directory.readme.read_bytes(), files_of(directory.root)

    def refuse():
        raise OSError(errno.ENOSPC, "No space left on device")

    put_off = 0
    for number in range(calls):
        reset(directory, runs)
        store = directory.store(**OPTIONS)
        with before_call(number, refuse):
            put_off += not store.update()
        assert directory.readme.read_bytes() in {old, new}
        assert directory.store(**OPTIONS).update()
        assert files_of(directory.root) == expected, number
    assert put_off > 10
