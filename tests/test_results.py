"""What a run has to show: what its program gave, and what is known of the run besides."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from irl_logging import DocumentError, Execution, results


@pytest.fixture
def execution(tmp_path):
    return Execution(tmp_path / "execution", fsync=False, agent="agent-x")


@pytest.fixture
def run(execution):
    return execution.start("deploy")


@pytest.fixture
def document(execution):
    """Read the one results file that there is."""

    def read():
        (path,) = execution.layout.results.iterdir()
        return json.loads(path.read_text())

    return read


def end_line(run, execution):
    return (execution.layout.root / run.log_file).read_text().splitlines()[-1].split("] ", 3)[3].split(" duration=")[0]


def test_a_summary_goes_into_the_table_and_the_file(run, execution, document):
    """The cell shows the summary, not the path; the file has it beside counters and data, all flat."""
    run.result(summary="Summary: 8 approved", data={"by integration": {"finance_integration": 5}}, approved=8)
    run.complete()
    assert [key for key in document() if key not in ("timestamp", "_irl")] == ["approved", "summary", "by integration"]
    assert document()["summary"] == "8 approved"
    assert "| ✓ Complete | 8 approved | agent-x |" in execution.layout.readme.read_text()


def test_data_is_no_counter(run, execution, document):
    """What only the file shows does not get into the journal's counters; a later call adds."""
    run.result(approved=1)
    run.result(data={"hosts": ["a", "b"]})
    assert (document()["approved"], document()["hosts"]) == (1, ["a", "b"])
    (state,) = execution.runs()
    assert dict(state.counters) == {"approved": 1}


@pytest.mark.parametrize("given", [{"_irl": 1}, {"data": {"_irl": 1}}])
def test_our_own_key_is_taken(given, run, execution):
    """Nobody loses what they gave without a word."""
    with pytest.raises(DocumentError, match="'_irl' of a results file is taken"):
        run.result(**given)
    assert list(execution.layout.results.iterdir()) == []


def test_the_key_that_is_no_json_is_named(run):
    with pytest.raises(ValueError, match=r"the content is not JSON: rates\.approval is nan"):
        run.result(data={"rates": {"approval": float("nan")}})


def test_steps_have_their_times(run, document):
    """In the order of their beginnings; one that an exception left says which, one that is open has no end."""
    with run.step("list"), contextlib.suppress(KeyError), run.step("inner"):
        raise KeyError
    run.result(approved=1)
    with run.step("approve"):
        run.complete()
    steps = document()["_irl"]["steps"]
    assert [(step["name"], step.get("error"), "seconds" in step) for step in steps] == [
        ("list", None, True),
        ("inner", "KeyError", True),
        ("approve", None, False),
    ]
    assert steps[0]["started"] <= steps[1]["started"] <= steps[2]["started"]
    assert 0 <= steps[1]["seconds"] <= steps[0]["seconds"] <= document()["_irl"]["duration_seconds"]


def test_very_many_steps_are_counted(run, document, monkeypatch):
    """A file is for people too."""
    monkeypatch.setattr(results, "MOST_STEPS", 3)
    for number in range(5):
        with run.step(f"item-{number}"):
            pass
    run.result(done=5)
    assert ([step["name"] for step in document()["_irl"]["steps"]], document()["_irl"]["more_steps"]) == (
        ["item-0", "item-1", "item-2"],
        2,
    )


def test_lines_that_matter_are_counted(run, execution, document):
    """By every way that a line has: plain, with fields, redacted, beyond ASCII."""
    run.log("INFO", "a", "plain")
    run.log("WARN", "a", "plain")
    run.log("WARN", "a", "with fields", n=1, user="irl", password="hunter2-" * 2)
    run.log("warning", None, "password=" + "hunter2-" * 2)
    run.log("ERROR", "a", "größer")
    run.lines.say(1.0, "CRITICAL", "a", "lone \ud800")
    run.lines.say(1.0, "WARN", "a", "said")
    run.lines.say(1.0, "WARN", "a", "said")
    run.result(done=1)
    run.complete()
    ours = document()["_irl"]
    assert (ours["warnings"], ours["errors"], ours["redactions"]) == (5, 2, {"password": 2})
    assert end_line(run, execution) == "[complete] ✓ Complete redacted=2 warnings=5 errors=2"


def test_an_end_without_anything_to_count_says_nothing(run, execution):
    """Fields that are harmless are asked about, and that counts for nothing."""
    run.log("INFO", "a", "with fields", n=1, user="irl")
    run.complete()
    assert end_line(run, execution) == "[complete] ✓ Complete"


def test_a_secret_in_a_decision_counts_once(run, execution):
    """However many places it is kept out of."""
    run.decision("approved", "incident-1", reason="password=" + "hunter2-" * 2)
    run.complete()
    assert end_line(run, execution) == "[complete] ✓ Complete redacted=1"


def test_a_run_does_not_count_what_was_before_it(execution):
    """One redactor serves all runs of the process."""
    first = execution.start("deploy")
    first.log("INFO", "a", "password=" + "hunter2-" * 2)
    first.complete()
    second = execution.start("deploy")
    second.complete()
    assert [end_line(run, execution) for run in (first, second)] == [
        "[complete] ✓ Complete redacted=1",
        "[complete] ✓ Complete",
    ]


@pytest.mark.parametrize(
    ("end", "code"),
    [("", 0), ("sys.exit(3)", 3), ("sys.exit('no')", 1), ("raise KeyError", 1), ("os.kill(os.getpid(), 15)", 143)],
)
def test_the_exit_code_of_the_process(end, code, run_python, document, tmp_path):
    """As the shell sees it."""
    script = "import irl_logging, os, sys\nirl_logging.configure('deploy', level='INFO').result(done=1)\n"
    done = run_python(script + end)
    assert done.returncode == (code if code < 128 else 128 - code)
    assert document()["_irl"]["exit_code"] == code


def test_the_exit_code_of_a_block(execution, document):
    """`sys.exit` in it has one; a block that just ends has none, as the process goes on."""
    with contextlib.suppress(SystemExit), execution.start("deploy") as run:
        run.result(done=1)
        sys.exit(4)
    assert document()["_irl"]["exit_code"] == 4
    with execution.start("other") as run:
        run.result(done=1)
    (path,) = execution.layout.results.glob("other-*")
    assert json.loads(path.read_text())["_irl"]["exit_code"] is None


def test_a_child_has_results_of_its_own(run, execution, forked):
    """Neither the counters nor the file of its parent."""
    run.result(approved=1)
    child = forked(lambda: run.result(flagged=2))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    contents = [json.loads(path.read_text()) for path in sorted(execution.layout.results.iterdir(), reverse=True)]
    assert [{key for key in it if key not in ("timestamp", "_irl")} for it in contents] == [{"approved"}, {"flagged"}]


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_the_specifications_jq_line_works(run, execution):
    run.result(approved=8, flagged=2, rejected=2)
    (path,) = execution.layout.results.iterdir()
    command = ["jq", ".approved / (.approved + .rejected + .flagged)", str(path)]
    assert subprocess.run(command, capture_output=True, text=True).stdout.startswith("0.66666")
