"""Decisions added up, and chosen."""

from __future__ import annotations

import datetime as dt

import pytest

from irl_logging.audit.decisions import RecordedDecision
from irl_logging.audit.tally import Selection, Tally, grouped


def decided(outcome, by="agent-auto-approver", integration=None, day=8, subject="incident-1", workflow="approval"):
    return RecordedDecision(
        outcome=outcome,
        subject=subject,
        by=by,
        run="r",
        workflow=workflow,
        step="",
        integration=integration,
        time=dt.datetime(2026, 2, day, 23, 59, tzinfo=dt.UTC),
        trail="logs/a.log",
        line=1,
        chain="",
    )


def test_the_success_rate_is_the_specifications():
    """`.approved / (.approved + .rejected + .flagged)`; other outcomes do not count in it."""
    tally = Tally.of([decided(it) for it in ("approved", "Approved", "rejected", "flagged", "deferred")])
    assert (tally.success_rate, tally.total) == (0.5, 5)
    assert tally.as_mapping() == {
        "approved": 2,
        "rejected": 1,
        "flagged": 1,
        "deferred": 1,
        "total": 5,
        "success_rate": 0.5,
    }


def test_nothing_has_no_rate():
    assert Tally.of([]).as_mapping() == {"approved": 0, "rejected": 0, "flagged": 0, "total": 0, "success_rate": None}


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("agent", {"agent-auto-approver": 2, "human:samson": 1}),
        ("integration", {"-": 1, "finance_integration": 2}),
        ("workflow", {"approval": 3}),
        ("day", {"2026-02-07": 1, "2026-02-08": 2}),
    ],
)
def test_each_group_has_its_tally(group, expected):
    decisions = [
        decided("approved", integration="finance_integration"),
        decided("flagged", by="human:samson", integration="finance_integration"),
        decided("approved", day=7),
    ]
    assert {key: tally.total for key, tally in grouped(decisions, group).items()} == expected


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        ({}, True),
        ({"by": "agent-*"}, True),
        ({"by": "Agent-*"}, False),
        ({"outcome": "APPROVED"}, True),
        ({"outcome": "flagged"}, False),
        ({"integration": "finance_*"}, False),
        ({"subject": "incident-[0-9]", "workflow": "approval"}, True),
    ],
)
def test_a_selection_is_all_that_it_names(selection, chosen):
    assert Selection(**selection).has(decided("approved")) is chosen
