"""The way of a lifecycle event behind the journal: who waits for the README, what is said of it, what is still known."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading

import pytest

from irl_logging import Execution
from irl_logging.storage.events import decode, encode
from irl_logging.storage.locks import try_lock


@pytest.fixture
def execution(tmp_path):
    """An execution directory in which one run has ended."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="agent-x")
    execution.start("first").complete()
    return execution


def active(execution):
    """The first cells of the rows of Active."""
    text = execution.layout.readme.read_text("utf-8").split("## Active Workflows\n")[1].split("**Format:**")[0]
    return [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")][2:]


def test_who_wants_to_see_the_row_waits_for_it(execution):
    """While another edits the README a start returns at once, and one that waits returns with the row in it."""
    lock = try_lock(execution.layout.active / ".manifest.lock")
    execution.start("impatient")
    assert active(execution) == ["_(none)_"]
    seen = []
    patient = threading.Thread(target=lambda: (execution.start("patient", wait=True), seen.append(active(execution))))
    patient.start()
    while not any("patient" in path.name for path in execution.layout.logs.glob("patient*")):
        assert patient.is_alive()
    assert seen == []
    lock.release()
    patient.join()
    assert seen == [["impatient", "patient"]]


def test_a_start_that_waits_in_vain_is_a_start(execution, capsys):
    """The README cannot be edited: the run is there all the same, and one notice says why its row is not."""
    readme = execution.layout.readme
    readme.write_bytes(b"<<<<<<< HEAD\n" + readme.read_bytes())
    run = execution.start("deploy", wait=True)
    assert [state.status for state in execution.runs() if state.id == run.id] == ["Running"]
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("irl_logging: README.md is not up to date: execution/README.md ")
    assert "conflict" in line
    assert line.endswith("; nothing is lost: the next event, or `irl sync`, tries again")


def test_what_was_put_aside_is_said_once(execution, capsys):
    """An editor had the old README open and saved, while somebody else saved as well: one text is kept, and named."""
    execution.start("second").complete()
    kept = max(execution.layout.active.glob(".*.prev"), key=lambda path: path.stat().st_ctime_ns)
    kept.write_bytes(b"what the editor had\n")
    os.utime(kept, (1_000, 1_000))
    execution.layout.readme.write_bytes(b"Hello.\n" + execution.layout.readme.read_bytes())
    execution.start("third").complete()
    execution.start("fourth").complete()
    (foreign,) = execution.layout.root.glob("README.md.foreign-*")
    assert foreign.read_bytes() == b"what the editor had\n"
    said = f"README.md was changed by two others at once: the text of one is kept as {foreign.name}"
    assert capsys.readouterr().err == f"irl_logging: {said}\n"


def test_an_old_readme_that_is_put_back_is_put_right(execution):
    """Its Active row is of a run that ended a thousand runs ago: it goes, whoever looks, and a row made by hand stays."""
    stamp = {"v": 1, "workflow": "old", "agent": "agent-x", "host": "h", "boot": "b"}
    records = []
    for number in range(1_200):
        run = {**stamp, "run": f"r{number:04d}", "time": f"2026-01-01T00:{number // 60:02d}:{number % 60:02d}.000000Z"}
        records.append(encode({**run, "event": "run.started", "log": f"logs/old-{number}.log"}))
        records.append(encode({**run, "event": "run.ended", "status": "✓ Complete", "seq": 1}))
        records.append(encode({**run, "event": "manifest.shown", "run": None, "runs": [run["run"]]}))
    (execution.layout.journal / "h-00000000-202601.jsonl").write_bytes(b"".join(records))
    assert len(execution.runs()) < 1_000 < len(execution.runs(everything=True))
    text = execution.layout.readme.read_text("utf-8")
    old = "| old | 2026-01-01T00:00:07Z | Running | logs/old-7.log | agent-x |\n"
    mine = "| mine | 2026-01-01T00:00:07Z | Running | - | human:me |\n"
    execution.layout.readme.write_text(text.replace("| _(none)_ | - | - | - | - |\n", old + mine, 1), "utf-8")
    assert "old" in active(execution)
    execution.start("deploy").complete()
    assert active(execution) == ["mine"]
    assert "| old | 2026-01-01T00:00:07Z | ✓ Complete | - | agent-x |\n" in execution.layout.readme.read_text("utf-8")


def test_a_checkpoint_that_cannot_be_written_keeps_nothing_from_the_readme(execution, capsys):
    """It only saves time."""
    run = {"v": 1, "workflow": "old", "event": "run.decision", "subject": "x" * 1_000, "run": "gone"}
    data = b"".join(encode({**run, "seq": number}) for number in range(300))
    (execution.layout.journal / "h-00000000-202601.jsonl").write_bytes(data)
    execution.layout.checkpoint.mkdir()
    execution.start("deploy")
    assert active(execution) == ["deploy"]
    execution.layout.checkpoint.rmdir()
    execution.start("next")
    assert execution.layout.checkpoint.stat().st_size > 0
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give directories away")
@pytest.mark.parametrize(("owner", "said"), [(0, False), (1, True), (54_321, False)])
def test_root_is_told_whose_directory_it_writes_to(tmp_path, capsys, owner, said):
    """Who owns it could not write what root makes there; in a container the owner is a number that nobody has."""
    root = tmp_path / "execution"
    root.mkdir()
    os.chown(root, owner, owner)
    execution = Execution(root, fsync=False, agent="agent-x")
    execution.start("one").complete()
    execution.start("two").complete()
    name = pytest.importorskip("pwd").getpwuid(1).pw_name
    line = f"irl_logging: root runs in {root}, which is {name}'s: what root makes there {name} cannot write; run as {name}\n"
    assert capsys.readouterr().err == (line if said else "")


def test_a_readme_with_two_names_becomes_two_files(execution, capsys, tmp_path):
    """It is replaced whole, so the other name keeps the old text; that is said."""
    os.link(execution.layout.readme, tmp_path / "other.md")
    before = (tmp_path / "other.md").read_bytes()
    execution.start("deploy").complete()
    assert (tmp_path / "other.md").read_bytes() == before
    said = "README.md had 2 hard links: its other names keep the old text"
    assert capsys.readouterr().err == f"irl_logging: {said}\n"


FSYNC = """\
import irl_logging
execution = irl_logging.Execution("execution", agent="agent-x")
try:
    run = execution.start("deploy")
except irl_logging.JournalError as error:
    print("refused", error.errno)
else:
    with run.step("push"):
        pass
    print(*[state.last_step for state in execution.runs()])
"""


@pytest.mark.parametrize(
    ("failures", "answer", "records"),
    [
        pytest.param("1", "push\n", ["run.started", "run.started", "step.started", "step.ended"], id="once"),
        pytest.param("1..2", "refused 5\n", ["run.started", "run.started"], id="twice"),
        pytest.param("2", "push\n", ["run.started", "step.started", "step.started", "step.ended"], id="at a step"),
    ],
)
def test_a_sync_that_fails(failures, answer, records, tmp_path, clean_environment):
    """The record is written again through another descriptor and counts once; if that fails too, nothing has happened."""
    if (
        not shutil.which("strace")
        or subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode
    ):
        pytest.skip("strace is not installed, or not permitted to trace here")
    (tmp_path / "script.py").write_text(FSYNC)
    inject = ["-e", "trace=fdatasync", "-e", f"inject=fdatasync:error=EIO:when={failures}"]
    result = subprocess.run(
        ["strace", "-f", "-o", "trace", *inject, sys.executable, "script.py"],
        env=clean_environment,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (0, answer), result.stderr
    (segment,) = (tmp_path / "execution" / "active" / "journal").iterdir()
    found = [decode(line)["event"] for line in segment.read_bytes().splitlines()]
    assert [kind for kind in found if not kind.startswith("manifest.")][: len(records)] == records
    assert (tmp_path / "trace").read_text().count("EIO (Input/output error) (INJECTED)") == (
        2 if ".." in failures else 1
    )
