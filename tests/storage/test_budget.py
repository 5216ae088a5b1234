"""The bound on what one run may write: what fits is written, what does not is counted, and the end is always said."""

from __future__ import annotations

import json

from irl_logging import Execution


def test_a_run_writes_what_fits_says_that_it_was_cut_and_how_it_ended(tmp_path):
    """The start line takes 118 bytes or so; three lines of 147 fit into what is left of 600."""
    execution = Execution(tmp_path, max_run_bytes=600, agent="agent-x")
    run = execution.start("deploy")
    for number in range(10):
        run.log("INFO", "build", f"{number} " + "x" * 100)
    run.complete("3 services")
    lines = (tmp_path / run.log_file).read_text().splitlines()
    messages = [line.split("] ", 3)[3] for line in lines]
    assert [message.split(" ")[0] for message in messages] == [
        "[start]",
        "[build]",
        "[build]",
        "[build]",
        "[logging]",
        "[complete]",
    ]
    assert messages[4] == (
        "[logging] Truncated: max_run_bytes allows 600 bytes; from here on lines are counted and not written"
    )
    assert messages[5].startswith("[complete] ✓ Complete: 3 services truncated=7 warnings=1 duration=")
    assert sum(len(line) + 1 for line in lines[:4]) <= 600
    assert execution.stats()["truncated"] == 7
    assert execution.stats()["written"] == 6


def test_a_short_line_after_one_that_did_not_fit_is_not_written(tmp_path):
    """What is left out is an end of the log, not pieces of it."""
    execution = Execution(tmp_path, max_run_bytes=400)
    run = execution.start("deploy")
    run.log("INFO", None, "x" * 400)
    run.log("INFO", None, "short")
    run.complete()
    assert "short" not in (tmp_path / run.log_file).read_text()


def test_the_twin_counts_too_and_says_so(tmp_path):
    execution = Execution(tmp_path, max_run_bytes=1_000, json=True)
    run = execution.start("deploy")
    for _ in range(20):
        run.log("INFO", "build", "x" * 50)
    run.complete()
    log = tmp_path / run.log_file
    records = [json.loads(line) for line in log.with_suffix(".jsonl").read_text().splitlines()]
    assert [record["Body"][:10] for record in records[-2:]] == ["Truncated:", "✓ Complete"]
    size = log.stat().st_size + log.with_suffix(".jsonl").stat().st_size
    assert size < 1_000 + 2 * 300 + 2 * 400  # beyond it only what says so, and the end


def test_runs_have_budgets_of_their_own_and_none_by_default(tmp_path):
    execution = Execution(tmp_path, max_run_bytes=500)
    for name in ("a", "b"):
        with execution.start(name) as run:
            run.log("INFO", None, name * 100)
        assert name * 100 in (tmp_path / run.log_file).read_text()
    with Execution(tmp_path).start("c") as run:
        run.log("INFO", None, "c" * 10_000)
    assert "c" * 10_000 in (tmp_path / run.log_file).read_text()
