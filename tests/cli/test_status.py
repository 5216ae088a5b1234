"""`irl status`."""

from __future__ import annotations

import gzip
import json

import pytest

from irl_logging import Execution


@pytest.fixture
def execution(tmp_path) -> Execution:
    """The execution directory of the test's own directory."""
    return Execution(tmp_path / "execution")


def test_where_nothing_has_run(irl, tmp_path):
    answer = irl("status")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode() == f"Nothing has run in {tmp_path / 'execution'} on this machine yet.\n"
    assert list(tmp_path.iterdir()) == []


def test_running_and_ended(irl, execution):
    done = execution.start("deploy", agent="human:ada")
    done.complete("3 services")
    run = execution.start("incident-approval", agent="agent-auto-approver")
    with run.step("list"):
        answer = irl("status")
    lines = answer.out.decode().splitlines()
    assert (answer.code, answer.err) == (0, b"")
    assert [line.split("  ")[0] for line in lines] == ["WORKFLOW", "incident-approval", "", "WORKFLOW", "deploy"]
    assert lines[1].split()[1:2] + lines[1].split()[-3:] == ["Running", "list", "agent-auto-approver", run.log_file]
    assert "✓ Complete" in lines[4]
    assert "3 services" in lines[4]
    run.complete()


def test_json_for_programs(irl, execution):
    run = execution.start("deploy", agent="human:ada", integration="stripe_webhook")
    run.result(approved=8)
    run.fail("smoke test")
    other = execution.start("wait\u202e", agent="me")
    answer = irl("status", "--json")
    document = json.loads(answer.out)
    (running,), (ended,) = document["running"], document["ended"]
    assert (document["version"], document["manifest"]) == (1, {"up_to_date": True, "reason": None})
    assert (running["run"], running["status"], running["ended"], running["title"]) == (
        other.id,
        "Running",
        None,
        "wait\u202e",
    )
    assert "\u202e" not in answer.out.decode()
    assert {key: ended[key] for key in ("run", "workflow", "status", "summary", "counters", "fields", "log")} == {
        "run": run.id,
        "workflow": "deploy",
        "status": "✗ Failed",
        "summary": "smoke test",
        "counters": {"approved": 8},
        "fields": {"integration": "stripe_webhook"},
        "log": run.log_file,
    }
    other.complete()


def test_a_killed_run_has_crashed(irl, start_irl, execution):
    """It is shown as crashed, in the README as well."""
    process = start_irl("run", "-w", "deploy", "--agent", "me", "--", "sh", "-c", "echo up; exec sleep 60")
    process.stdout.readline()
    process.kill()
    process.wait()
    answer = irl("status")
    assert "deploy    ⚠️ Crashed" in answer.out.decode()
    (row,) = [
        line for line in execution.layout.readme.read_text("utf-8").splitlines() if line.startswith("| deploy | 2")
    ][:1]
    assert "⚠️ Crashed" in row


def test_a_readme_that_cannot_be_edited_is_one_line_and_no_failure(irl, execution):
    execution.start("deploy").complete()
    execution.layout.readme.write_text("<<<<<<< ours\n=======\n>>>>>>> theirs\n")
    answer = irl("status")
    assert answer.code == 0
    assert "✓ Complete" in answer.out.decode()
    assert answer.err.startswith(b"irl_logging: README.md is not up to date: ")
    assert answer.err.count(b"\n") == 1
    document = json.loads(irl("status", "--json").out)
    assert document["manifest"]["up_to_date"] is False
    assert document["manifest"]["reason"]


def test_a_log_is_shown_where_it_is_now(irl, execution):
    """It was rotated, or packed and archived; one that is gone is shown as it was called."""
    logs = [execution.start(name) for name in ("kept", "rotated", "archived", "gone")]
    for run in logs:
        run.complete()
    kept, rotated, archived, gone = (execution.layout.root / run.log_file for run in logs)
    rotated.rename(rotated.with_name(rotated.name + ".1"))
    month = execution.layout.archive / archived.name.removeprefix("archived-")[:7]
    month.mkdir(parents=True)
    (month / (archived.name + ".gz")).write_bytes(gzip.compress(archived.read_bytes()))
    archived.unlink()
    gone.unlink()
    shown = [line.split()[-1] for line in irl("status").out.decode().splitlines()[1:]]
    assert sorted(shown) == [
        f"archive/{month.name}/{archived.name}.gz",
        f"logs/{gone.name}",
        f"logs/{kept.name}",
        f"logs/{rotated.name}.1",
    ]


def test_the_newest_ended_runs_up_to_the_limit(irl, execution):
    for number in range(12):
        execution.start(f"w{number}").complete()
    shown = [line.split()[0] for line in irl("status").out.decode().splitlines()]
    assert shown == ["WORKFLOW", *(f"w{number}" for number in range(11, 1, -1))]
    assert [line.split()[0] for line in irl("status", "-n", "1").out.decode().splitlines()] == ["WORKFLOW", "w11"]
    assert irl("status", "-n", "-1").code == 2


def test_hostile_names_are_shown_harmless(irl, execution):
    run = execution.start("a\x1b[2J|`x`\nb", agent="\u202eevil\x07")
    out = irl("status").out.decode()
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out
    assert len(out.splitlines()) == 2
    run.complete()
