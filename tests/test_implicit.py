"""Runs that records open: what a process that goes on for years remembers of them."""

from __future__ import annotations

import gc
import logging

import pytest

from irl_logging.handler import WorkflowHandler


@pytest.fixture
def handler(monkeypatch):
    monkeypatch.setattr("irl_logging.implicit.KEPT_RUNS", 2)
    handler = WorkflowHandler(fsync=False)
    logging.getLogger("app").addHandler(handler)
    logging.getLogger("app").setLevel(logging.INFO)
    return handler


def say(workflow, step):
    logging.getLogger("app").info("Summary: done", extra={"workflow": workflow, "step": step})


def test_ended_runs_of_ever_new_workflows_are_forgotten_but_for_the_newest(handler):
    execution = handler.router.execution
    say("goes-on", "start")
    for number in range(8):
        say(f"job-{number}", "start")
        say(f"job-{number}", "complete")
    ids = {state.workflow: state.id for state in execution.runs()}
    gc.collect()
    kept = {workflow for workflow, run in ids.items() if execution.by_id(run) is not None}
    assert {"goes-on", "job-7", "job-6"} <= kept
    assert len(kept) <= 5
    assert len(ids) == 9


def test_what_comes_late_belongs_to_the_run_that_has_ended(handler):
    execution = handler.router.execution
    for number in range(4):
        say(f"job-{number}", "start")
        say(f"job-{number}", "complete")
    logging.getLogger("app").info("after all", extra={"workflow": "job-3"})
    assert len(execution.runs()) == 4
