"""What a list of events amounts to."""

from __future__ import annotations

import pytest

from irl_logging.errors import ConfigurationError
from irl_logging.lifecycle import RunState, Status, as_status, fold

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
    assert as_status(text) == status


@pytest.mark.parametrize("text", ["", "done", "⚠️", "⚠️ "])
def test_an_unknown_status_is_refused(text):
    with pytest.raises(ConfigurationError, match="expected one of cancelled, complete"):
        as_status(text)
