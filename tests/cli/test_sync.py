"""`irl sync`."""

from __future__ import annotations

import re

import pytest

from irl_logging import Execution
from irl_logging.storage import locks
from irl_logging.storage.events import decode, encode


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in which two runs have ended."""
    opened = Execution(tmp_path / "execution")
    opened.start("one", agent="me").complete()
    opened.start("two", agent="me").complete()
    return opened


def edit(execution: Execution, old: str, new: str) -> None:
    """Change the README as a person does."""
    text = execution.layout.readme.read_text("utf-8")
    assert re.search(old, text)
    execution.layout.readme.write_text(re.sub(old, new, text), "utf-8")


def test_nothing_to_do(irl, execution):
    answer = irl("sync")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out == b"Nothing to do: execution/README.md is up to date.\n"


def test_where_nothing_has_run(irl, tmp_path):
    answer = irl("sync")
    assert (answer.code, answer.out.decode()) == (
        0,
        f"Nothing to do: nothing has run in {tmp_path / 'execution'} on this machine yet.\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_rows_that_were_lost_come_back(irl, execution):
    before = execution.layout.readme.read_bytes()
    edit(execution, r"(?m)^\| (one|two) \|.*\n", "")
    answer = irl("sync")
    assert (answer.code, answer.out) == (0, b"execution/README.md is brought up to date: 2 rows added.\n")
    assert execution.layout.readme.read_bytes() == before


def test_a_dead_run_is_noticed(irl, execution, run_python):
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('long', agent='me')\nos._exit(9)")
    assert irl("sync").out == b"execution/README.md is brought up to date: 1 run noticed as crashed.\n"
    assert "⚠️ Crashed" in execution.layout.readme.read_text("utf-8")


def test_all_brings_back_what_was_taken_as_meant(irl, execution):
    """Rows of long ago are only put back when that is asked for."""
    (segment,) = execution.layout.journal.iterdir()
    year = execution.runs()[0].started[:4]
    edit(execution, r"(?m)^\| (one|two) \|.*\n", "")
    events = [decode(line) for line in segment.read_bytes().splitlines()]
    for event in events:
        event["time"] = event["time"].replace(year, "2025")
    segment.write_bytes(b"".join(encode(event) for event in events))
    assert irl("sync").out == b"Nothing to do: execution/README.md is up to date.\n"
    assert irl("sync", "--all").out == b"execution/README.md is brought up to date: 2 rows added.\n"
    assert irl("check", "--all").code == 0


def test_put_off_is_1_and_the_reason(irl, execution):
    edit(execution, "## Active Workflows", "## Inactive Workflows")
    answer = irl("sync", "--limit", "0")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err == (
        b"irl: execution/README.md has no heading 'Active Workflows': put it back, with the table under it\n"
    )


def test_it_waits_for_others_up_to_the_limit(irl, execution):
    with locks.try_lock(execution.layout.active / ".manifest.lock"):
        answer = irl("sync", "--limit", "0.05")
    assert answer.code == 1
    assert b"execution/README.md was being edited by others for 0.05 s: " in answer.err


def test_rows_that_go_to_the_archive_are_said(irl, execution, monkeypatch):
    monkeypatch.setenv("IRL_COMPLETED_ROWS", "1")
    assert irl("sync").out == b"execution/README.md is brought up to date: 1 row moved out.\n"
    assert irl("check").out == b"execution/README.md is up to date: 0 running, 2 ended\n"
