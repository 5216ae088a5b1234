"""Runs whose process is killed, stopped, or gone in ways that nobody saw: no wrong verdict, and each end once."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.storage.events import decode, encode

COMPLETE, CRASHED = "✓ Complete", "⚠️ Crashed"
RUNNING = (
    "import logging, sys, irl_logging\n"
    "run = irl_logging.configure('deploy', level='INFO')\n"
    "with irl_logging.step('push'):\n"
    "    logging.info('pushing')\n"
    "    print('running', run.id, run.log_file)\n"
    "    sys.stdin.readline()\n"
)


@pytest.fixture
def running(start_python):
    """A process in the middle of a run."""
    process = start_python(RUNNING)
    _, process.run, process.log = process.wait_for("running").split()
    return process


@pytest.mark.parametrize("look", ["start", "runs", "reap", "sync"])
def test_whoever_looks_next_ends_the_run_of_a_killed_process(look, running, left):
    """The row moves to Completed as crashed, with the last step and time; the log says so too."""
    assert running.kill()[0] == -signal.SIGKILL
    assert [row[2] for row in left.rows("Active Workflows")] == ["Running"]
    execution = Execution(left.root)
    if look == "start":
        execution.start("next", agent="agent-x").complete()
    else:
        getattr(execution, look)()
    started = left.events("step.started")[0]["time"][:19]
    note = f"last sign of life {started}Z in step push"
    rows = [row for row in left.rows("Completed Workflows") if row[0] == "deploy"]
    assert [(row[2], row[3], row[4]) for row in rows] == [(CRASHED, note, "agent-tester")]
    assert left.messages("deploy*")[-1] == f"[crash] {CRASHED}: {note}"
    assert json.loads((left.root / "active" / "workflows.json").read_text())["workflows"] == []
    assert list((left.root / "active" / "runs").iterdir()) == []
    assert [state.status for state in left.states() if state.workflow == "deploy"] == [CRASHED]


RESULTS = (
    "import os, signal, subprocess, sys, irl_logging\n"
    "run = irl_logging.configure('deploy', level='INFO')\n"
    "run.result(approved=8)\n"
    "if len(sys.argv) == 1:\n"
    "    subprocess.run([sys.executable, __file__, 'child'], check=True)\n"
    "    os.kill(os.getpid(), signal.SIGKILL)\n"
)


def test_the_results_of_a_killed_run_do_not_say_that_it_runs(run_python, left):
    """Git gets them, and nobody else would ever change them. How the run ends, one that takes part does not see."""
    assert run_python(RESULTS).returncode == -signal.SIGKILL
    assert [it["_irl"].get("status") for _, it in sorted(left.results().items())] == [None, "Running"]
    assert left.only().status == CRASHED
    theirs, ours = (it["_irl"] for _, it in sorted(left.results().items()))
    assert (ours["status"], "status" in theirs) == (CRASHED, False)
    assert ours["started"] < ours["ended"]


def test_the_last_line_of_a_log_is_a_sign_of_life(running, left):
    """A run that writes lines for hours between two lifecycle events was not last heard of hours ago."""
    running.kill()
    os.utime(left.root / running.log, (2_000_000_000, 2_000_000_000))
    assert left.only().note == "last sign of life 2033-05-18T03:33:20Z in step push"


def test_lines_of_others_are_no_sign_of_life(running, left):
    """In a log that several runs share nobody can tell whose line was the last."""
    running.kill()
    path = next(left.root.glob("active/journal/*.jsonl"))
    started = left.events("run.started")[0]
    other = {**started, "run": "20260208T000000Z-0000abcd"}
    with path.open("ab") as journal:
        journal.write(encode(other) + encode({**other, "event": "run.ended", "status": COMPLETE}))
    os.utime(left.root / running.log, (2_000_000_000, 2_000_000_000))
    last = left.events("step.started")[0]["time"][:19]
    assert [state.note for state in left.states() if state.id == running.run] == [
        f"last sign of life {last}Z in step push"
    ]


def test_a_stopped_process_is_alive(running, left):
    """SIGSTOP is a pause: nobody ends the run, and it goes on after SIGCONT."""
    os.kill(running.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, running.pid, os.WSTOPPED)
    assert Execution(left.root).reap() == []
    assert left.only().status == "Running"
    os.kill(running.pid, signal.SIGCONT)
    running.say("go on")
    assert running.end()[0] == 0
    assert left.only().status == COMPLETE


def test_a_lock_file_that_was_removed_is_not_a_death(running, left):
    """Somebody tidied up: the process is asked for by number and start time, and lives until it is gone."""
    shutil.rmtree(left.root / "active" / "runs")
    assert Execution(left.root).reap() == []
    (left.root / "active" / "runs").mkdir()
    assert Execution(left.root).reap() == []
    running.kill()
    assert left.only().status == CRASHED


def test_a_zombie_is_dead(running, left):
    """A killed process that its parent has not asked after is no living one, with its lock file or without it."""
    shutil.rmtree(left.root / "active" / "runs")
    os.kill(running.pid, signal.SIGKILL)
    os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)
    assert left.only().status == CRASHED


def test_a_process_in_another_pid_namespace_is_alive(tmp_path, clean_environment, left):
    """A container has process numbers of its own; the kernel's lock sees through them."""
    if subprocess.run(["unshare", "--pid", "--fork", "true"], capture_output=True).returncode:
        pytest.skip("unshare --pid is not permitted here")
    (tmp_path / "script.py").write_text(RUNNING)
    with subprocess.Popen(
        ["unshare", "--pid", "--fork", "--kill-child", sys.executable, "-u", "script.py"],
        cwd=tmp_path,
        env={**clean_environment, "IRL_AGENT": "agent-x"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().startswith(b"running")
        assert left.events("run.started")[0]["pid"] == 1
        assert Execution(left.root).reap() == []
        process.kill()
        process.stdout.read()  # until the last process that has it is gone
    assert left.only().status == CRASHED


def test_a_process_in_another_container_is_not_asked_for_by_its_number(tmp_path, clean_environment, left):
    """It has a name of its own, and what has its number here is another process: without the lock nobody can tell."""
    boxed = ["unshare", "--pid", "--uts", "--mount-proc", "--fork", "--kill-child", "sh", "-c"]
    rename = "echo irl-box > /proc/sys/kernel/hostname && "
    if subprocess.run([*boxed, f"{rename}true"], capture_output=True).returncode:
        pytest.skip("unshare --pid --uts --mount-proc is not permitted here")
    (tmp_path / "script.py").write_text(RUNNING)
    with subprocess.Popen(
        [*boxed, f"{rename}exec {sys.executable} -u script.py"],
        cwd=tmp_path,
        env={**clean_environment, "IRL_AGENT": "agent-x"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout.readline().startswith(b"running")
        assert left.events("run.started")[0]["host"] == "irl-box"
        shutil.rmtree(left.root / "active" / "runs")
        assert Execution(left.root).reap() == []
        process.stdin.write(b"go on\n")
        process.stdin.close()
        assert process.wait() == 0
    assert left.only().status == COMPLETE


@pytest.mark.parametrize("lock_file", [True, False])
def test_of_many_who_look_one_writes_the_end(lock_file, running, left, start_python):
    """Six processes look at once: one end in the journal, one crash line in the log."""
    running.kill()
    if not lock_file:
        shutil.rmtree(left.root / "active" / "runs")
        (left.root / "active" / "runs").mkdir()
    look = "import sys, irl_logging\nprint('ready')\nsys.stdin.readline()\nirl_logging.Execution('execution').reap()\n"
    observers = [start_python(look, name="look.py") for _ in range(6)]
    for observer in observers:
        observer.wait_for("ready")
    for observer in observers:
        observer.say("go")
    assert [observer.end()[0] for observer in observers] == [0] * 6
    assert len(left.events("run.ended")) == 1
    assert [text.split("]")[0] for text in left.messages()].count("[crash") == 1


def changed(left, **values):
    """Give the journal's events other values, as another machine or another boot would have written them."""
    (segment,) = (left.root / "active" / "journal").iterdir()
    events = [decode(line) for line in segment.read_bytes().splitlines()]
    segment.write_bytes(b"".join(encode({**event, **values}) for event in events))


@pytest.mark.parametrize(
    ("values", "status"),
    [
        pytest.param({"boot": "00000000"}, CRASHED, id="another boot of this machine"),
        pytest.param({"host": "elsewhere"}, CRASHED, id="a container on this kernel"),
        pytest.param({"host": "elsewhere", "boot": "00000000"}, "Running", id="another machine"),
    ],
)
def test_what_a_free_lock_proves(values, status, running, left):
    """On this machine it proves death; of a process on another one it says nothing."""
    running.kill()
    changed(left, **values)
    assert left.only().status == status


def test_a_process_number_that_was_given_again_is_another_process(running, left):
    """Same number, other start time: without a lock file the owner is dead all the same."""
    running.kill()
    shutil.rmtree(left.root / "active" / "runs")
    changed(left, pid=os.getpid(), start=1)
    assert left.only().status == CRASHED


def test_a_lock_file_without_a_run_goes_away(left):
    """A process that was killed before its start was recorded leaves one; it goes when it is old."""
    Execution(left.root).start("deploy", agent="agent-x").complete()
    young, old = (
        left.root / "active" / "runs" / name for name in ("20260101T000000Z-young.lock", "20260101T000000Z-old.lock")
    )
    young.touch()
    old.touch()
    os.utime(old, (1_000, 1_000))
    assert Execution(left.root).reap() == []
    assert [path.name for path in (left.root / "active" / "runs").iterdir()] == [young.name]


def test_a_link_in_place_of_a_lock_file_is_left_alone(running, left, tmp_path):
    """What it leads to is neither locked nor removed."""
    precious = tmp_path / "precious"
    precious.write_text("mine")
    os.utime(precious, (1_000, 1_000))
    link = left.root / "active" / "runs" / "20260101T000000Z-link.lock"
    link.symlink_to(precious)
    assert Execution(left.root).reap() == []
    assert (link.is_symlink(), precious.read_text()) == (True, "mine")


def test_a_journal_that_was_removed_gets_the_run_again(running, left):
    """The directory is gone while the run lives: its start is written again with its next event."""
    shutil.rmtree(left.root / "active")
    running.say("go on")
    assert running.end()[0] == 0
    assert (left.only().status, left.only().agent) == (COMPLETE, "agent-tester")
    assert [row[2] for row in left.rows("Completed Workflows")] == [COMPLETE]


def test_file_systems_that_cannot_lock(tmp_path, clean_environment, left):
    """Without locks the owner's process number and start time decide: alive while it runs, dead when it is gone."""
    if (
        not shutil.which("strace")
        or subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode
    ):
        pytest.skip("strace is not installed, or not permitted to trace here")
    (tmp_path / "script.py").write_text(
        "import os, sys, irl_logging\n"
        "run = irl_logging.Execution('execution').start('deploy')\n"
        "assert irl_logging.Execution('execution').reap() == []\n"
        "assert irl_logging.Execution('execution').join(run.id).id == run.id\n"
        "os._exit(0)\n"
    )
    command = ["strace", "-f", "-o", "trace", "-e", "trace=flock", "-e", "inject=flock:error=ENOLCK"]
    result = subprocess.run(
        [*command, sys.executable, "script.py"],
        cwd=tmp_path,
        env={**clean_environment, "IRL_AGENT": "agent-x"},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, "ENOLCK" in Path("trace").read_text()) == (0, True), result.stderr
    assert left.only().status == CRASHED


def test_open_steps_end_with_a_dead_run(running, left):
    """It is in no step any more."""
    running.kill()
    (state,) = left.states()
    assert (state.status, state.steps, state.last_step, state.phase) == (CRASHED, (), "push", None)


@pytest.mark.parametrize("how", ["fork", "exec"])
def test_a_child_that_outlives_its_parent_keeps_nothing_alive(how, start_python, left):
    """Neither a forked child nor a program that was started with every descriptor open holds the run's lock."""
    child = {
        "fork": "if os.fork() == 0:\n    print('child', os.getpid())\n",
        "exec": "print('child', subprocess.Popen([sys.executable, '-c', 'input()'], close_fds=False).pid)\n",
    }[how]
    process = start_python(
        "import os, signal, subprocess, sys, irl_logging\n"
        "run = irl_logging.Execution('execution').start('deploy')\n"
        f"{child}"
        "signal.pause()\n"
    )
    child_pid = int(process.wait_for("child").split()[1])
    assert left.only().status == "Running"
    os.kill(process.pid, signal.SIGKILL)
    process.process.wait()
    os.kill(child_pid, 0)  # it lives
    assert left.only().status == CRASHED
