"""Children of a run: forked, spawned, executed; they write into their parent's run and never end it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys

import pytest

COMPLETE, FAILED, CRASHED = "✓ Complete", "✗ Failed", "⚠️ Crashed"


def test_a_forked_child_writes_into_the_run_and_leaves_it_open(run_script, left):
    """Its lines, steps and results are the run's; neither its exit, nor ending the run there, ends it."""
    result = run_script(
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    with irl_logging.step('in child'):\n"
        "        log.info('from the child')\n"
        "    run.result(checked=5)\n"
        "    run.fail('said by the child')\n"
        "    sys.exit(9)\n"
        "_, status = os.waitpid(pid, 0)\n"
        "log.info('child ended with %d', os.waitstatus_to_exitcode(status))\n"
        "run.result(approved=2)\n"
    )
    assert (result.returncode, result.stderr) == (0, "")
    state = left.only()
    assert (state.status, state.summary, dict(state.counters)) == (
        COMPLETE,
        "said by the child",
        {"checked": 5, "approved": 2},
    )
    assert left.messages() == [
        "[start] Started deploy",
        "[in-child] from the child",
        "[-] child ended with 9",
        f"[complete] {COMPLETE}",
    ]
    day = state.started[:10]
    contents = {name: {key: value for key, value in content.items() if key not in ("timestamp", "_irl")}
                for name, content in left.results().items()}  # fmt: skip
    assert contents == {f"deploy-{day}.json": {"checked": 5}, f"deploy-{day}-002.json": {"approved": 2}}
    assert state.results == f"results/deploy-{day}-002.json"


@pytest.mark.parametrize(
    ("end", "code"),
    [("raise ValueError('in child')", 1), ("os.kill(os.getpid(), signal.SIGTERM)", -15), ("os._exit(3)", 3)],
)
def test_a_forked_child_that_fails_does_not_fail_the_run(end, code, run_script, left):
    """An exception in it is a record in the log; a signal ends it as it would without us."""
    result = run_script(
        f"pid = os.fork()\nif pid == 0: {end}\nprint(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    assert (result.stdout, left.only().status) == (f"{code}\n", COMPLETE)
    assert ("ValueError: in child" in left.log()[1]) == (code == 1)


def test_a_child_that_outlives_its_parent_keeps_nothing_alive(start_python, left):
    """The parent is killed, its child works on: the run is dead, and the child's lines still find their log."""
    process = start_python(
        "import logging, os, sys, irl_logging\n"
        "irl_logging.configure('deploy', level='INFO')\n"
        "if os.fork() == 0:\n"
        "    print('child', os.getpid())\n"
        "    sys.stdin.readline()\n"
        "    logging.info('from the orphan')\n"
        "    print('logged')\n"
        "    sys.stdin.readline()\n"
        "    os._exit(0)\n"
        "os.wait()\n"
    )
    process.wait_for("child")
    os.kill(process.pid, signal.SIGKILL)
    assert process.process.wait(30) == -signal.SIGKILL
    assert left.only().status == CRASHED
    process.say("go")
    process.wait_for("logged")
    process.say("end")
    assert left.messages()[-1] == "[-] from the orphan"
    assert left.only().status == CRASHED


WORKER = """\
import logging, multiprocessing, os, sys
import irl_logging

def work(number):
    irl_logging.configure('deploy', level='INFO')
    logging.info('worker %d', number)
    sys.exit(number)

if __name__ == '__main__':
    irl_logging.configure('deploy', level='INFO')
    context = multiprocessing.get_context(sys.argv[1])
    workers = [context.Process(target=work, args=(number,)) for number in (1, 2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print([worker.exitcode for worker in workers])
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_workers_of_multiprocessing_join_the_run(method, run_python, left):
    """Whatever way they start, there is one run with the lines of all, and it ends with the parent."""
    result = run_python(WORKER, method)
    assert (result.stdout, result.stderr) == ("[1, 2]\n", "")
    assert left.only().status == COMPLETE
    first, *between, last = left.messages()
    assert sorted(between) == ["[-] worker 1", "[-] worker 2"]
    assert (first, last) == ("[start] Started deploy", f"[complete] {COMPLETE}")


@pytest.mark.parametrize(
    ("body", "status", "note"),
    [
        ("pass", COMPLETE, None),
        ("sys.exit(4)", FAILED, "exit code 4"),
        # From 3.13 on, multiprocessing has dealt with the exception before anybody hears of the end.
        (
            "raise ValueError('boom')",
            "⚠️ Error",
            "ValueError: boom" if sys.version_info < (3, 13) else "an exception ended the worker",
        ),
    ],
)
def test_a_run_of_a_worker_ends_with_the_worker(body, status, note, run_python, left):
    """A worker of multiprocessing ends by `os._exit`; the run that its records started ends all the same."""
    run_python(
        "import logging, multiprocessing, sys, irl_logging\n"
        "def work():\n"
        "    logging.getLogger().addHandler(irl_logging.WorkflowHandler('nightly'))\n"
        "    logging.warning('at work')\n"
        f"    {body}\n"
        "worker = multiprocessing.get_context('fork').Process(target=work)\n"
        "worker.start(); worker.join()\n"
    )
    assert (left.only().status, left.only().note) == (status, note)


def test_a_subprocess_joins_through_the_environment(run_script, left, tmp_path):
    """`configure` in a child program joins, whatever name it gives; an exception there is in the log of the run."""
    (tmp_path / "child.py").write_text(
        "import logging, irl_logging\n"
        "run = irl_logging.configure('another name', level='INFO')\n"
        "logging.info('from below %s', run.workflow)\n"
        "with irl_logging.step('check'): pass\n"
        "raise ValueError('child broke')\n"
    )
    result = run_script("print(subprocess.run([sys.executable, 'child.py']).returncode)")
    assert result.stdout == "1\n"
    assert (left.only().status, left.only().last_step) == (COMPLETE, "check")
    _, below, error, _ = left.messages()
    assert below == "[-] from below deploy"
    assert error.endswith("ValueError: child broke")


def test_the_environment_is_given_back(run_script, left):
    """While a run is open its children find it, the innermost first; afterwards the environment is as before."""
    result = run_script(
        "seen = lambda: os.environ.get('IRL_RUN')\n"
        "assert seen() == run.id\n"
        "with irl_logging.workflow('inner') as inner:\n"
        "    assert seen() == inner.id\n"
        "    assert os.environ['IRL_ROOT'] == os.path.abspath('execution')\n"
        "assert seen() == run.id\n"
        "irl_logging.shutdown()\n"
        "print(seen(), os.environ.get('IRL_ROOT'))\n"
    )
    assert (result.stdout, result.stderr) == ("None None\n", "")


def test_a_variable_left_over_is_not_believed(run_script, left):
    """A run that is over, or that nobody knows here, is not joined; the children of this process join this one."""
    result = run_script("print(os.environ['IRL_RUN'] == run.id)", env={"IRL_RUN": "20200101T000000Z-0badf00d"})
    assert result.stdout == "True\n"
    ended = left.only()
    assert (ended.status, ended.parent) == (COMPLETE, "20200101T000000Z-0badf00d")
    run_script("pass", env={"IRL_RUN": ended.id})
    assert [state.status for state in left.states()] == [COMPLETE, COMPLETE]


def test_a_run_of_another_directory_is_not_joined(run_script, left, tmp_path):
    """A child that names a directory of its own has a run of its own there."""
    (tmp_path / "child.py").write_text(
        "import irl_logging\nirl_logging.configure('child', level='INFO', root='elsewhere')"
    )
    run_script("subprocess.run([sys.executable, 'child.py'])")
    assert left.only().workflow == "deploy"
    (other,) = type(left)(tmp_path / "elsewhere" / "execution").states()
    assert (other.workflow, other.status, other.parent) == ("child", COMPLETE, left.only().id)


def test_forks_while_threads_write_do_not_hang(start_python, left):
    """Each child logs, records a step and ends, whatever the other threads of its parent were in the middle of."""
    process = start_python(
        "import logging, os, sys, threading, warnings, irl_logging\n"
        "warnings.simplefilter('ignore', DeprecationWarning)\n"  # what Python 3.12 says of it is what is tested here
        "run = irl_logging.configure('deploy', level='INFO', fsync=False)\n"
        "stop = threading.Event()\n"
        "def lines():\n"
        "    while not stop.is_set():\n"
        "        logging.info('line')\n"
        "def steps():\n"
        "    while not stop.is_set():\n"
        "        with run.step('busy'): pass\n"
        "threads = [threading.Thread(target=work) for work in (lines, lines, steps, steps)]\n"
        "for thread in threads: thread.start()\n"
        "for number in range(20):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        with irl_logging.step('forked'):\n"
        "            logging.info('child %d', number)\n"
        "        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "stop.set()\n"
        "for thread in threads: thread.join()\n"
    )
    code, _, stderr = process.end()
    assert (code, stderr) == (0, "")
    assert [text for text in left.messages() if text.startswith("[forked]")] == [
        f"[forked] child {n}" for n in range(20)
    ]
    assert len([event for event in left.events("step.ended") if event["step"] == "forked"]) == 20


@pytest.mark.parametrize("pause", [0.0, 0.03, 0.1])
def test_a_fork_beside_the_very_first_record_does_not_hang(start_python, left, pause):
    """Another thread is importing then what its first record needs, and what it is at stays locked in the child."""
    process = start_python(
        "import logging, os, threading, time, warnings, irl_logging\n"
        "from irl_logging.handler import WorkflowHandler\n"
        "warnings.simplefilter('ignore', DeprecationWarning)\n"
        "handler = WorkflowHandler(fsync=False)\n"
        "log = logging.getLogger('app')\n"
        "log.setLevel('INFO')\n"
        "log.addHandler(handler)\n"
        "def first():\n"
        "    with irl_logging.workflow('deploy'):\n"
        "        log.info('from the thread')\n"
        "thread = threading.Thread(target=first)\n"
        "thread.start()\n"
        f"time.sleep({pause})\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    with irl_logging.workflow('child'):\n"
        "        log.info('from the child')\n"
        "    os._exit(0)\n"
        "thread.join()\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )
    code, _, stderr = process.end()
    assert (code, stderr) == (0, "")
    assert sorted((state.workflow, state.status) for state in left.states()) == [
        ("child", COMPLETE),
        ("deploy", COMPLETE),
    ]
