"""`irl audit` and `irl audit verify`."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from irl_logging import Execution


@pytest.fixture
def execution(tmp_path):
    """Four decisions of two agents."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="agent-auto-approver")
    with execution.start("incident-approval", integration="finance_integration") as run:
        run.decision("approved", "incident-1", reason="simple field rename")
        run.decision("flagged", "incident-2", reason="TYPE_MISMATCH")
    with execution.start("nightly") as run:
        run.decision("approved", "incident-3", by="human:samson", reason="\x1b[31mred")
        run.decision("rejected", "incident-4", by="human:samson")
    return execution


def listed(answer):
    """The rows without their times."""
    assert (answer.code, answer.err) == (0, b"")
    return [" ".join(line.split()[1:]) for line in answer.out.decode().split("\n\n")[0].splitlines()]


def test_who_decided_what_and_why(irl, execution):
    assert listed(irl("audit")) == [
        "OUTCOME SUBJECT BY WORKFLOW REASON",
        "approved incident-1 agent-auto-approver incident-approval simple field rename",
        "flagged incident-2 agent-auto-approver incident-approval TYPE_MISMATCH",
        "approved incident-3 human:samson nightly \\x1b[31mred",
        "rejected incident-4 human:samson nightly -",
    ]


def test_how_much_was_approved(irl, execution):
    assert irl("audit").out.decode().endswith("\n4 decisions: 2 approved, 1 flagged, 1 rejected; success rate 50.0%\n")


@pytest.mark.parametrize(
    ("options", "subjects"),
    [
        (["--by", "human:*"], ["incident-3", "incident-4"]),
        (["--outcome", "flagged"], ["incident-2"]),
        (["--workflow", "nightly", "--outcome", "approved"], ["incident-3"]),
        (["--integration", "finance_integration"], ["incident-1", "incident-2"]),
        (["--subject", "incident-[14]"], ["incident-1", "incident-4"]),
        (["--since", "1h"], ["incident-1", "incident-2", "incident-3", "incident-4"]),
        (["--until", "1h"], []),
        (["--since", "2026-02-08", "--until", "2026-02-09T00:00:00+01:00"], []),
    ],
)
def test_some_of_them(irl, execution, options, subjects):
    answer = json.loads(irl("audit", "--json", *options).out)
    assert [it["subject"] for it in answer["decisions"]] == subjects
    assert answer["summary"]["total"] == len(subjects)


def test_only_the_newest_are_listed(irl, execution):
    answer = irl("audit", "-n", "1")
    assert (listed(answer)[1][:19], b"\n... and 3 earlier\n" in answer.out) == ("rejected incident-4", True)
    assert b"4 decisions" in answer.out


@pytest.mark.parametrize(
    ("group", "rows"),
    [
        ("agent", ["agent-auto-approver 1 0 1 0 50.0%", "human:samson 1 1 0 0 50.0%"]),
        ("integration", ["- 1 1 0 0 50.0%", "finance_integration 1 0 1 0 50.0%"]),
        ("workflow", ["incident-approval 1 0 1 0 50.0%", "nightly 1 1 0 0 50.0%"]),
    ],
)
def test_added_up(irl, execution, group, rows):
    lines = irl("audit", "--per", group).out.decode().split("\n\n")[0].splitlines()
    assert [" ".join(line.split()) for line in lines] == [
        f"{group.upper()} APPROVED REJECTED FLAGGED OTHER SUCCESS",
        *rows,
    ]


@pytest.mark.parametrize("when", ["yesterday", "99999d", "2026-13-01"])
def test_a_time_that_is_none_is_wrong_usage(irl, when):
    answer = irl("audit", "--since", when)
    assert (answer.code, b"expected 2026-02-08, 2026-02-08T00:45:00Z, or how long ago" in answer.err) == (2, True)


def test_nothing_was_decided(irl):
    assert irl("audit").out == b"No decisions.\n"
    assert irl("audit", "verify").out == b"0 lines in 0 files, 0 links known from elsewhere: intact.\n"


def test_a_trail_that_nobody_touched_is_intact(irl, execution):
    answer = irl("audit", "verify")
    assert (answer.code, answer.out) == (0, b"4 lines in 1 file, 4 links known from elsewhere: intact.\n")
    assert json.loads(irl("audit", "verify", "--json").out) == {
        "version": 1,
        "intact": True,
        "lines": 4,
        "files": 1,
        "witnesses": 4,
        "faults": [],
        "notes": [],
    }


def test_tampering_is_named_and_the_exit_code_says_so(irl, execution):
    (file,) = [it.path for it in execution.audit.files()]
    file.write_bytes(file.read_bytes().replace(b"rejected", b"approved") + b"by hand\n")
    answer = irl("audit", "verify")
    name = f"logs/{file.name}"
    assert (answer.code, answer.err.decode()) == (
        1,
        f"{name}:4: this line was changed: its link was made for another text\n",
    )
    assert answer.out.decode() == (
        f"note: {name}:5: this line was not written by irl_logging and does not count\n"
        "4 lines in 1 file, 4 links known from elsewhere: NOT intact: 1 fault.\n"
    )
    answer = irl("audit", "verify", "--json")
    assert (answer.code, json.loads(answer.out)["faults"]) == (
        1,
        [{"where": f"{name}:4", "what": "this line was changed: its link was made for another text"}],
    )


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_specifications_questions_as_written(execution, tmp_path):
    """`grep "agent-auto-approver" execution/logs/*.log` finds the decisions of the agent, trail and log."""
    found = subprocess.run(
        'grep "agent-auto-approver" execution/logs/agent-approvals-*.log | grep -c "Decision: "',
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert found.stdout == "2\n"
