"""The built-in collectors, on directories laid out by hand."""

from __future__ import annotations

import datetime as dt
import json
import os
import time

import pytest

from irl_logging import Execution
from irl_logging.collectors import approvals, health, quarantine, registry


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in a repository that has nothing else."""
    return Execution(tmp_path / "execution")


def ago(**time_ago: float) -> dt.datetime:
    """A moment before now, in UTC."""
    return dt.datetime.now(dt.UTC) - dt.timedelta(**time_ago)


def stamp(moment: dt.datetime) -> str:
    """A moment as files have it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def incident(execution: Execution, integration: str, moment: dt.datetime, number: int = 1, end: str = "") -> None:
    """Lay out an incident."""
    name = moment.strftime("%Y-%m-%dT%H-%M-%S-000Z") + f"_{number}{end}"
    (execution.repository / "quarantine" / integration / name).mkdir(parents=True)


def baseline(execution: Execution, integration: str, content: object) -> None:
    """Register a baseline."""
    path = execution.repository / "registry" / integration / "baseline.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))


def results(execution: Execution, name: str, **content: object) -> None:
    """Write a results file by hand, as the specification shows it."""
    execution.layout.results.mkdir(parents=True, exist_ok=True)
    (execution.layout.results / f"{name}.json").write_text(json.dumps({"timestamp": stamp(ago(hours=1)), **content}))


def test_an_empty_repository(execution):
    assert quarantine.collect(execution) == {
        "total_incidents": 0,
        "oldest_incident": None,
        "oldest_incident_id": None,
        "oldest_incident_integration": None,
        "top_integration": None,
        "top_integration_incidents": None,
        "integrations": [],
    }
    assert registry.collect(execution)["registered_integrations"] == 0
    assert approvals.collect(execution)["approval_rate_24h"] is None
    assert health.collect(execution) == {"healthy": True, "alerts": 0, "warnings": 0, "over": []}


def test_quarantine(execution):
    """Decided and hidden directories, and files, are no incidents; without a date in the name the directory's counts."""
    root = execution.repository / "quarantine"
    for name in (
        "a/2026-01-02T03-04-05-678Z_9",
        "a/2026-01-02T03-04-05-678Z_8-APPROVED",
        "a/2026-01-02T03-04-05-678Z_7-REJECTED",
        "a/.hidden",
        "b/2026-01-01T00-00-00-000Z_1",
        "b/by-hand",
        ".git/x",
    ):
        (root / name).mkdir(parents=True)
    (root / "a" / "audit.log").write_text("")
    (root / "b" / "link").symlink_to(root / "a")
    os.utime(root / "b" / "by-hand", (1_700_000_000, 1_700_000_000))
    assert quarantine.collect(execution) == {
        "total_incidents": 3,
        "oldest_incident": "2023-11-14T22:13:20Z",
        "oldest_incident_id": "by-hand",
        "oldest_incident_integration": "b",
        "top_integration": "b",
        "top_integration_incidents": 2,
        "integrations": [{"integration": "b", "incidents": 2}, {"integration": "a", "incidents": 1}],
    }


def test_an_id_whose_time_there_is_not_does_not_keep_the_others_from_being_counted(execution):
    """The 30th of February: the directory says since when it waits."""
    wrong = execution.repository / "quarantine" / "finance" / "2026-02-30T10-00-00-000Z_1"
    wrong.mkdir(parents=True)
    os.utime(wrong, (1_770_500_000, 1_770_500_000))
    assert quarantine.collect(execution)["oldest_incident"] == "2026-02-07T21:33:20Z"
    assert health.collect(execution)["alerts"] == 1


def test_registry(execution):
    """A baseline says when it was registered; where it does not, its file does."""
    baseline(execution, "a", {"registered": "2025-12-20T09:00:00Z"})
    baseline(execution, "b", {"fields": {}})
    baseline(execution, "c", ["no object"])
    for name, when in (("b", 1_700_000_000), ("c", 1_600_000_000)):
        os.utime(execution.repository / "registry" / name / "baseline.json", (when, when))
    (execution.repository / "registry" / "not-yet").mkdir()
    assert registry.collect(execution) == {
        "registered_integrations": 3,
        "last_baseline_update": "2025-12-20T09:00:00Z",
        "last_baseline_update_integration": "a",
        "integrations": [
            {"integration": "a", "updated": "2025-12-20T09:00:00Z"},
            {"integration": "b", "updated": "2023-11-14T22:13:20Z"},
            {"integration": "c", "updated": "2020-09-13T12:26:40Z"},
        ],
    }


def test_approvals_count_each_run_once(execution):
    """Results say it; decisions do where there are no results. People's own decisions are not the agents'."""
    with execution.start("with-results", agent="agent-a") as run:
        run.decision("approved", "1")
        run.result(approved=8, flagged=2, rejected=2)
    with execution.start("with-decisions", agent="agent-b") as run:
        for outcome in ("approved", "Rejected", "postponed"):
            run.decision(outcome, "2")
        run.decision("approved", "3", by="human:samson")
    with execution.start("by-hand", agent="human:samson") as run:
        run.result(approved=100)
    results(execution, "script", approved=1, rejected=True, flagged="3")
    results(execution, "old", approved=4, flagged=4, timestamp=stamp(ago(days=2)))
    results(execution, "ancient", rejected=50, timestamp=stamp(ago(days=100)))
    (execution.layout.results / "broken.json").write_text("{")
    assert approvals.collect(execution) == {
        "approval_rate_24h": 0.6667,
        "success_rate": 0.6087,
        "approved_24h": 10,
        "rejected_24h": 3,
        "flagged_24h": 2,
        "approved": 14,
        "rejected": 3,
        "flagged": 6,
        "success_rate_days": 90,
    }


def test_health_says_what_is_over(execution):
    old = ago(days=3)
    for number in range(51):
        incident(execution, "a", old, number)
    for number in range(50):
        incident(execution, "b", ago(hours=1), number)
    baseline(execution, "a", {"updated": stamp(ago(days=31))})
    baseline(execution, "c", {"updated": stamp(ago(days=31))})
    baseline(execution, "d", {"updated": stamp(ago(days=61))})
    results(execution, "much", approved=51, rejected=60)
    which = f"incident {old.strftime('%Y-%m-%dT%H-%M-%S-000Z')}_0 of a has waited since {stamp(old)}"
    assert health.collect(execution) == {
        "healthy": False,
        "alerts": 7,
        "warnings": 0,
        "over": [
            "alert: 101 incidents wait, more than 100",
            "alert: 51 incidents of a wait, more than 50",
            f"alert: {which}, more than 48 hours",
            "alert: agents approved 46% in 24 hours, less than 50%",
            "alert: agents approved 51 in 24 hours, after 50 a person has to look",
            "alert: the baseline of a is older than 30 days, and incidents wait",
            "alert: the baseline of d is older than 60 days",
        ],
    }


def test_health_warns_of_what_is_not_normal(execution):
    old = ago(hours=25)
    incident(execution, "a", old)
    results(execution, "all", approved=10)
    name = old.strftime("%Y-%m-%dT%H-%M-%S-000Z_1")
    assert health.collect(execution)["over"] == [
        f"warning: incident {name} of a has waited since {stamp(old)}, more than the target of 24 hours",
        "warning: agents approved 100% in 24 hours, 70% to 90% is normal",
    ]


def test_ten_thousand_incidents_take_no_time(execution):
    for number in range(10_000):
        incident(execution, "ab"[number % 2], ago(hours=1), number)
    began = time.process_time()
    assert quarantine.collect(execution)["total_incidents"] == 10_000
    assert time.process_time() - began < 1
