"""What a completion needs, and what a run ends as that lacks it."""

from __future__ import annotations

import json
import sys

import pytest

from irl_logging import Execution, Status, workflow
from irl_logging.errors import ConfigurationError, RunEndedError
from irl_logging.expectations import contradiction

OVERSTATED = Status.OVERSTATED.value


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in a repository."""
    return Execution(tmp_path / "execution")


def end_of(execution: Execution) -> tuple[str, str | None]:
    """Status and note of the latest run."""
    state = execution.runs()[0]
    return state.status, state.note


@pytest.mark.parametrize(
    ("counters", "wrong"),
    [
        ({"listed": 12, "approved": 8, "flagged": 2, "rejected": 2}, None),
        (
            {"listed": 12, "approved": 8, "flagged": 2, "rejected": 1},
            "8 approved + 1 rejected + 2 flagged = 11, but 12 listed",
        ),
        ({"listed": 12, "approved": 8, "flagged": 2, "rejected": 1, "skipped": 1}, None),
        ({"total": 3, "approved": 4}, "4 approved, but 3 total"),
        ({"listed": 3, "total": 4, "approved": 3}, "3 approved, but 4 total"),
        ({"listed": 0, "approved": 0}, None),
        ({"listed": 12}, None),
        ({"approved": 8, "flagged": 2}, None),
        ({"listed": 12, "deployed": 3}, None),
        ({"total": 100, "passed": 97, "skipped": 3}, None),
        ({"listed": "12", "approved": 8}, None),
        ({"listed": True, "approved": 8}, None),
        ({"listed": 12, "approved": 8.0}, None),
    ],
)
def test_counters_that_contradict_each_other(counters, wrong):
    assert contradiction(counters) == wrong


def test_a_total_that_is_contradicted_is_overstated(execution):
    """In the manifest, the journal, the log and the results alike; the counts in between may be anything."""
    run = execution.start("incident-approval", agent="a")
    run.result(listed=12)
    run.result(approved=8, flagged=2)
    run.result(rejected=1)
    run.complete("8 approved, 2 flagged, 1 rejected")
    note = "8 approved + 1 rejected + 2 flagged = 11, but 12 listed"
    assert end_of(execution) == (OVERSTATED, note)
    assert f"| {OVERSTATED} | 8 approved, 2 flagged, 1 rejected | a |" in execution.layout.readme.read_text("utf-8")
    (results,) = execution.layout.results.iterdir()
    assert json.loads(results.read_text())["_irl"]["status"] == OVERSTATED
    last = (execution.layout.root / run.log_file).read_text("utf-8").splitlines()[-1]
    assert f'[WARN] [incident-approval] [end] {OVERSTATED}: 8 approved, 2 flagged, 1 rejected note="{note}"' in last
    with pytest.raises(RunEndedError, match=f"has ended as {OVERSTATED}"):
        run.complete()


def test_without_a_summary_the_table_says_what_is_missing(execution):
    with workflow("validate", execution=execution) as run:
        run.expect(file="results/summary.md")
    assert f"| {OVERSTATED} | results/summary.md is missing or empty |" in execution.layout.readme.read_text("utf-8")


@pytest.mark.parametrize("end", ["fail", "error", "cancel"])
def test_only_a_completion_is_judged(end, execution, tmp_path):
    run = execution.start("deploy")
    run.result(listed=2, approved=1)
    run.expect(file="no", command=[sys.executable, "-c", "open('ran', 'w').close()"])
    getattr(run, end)()
    assert end_of(execution) == (Status[{"fail": "FAILED", "error": "ERROR", "cancel": "CANCELLED"}[end]], None)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("name", ["results/x.md", "report.md", "{root}/report.md"])
def test_files(name, execution, tmp_path):
    """Below the execution directory, the repository, or by their whole path; an empty one is no evidence."""
    name = name.format(root=tmp_path)
    for content, status in (("", OVERSTATED), ("all is well", Status.COMPLETE)):
        with workflow("validate", execution=execution) as run:
            run.expect(file=name)
            for path in (tmp_path / "execution" / "results" / "x.md", tmp_path / "report.md"):
                path.write_text(content)
        assert end_of(execution)[0] == status


def test_commands(execution, tmp_path):
    """They run in the repository when the run ends; what a failing one says stands in the log, redacted."""
    secret = "hunter2" * 3
    source = f"import sys; print('password={secret}'); sys.exit(open('made').read() != 'yes')"
    run = execution.start("validate")
    run.expect(command=[sys.executable, "-c", "open('made', 'w').write('no')"])
    run.expect(command=[sys.executable, "-c", source], limit=30)
    run.expect(command=["no-such-command", "-q"])
    run.complete()
    status, note = end_of(execution)
    assert (status, (tmp_path / "made").read_text()) == (OVERSTATED, "no")
    assert note.count(";") >= 2
    assert note.endswith(
        "` exited with 1; `no-such-command -q` could not be started: "
        "[Errno 2] No such file or directory: 'no-such-command'"
    )
    log = (execution.layout.root / run.log_file).read_text()
    assert "[WARN] [validate] [expect] Not as expected: " in log
    assert "\n\tpassword=[REDACTED" in log
    assert secret not in log + execution.layout.readme.read_text()


def test_a_command_that_takes_too_long(execution):
    run = execution.start("validate")
    run.expect(command=["sleep", "600"], limit=0.2)
    run.complete()
    assert end_of(execution) == (OVERSTATED, "`sleep 600` took longer than 0.2 s")


@pytest.mark.parametrize(
    ("expected", "counters", "note"),
    [
        ({"total": 12}, {"approved": 10, "rejected": 2}, None),
        ({"total": 12}, {"approved": 10}, "10 approved, but 12 expected"),
        ({"total": 12}, {}, "nothing, but 12 expected"),
        ({"total": "hosts", "of": ["up", "down"]}, {"hosts": 3, "up": 2, "down": 1}, None),
        ({"total": "hosts", "of": ["up", "down"]}, {"hosts": 3, "up": 2}, "2 up, but 3 hosts"),
        ({"total": "hosts", "of": "up"}, {"up": 2}, "hosts was not counted"),
        ({"total": "listed"}, {"listed": 2, "approved": 1}, "1 approved, but 2 listed"),
    ],
)
def test_counts(expected, counters, note, execution):
    run = execution.start("validate")
    run.expect(**expected)
    if counters:
        run.result(**counters)
    run.complete()
    assert end_of(execution) == (OVERSTATED if note else Status.COMPLETE, note)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "nothing is expected: give file=, command= or total="),
        ({"command": "pytest -q"}, r"expected command is 'pytest -q', expected a list such as \['pytest', '-q'\]"),
        ({"command": []}, "expected command is"),
    ],
)
def test_what_cannot_be_expected(given, message, execution):
    run = execution.start("validate")
    with pytest.raises(ConfigurationError, match=message):
        run.expect(**given)
    run.complete()
    with pytest.raises(RunEndedError):
        run.expect(file="x")


def test_a_process_that_takes_part_expects_and_counts_for_all(execution):
    """The owner judges by what all have said: counters of a child, and what the child needs of a completion."""
    run = execution.start("validate")
    child = Execution(execution.layout.root).join(run.id)
    child.expect(file="results/x.md", total=3, of=["done"])
    child.result(listed=4, approved=1)
    run.result(rejected=2)
    run.complete()
    note = "results/x.md is missing or empty; nothing, but 3 expected; 1 approved + 2 rejected = 3, but 4 listed"
    assert end_of(execution) == (OVERSTATED, note)
