"""Runs that do what their directive asks, and runs that do not."""

from __future__ import annotations

import os

import pytest

from irl_logging import Execution
from irl_logging.compliance import differences, meant_run
from irl_logging.directives import directive_of
from irl_logging.errors import UnknownRunError
from irl_logging.line import parse_time, render_time

DIRECTIVE = """\
## Procedure

1. List what waits: `ls quarantine/*/`
2. Preview each incident
3. Decide:
   - **approve** a simple rename
   - **flag** a TYPE_MISMATCH
4. Mark the folder (`-APPROVED`, `-REJECTED`)

**Execution Logging:**
- Create log: `execution/logs/incident-[integration]-[timestamp].log`
- Update state: `execution/state/mine.json`
- Mark complete: always
"""


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory beside a directive."""
    (tmp_path / "directives").mkdir()
    (tmp_path / "directives" / "incident-handling.md").write_text(DIRECTIVE)
    return Execution(tmp_path / "execution")


def done(execution: Execution, *steps: str, end: str = "complete", state: bool = True, **fields: str) -> list[str]:
    """What a run with these steps has done otherwise."""
    run = execution.start("incident-handling", **(fields or {"integration": "x"}))
    for step in steps:
        run.log("INFO", step, "done")
    if state:
        execution.state("mine").update(seen=run.id)
    run.end(end, note="why")
    directive = directive_of(execution.repository, "incident-handling")
    return differences(execution.layout, execution.runs()[0], directive)


@pytest.mark.parametrize(
    "steps",
    [
        ("list", "preview", "flag", "preview", "approve", "-", "mark-folder"),
        ("listed", "previewing", "approve", "MARK"),
    ],
)
def test_all_as_asked(steps, execution):
    assert done(execution, *steps) == []


def test_each_difference(execution):
    assert done(execution, "preview", "list", "decide", end="failed", state=False, integratoin="x") == [
        f"the log is {execution.runs()[0].log}, but should be named incident-{{integration}}-{{timestamp}}.log",
        "state/mine.json should have been updated, but does not exist",
        "the run should be complete, but is ✗ Failed: why",
        'step list is 1. "List what waits: `ls quarantine/*/`", but came after 2. "Preview each incident"',
        'no step was logged for 4. "Mark the folder (`-APPROVED`, `-REJECTED`)"',
    ]


def test_an_old_state_a_stale_and_a_broken_one(execution):
    steps = ("list", "preview", "decide", "mark")
    path = execution.layout.state / "mine.json"
    assert done(execution, *steps) == []
    os.utime(path, (1_700_000_000, 1_700_000_000))
    started = execution.runs()[0].started
    run = meant_run(execution.runs(), "incident-handling")
    directive = directive_of(execution.repository, "incident-handling")
    assert differences(execution.layout, run, directive) == [
        f"state/mine.json was last updated at 2023-11-14T22:13:20Z, before the run started at {started[:19]}Z"
    ]
    execution.state("mine").update(seen=run.id)  # the same again counts
    assert differences(execution.layout, run, directive) == []
    execution.state("mine").update(stale={"since": "now"})
    assert differences(execution.layout, run, directive) == ["state/mine.json is stale"]
    path.write_text("{")
    (broken,) = differences(execution.layout, run, directive)
    assert broken.startswith("state/mine.json should have been updated, but is broken: ")


def test_steps_in_which_nothing_was_logged_stand_in_the_results(execution):
    run = execution.start("incident-handling", integration="x")
    for step in ("list", "preview", "decide", "mark"):
        with run.step(step):
            pass
    run.result(approved=1)
    execution.state("mine").update(seen=1)
    run.complete()
    directive = directive_of(execution.repository, "incident-handling")
    assert differences(execution.layout, execution.runs()[0], directive) == []


def test_an_end_line_of_the_next_second_takes_no_step_away(execution):
    """It is written behind the event that ends the run, which may be in another second."""
    assert done(execution, "list", "preview", "decide", "mark") == []
    run = execution.runs()[0]
    log = execution.layout.root / run.log
    *before, last = log.read_text().splitlines(keepends=True)
    later = render_time(parse_time(run.ended).timestamp() + 1)
    log.write_text("".join(before) + f"[{later}" + last[last.index("]") :])
    assert differences(execution.layout, run, directive_of(execution.repository, "incident-handling")) == []


def test_lines_of_others_in_a_shared_log_do_not_count(execution):
    other = execution.start("deploy", log_name="x")
    (execution.repository / "directives" / "incident-handling.md").write_text(
        DIRECTIVE.replace("incident-[integration]-[timestamp].log", other.log_file.removeprefix("logs/"))
    )
    other.log("INFO", "mark", "done")
    assert done(execution, "list", "preview", "decide") == [
        'no step was logged for 4. "Mark the folder (`-APPROVED`, `-REJECTED`)"'
    ]


def test_which_run_is_meant(execution):
    first, second = (execution.start("deploy") for _ in range(2))
    runs = execution.runs()
    assert meant_run(runs, "deploy").id == max(first, second, key=lambda run: run._state.started).id
    assert meant_run(runs, first.id).id == first.id
    log = first.log_file.removeprefix("logs/")
    for shown in (f"logs/{log}", log, f"logs/{log}.1", f"archive/2026-02/{log}.gz"):
        assert meant_run(runs, shown).id == first.id
    assert meant_run(runs, first.id[:-1]).id == first.id
    with pytest.raises(UnknownRunError, match="no run has an id that begins with 'nope'"):
        meant_run(runs, "nope")
