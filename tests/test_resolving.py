"""Ending runs by hand."""

from __future__ import annotations

import sys

import pytest

from irl_logging import Execution, RunAliveError, RunEndedError, UnknownRunError
from irl_logging.resolving import run_to_end
from irl_logging.storage.events import decode, encode


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory."""
    return Execution(tmp_path / "execution", agent="human:ada")


@pytest.fixture
def elsewhere(execution, run_python) -> str:
    """The id of a run that another machine has started."""
    run_python(
        "import os, irl_logging\n"
        "run = irl_logging.Execution('execution').start('nightly', agent='agent-n')\n"
        "print(run.id, flush=True)\n"
        "os._exit(9)"
    )
    (segment,) = execution.layout.journal.iterdir()
    events = [{**decode(line), "host": "other-host", "boot": "00000000"} for line in segment.read_bytes().splitlines()]
    segment.unlink()
    (execution.layout.journal / "other-host-00000000.jsonl").write_bytes(b"".join(encode(event) for event in events))
    (run,) = execution.runs()
    assert run.open
    return run.id


def rows(execution: Execution, workflow: str) -> list[str]:
    """The rows of a workflow in the README."""
    return [line for line in execution.layout.readme.read_text("utf-8").splitlines() if f"| {workflow} | " in line]


def test_a_run_of_another_machine_ends(execution, elsewhere):
    """In the journal, in the README, and in its log."""
    ended = execution.resolve(elsewhere[:-3], "cancelled", note="host-b was taken down")
    assert (ended.id, ended.status, ended.note) == (elsewhere, "⚠️ Cancelled", "host-b was taken down")
    (row,) = rows(execution, "nightly")
    assert row.endswith(" | ⚠️ Cancelled | host-b was taken down | agent-n |")
    last = (execution.layout.root / ended.log).read_text("utf-8").splitlines()[-1]
    assert last.partition("] ")[2] == (
        f"[WARN] [nightly] [cancel] ⚠️ Cancelled: host-b was taken down agent=agent-n run={elsewhere} by=human:ada"
    )


def test_without_a_note_it_says_who(execution, elsewhere):
    assert execution.resolve(elsewhere, "error").note == "ended by hand by human:ada"


def test_what_completed_has_a_summary(execution, elsewhere):
    assert execution.resolve(elsewhere, "complete", note="8 approved").summary == "8 approved"
    assert rows(execution, "nightly")[0].endswith(" | ✓ Complete | 8 approved | agent-n |")


def test_its_log_names_it_as_well(execution, elsewhere):
    (run,) = execution.runs()
    assert execution.resolve(run.log, "⚠️ Gave up").status == "⚠️ Gave up"


@pytest.mark.parametrize("name", ["Nightly check", "Nightly-check"])
def test_its_workflow_names_it_when_no_other_run_of_it_is_open(execution, name):
    """One that has ended does not matter."""
    execution.start("Nightly check").complete()
    run = execution.start("Nightly check")
    other = execution.start("deploy")
    assert execution.resolve(name, "failed", force=True).id == run.id
    with pytest.raises(UnknownRunError, match=rf"no open run is of a workflow '{name}', has an id"):
        execution.resolve(name, "failed", force=True)
    other.complete()
    run.complete()


def test_its_workflow_does_not_name_it_among_several(execution):
    first, second = execution.start("deploy"), execution.start("deploy")
    known = rf"{second.id} \(deploy, Running\), {first.id} \(deploy, Running\)"
    with pytest.raises(
        UnknownRunError, match=rf"2 open runs are of workflow 'deploy', name one by its id: there are {known}"
    ):
        execution.resolve("deploy", "failed", force=True)
    first.complete()
    second.complete()


@pytest.mark.parametrize("name", [3, None, ["deploy"]])
def test_what_is_no_text_names_no_run(execution, name):
    with pytest.raises(UnknownRunError, match="no run is open"):
        execution.resolve(name, "failed")


def test_a_secret_in_the_note_stays_out(execution, elsewhere):
    secret = "sk-" + "ant-api03-" + "Qx7fK2mZ" * 11 + "AA"
    ended = execution.resolve(elsewhere, "failed", note=f"key {secret} was revoked")
    assert secret not in ended.note
    for path in execution.layout.root.rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()


def test_an_end_is_final(execution, elsewhere):
    execution.resolve(elsewhere, "failed")
    with pytest.raises(RunEndedError, match=rf"run {elsewhere} has ended as ✗ Failed, which is final"):
        execution.resolve(elsewhere, "complete")


def test_a_run_that_lives_here_is_its_own_to_end(execution):
    run = execution.start("deploy")
    with pytest.raises(
        RunAliveError, match=rf"run {run.id} of deploy is running on this machine as process \d+: end that"
    ):
        execution.resolve(run.id, "failed")
    assert execution.resolve(run.id, "failed", note="hangs", force=True).note == "hangs"
    run.complete()
    (state,) = execution.runs()
    assert (state.status, state.note) == ("✗ Failed", "hangs")


def test_a_run_that_died_here_ends_with_other_words_than_crashed(execution, run_python):
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('long', agent='me')\nos._exit(9)")
    run_id = next(execution.layout.runs.glob("*.lock")).stem
    assert execution.resolve(run_id, "cancelled").status == "⚠️ Cancelled"
    assert list(execution.layout.runs.iterdir()) == []


def test_which_run_is_meant_has_to_be_clear(execution):
    """Otherwise the message has those that could be meant, which are the open ones."""
    execution.start("one").complete()
    run, other = execution.start("two"), execution.start("three")
    common = run.id[:4]
    known = rf"there are {other.id} \(three, Running\), {run.id} \(two, Running\)$"
    with pytest.raises(
        UnknownRunError, match=rf"^2 open runs have an id that begins with '{common}', or this log: {known}"
    ):
        execution.resolve(common, "failed")
    for name in ("x", "", "one"):
        with pytest.raises(
            UnknownRunError,
            match=rf"^no open run is of a workflow '{name}', has an id that begins with this, or has this log: {known}",
        ):
            execution.resolve(name, "failed")
    other.complete()
    run.complete()


def test_where_no_run_is_open_none_is_offered(execution):
    done = execution.start("one")
    done.complete()
    execution.start("one").complete()
    with pytest.raises(UnknownRunError, match=r"this log: no run is open$"):
        execution.resolve("one", "failed")
    with pytest.raises(UnknownRunError, match=r"this log: no run is open$"):
        execution.resolve(done.id[:4], "failed")
    with pytest.raises(RunEndedError, match=f"run {done.id} has ended as ✓ Complete"):
        execution.resolve(done.id, "failed")


def test_of_the_runs_that_share_a_log_the_open_one_is_meant(tmp_path):
    execution = Execution(tmp_path / "execution", log_pattern="{log_name}.log")
    execution.start("deploy").complete()
    run = execution.start("deploy")
    assert execution.resolve(run.log_file, "cancelled", force=True).id == run.id


def test_no_runs(execution):
    with pytest.raises(UnknownRunError, match="no run is open"):
        run_to_end(execution.layout, [], "x")


def test_its_own_process_does_not_end_it_again(execution):
    """The first end is final: the log does not say another one, nor the results file."""
    run = execution.start("nightly")
    Execution(execution.layout.root).resolve(run.id, "cancelled", force=True)
    run.complete("8 done")
    *_, cancelled, last = (execution.layout.root / run.log_file).read_text("utf-8").splitlines()
    assert "[WARN] [nightly] [cancel] ⚠️ Cancelled: ended by hand by " in cancelled
    assert last.partition("] ")[2] == (
        "[WARN] [nightly] [end] ✓ Complete is ignored: the run was ended as ⚠️ Cancelled before"
    )
    assert repr(run) == f"<Run {run.id} of nightly: ⚠️ Cancelled>"
    assert not execution.layout.token(run.id).exists()
    (known,) = [known for known in execution.runs() if known.id == run.id]
    assert (known.status, known.results) == ("⚠️ Cancelled", None)


def test_it_is_not_ended_again_where_somebody_ends_it_while_its_expectations_are_looked_at(execution):
    run = execution.start("nightly")
    run.expect(command=[sys.executable, "-m", "irl_logging", "resolve", run.id, "--as", "cancelled", "--force"])
    run.complete("8 done")
    last = (execution.layout.root / run.log_file).read_text("utf-8").splitlines()[-1]
    assert last.endswith("[end] ✓ Complete is ignored: the run was ended as ⚠️ Cancelled before")
    assert execution.runs()[0].status == "⚠️ Cancelled"
