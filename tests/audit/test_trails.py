"""Reading and writing the audit trails of an execution directory."""

from __future__ import annotations

import datetime as dt

import pytest

from irl_logging import ConfigurationError, Execution, bound
from irl_logging.settings import load

LINE = (
    "[2026-02-{day:02}T12:00:00Z] [INFO] [approval] [decision] Decision: approved incident-{day} agent=a run=r"
    " chain=0badcafe.{day}.0123456789abcdef0123456789abcdef\n"
)


@pytest.fixture
def logs(tmp_path):
    """A directory with trails of three days, and files that only look like some."""
    logs = tmp_path / "execution" / "logs"
    logs.mkdir(parents=True)
    for day in (6, 7, 8):
        (logs / f"agent-approvals-2026-02-{day:02}.log").write_text(LINE.format(day=day))
    for name in (
        "my-agent-approvals-2026-02-08.log",
        "agent-approvals-today.log",
        "agent-approvals-2026-02-08.log.part",
    ):
        (logs / name).write_text(LINE.format(day=9))
    return logs


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, [6, 7, 8]),
        (dt.datetime(2026, 2, 7, tzinfo=dt.UTC), None, [7, 8]),
        (dt.datetime(2026, 2, 7, 12, 0, 1, tzinfo=dt.UTC), None, [8]),
        (None, dt.datetime(2026, 2, 7, 12, tzinfo=dt.UTC), [6]),
        (dt.datetime(2026, 2, 7, tzinfo=dt.UTC), dt.datetime(2026, 2, 8, tzinfo=dt.UTC), [7]),
    ],
)
def test_decisions_of_a_time(since, until, days, logs):
    """From a time on, before a time; only files that the pattern names are read."""
    trail = Execution(logs.parent).audit
    assert [it.time.day for it in trail.decisions(since, until)] == days


def test_the_names_are_a_setting(tmp_path):
    """One file a day under the name that is wanted, found again by it."""
    execution = Execution(tmp_path / "execution", fsync=False, audit_pattern="decisions.{date}.log")
    execution.start("deploy").decision("approved", "x")
    (path,) = (tmp_path / "execution" / "logs").glob("decisions.????-??-??.log")
    assert [it.trail for it in execution.audit.decisions()] == [f"logs/{path.name}"]


@pytest.mark.parametrize("pattern", ["approvals.log", "{workflow}-{date}.log", "{date}-{seq}.log", "{date}/x.log"])
def test_a_name_needs_the_date_and_nothing_else(pattern):
    """A trail is one a day for all runs."""
    with pytest.raises(ConfigurationError, match="audit_pattern"):
        load({"audit_pattern": pattern})


def test_a_decision_is_in_four_places(tmp_path):
    """Trail, journal, log, JSON twin; the trail's link is in the journal too."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="a", json=True)
    run = execution.start("deploy", integration="finance_integration")
    run.decision("approved", "incident-1", reason="simple")
    (decision,) = execution.audit.decisions()
    assert (decision.run, decision.integration, decision.by) == (run.id, "finance_integration", "a")
    journal = next(execution.layout.journal.iterdir()).read_text()
    assert f'"chain":"{decision.chain}"' in journal
    assert f'"trail":"{decision.trail}"' in journal
    log = execution.layout.root / run.log_file
    assert (
        " Decision: approved incident-1 reason=simple integration=finance_integration agent=a run=" in log.read_text()
    )
    assert '"outcome": "approved", "subject": "incident-1"' in log.with_suffix(".jsonl").read_text()


def test_a_bound_integration_goes_first(tmp_path):
    """A batch over several integrations says for each decision which one it is about."""
    execution = Execution(tmp_path / "execution", fsync=False)
    run = execution.start("batch", integration="all")
    with bound(integration="stripe_webhook"):
        run.decision("approved", "incident-1")
    assert [it.integration for it in execution.audit.decisions()] == ["stripe_webhook"]


def test_a_trail_that_cannot_be_written_refuses_the_decision(tmp_path):
    """It is in no other place then: what an audit does not know has not been decided."""
    execution = Execution(tmp_path / "execution", fsync=False)
    run = execution.start("deploy")
    today = dt.datetime.now(dt.UTC).date()
    for day in (today, today + dt.timedelta(days=1)):
        (execution.layout.logs / f"agent-approvals-{day}.log").mkdir()
    with pytest.raises(OSError):
        run.decision("approved", "incident-1")
    assert "run.decision" not in next(execution.layout.journal.iterdir()).read_text()
    assert "Decision" not in (execution.layout.root / run.log_file).read_text()


def test_a_run_that_could_not_be_started_has_no_trail(tmp_path, capsys):
    """Its decisions are lines, as everything of it is."""
    execution = Execution(tmp_path / "execution", fsync=False)
    execution.unstarted("deploy", OSError("no disk")).decision("approved", "incident-1")
    assert execution.audit.files() == []
    assert "Decision: approved incident-1" in next(execution.layout.logs.iterdir()).read_text()
