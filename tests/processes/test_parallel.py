"""Many processes at once on one directory: nothing lost, nothing twice, nothing overwritten."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from irl_logging.manifest.template import template

PROCESSES = 20
ONE_OF_MANY = (
    "import logging, sys, irl_logging\n"
    "print('ready')\n"
    "sys.stdin.readline()\n"
    "run = irl_logging.configure('deploy', level='INFO')\n"
    "logging.info('number %s', sys.argv[1])\n"
    "run.result(approved=int(sys.argv[1]), rejected=2, flagged=1)\n"
)


def test_twenty_runs_at_once_from_nothing(start_python, left, tmp_path):
    """Twenty files, twenty results, twenty rows in the README that one of them made; and the specification's jq works."""
    processes = [start_python(ONE_OF_MANY, str(number), name="one.py") for number in range(1, PROCESSES + 1)]
    for process in processes:
        process.wait_for("ready")
    for process in processes:
        process.say("go")
    assert [process.end()[::2] for process in processes] == [(0, "")] * PROCESSES
    states = left.states()
    day = states[0].started[:10]
    numbers = [f"{number:03d}" for number in range(1, PROCESSES + 1)]
    logs = {path.name: path.read_text() for path in (left.root / "logs").iterdir()}
    assert sorted(logs) == [f"deploy-{day}-{number}.log" for number in numbers]
    for number in range(1, PROCESSES + 1):
        (log,) = [text for text in logs.values() if f"number {number}\n" in text]
        assert len(log.splitlines()) == 3
    results = left.results()
    assert sorted(results) == sorted([f"deploy-{day}.json", *(f"deploy-{day}-{number}.json" for number in numbers[1:])])
    assert sorted(content["approved"] for content in results.values()) == list(range(1, PROCESSES + 1))
    assert {content["_irl"]["status"] for content in results.values()} == {"✓ Complete"}
    rows = left.rows("Completed Workflows")
    assert sorted(row[3] for row in rows) == sorted(f"results/{name}" for name in results)
    assert {(row[0], row[2], row[4]) for row in rows} == {("deploy", "✓ Complete", "agent-tester")}
    assert len(template().splitlines()) + PROCESSES - 1 == len((left.root / "README.md").read_bytes().splitlines())
    assert len(left.events("run.started")) == len(left.events("run.ended")) == PROCESSES
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed")
    ratio = subprocess.run(
        ["jq", ".approved / (.approved + .rejected + .flagged)", f"execution/results/deploy-{day}.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    approved = results[f"deploy-{day}.json"]["approved"]
    assert float(ratio.stdout) == pytest.approx(approved / (approved + 3))


def test_runs_that_are_killed_all_the_while(start_python, left):
    """Of twelve processes that start and end runs, five are killed: every acknowledged event counts, the rest crashed."""
    source = (
        "import irl_logging, sys\n"
        "execution = irl_logging.Execution('execution', fsync=False)\n"
        "print('ready')\n"
        "for number in range(200):\n"
        "    run = execution.start(f'workflow-{number % 3}')\n"
        "    print('started', run.id)\n"
        "    with run.step('work'): run.decision('approved', 'incident')\n"
        "    run.complete('done')\n"
        "    print('ended', run.id)\n"
        "    if number >= int(sys.argv[1]): break\n"
    )
    patient = [start_python(source, "3", name="many.py") for _ in range(7)]
    killed = [start_python(source, "199", name="many.py") for _ in range(5)]
    said = []
    for process in killed:
        process.wait_for("ended")
        said.append(process.kill()[1])
    said += [process.end()[1] for process in patient]
    # The others may have ended before the last of these was killed.
    said.append(start_python(source, "0", name="many.py").end()[1])
    words = [line.split() for text in said for line in text.splitlines()]
    started, ended = (
        {run for word, run in filter(lambda pair: len(pair) == 2, words) if word == kind}
        for kind in ("started", "ended")
    )
    states = {state.id: state for state in left.states()}
    assert {run for run in started if run not in states} == set()
    assert {states[run].status for run in ended} == {"✓ Complete"}
    assert {state.status for run, state in states.items() if run not in ended} <= {"✓ Complete", "⚠️ Crashed"}
    assert len(left.events("run.ended")) == len(states)
    assert left.rows("Active Workflows") == [["_(none)_", "-", "-", "-", "-"]]
