"""What the system can do."""

from __future__ import annotations

import os
import shutil

import pytest

from irl_logging.diagnosis import system
from irl_logging.storage import locks
from irl_logging.storage.layout import Layout


def test_what_works_here_is_said_and_nothing_is_left(execution, said):
    before = sorted(execution.layout.root.rglob("*"))
    findings = list(system.look(execution.layout))
    assert said(findings, "lock") == ["ok: nobody edits the manifest"]
    (files,) = said(findings, "files")
    assert files.split(", ")[0] in ("ok: locks work", "warn: locks work; two files cannot be swapped in one step")
    assert sorted(execution.layout.root.rglob("*")) == before


def test_who_holds_the_lock(execution, start_holder, said):
    pid = start_holder(execution.layout.active / ".manifest.lock")
    assert said(system.look(execution.layout), "lock") == [
        (
            f"warn: the manifest is being edited by process {pid} "
            "[if this lasts more than a few seconds it hangs: end that process, and the lock is free]"
        )
    ]


@pytest.fixture
def start_holder(forked):
    """Start a process that holds a lock until the test ends; returns its pid."""
    end_reader, end_writer = os.pipe()
    started = []

    def start(path):
        ready_reader, ready_writer = os.pipe()

        def hold():
            os.close(end_writer)
            lock = locks.try_lock(path)
            os.write(ready_writer, b"!")
            os.read(end_reader, 1)
            lock.release()

        started.append(forked(hold))
        os.close(ready_writer)
        assert os.read(ready_reader, 1) == b"!"
        os.close(ready_reader)
        return started[-1]

    yield start
    os.close(end_writer)
    for pid in started:
        os.waitpid(pid, 0)
    os.close(end_reader)


def test_a_place_that_cannot_be_written(execution, said):
    shutil.rmtree(execution.layout.active)
    execution.layout.active.symlink_to("/proc")
    (finding,) = said(system.look(execution.layout), "files")
    assert finding.startswith("problem: ")
    assert "cannot be written" in finding


def test_nothing_there_is_nothing_to_say(tmp_path):
    assert list(system.look(Layout(tmp_path))) == []
