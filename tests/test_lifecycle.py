"""What a list of events amounts to."""

from __future__ import annotations

import pytest

from irl_logging.errors import ConfigurationError
from irl_logging.lifecycle import RunState, Status, end_status, fold

START = {
    "v": 1,
    "event": "run.started",
    "run": "r1",
    "workflow": "deploy",
    "agent": "a",
    "log": "logs/x.log",
    "time": "T1",
}


def event(kind, **details):
    return {"v": 1, "event": kind, "run": "r1", "time": "T2", **details}


def state(*events):
    return fold([START, *events])["r1"]


def test_a_started_run_is_running():
    assert state() == RunState(
        id="r1",
        workflow="deploy",
        title="deploy",
        agent="a",
        log="logs/x.log",
        started="T1",
        status="Running",
        last_time="T1",
    )


def test_steps_open_and_close_in_any_order():
    opened = [event("step.started", step="a"), event("step.started", step="b")]
    assert state(*opened).steps == ("a", "b")
    assert state(*opened, event("step.ended", step="a")).steps == ("b",)
    assert state(*opened, event("step.ended", step="nobody")).steps == ("a", "b")
    assert state(*opened).last_step == "b"


def test_the_first_end_is_the_end():
    ended = state(
        event("run.ended", status=Status.COMPLETE, summary="8 approved"), event("run.ended", status=Status.CRASHED)
    )
    assert (ended.status, ended.summary, ended.ended, ended.steps) == ("✓ Complete", "8 approved", "T2", ())


def test_a_stale_run_comes_back():
    stale = state(event("run.stale"))
    assert (stale.status, stale.open) == ("⚠️ Stale", True)
    assert state(event("run.stale"), event("run.revived")).status == "Running"


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"v": 2, "event": "run.ended", "run": "r1"},
        {"v": 1, "event": "run.ended", "run": "r2"},
        {"v": 1, "event": "run.exploded", "run": 7},
        {"v": 1, "event": "run.started", "run": "r1", "workflow": "other"},
    ],
)
def test_what_is_not_understood_changes_nothing(strange):
    assert state(strange) == state()


def test_results_are_the_summary_else_the_file_else_the_counters():
    counters = event("run.result", counters={"approved": 8, "flagged": 2})
    assert state().results_text == "-"
    assert state(counters).results_text == "8 approved, 2 flagged"
    assert state(counters, event("run.result", results="results/d.json")).results_text == "results/d.json"
    assert state(counters, event("run.ended", status="✓ Complete", summary="fine")).results_text == "fine"


def test_a_published_end_is_shown():
    assert state(
        event("run.ended", status="✓ Complete"), {"v": 1, "event": "manifest.shown", "runs": ["r1", "r9"]}
    ).shown


@pytest.mark.parametrize(
    ("text", "status"),
    [("complete", "✓ Complete"), ("✗ Failed", "✗ Failed"), ("CRASHED", "⚠️ Crashed"), ("⚠️ Half done", "⚠️ Half done")],
)
def test_a_status_has_one_spelling(text, status):
    assert end_status(text) == status


@pytest.mark.parametrize("text", ["running", "Stale", "⚠️ Stale"])
def test_a_status_of_a_run_that_goes_on_is_no_end(text):
    with pytest.raises(
        ConfigurationError, match=rf"status '{text}' is no end: expected one of cancelled, complete, crashed, "
    ):
        end_status(text)


@pytest.mark.parametrize("text", ["", "done", "⚠️", "⚠️ "])
def test_an_unknown_status_is_refused(text):
    with pytest.raises(ConfigurationError, match="expected one of cancelled, complete"):
        end_status(text)


def step(name, seconds, kind="step.started"):
    """An event of a step, so many seconds after 00:00."""
    minutes, rest = divmod(seconds, 60)
    return event(kind, step=name, time=f"2026-02-08T00:{minutes:02d}:{rest:02d}.000000Z")


@pytest.mark.parametrize(
    ("events", "phase"),
    [
        pytest.param([step("list", 59)], None, id="a short run"),
        pytest.param([step("list", 60)], "list", id="a long run"),
        pytest.param([step("list", 5), step("push", 70)], "push", id="one after the other"),
        pytest.param([step("list", 70), step("list", 80, "step.ended")], None, id="it has ended"),
        pytest.param([step("a", 70), step("a", 89, "step.ended"), step("b", 89)], "b", id="at once, after a long one"),
        pytest.param([step("a", 70), step("b", 79)], None, id="too fast"),
        pytest.param([step("a", 70), step("b", 79), step("c", 80), step("d", 90)], "d", id="fast, and then not"),
        pytest.param(
            [step("outer", 70), step("in", 90), step("in", 95, "step.ended")], None, id="back in the outer one"
        ),
    ],
)
def test_a_long_run_tells_of_its_steps(events, phase):
    """Of those that come slowly enough to be news; decided by the events alone, so nothing changes on a timer."""
    begun = {**START, "time": "2026-02-08T00:00:00.000000Z"}
    assert fold([begun, *events])["r1"].phase == phase
