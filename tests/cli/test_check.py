"""`irl check`."""

from __future__ import annotations

import json
import re

import pytest

from irl_logging import Execution


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in which one run has ended."""
    opened = Execution(tmp_path / "execution")
    opened.start("deploy", agent="me").complete()
    return opened


def break_it(execution: Execution) -> None:
    """Take the row away."""
    text = execution.layout.readme.read_text("utf-8")
    execution.layout.readme.write_text(re.sub(r"(?m)^\| deploy \|.* \| me \|\n", "", text), "utf-8")


def test_all_is_right(irl, execution):
    answer = irl("check")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out == b"execution/README.md is up to date: 0 running, 1 ended\n"
    assert irl("check", "--quiet").out == b""


def test_differences_are_lines_and_1(irl, execution):
    break_it(execution)
    answer = irl("check", "--quiet")
    assert (answer.code, answer.err) == (1, b"")
    pattern = r"execution/README\.md:\d+: row missing: deploy, \S+Z should be in Completed Workflows\n"
    assert re.fullmatch(pattern, answer.out.decode())


def test_json_for_programs(irl, execution):
    assert json.loads(irl("check", "--json").out) == {
        "version": 1,
        "up_to_date": True,
        "journal": True,
        "differences": [],
    }
    (execution.layout.active / "workflows.json").unlink()
    answer = irl("check", "--json")
    assert (answer.code, json.loads(answer.out)["differences"]) == (
        1,
        [{"kind": "out of date", "file": "active/workflows.json", "line": None, "text": "it does not exist"}],
    )


def test_without_a_journal_it_says_so(irl):
    irl("init")
    answer = irl("check")
    assert answer.code == 0
    assert answer.out.decode() == (
        "execution/README.md is in order; no journal here knows of a run, so its rows were not compared\n"
    )


def test_where_there_is_nothing(irl, tmp_path):
    answer = irl("check")
    assert answer.code == 1
    assert answer.out == b"execution/README.md: not readable: it does not exist: `irl init` creates it\n"
    assert list(tmp_path.iterdir()) == []


def test_secrets_and_escapes_in_cells_are_not_shown(irl, execution, secret):
    text = execution.layout.readme.read_text("utf-8")
    row = f"| {secret}\x1b[31m | 2026-01-01T00:00:00Z | Running | logs/{secret}.log | me |\n"
    execution.layout.readme.write_text(text.replace("| _(none)_ | - | - | - | - |\n", row), "utf-8")
    out = irl("check").out + irl("check", "--json").out
    assert b"dead link" in out
    assert secret.encode() not in out
    assert b"\x1b" not in out


def test_a_run_against_its_directive(irl, execution, tmp_path):
    (tmp_path / "directives").mkdir()
    directive = tmp_path / "directives" / "deploy.md"
    directive.write_text("## Execution Logging\n- Mark complete: yes\n- Update state: `state/x.json`\n")
    (state,) = execution.runs()
    answer = irl("check", "deploy")
    assert (answer.code, answer.err) == (1, b"")
    told = "state/x.json should have been updated, but does not exist"
    assert answer.out.decode() == f"directives/deploy.md: {state.id}: {told}\n"
    assert json.loads(irl("check", "--json", state.id[:-2]).out) == {
        "version": 1,
        "as_asked": False,
        "run": state.id,
        "workflow": "deploy",
        "directive": "directives/deploy.md",
        "differences": [told],
    }
    execution.state("x").update(a=1)
    answer = irl("check", "deploy")
    assert (answer.code, answer.out.decode()) == (0, f"{state.id} did what directives/deploy.md asks\n")
    assert irl("check", "--quiet", "deploy").out == b""


def test_a_run_that_died_is_looked_at_and_not_ended(irl, execution, tmp_path, run_python):
    (tmp_path / "directives").mkdir()
    (tmp_path / "directives" / "backup.md").write_text("## Execution Logging\n- Mark complete: yes\n")
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('backup')\nos._exit(1)\n")
    before = execution.layout.readme.read_bytes()
    answer = irl("check", "backup")
    assert answer.out.decode().endswith("the run should be complete, but is Running\n")
    assert execution.layout.readme.read_bytes() == before


def test_a_run_without_a_directive(irl, execution):
    answer = irl("check", "deploy")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err == b"irl: there is no directives/deploy.md that says what deploy has to do\n"
    assert irl("check", "nope").err.startswith(
        b"irl: there is no run of a workflow 'nope', and no run has an id that begins with 'nope', or this log: there are "
    )
