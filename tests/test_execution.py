"""An execution directory: what a start leaves when it fails, who is current, and what is kept open."""

from __future__ import annotations

import gc
import os
import re
import threading

import pytest

from irl_logging import ConfigurationError, Execution, JournalError, UnknownRunError
from irl_logging.manifest.template import template


@pytest.fixture
def execution(tmp_path):
    """An execution directory that is not there yet."""
    return Execution(tmp_path / "execution", fsync=False, agent="agent-x")


def test_the_readme_comes_with_the_first_run_only(execution):
    """People may remove it; then it stays away, and the journal has what it would say."""
    execution.start("deploy").complete()
    readme = execution.layout.readme
    assert len(readme.read_bytes()) > len(template())
    readme.unlink()
    execution.start("deploy").complete()
    assert not readme.exists()
    assert len(execution.runs()) == 2


def test_a_readme_that_is_there_is_only_edited(execution):
    """Not one byte of it but the rows changes."""
    execution.layout.root.mkdir()
    mine = b"# Mine\n" + template()
    execution.layout.readme.write_bytes(mine)
    execution.start("deploy").complete("done")
    row = re.compile(rb"\| deploy \| [^|]+ \| [^|]+ \| done \| agent-x \|\n")
    assert row.sub(b"| _(none yet)_ | - | - | - | - |\n", execution.layout.readme.read_bytes()) == mine


def test_a_start_that_fails_leaves_nothing(execution):
    """No log file, no lock file, no event: the next start has the next number."""
    execution.start("warm-up", log_name="deploy").complete()
    segment = execution._recorder.journal.segment
    segment.unlink()
    segment.mkdir()
    execution.close()
    gc.collect()  # of other tests
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(JournalError, match=r"the event run\.started was not recorded: Is a directory"):
        execution.start("deploy")
    assert [path.name[-7:] for path in execution.layout.logs.iterdir()] == ["001.log"]
    assert list(execution.layout.runs.iterdir()) == []
    assert len(os.listdir("/proc/self/fd")) == before
    segment.rmdir()
    assert execution.start("deploy").log_file.endswith("-002.log")


def test_a_pattern_that_needs_what_is_not_given(execution):
    """The start says which field it needs and which there are."""
    other = Execution(execution.layout.root, fsync=False, log_pattern="{integration}-{seq}.log")
    with pytest.raises(
        ConfigurationError, match=r"needs \{integration\}, and this run has only date, log_name, region"
    ):
        other.start("deploy", region="eu")
    assert other.start("deploy", integration="stripe_webhook").log_file == "logs/stripe_webhook-001.log"


@pytest.mark.parametrize("run_id", ["20260101T000000Z-0badf00d", "../../etc/passwd", ""])
def test_only_a_run_that_is_open_can_be_joined(execution, run_id):
    """Not one that nobody knows, not a path, not one that has ended."""
    with pytest.raises(UnknownRunError, match="is not running in"):
        execution.join(run_id)
    run = execution.start("deploy")
    assert execution.join(run.id).id == run.id
    run.complete()
    with pytest.raises(UnknownRunError, match=f"run '{run.id}' is not running in"):
        execution.join(run.id)


def test_who_joins_does_not_own(execution):
    """Lines and results go to the run; its end is the owner's, and so is the results file in the table."""
    run = execution.start("deploy")
    run.result(approved=1)
    joined = Execution(execution.layout.root, fsync=False).join(run.id)
    joined.log("INFO", "check", "from the side")
    joined.result(checked=2)
    joined.fail("three checks failed")
    with joined:
        pass
    (state,) = execution.runs()
    assert (state.status, dict(state.counters)) == ("Running", {"approved": 1, "checked": 2})
    assert state.results == f"results/deploy-{state.started[:10]}.json"
    run.complete()
    (state,) = execution.runs()
    assert (state.status, state.summary) == ("✓ Complete", "three checks failed")


def test_two_objects_of_one_directory(tmp_path):
    """Nothing that one records is lost to the other."""
    first, second = (Execution(tmp_path / "execution", fsync=False, agent="agent-x") for _ in range(2))
    one, two = first.start("one"), second.start("two")
    two.complete()
    one.complete()
    assert [(state.workflow, str(state.status)) for state in first.runs()] == [
        ("two", "✓ Complete"),
        ("one", "✓ Complete"),
    ]
    assert first.runs() == second.runs()


def test_descriptors_are_given_back(execution):
    """A service that starts runs for years holds no more than when it began; nor do objects that are dropped."""
    execution.start("warm-up").complete()
    execution.close()
    before, threads = len(os.listdir("/proc/self/fd")), set(threading.enumerate())
    for number in range(10):
        other = Execution(execution.layout.root, fsync=False, agent="agent-x")
        with other.start(f"workflow-{number}") as run, run.step("work"):
            run.result(number=number)
    del other, run
    gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before + 1
    assert set(threading.enumerate()) <= threads


def test_reading_a_directory_that_is_not_there(tmp_path):
    """No runs, and nothing is made."""
    execution = Execution(tmp_path / "execution")
    assert (execution.runs(), execution.reap(), list(tmp_path.iterdir())) == ([], [], [])


def test_more_runs_end_at_once_than_fit_into_one_event(execution):
    """The README was away for long: hundreds of ends are shown, and marked as shown, in events that fit."""
    execution.start("first").complete()
    journal = execution._recorder.journal
    for number in range(700):
        stamp = {"run": f"20260101T000000Z-{number:08d}", "workflow": "deploy"}
        journal.append({**stamp, "event": "run.started", "log": f"logs/{number}.log", "agent": "agent-x"})
        journal.append({**stamp, "event": "run.ended", "status": "✓ Complete"})
    execution.sync()
    assert [state.id for state in execution.runs() if not state.shown] == []
