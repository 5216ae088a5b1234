"""`irl start`, `log`, `step`, `decision`, `result`, `expect` and the ends: a run whose every step is a command."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from irl_logging import Execution
from tests.cli.conftest import PROGRAM

ID = r"\d{8}T\d{6}Z-[0-9a-f]{8}"


@pytest.fixture
def started(irl, monkeypatch) -> str:
    """The id of a run of `deploy` by `me`."""
    monkeypatch.setenv("IRL_AGENT", "me")
    answer = irl("start", "deploy")
    assert (answer.code, answer.err) == (0, b"")
    assert re.fullmatch(ID + "\n", answer.out.decode())
    return answer.out.decode().strip()


def lines(log_of, workflow: str = "deploy") -> list[str]:
    """The lines of the newest log, without their times."""
    return [line.partition("] ")[2] for line in log_of(workflow).splitlines()]


def rows(root: Path) -> list[str]:
    """The rows of runs in the README, times replaced."""
    text = (root / "execution/README.md").read_text("utf-8").partition("## State Snapshots")[0]
    table = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    found = [line for line in table.splitlines() if line.startswith(("| deploy", "| incident"))]
    return [re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "TIME", line) for line in found]


def quiet(answer) -> bool:
    return (answer.code, answer.out, answer.err) == (0, b"", b"")


def test_a_run_from_start_to_end(irl, log_of, monkeypatch, tmp_path):
    monkeypatch.setenv("IRL_AGENT", "agent-auto-approver")
    run = irl("start", "incident-approval", "-f", "integration=finance").out.decode().strip()
    assert rows(tmp_path) == [
        "| incident-approval | TIME | Running | logs/" + log_name(tmp_path) + " | agent-auto-approver |"
    ]
    assert quiet(irl("step", "list", "Listed 12 quarantined incidents"))
    assert quiet(irl("log", "Previewing", "the first", "-f", "incident=228986"))
    assert quiet(irl("step", "approve"))
    assert quiet(
        irl("decision", "approved", "228986", "--reason", "simple field rename", "--evidence", '{"fields": 1}')
    )
    assert quiet(irl("log", "-l", "warning", "-s", "flag", "TYPE_MISMATCH"))
    assert quiet(irl("result", "approved=8", "flagged=2", "source=quarantine", "ids=[1, 2]"))
    ended = irl("complete", "8 approved,", "2 flagged")
    assert ended.out.decode() == f"{run} of incident-approval has ended as ✓ Complete: 8 approved, 2 flagged\n"
    assert (ended.code, ended.err) == (0, b"")

    why = r'reason="simple field rename" evidence="{\"fields\":1}"'
    who = f"agent=agent-auto-approver run={run}"
    assert [re.sub(r"duration=\S+", "duration=N", line) for line in lines(log_of, "incident-approval")] == [
        f"[INFO] [incident-approval] [start] Started incident-approval integration=finance {who}",
        "[INFO] [incident-approval] [list] Listed 12 quarantined incidents",
        "[INFO] [incident-approval] [list] Previewing the first incident=228986",
        f"[INFO] [incident-approval] [approve] Decision: approved 228986 {why} integration=finance {who}",
        "[WARN] [incident-approval] [flag] TYPE_MISMATCH",
        f"[INFO] [incident-approval] [complete] ✓ Complete: 8 approved, 2 flagged warnings=1 duration=N {who}",
    ]
    assert rows(tmp_path) == ["| incident-approval | TIME | ✓ Complete | 8 approved, 2 flagged | agent-auto-approver |"]
    (file,) = (tmp_path / "execution/results").glob("*.json")
    results = json.loads(file.read_text("utf-8"))
    ours = results.pop("_irl")
    del results["timestamp"]
    assert results == {"approved": 8, "flagged": 2, "source": "quarantine", "ids": [1, 2]}
    assert (ours["run"], ours["status"], ours["warnings"]) == (run, "✓ Complete", 1)
    assert [step["name"] for step in ours["steps"]] == ["list", "approve"]
    assert all(step["seconds"] >= 0 for step in ours["steps"])
    assert ours["audit"]["trail"].startswith("logs/agent-approvals-")
    assert list((tmp_path / "execution/active/runs").iterdir()) == []


def log_name(root: Path) -> str:
    (log,) = (path.name for path in (root / "execution/logs").iterdir())
    return log


def test_results_add_up_over_commands(irl, started, tmp_path):
    irl("result", "approved=1", "note=first")
    irl("result", "flagged=2")
    irl("fail")
    (file,) = (tmp_path / "execution/results").glob("*.json")
    results = json.loads(file.read_text("utf-8"))
    assert (results["approved"], results["flagged"], results["note"]) == (1, 2, "first")
    assert results["_irl"]["status"] == "✗ Failed"
    assert rows(tmp_path) == [f"| deploy | TIME | ✗ Failed | results/{file.name} | me |"]


@pytest.mark.parametrize(
    ("command", "status", "line"),
    [
        ("complete", "✓ Complete", "[INFO] [deploy] [complete] ✓ Complete: why"),
        ("fail", "✗ Failed", "[ERROR] [deploy] [fail] ✗ Failed: why"),
        ("error", "⚠️ Error", "[ERROR] [deploy] [error] ⚠️ Error: why"),
        ("cancel", "⚠️ Cancelled", "[WARN] [deploy] [cancel] ⚠️ Cancelled: why"),
    ],
)
def test_each_end(irl, started, log_of, tmp_path, command, status, line):
    assert irl(command, "why").code == 0
    assert rows(tmp_path) == [f"| deploy | TIME | {status} | why | me |"]
    assert lines(log_of)[-1].startswith(line)
    again = irl("log", "--run", started, "late")
    assert (again.code, again.out) == (0, b"")
    assert f"run {started} has ended as {status}".encode() in again.err


def test_the_summary_of_a_result_is_kept(irl, started, tmp_path):
    irl("result", "--summary", "3 services", "services=3")
    irl("complete")
    assert rows(tmp_path) == ["| deploy | TIME | ✓ Complete | 3 services | me |"]


def test_what_is_expected_is_checked_at_the_end(irl, started, tmp_path):
    assert quiet(irl("expect", "--file", "report.md"))
    assert quiet(irl("expect", "--total", "3", "--of", "built"))
    assert quiet(irl("expect", "--", sys.executable, "-c", "raise SystemExit(4)"))
    irl("result", "built=2")
    ended = irl("complete", "all of it")
    assert ended.code == 1
    assert b"\xe2\x9a\xa0\xef\xb8\x8f Overstated: " in ended.out
    assert all(word in ended.out for word in (b"report.md", b"built", b"SystemExit(4)"))


def test_expectations_that_hold(irl, started, tmp_path):
    (tmp_path / "report.md").write_text("x")
    irl("expect", "--file", "report.md", "--total", "listed", "--of", "built", "--of", "skipped")
    irl("result", "listed=3", "built=2", "skipped=1")
    assert irl("complete").code == 0


# Which run


def test_the_only_open_run_is_meant(irl, started, messages_of):
    assert quiet(irl("log", "hello"))
    assert messages_of("deploy", "-") == ["hello"]


def test_the_run_in_the_environment_goes_first(irl, started, messages_of, monkeypatch):
    other = irl("start", "audit").out.decode().strip()
    monkeypatch.setenv("IRL_RUN", other)
    irl("log", "hello")
    irl("step", "look", "around")
    assert (messages_of("audit", "-"), messages_of("audit", "look")) == (["hello"], ["around"])
    irl("log", "--run", "deploy", "to deploy")
    assert messages_of("deploy", "-") == ["to deploy"]
    assert irl("complete").out.startswith(other.encode())
    gone = irl("step", "more")
    assert (gone.code, gone.out) == (1, b"")
    assert gone.err.startswith(f"irl: run '{other}' is not running in ".encode())


def test_of_several_runs_the_agents_own_is_meant(irl, started, messages_of, monkeypatch):
    monkeypatch.setenv("IRL_AGENT", "you")
    irl("start", "audit")
    irl("log", "by you")
    irl("step", "look", "by you, too")
    assert (messages_of("audit", "-"), messages_of("audit", "look")) == (["by you"], ["by you, too"])


def test_where_several_runs_could_be_meant_nothing_is_guessed(irl, started, tmp_path):
    second = irl("start", "deploy").out.decode().strip()
    for command in (
        ["step", "x"],
        ["complete"],
        ["result", "a=1"],
        ["decision", "approved", "x"],
        ["expect", "--file", "x"],
    ):
        answer = irl(*command)
        assert (answer.code, answer.out) == (1, b""), command
        assert answer.err.startswith(b"irl: 2 runs are open: name one with --run, or by its id in IRL_RUN; there are ")
        assert started.encode() in answer.err
        assert second.encode() in answer.err
    named = irl("step", "x", "--run", "deploy")
    assert b"2 open runs are of workflow 'deploy'" in named.err
    assert quiet(irl("step", "x", "--run", second[:-2]))


def test_a_line_without_a_run_is_kept(irl, started, tmp_path):
    irl("complete")
    answer = irl("log", "-s", "build", "too", "late")
    assert (answer.code, answer.out) == (0, b"")
    (kept,) = (tmp_path / "execution/logs").glob("_unrouted-*.log")
    assert answer.err.decode() == (
        "irl: no run is open here that commands could add to: `irl start WORKFLOW` starts one "
        f"(looked in {tmp_path}/execution); the line is in logs/{kept.name}\n"
    )
    assert kept.read_text("utf-8").endswith("[INFO] [unrouted] [build] too late\n")


@pytest.mark.parametrize("command", ["log", "step", "complete"])
def test_without_a_directory_nothing_is_made(irl, tmp_path, command):
    answer = irl(command, "x")
    assert (answer.code, answer.out) == (1, b"")
    assert b"`irl start WORKFLOW` starts one" in answer.err
    assert not (tmp_path / "execution").exists()


def test_a_run_is_not_found_where_nothing_was_looked_for(irl, started, tmp_path, monkeypatch):
    (tmp_path / "elsewhere" / "execution").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "elsewhere")
    answer = irl("step", "x", "--run", started)
    assert answer.code == 1
    assert answer.err.endswith(f" (looked in {tmp_path}/elsewhere/execution)\n".encode())


def test_who_starts_a_run_beside_another_is_told_how_to_reach_it(irl, started, monkeypatch):
    monkeypatch.setenv("IRL_RUN", started)
    answer = irl("start", "audit")
    new = answer.out.decode().strip()
    assert answer.code == 0
    assert answer.err.decode() == (
        f"irl: IRL_RUN still names {started}: commands for the new run need --run {new}, or set the variable to it\n"
    )


@pytest.mark.parametrize("command", ["complete", "fail"])
def test_an_id_is_no_summary(irl, started, command):
    answer = irl(command, started)
    assert (answer.code, answer.out) == (2, b"")
    assert f"{started} is the id of a run: expected a summary, or --run {started}".encode() in answer.err
    assert irl(command, "--run", started).out.decode() == f"{started} of deploy has ended as {ENDED[command]}\n"


ENDED = {"complete": "✓ Complete", "fail": "✗ Failed"}


def test_a_variable_is_no_path(irl, started, monkeypatch, tmp_path):
    known = tmp_path / "execution/active/runs" / f"{started}.json"
    known.rename(tmp_path / "execution/active" / known.name)
    monkeypatch.setenv("IRL_RUN", f"../{started}")
    assert b"is not running in" in irl("log", "hello").err


def test_a_run_that_is_tied_to_nothing_is_not_started(irl, tmp_path):
    answer = irl("start", "deploy", "--pid", "99999999")
    assert (answer.code, answer.out) == (1, b"")
    assert b"there is no process 99999999" in answer.err
    assert not list((tmp_path / "execution").rglob("deploy-*"))


# Lines


def test_standard_input_line_by_line(start_irl, started, messages_of):
    process = start_irl("log", "--step", "build", stdin=subprocess.PIPE)
    assert process.communicate(b"one\r\n\x1b[31mtwo\x1b[0m\n\nthree \xff") == (b"", b"")
    assert process.returncode == 0
    assert messages_of("deploy", "build") == ["one", "two", "three \\xff"]


def test_a_key_on_several_lines_of_standard_input(start_irl, started, log_of):
    head, tail = "-----BEGIN RSA PRIVATE " + "KEY-----", "-----END RSA PRIVATE " + "KEY-----"
    body = ["MIIEpAIBAAKCAQEA" + os.urandom(24).hex() for _ in range(4)]
    process = start_irl("log", stdin=subprocess.PIPE)
    process.communicate("\n".join(["before", head, *body, tail, "after"]).encode())
    text = log_of("deploy")
    assert "before" in text
    assert "after" in text
    assert not any(line in text for line in body)


def test_a_line_is_one_record_whatever_is_in_it(irl, started, log_of):
    irl("log", "two\nlines \x1b[2J\u202e")
    assert log_of("deploy").endswith("[INFO] [deploy] [-] two\n\tlines \\x1b[2J\\u202e\n")


@pytest.mark.parametrize("command", ["log", "step"])
def test_a_line_that_quotes_a_line_is_no_second_one(irl, started, log_of, command):
    name = ["x"] if command == "step" else []
    irl(command, *name, "quotes [2026-02-08T00:47:25Z] [INFO] [deploy] [x] a line")
    assert "] quotes \\x5b2026-02-08T00:47:25Z] [INFO] [deploy] [x] a line\n" in log_of("deploy")


def test_levels_and_pairs_that_are_none(irl, started):
    wrong = irl("log", "-l", "loud", "x")
    assert (wrong.code, b"level 'loud' is not known: expected one of" in wrong.err) == (2, True)
    assert b"'x' sets nothing: expected KEY=VALUE" in irl("log", "-f", "x", "y").err
    assert b"nothing was given: expected KEY=VALUE or --summary TEXT" in irl("result").err
    assert irl("start", " ").code == 2
    assert irl("step").code == 2
    assert irl("step", " ").code == 2
    assert b"there is no command 'total=listed': expected -- CMD..." in irl("expect", "total=listed").err


@pytest.mark.parametrize("command", [["log"], ["step", "x"], ["complete"]])
def test_a_text_that_begins_with_a_dash(irl, started, command, log_of):
    answer = irl(*command, "- a dash")
    assert answer.code == 2
    assert answer.err.endswith(b" A text that begins with a dash goes after `--`.\n")
    assert irl(*command, "--", "- a dash").code == 0
    assert "- a dash" in log_of("deploy")


def test_a_line_without_any_input(start_irl, started, log_of):
    before = log_of("deploy")
    process = start_irl("log", preexec_fn=lambda: os.close(0))
    assert b"standard input is closed, and no message was given" in process.communicate()[1]
    assert process.returncode == 2
    assert log_of("deploy") == before


def test_who_types_is_told_how_to_end(start_irl, started, messages_of):
    ours, theirs = os.openpty()
    process = start_irl("log", stdin=theirs)
    assert process.stderr.readline() == b"irl: no message was given: type lines, and Ctrl-D at the end\n"
    os.write(ours, b"typed\n\x04")
    assert process.wait(30) == 0
    os.close(ours)
    os.close(theirs)
    assert messages_of("deploy", "-") == ["typed"]


def test_secrets_on_every_way(irl, started, secret, monkeypatch, tmp_path):
    value = "correct-horse-" + "battery"
    monkeypatch.setenv("DEPLOY_PASSWORD", value)
    irl("log", f"token {secret}", "-f", f"note={secret}", "-s", secret)
    irl("log", f"with {value} in it")
    irl("step", value, f"with {value} in it")
    irl("decision", value, "x", "--reason", f"with {value} in it")
    irl("result", f"reason={value}", "--summary", f"with {value} in it")
    irl("step", secret, secret)
    irl("decision", secret, secret, "--reason", secret, "--by", secret, "--evidence", secret)
    irl("result", f"note={secret}", f"{secret}=1", "--summary", secret)
    irl("expect", "--file", secret)
    shown = irl("complete", secret)
    irl("start", secret, "--agent", secret, "--log-name", secret, "-m", secret, "-f", f"note={secret}")
    irl("step", secret)
    irl("start", value, "-m", f"with {value} in it")
    ambiguous = irl("step", "x", "--run", secret)
    for path in (tmp_path / "execution").rglob("*"):
        assert secret[10:40] not in str(path)
        if path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            assert secret[10:40] not in text, path
            assert value not in text, path
    assert secret[10:40] not in (shown.out + shown.err + ambiguous.err).decode()


# Runs that a process holds


def test_inside_irl_run_commands_add_to_its_run(start_irl, messages_of, tmp_path):
    irl = " ".join(f"'{word}'" for word in PROGRAM)
    script = f"{irl} step build built && {irl} log hello && {irl} result services=3 && {irl} log -s x bye"
    process = start_irl("run", "-w", "deploy", "--", "sh", "-c", script)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (0, b"", b"")
    assert messages_of("deploy", "build") == ["built", "hello"]
    assert messages_of("deploy", "x") == ["bye"]
    assert re.search(
        r"\| deploy \| \S+ \| ✓ Complete \| 3 services \|", (tmp_path / "execution/README.md").read_text("utf-8")
    )


def test_a_run_that_a_process_holds_is_not_ended(irl, tmp_path):
    run = Execution(tmp_path / "execution").start("deploy", agent="me")
    answer = irl("complete", "--run", "deploy")
    assert (answer.code, answer.out) == (1, b"")
    assert f"run {run.id} of deploy ends with its process {os.getpid()}".encode() in answer.err
    assert quiet(irl("log", "--run", "deploy", "hello"))
    run.complete()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file here that is always full")
def test_a_run_whose_id_nobody_gets_is_ended(clean_environment, tmp_path):
    with open("/dev/full", "w") as full:
        code = subprocess.call(
            [sys.executable, "-m", "irl_logging", "start", "deploy"], stdout=full, cwd=tmp_path, env=clean_environment
        )
    assert code != 0
    (run,) = Execution(tmp_path / "execution").runs()
    assert (run.status, run.results_text) == ("⚠️ Error", "its id could not be printed: No space left on device")
