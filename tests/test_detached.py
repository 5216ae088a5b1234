"""Detached runs: alive as long as commands work on them, or as the process that they are tied to."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from irl_logging import Execution, Status
from irl_logging.detached import attached, detach
from irl_logging.detached import process as process_of
from irl_logging.errors import BusyError, ConfigurationError, UnknownRunError

HOUR = 3_600.0


@pytest.fixture
def execution(tmp_path: Path) -> Execution:
    return Execution(tmp_path / "execution", agent="me")


@pytest.fixture
def run_id(execution: Execution) -> str:
    """The id of a detached run."""
    run = execution.start("deploy")
    detach(execution, run)
    return run.id


def state_of(execution: Execution, run_id: str):
    return next(state for state in Execution(execution.layout.root).runs() if state.id == run_id)


def last_worked_on(execution: Execution, run_id: str, seconds: float) -> None:
    """Let the run have been left alone for so long: its file and its events are older."""
    path = execution.layout.detached.path(run_id)
    when = time.time() - seconds
    os.utime(path, (when, when))


def test_it_outlives_its_process(run_python, tmp_path):
    done = run_python(
        "import irl_logging\nfrom irl_logging.detached import detach\n"
        "execution = irl_logging.Execution('execution')\nrun = execution.start('deploy')\n"
        "detach(execution, run)\nprint(run.id)\n"
    )
    assert done.stderr == ""
    execution = Execution(tmp_path / "execution")
    (state,) = execution.runs()
    assert (state.id, state.status, state.detached, state.pid) == (done.stdout.strip(), Status.RUNNING, True, 0)
    with attached(execution, state.id) as run:
        run.complete("3 services")
    assert state_of(execution, state.id).status == Status.COMPLETE


def test_a_process_that_is_killed_while_it_has_it_leaves_it_open(execution, run_id, run_python):
    done = run_python(
        "import os, irl_logging\nfrom irl_logging.detached import attached\n"
        f"with attached(irl_logging.Execution('execution'), {run_id!r}) as run:\n"
        "    run.result(approved=1)\n    os.kill(os.getpid(), 9)\n"
    )
    assert done.returncode == -9
    state = state_of(execution, run_id)
    assert (state.status, state.counters) == (Status.RUNNING, {"approved": 1})
    with attached(execution, run_id) as run:
        run.result(flagged=2)
        run.complete()
    assert state_of(execution, run_id).counters == {"approved": 1, "flagged": 2}


def test_many_processes_at_once_lose_nothing(execution, run_id, tmp_path):
    program = (
        "import sys, irl_logging\nfrom irl_logging.detached import attached\n"
        f"with attached(irl_logging.Execution('execution'), {run_id!r}, limit=60) as run:\n"
        "    run.result(**{'n' + sys.argv[1]: int(sys.argv[1])})\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", program, str(n)], cwd=tmp_path) for n in range(8)]
    assert [process.wait() for process in processes] == [0] * 8
    assert state_of(execution, run_id).counters == {f"n{n}": n for n in range(8)}


def test_a_program_that_joins_it_does_not_end_it(execution, run_id, run_python, monkeypatch):
    monkeypatch.setenv("IRL_RUN", run_id)
    program = (
        "import logging, irl_logging\nirl_logging.configure(level='INFO')\nlogging.info('hello')\n"
        "irl_logging.current_run().result(services=3)\nraise ValueError('broken')\n"
    )
    assert run_python(program, env={"IRL_RUN": run_id}).returncode == 1
    assert (state_of(execution, run_id).status, state_of(execution, run_id).counters) == ("Running", {"services": 3})
    log = (execution.layout.root / state_of(execution, run_id).log).read_text("utf-8")
    assert "[-] hello\n" in log
    assert "ValueError: broken" in log


def test_it_is_stale_after_an_hour_until_something_is_added(execution, run_id, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + HOUR - 60)
    assert state_of(execution, run_id).status == Status.RUNNING
    monkeypatch.setattr(time, "time", lambda: now + HOUR + 60)
    assert state_of(execution, run_id).status == Status.STALE
    assert "⚠️ Stale" in execution.layout.readme.read_text("utf-8")
    when = now + HOUR + 30
    os.utime(execution.layout.detached.path(run_id), (when, when))
    assert state_of(execution, run_id).status == Status.RUNNING


def test_it_has_crashed_after_a_week(execution, run_id, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 7 * 24 * HOUR - 60)
    assert state_of(execution, run_id).status == Status.STALE
    monkeypatch.setattr(time, "time", lambda: now + 7 * 24 * HOUR + 60)
    state = state_of(execution, run_id)
    assert state.status == Status.CRASHED
    assert state.note.startswith("last sign of life ")
    assert list(execution.layout.runs.iterdir()) == []
    with pytest.raises(UnknownRunError), attached(execution, run_id):
        pass


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="start times of processes are known on Linux only")
def test_it_crashes_with_the_process_that_it_is_tied_to(execution):
    process = subprocess.Popen(["sleep", "60"])
    run = execution.start("deploy")
    detach(execution, run, tied_to=process_of(process.pid))
    assert (state_of(execution, run.id).status, state_of(execution, run.id).pid) == (Status.RUNNING, process.pid)
    process.kill()
    process.wait()
    assert state_of(execution, run.id).status == Status.CRASHED
    with pytest.raises(ConfigurationError, match=f"there is no process {process.pid}: expected one"):
        process_of(process.pid)


def test_only_one_process_has_it_at_a_time(execution, run_id):
    there = Execution(execution.layout.root)
    with (
        attached(execution, run_id),
        pytest.raises(BusyError, match=r"for 0\.05 seconds"),
        attached(there, run_id, limit=0.05),
    ):
        pass


def test_who_waits_gets_it_when_it_is_free(execution, run_id):
    got = threading.Event()

    def wait() -> None:
        with attached(Execution(execution.layout.root), run_id, limit=30):
            got.set()

    waiting = threading.Thread(target=wait)
    with attached(execution, run_id):
        waiting.start()
        assert not got.wait(0.1)
    waiting.join()
    assert got.is_set()


def test_a_run_that_has_ended_meanwhile_is_said_so(execution, run_id):
    with attached(execution, run_id) as run:
        run.complete()
    with pytest.raises(UnknownRunError, match=f"run '{run_id}' is not running in "), attached(execution, run_id):
        pass
    assert list(execution.layout.runs.iterdir()) == []


def test_a_run_that_a_process_holds_is_not_attached_to(execution):
    run = execution.start("deploy")
    with pytest.raises(ConfigurationError, match=f"run {run.id} belongs to a process"), attached(execution, run.id):
        pass
    run.complete()


def test_it_is_ended_by_hand_without_force(execution, run_id):
    assert execution.resolve(run_id, "cancelled").status == Status.CANCELLED
    assert state_of(execution, run_id).status == Status.CANCELLED
    assert list(execution.layout.runs.iterdir()) == []


def test_ended_by_hand_while_a_command_works_on_it(execution, run_id):
    with attached(execution, run_id) as run:
        Execution(execution.layout.root).resolve(run_id, "failed", force=True)
        run.log("INFO", "-", "still here")
    assert state_of(execution, run_id).status == Status.FAILED
    Execution(execution.layout.root).reap()
    assert list(execution.layout.runs.iterdir()) == []


def test_without_its_file_it_goes_on(execution, run_id):
    execution.layout.detached.remove(run_id)
    with attached(execution, run_id) as run:
        run.complete()
    assert state_of(execution, run_id).status == Status.COMPLETE


def test_it_survives_a_new_boot(execution, run_id, monkeypatch):
    from irl_logging import reaping

    monkeypatch.setattr(reaping, "boot_id", lambda: "another1")
    assert execution.runs()[0].status == Status.RUNNING
