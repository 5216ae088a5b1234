"""`irl snapshot`."""

from __future__ import annotations

import json
import re

import pytest


@pytest.fixture
def repository(irl, tmp_path):
    """A repository with one incident."""
    irl("init")
    (tmp_path / "quarantine" / "finance_integration" / "2026-01-01T17-28-20-262Z_1").mkdir(parents=True)
    return tmp_path


def test_all(irl, repository):
    answer = irl("snapshot")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().splitlines()[:5] == [
        "execution/state/quarantine-state.json",
        "  total incidents: 1",
        "  oldest incident: 2026-01-01T17:28:20Z",
        "  oldest incident id: 2026-01-01T17-28-20-262Z_1",
        "  oldest incident integration: finance_integration",
    ]
    assert re.search(rb"(?m)^  over: alert: incident .* has waited since 2026-01-01T17:28:20Z", answer.out)
    assert sorted(path.name for path in (repository / "execution" / "state").iterdir()) == [
        "approval-metrics.json",
        "baseline-registry.json",
        "health.json",
        "quarantine-state.json",
    ]


def test_json_and_nothing(irl, repository):
    answer = irl("snapshot", "--json", "registry", "quarantine")
    assert list(json.loads(answer.out)) == ["registry", "quarantine"]
    assert json.loads(answer.out)["quarantine"]["total_incidents"] == 1
    assert irl("snapshot", "--quiet", "quarantine").out == b""


def test_list_takes_nothing(irl, repository):
    (repository / "pyproject.toml").write_text("[tool.irl_logging.snapshots]\nqueues = 'queues:collect'\n")
    answer = irl("snapshot", "--list")
    assert answer.out.decode().splitlines() == [
        "NAME        STATE                         FROM",
        "quarantine  state/quarantine-state.json   built in",
        "registry    state/baseline-registry.json  built in",
        "approvals   state/approval-metrics.json   built in",
        "health      state/health.json             built in",
        "queues      state/queues.json             settings",
    ]
    assert not list((repository / "execution" / "state").glob("*.json"))


def test_what_fails_is_1_and_the_rest_is_taken(irl, repository):
    (repository / "pyproject.toml").write_text("[tool.irl_logging.snapshots]\nqueues = 'queues:collect'\n")
    answer = irl("snapshot", "queues", "quarantine")
    assert answer.code == 1
    assert answer.err == (
        b"irl_logging: snapshot queues was not taken: it failed: ModuleNotFoundError: No module named 'queues'\n"
    )
    assert answer.out.decode().splitlines()[:2] == [
        "execution/state/queues.json  (not taken)",
        "execution/state/quarantine-state.json",
    ]
    (repository / "queues.py").write_text("def collect(execution):\n    return {'queues': 4}\n")
    assert irl("snapshot", "queues").out.decode() == "execution/state/queues.json\n  queues: 4\n"
    (repository / "queues.py").unlink()
    answer = irl("snapshot", "queues")
    assert (answer.code, answer.out) == (1, b"execution/state/queues.json  (stale)\n  queues: 4\n")


def test_unknown_and_wrong(irl, repository):
    answer = irl("snapshot", "quarantin")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err.startswith(b"irl: snapshot 'quarantin' is not known: did you mean 'quarantine'?")
    (repository / "pyproject.toml").write_text("[tool.irl_logging.snapshots]\nqueues = 'queues.py'\n")
    assert b"snapshots is {'queues': 'queues.py'}, expected a table of names and functions" in irl("snapshot").err


def test_names_from_outside_are_harmless(irl, repository):
    name = "evil\x1b[31m<b>|\u202e"
    for number in range(3):
        (repository / "quarantine" / name / f"2026-01-01T17-28-20-262Z_{number}").mkdir(parents=True)
    answer = irl("snapshot", "quarantine")
    text = (repository / "execution" / "README.md").read_text("utf-8")
    assert b"\x1b" not in answer.out
    assert "\x1b" not in text
    assert "- **Top integration:** evil" in text
    assert "<b>" not in text
