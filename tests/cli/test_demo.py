"""`irl demo`: what it lays out, what it leaves, and that it can be repeated."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.cli.demo.repository import Repository
from irl_logging.manifest.template import template

SUMMARY = "8 approved, 2 flagged, 2 rejected"


@pytest.fixture
def bash(tmp_path, clean_environment):
    """Run a line of shell in the demo and return what it prints."""

    def run(line: str) -> str:
        result = subprocess.run(
            ["sh", "-c", line], cwd=tmp_path / "demo", env=clean_environment, capture_output=True, text=True
        )
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout

    return run


def test_the_whole_demo_twice(start_irl, tmp_path, bash, clean_environment):
    """One test and not ten, because the demo takes seconds."""
    programs = Path(sys.executable).parent
    for times, path in ((1, "/usr/bin:/bin"), (2, f"{programs}:/usr/bin:/bin")):
        process = start_irl("demo", env={**clean_environment, "PATH": path})
        out, err = process.communicate(timeout=90)
        assert (process.returncode, err) == (0, b"")
        shown = out.decode()
        assert_shown(shown)
        assert (f'\n  export PATH="{programs}:$PATH"   # where irl is\n  cd demo\n' in shown) == (times == 1)
        assert_left(tmp_path / "demo", times)
        assert len(bash('grep "agent-auto-approver" execution/logs/*.log').splitlines()) >= 2 * times
    if shutil.which("jq") is None:
        pytest.skip("jq is not installed; all but its line was tested")
    rates = bash("jq '.approved / (.approved + .rejected + .flagged)' execution/results/*.json").split()
    assert [round(float(rate), 3) for rate in rates] == [0.667, 0.667]


def assert_shown(shown):
    """The demo shows a log, two looks at the status, the tables and the results, and what to try."""
    assert "12 quarantined incidents" in shown
    assert "[incident-approval] [list] Listed 12 quarantined incidents" in shown
    assert f"[incident-approval] [complete] Summary: {SUMMARY}" in shown
    first, second = shown.split("$ irl status\n")[1:]
    assert "baseline-registration  Running" in first
    assert "health-monitoring      Running" in first
    assert "baseline-registration  ⚠️ Crashed" in second
    assert "## Active Workflows" in second
    assert '"approved": 8' in second
    assert "  total incidents: 2\n  oldest incident: 2026-01-04T11:20:33Z\n" in second
    assert "  success rate: 67%\n" in second
    assert 'grep "agent-auto-approver" execution/logs/*.log' in second
    assert "\x1b" not in shown
    assert "irl_logging:" not in shown


def assert_left(demo, times):
    """Files, runs and rows are what the story says, and no secret is where it must not be."""
    texts = [path.read_text("utf-8") for path in demo.glob("quarantine/*/*/payload.json")]
    planted = [max(re.findall(r"[A-Za-z0-9]+", text), key=len) for text in texts]
    assert [len(secret) >= 20 for secret in planted] == [True] * 12
    below = b"".join(path.read_bytes() for path in (demo / "execution").rglob("*") if path.is_file())
    assert [secret for secret in planted if secret.encode() in below or secret[-12:].encode() in below] == []
    folders = [path.parent.name for path in demo.glob("quarantine/*/*/payload.json")]
    assert sum(name.endswith("-APPROVED") for name in folders) == 8
    assert sum(name.endswith("-REJECTED") for name in folders) == 2
    audit = "".join(path.read_text("utf-8") for path in demo.glob("quarantine/*/audit.log"))
    assert (
        len(re.findall(r"(?m)^\[\S+Z\] (?:APPROVED|FLAGGED|REJECTED) incident \S+ by agent-auto-approver$", audit))
        == 12
    )
    runs = Execution(demo / "execution").runs()
    assert sorted((run.workflow, run.status) for run in runs) == sorted(
        times
        * [
            ("incident-approval", "✓ Complete"),
            ("health-monitoring", "✓ Complete"),
            ("deploy", "✗ Failed"),
            ("baseline-registration", "⚠️ Crashed"),
        ]
    )
    (newest,) = [run for run in runs if run.workflow == "incident-approval"][:1]
    assert (newest.summary, newest.agent) == (SUMMARY, "agent-auto-approver")
    assert {run.note for run in runs if run.workflow == "deploy"} == {"exit code 3"}
    readme = (demo / "execution/README.md").read_text("utf-8").splitlines()
    added = [line for line in readme if line not in template().decode().splitlines()]
    rows = [line for line in added if line.startswith("| ")]
    assert len(rows) == 4 * times
    values = [line for line in added if line not in rows]
    assert values[0].startswith("**Last Updated:** ")
    assert values[1:] == [
        "- **Total incidents:** 2",
        "- **Oldest incident:** 2026-01-04T11:20:33Z",
        "- **Top integration:** finance_integration (1 incident)",
        "- **24h approval rate:** 67%",
        "- **Success rate:** 67%",
    ]
    assert sum(row.endswith(f"| ✓ Complete | {SUMMARY} | agent-auto-approver |") for row in rows) == times


def test_a_directory_with_other_files_is_left_alone(irl, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo/thesis.txt").write_text("years of work")
    answer = irl("demo")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err.startswith(f"irl: {tmp_path / 'demo'} has files that are not an earlier demo's: ".encode())
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["thesis.txt"]


def test_the_repository_is_as_the_directive_says(tmp_path):
    """Each incident has its three files, each integration its registry; secrets are new each time."""
    one, two = Repository(tmp_path / "one"), Repository(tmp_path / "two")
    one.lay_out()
    two.lay_out()
    incidents = sorted(path.relative_to(one.root).as_posix() for path in one.root.glob("quarantine/*/*"))
    assert len(incidents) == one.incidents == 12
    assert all(re.fullmatch(r"quarantine/\w+/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z_\d{6}", name) for name in incidents)
    for name in incidents:
        assert sorted(path.name for path in (one.root / name).iterdir()) == [
            "drift_report.json",
            "payload.json",
            "proposed_patch.json",
        ]
    assert sorted(path.name for path in one.root.glob("registry/*/*.json")) == sorted(
        ["baseline.json", "fingerprint.json", "invariants.json"] * 2
    )
    assert "## Execution Logging" in (one.root / "directives/incident-handling.md").read_text("utf-8")
    assert (one.root / "execution/README.md").read_bytes() == template()
    assert not set(one.planted) & set(two.planted)
    everything = "".join(path.read_text("utf-8") for path in one.root.rglob("*.json"))
    assert sum(secret in everything for secret in one.planted) == 12
    assert sum(secret in "".join(one.environ.values()) for secret in one.planted) == 2


def test_a_leak_would_be_found(tmp_path):
    repository = Repository(tmp_path / "demo")
    repository.lay_out()
    assert repository.leaks() == []
    leak = repository.root / "execution/logs/leak.log"
    leak.write_text(f"key {repository.planted[0]}")
    assert repository.leaks() == [leak]
