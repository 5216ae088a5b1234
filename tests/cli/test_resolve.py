"""`irl resolve`."""

from __future__ import annotations

import re

from irl_logging import Execution


def test_a_run_is_ended(irl, tmp_path):
    run = Execution(tmp_path / "execution").start("deploy", agent="me")
    answer = irl("resolve", run.id[:-2], "--as", "failed", "--note", "host is gone\x1b[31m", "--force")
    assert (answer.code, answer.err) == (0, b"")
    said = r"\S+ of deploy has ended as ✗ Failed: host is gone\\x1b\[31m\n"
    assert re.fullmatch(said, answer.out.decode())
    assert re.search(
        r"\| deploy \| \S+ \| ✗ Failed \| host is gone.* \| me \|\n", (tmp_path / "execution/README.md").read_text()
    )
    again = irl("resolve", run.id, "--as", "complete")
    assert (again.code, again.out) == (1, b"")
    assert again.err.startswith(f"irl: run {run.id} has ended as ✗ Failed".encode())


def test_a_living_run_is_refused(irl, tmp_path):
    run = Execution(tmp_path / "execution").start("deploy", agent="me")
    answer = irl("resolve", run.id, "--as", "failed")
    assert (answer.code, answer.out) == (1, b"")
    assert b"is running on this machine as process" in answer.err
    run.complete()


def test_a_status_is_asked_for(irl):
    assert irl("resolve", "x").code == 2
    assert b"status 'done' is not known" in irl("resolve", "x", "--as", "done").err
