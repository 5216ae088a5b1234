"""Runs on other machines: a machine of one's own is a name and a boot of one's own, as far as a process can see."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from irl_logging import Execution
from irl_logging.storage.heartbeat import STALE_SECONDS, beats

RUNNING, STALE, COMPLETE = "Running", "⚠️ Stale", "✓ Complete"
WORK = """\
import os, sys, irl_logging
from irl_logging.storage import heartbeat
heartbeat.BEAT_SECONDS = 0.01
run = irl_logging.Execution("execution", agent="agent-far").start("far")
print("running", run.id, flush=True)
for line in sys.stdin:
    if line == "step\\n":
        run.step("push").__enter__()
    print("done", flush=True)
run.complete()
"""


@pytest.fixture
def elsewhere(tmp_path, clean_environment):
    """A function that starts a script on another machine: `unshare` with another host name and another boot id."""
    boot = tmp_path / "boot_id"
    boot.write_text("fafafafa-0000-4000-8000-000000000000\n")
    there = f'hostname far && mount --bind {boot} /proc/sys/kernel/random/boot_id && exec "$@"'
    command = ["unshare", "--mount", "--uts", "sh", "-c", there, "sh"]
    if sys.platform != "linux" or subprocess.run([*command, "true"], capture_output=True).returncode:
        pytest.skip("unshare --mount --uts is not permitted here")
    started = []

    def start(source):
        (tmp_path / "far.py").write_text(source)
        process = subprocess.Popen(
            [*command, sys.executable, "far.py"],
            env=clean_environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        process.run = process.stdout.readline().split()[1]
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def here(tmp_path):
    """The execution directory, which this machine has used before."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="agent-x")
    execution.start("near").complete()
    return execution


def status(execution, run):
    (state,) = [state for state in execution.runs() if state.id == run]
    return state.status


def row(execution):
    """The status in Active's only row."""
    text = execution.layout.readme.read_text("utf-8").split("## Active Workflows\n")[1].split("**Format:**")[0]
    return [line.split("|")[3].strip() for line in text.splitlines() if line.startswith("|")][2:]


def a_minute_passes(execution):
    """For the observer: what it has seen is a minute older."""
    (path,) = execution.layout.active.glob(".observed-*.json")
    seen = json.loads(path.read_bytes())
    path.write_text(json.dumps({run: [sign, since - STALE_SECONDS] for run, (sign, since) in seen.items()}))


def wait_for_a_beat(execution, run):
    token = execution.layout.token(run)
    before = beats(token)
    while beats(token) == before:
        os.sched_yield()


def test_a_silent_run_is_stale_until_it_is_heard_of_again(elsewhere, here):
    """Only after a minute of the observer's clock without a sign of life; the next sign takes it back, and an end is final."""
    process = elsewhere(WORK)
    process.send_signal(19)  # SIGSTOP: no sign of life, as from a machine that is cut off
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
    assert status(here, process.run) == RUNNING
    assert Execution(here.layout.root).reap() == []
    assert status(here, process.run) == RUNNING
    a_minute_passes(here)
    assert (status(Execution(here.layout.root), process.run), row(here)) == (STALE, [STALE])
    assert status(here, process.run) == STALE
    assert json.loads((here.layout.active / "workflows.json").read_bytes())["workflows"][0]["status"] == STALE
    process.send_signal(18)
    wait_for_a_beat(here, process.run)
    assert (status(here, process.run), row(here)) == (RUNNING, [RUNNING])
    process.communicate("")
    assert (process.returncode, status(here, process.run), row(here)) == (0, COMPLETE, ["-"])


def test_a_run_that_gives_signs_of_life_is_never_stale(elsewhere, here):
    """However old the last look is."""
    process = elsewhere(WORK)
    for _ in range(3):
        assert status(here, process.run) == RUNNING
        a_minute_passes(here)
        wait_for_a_beat(here, process.run)
    assert status(here, process.run) == RUNNING


def test_an_event_is_a_sign_of_life(elsewhere, here):
    """Also of a run whose lock file nobody sees any more."""
    process = elsewhere(WORK.replace("0.01", "1_000"))
    assert status(here, process.run) == RUNNING
    a_minute_passes(here)
    assert status(here, process.run) == STALE
    process.stdin.write("step\n")
    process.stdin.flush()
    assert process.stdout.readline() == "done\n"
    assert status(here, process.run) == RUNNING


def test_another_observer_does_not_take_it_back_unseen(elsewhere, here):
    """Who has not seen an earlier sign of life cannot know that this one is new."""
    process = elsewhere(WORK.replace("0.01", "1_000"))
    status(here, process.run)
    a_minute_passes(here)
    assert status(here, process.run) == STALE
    next(here.layout.active.glob(".observed-*.json")).unlink()
    assert status(here, process.run) == STALE


def test_without_another_machine_nothing_counts(tmp_path):
    """No thread, no sign of life in the lock file: a short script on one machine pays nothing."""
    script = (
        "import threading, irl_logging\n"
        "execution = irl_logging.Execution('execution', agent='agent-x')\n"
        "run = execution.start('deploy')\n"
        "print(threading.active_count(), len(execution.layout.token(run.id).read_bytes().splitlines()))\n"
        "run.complete()\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert result.stdout == "1 1\n", result.stderr


def test_a_run_that_does_not_count_is_not_judged(elsewhere, here):
    """It may be of an earlier release, or the first one of all."""
    process = elsewhere(WORK)
    token = here.layout.token(process.run)
    process.send_signal(19)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED)
    token.write_bytes(token.read_bytes().splitlines(keepends=True)[0])
    assert status(here, process.run) == RUNNING
    assert list(here.layout.active.glob(".observed-*.json")) == []


def test_the_thread_keeps_no_process_alive_and_no_child_has_it(elsewhere, here):
    """The process ends as it would without; a forked child neither counts nor hangs."""
    source = WORK.partition("for line")[0] + (
        "import threading, time\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(threading.active_count() - 1 + len(heartbeat._beating))\n"
        "print('child', os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), threading.active_count(), flush=True)\n"
        "run.complete()\n"
    )
    process = elsewhere(source)
    assert process.stdout.readline() == "child 0 2\n"
    assert process.wait(30) == 0
    assert status(here, process.run) == COMPLETE
