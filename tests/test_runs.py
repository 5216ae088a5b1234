"""One run as its program holds it: steps, decisions, results and the one end that it has."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import re

import pytest

import irl_logging
from irl_logging import ConfigurationError, Execution, RunEndedError
from irl_logging.endings import exit_status


@pytest.fixture
def execution(tmp_path):
    """An execution directory that is not there yet."""
    return Execution(tmp_path / "execution", fsync=False, agent="agent-x")


@pytest.fixture
def run(execution):
    """An open run."""
    return execution.start("deploy")


def log_of(run, execution):
    text = (execution.layout.root / run.log_file).read_text()
    records = [line for line in text.splitlines() if line.startswith("[")]
    return [re.sub(r" (duration|agent|run)=\S+", "", record.split("] ", 3)[3]) for record in records]


def state_of(run, execution):
    return {state.id: state for state in execution.runs()}[run.id]


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (lambda run: run.complete("3 services"), "✓ Complete"),
        (lambda run: run.fail("3 services"), "✗ Failed"),
        (lambda run: run.error("3 services"), "⚠️ Error"),
        (lambda run: run.cancel("3 services"), "⚠️ Cancelled"),
        (lambda run: run.end("complete", "3 services"), "✓ Complete"),
        (lambda run: run.end("⚠️ Overstated", "Summary: 3 services"), "⚠️ Overstated"),
    ],
)
def test_each_end_has_its_status_row_and_line(end, status, run, execution):
    """The status is in the journal and the README, the summary in the Results cell, both in the end line."""
    end(run)
    state = state_of(run, execution)
    assert (state.status, state.summary) == (status, "3 services")
    assert log_of(run, execution)[-1].split(": ")[0] == f"[{STEPS.get(status, 'end')}] {status}"
    assert f"| {status} | 3 services | agent-x |" in execution.layout.readme.read_text()


STEPS = {"✓ Complete": "complete", "✗ Failed": "fail", "⚠️ Error": "error", "⚠️ Cancelled": "cancel"}


def test_a_terminal_status_is_final(run, execution):
    """Whatever is asked of a run that has ended says what it ended as, and changes nothing."""
    run.fail("no cluster")
    for late in (run.complete, lambda: run.result(approved=1), lambda: run.decision("approved", "incident")):
        with pytest.raises(RunEndedError, match=r"deploy has ended as ✗ Failed"):
            late()
    with run, run.step("late"):
        assert os.environ.get("IRL_RUN") is None
    assert os.environ.get("IRL_RUN") is None
    state = state_of(run, execution)
    assert (state.status, state.summary, state.last_step) == ("✗ Failed", "no cluster", None)
    assert list(execution.layout.results.iterdir()) == []


def test_an_unknown_status_is_refused_and_the_run_goes_on(run, execution):
    """The error names the words that there are; the run can still be ended."""
    with pytest.raises(ConfigurationError, match=r"status 'done' is not known: expected one of cancelled, complete"):
        run.end("done")
    with pytest.raises(ConfigurationError, match=r"status 'running' is no end"):
        run.end("running")
    run.complete()
    assert state_of(run, execution).status == "✓ Complete"


def test_results_are_flat_and_complete(run, execution):
    """The counters are keys of their own, with the time and ours beside them; a second call adds to the same file."""
    run.result(approved=8)
    run.result(flagged=2, by_integration={"finance_integration": 5})
    (path,) = execution.layout.results.iterdir()
    before = json.loads(path.read_text())
    assert before["_irl"]["status"] == "Running"
    run.complete()
    content = json.loads(path.read_text())
    assert path.name == f"deploy-{content['timestamp'][:10]}.json"
    assert list(content) == ["timestamp", "approved", "flagged", "by_integration", "_irl"]
    assert (content["approved"], content["by_integration"]) == (8, {"finance_integration": 5})
    ours = content["_irl"]
    assert list(ours) == [
        *("run", "workflow", "agent", "status", "started", "log", "ended", "duration_seconds", "exit_code"),
        *("steps", "warnings", "errors", "redactions"),
    ]
    assert (ours["run"], ours["status"], ours["log"]) == (run.id, "✓ Complete", run.log_file)
    assert f"| ✓ Complete | results/{path.name} | agent-x |" in execution.layout.readme.read_text()


@pytest.mark.parametrize("bad", [math.nan, math.inf, {("a",): 1}])
def test_what_json_has_not_is_refused_and_forgotten(bad, run, execution):
    """NaN, infinity, a key that is no text: an error for the caller, and the next result is as if it had not been."""
    run.result(approved=1)
    with pytest.raises(ValueError, match=r"JSON"):
        run.result(rate=bad)
    run.result(flagged=2)
    (path,) = execution.layout.results.iterdir()
    assert [key for key in json.loads(path.read_text()) if key not in ("timestamp", "_irl")] == ["approved", "flagged"]
    assert dict(state_of(run, execution).counters) == {"approved": 1, "flagged": 2}


def test_a_lone_surrogate_is_written_as_json_writes_it(run, execution):
    """A file name that is no UTF-8 keeps nothing from being saved."""
    run.result(file="report-\udc80.txt")
    (path,) = execution.layout.results.iterdir()
    assert json.loads(path.read_bytes())["file"] == "report-\udc80.txt"


def test_a_results_file_that_is_gone_does_not_keep_the_run_from_ending(run, execution, capsys):
    """The end is recorded; stderr says that the status in the file is old."""
    run.result(approved=1)
    (path,) = execution.layout.results.iterdir()
    path.unlink()
    execution.layout.results.rmdir()
    run.complete("done")
    assert state_of(run, execution).status == "✓ Complete"
    assert "is not up to date" in capsys.readouterr().err


@pytest.mark.parametrize(("outcome", "level"), [("approved", "INFO"), ("flagged", "WARN"), ("Escalated", "WARN")])
def test_a_decision_is_a_line_and_an_event(outcome, level, run, execution):
    """Who decided what and why; what a person has to look at is a warning."""
    with run.step("review"):
        run.decision(outcome, "2026-01-01T17-28-20-262Z_228986", by="human:samson", reason="simple field rename")
    line = (execution.layout.root / run.log_file).read_text().splitlines()[-1]
    assert line.split("] ", 1)[1] == (
        f"[{level}] [deploy] [review] Decision: {outcome} 2026-01-01T17-28-20-262Z_228986 "
        f'reason="simple field rename" agent=human:samson run={run.id}'
    )


def test_steps_are_named_in_order(run, execution):
    """Open steps stand in the state, the innermost last; left by an exception they are closed all the same."""
    with run.step("outer"):
        with contextlib.suppress(KeyError), run.step("inner"):
            assert state_of(run, execution).steps == ("outer", "inner")
            raise KeyError("x")
        state = state_of(run, execution)
        assert (state.steps, state.last_step) == (("outer",), "inner")
    assert state_of(run, execution).steps == ()


def test_long_texts_never_keep_a_run_from_its_events(execution):
    """Two hundred thousand characters as name, field, step, summary and reason: the log and the journal have what fits."""
    long = "x" * 200_000
    run = execution.start(long, agent=long, note=long, nested={"deep": [long] * 50})
    with run.step(long):
        run.decision("approved", long, reason=long, evidence={"all": [long] * 9})
    run.result(text=long)
    run.complete(long)
    state = state_of(run, execution)
    assert state.status == "✓ Complete"
    assert len(state.workflow) == 64
    assert state.summary.startswith("xxx")
    assert re.search(r"x\.\.\.\(\+\d+ characters\)$", state.summary)


def test_any_name_is_a_field(execution):
    """Fields that are named like our own arguments are fields like others."""
    names = {"run": 1, "level": 2, "step": 3, "message": "m", "workflow": 5, "agent": 6, "explicit": 7, "after": 8}
    run = execution.start("deploy", fields=names)
    state = state_of(run, execution)
    assert (state.workflow, dict(state.fields), run.agent) == ("deploy", names, "agent-x")
    assert log_of(run, execution)[0].startswith("[start] Started deploy level=2 step=3 message=m")


class Task(asyncio.CancelledError):
    """What a framework may make of a cancellation."""


@pytest.mark.parametrize(
    ("error", "status", "note"),
    [
        (None, "✓ Complete", None),
        (SystemExit(0), "✓ Complete", None),
        (SystemExit(2), "✗ Failed", "exit code 2"),
        (SystemExit("no cluster"), "✗ Failed", "no cluster"),
        (KeyboardInterrupt(), "⚠️ Cancelled", "KeyboardInterrupt"),
        (asyncio.CancelledError(), "⚠️ Cancelled", "CancelledError"),
        (Task(), "⚠️ Cancelled", "Task"),
        (GeneratorExit(), "⚠️ Cancelled", "GeneratorExit"),
        (ValueError("boom\nmore"), "⚠️ Error", "ValueError: boom"),
        (TimeoutError(), "⚠️ Error", "TimeoutError"),
    ],
)
def test_leaving_the_block_ends_the_run(error, status, note, run, execution):
    """Each way to leave it has its status; what is raised goes on to the caller as it is."""
    raised = None
    try:
        with run:
            if error is not None:
                raise error
    except BaseException as caught:
        raised = caught
    assert raised is error
    state = state_of(run, execution)
    assert (state.status, state.note) == (status, note)
    assert any("Traceback" in line for line in log_of(run, execution)) == (status == "⚠️ Error")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (None, ("✓ Complete", None)),
        (0, ("✓ Complete", None)),
        (False, ("✓ Complete", None)),
        (True, ("✗ Failed", "exit code 1")),
        (130, ("⚠️ Cancelled", "exit code 130")),
        (-1, ("✗ Failed", "exit code -1")),
        ("", ("✗ Failed", "")),
        (0.0, ("✗ Failed", "0.0")),
    ],
)
def test_exit_codes(code, expected):
    """What Python makes an exit code of 0 is complete, and nothing else is."""
    assert exit_status(code) == expected


def test_a_failing_processor_behind_the_journal_stops_nobody(execution, capsys):
    """The event has happened; what a processor of one's own does with it is its own business."""

    def broken(_logger, _method, _event):
        raise RuntimeError("no bell")

    run = execution.start("deploy", after=[broken])
    run.complete()
    assert state_of(run, execution).status == "✓ Complete"
    assert capsys.readouterr().err.count("a processor for lifecycle events failed: RuntimeError: no bell") == 1


def test_processors_get_the_events_as_they_were_recorded(execution):
    """Redacted, stamped, in order; with structlog's contract."""
    seen = []

    def keep(_logger, method, event):
        seen.append((method, event["event"], event["seq"] > 0))
        return event

    secret = "plum" + "-" + "orchard-417"
    irl_logging.register_secret(secret)
    run = execution.start("deploy", after=[keep, lambda _l, _m, event: seen.append(dict(event)) or event], key=secret)
    run.complete(f"used {secret}")
    assert [entry for entry in seen if isinstance(entry, tuple)] == [
        ("info", "run.started", True),
        ("info", "run.ended", True),
    ]
    assert secret not in str(seen)
    (segment,) = execution.layout.journal.iterdir()
    assert secret.encode() not in segment.read_bytes()


def test_generators_that_are_left_in_any_order_leave_no_run_behind(execution):
    """A generator shares the context of who consumes it; when all have ended, no ended run is current."""

    def generate(name):
        with irl_logging.workflow(name, execution=execution):
            yield

    first, second = generate("first"), generate("second")
    next(first), next(second)
    for generator in (first, second):
        assert list(generator) == []
    assert irl_logging.current_run() is None
    states = {state.workflow: str(state.status) for state in execution.runs()}
    assert states == {"first": "✓ Complete", "second": "✓ Complete"}


def test_a_generator_that_is_closed_early_was_cancelled(execution):
    """Who consumes it has enough: no error, but not all of the work either."""

    def generate():
        with irl_logging.workflow("export", execution=execution):
            yield 1
            yield 2

    generator = generate()
    next(generator)
    generator.close()
    assert (execution.runs()[0].status, execution.runs()[0].note) == ("⚠️ Cancelled", "GeneratorExit")


def test_results_of_a_run_that_could_not_be_started_may_have_any_keys(execution):
    """Keys of the program's own are never taken for arguments of ours: the program goes on, and the line has them."""
    run = execution.unstarted("deploy", OSError("no disk"))
    run.result(step=3, message="sent", approved=1, data={"level": "high", "approved": 2})
    (log,) = execution.layout.logs.iterdir()
    (line,) = log.read_text().splitlines()
    assert line.endswith(" step=3 message=sent approved=2 level=high")
