"""Old segments go into the archive whole, at the right time, and nothing of them is lost or comes twice."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys

import pytest

from irl_logging import Execution
from irl_logging.storage import compaction, replay
from irl_logging.storage.compaction import all_runs, compact, history
from irl_logging.storage.events import encode
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout

STAMP = {"v": 1, "workflow": "deploy", "host": "vm", "time": "2026-02-08T00:00:00.000000Z"}
COMPLETE = "✓ Complete"


def started(run):
    return encode({**STAMP, "event": "run.started", "run": run, "log": f"logs/{run}.log", "seq": 1})


def ended(run):
    return encode({**STAMP, "event": "run.ended", "run": run, "status": COMPLETE, "seq": 2})


def shown(*runs):
    return encode({**STAMP, "event": "manifest.shown", "runs": list(runs), "seq": 3})


@pytest.fixture
def layout(tmp_path):
    """An execution directory with an empty journal."""
    layout = Layout(tmp_path / "execution")
    layout.create()
    return layout


def segment(layout, name, *records, age=31):
    """Write a segment that nobody has written to for `age` days."""
    path = layout.journal / f"{name}.jsonl"
    path.write_bytes(b"".join(records))
    then = path.stat().st_mtime - age * 86_400
    os.utime(path, (then, then))
    return path


def unsettled(layout):
    return [run.id for run in Journal(layout.journal).runs().values() if run.open or not run.shown]


def names(directory):
    return sorted(path.name for path in directory.iterdir()) if directory.is_dir() else []


def test_what_is_old_and_settled_goes(layout):
    """Compressed, whole, beside a .gitignore, and readable with gzip."""
    data = started("r1") + b"torn and damaged\n" + ended("r1") + shown("r1")
    segment(layout, "vm-a", data)
    segment(layout, "vm-b", started("r2"), ended("r2"), shown("r2"), age=29)
    (moved,) = compact(layout, lambda: unsettled(layout))
    assert moved == layout.archive / "journal" / "vm-a.jsonl.gz"
    assert gzip.decompress(moved.read_bytes()) == data
    assert (names(layout.journal), names(moved.parent)) == (["vm-b.jsonl"], [".gitignore", "vm-a.jsonl.gz"])
    assert [event["event"] for event in history(layout)] == ["run.started", "run.ended", "manifest.shown"] * 2


@pytest.mark.parametrize(
    ("records", "unsettled_runs"),
    [
        pytest.param([started("r1")], ["r1"], id="a run is open"),
        pytest.param([started("r1"), ended("r1")], ["r1"], id="an end is not shown"),
        pytest.param(
            [encode({**STAMP, "event": "run.result", "run": "r9"})], ["r9"], id="it tells of a run that is open"
        ),
    ],
)
def test_what_may_still_be_needed_stays(layout, records, unsettled_runs):
    """Whatever its age."""
    path = segment(layout, "vm-a", *records, age=400)
    assert compact(layout, lambda: unsettled_runs) == []
    assert (path.exists(), layout.archive.exists()) == (True, False)


def test_history_goes_on_when_a_segment_is_archived_meanwhile(layout):
    for name, run in (("vm-a", "r1"), ("vm-b", "r2")):
        segment(layout, name, started(run), ended(run), shown(run))
    events = history(layout)
    first = next(events)
    assert len(compact(layout, list)) == 2
    assert len([first, *events]) == 6


def test_where_nothing_is_old_the_journal_is_not_read(layout):
    """Each process of a hundred looks at the end of its first run."""
    segment(layout, "vm-a", started("r1"), ended("r1"), shown("r1"), age=29)

    def read():
        raise AssertionError("the journal was read")

    assert compact(layout, read) == []


def test_what_is_old_and_has_to_stay_is_looked_at_once_a_day(layout):
    """A run of another machine that nobody ends: else the end of every process would read the whole journal."""
    segment(layout, "vm-a", started("r1"), age=400)
    looks = []

    def unsettled():
        looks.append("look")
        return ["r1"] if len(looks) < 3 else []

    assert [compact(layout, unsettled) for _ in range(3)] == [[], [], []]
    assert looks == ["look"]
    for days, looked in ((2, 2), (-2, 3)):  # a clock that was set back
        lock = layout.active / ".compaction.lock"
        os.utime(lock, (lock.stat().st_mtime - days * 86_400,) * 2)
        compact(layout, unsettled)
        assert len(looks) == looked
    assert names(layout.journal) == []


def test_what_tells_of_a_run_that_stays_stays_too(layout, monkeypatch):
    """Without the record that a run was shown, it would be shown again."""
    monkeypatch.setattr(compaction, "LOOK_AGAIN_SECONDS", 0.0)
    segment(layout, "vm-a", started("r1"), ended("r1"), age=29)
    segment(layout, "vm-b", shown("r1"), started("r2"), ended("r2"))
    segment(layout, "vm-c", shown("r2"))
    assert compact(layout, lambda: unsettled(layout)) == []
    os.utime(layout.journal / "vm-a.jsonl", (1_000, 1_000))
    assert len(compact(layout, lambda: unsettled(layout))) == 3


def test_one_process_at_a_time(layout):
    """Another one that is at it is not waited for."""
    segment(layout, "vm-a", started("r1"), ended("r1"), shown("r1"))
    with compaction.try_lock(layout.active / ".compaction.lock"):
        assert compact(layout, list) == []
    assert len(compact(layout, list)) == 1


def test_who_ends_a_run_does_it(tmp_path):
    """Without being asked; the README keeps its rows, and the runs can be listed when they are asked for."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="agent-x")
    execution.start("first").complete()
    (first,) = execution.layout.journal.iterdir()
    old = first.rename(first.with_name("vm-aaaaaaaa-202602.jsonl"))
    os.utime(old, (1_000, 1_000))
    Execution(tmp_path / "execution", fsync=False, agent="agent-x").start("second").complete()
    assert (names(execution.layout.journal), names(execution.layout.archive / "journal")) == (
        [first.name],
        [".gitignore", f"{old.name}.gz"],
    )
    later = Execution(tmp_path / "execution", fsync=False, agent="agent-x")
    later.start("third").complete()
    text = later.layout.readme.read_text("utf-8")
    assert [text.count(f"| {name} | 20") for name in ("first", "second", "third")] == [1, 1, 1]
    assert [run.workflow for run in later.runs()] == ["third", "second"]
    assert [run.workflow for run in later.runs(everything=True)] == ["third", "second", "first"]


def test_a_live_process_goes_on_when_a_segment_goes(layout):
    """A run whose end it had not read before that is not open to it for ever."""
    segment(layout, "vm-a", started("r1"))
    journal = Journal(layout.journal, layout.checkpoint)
    assert list(journal.runs()) == ["r1"]
    segment(layout, "vm-a", started("r1"), ended("r1"), shown("r1"))
    assert len(compact(layout, list)) == 1
    segment(layout, "vm-b", started("r2"))
    assert list(journal.runs()) == ["r2"]


def test_a_checkpoint_from_before_the_end_of_an_archived_run_opens_it_not_again(layout, monkeypatch):
    """Or the next process would find the run without a process, and say that it has crashed."""
    monkeypatch.setattr(replay, "CHECKPOINT_BYTES", 1)
    segment(layout, "vm-a", started("r1"))
    journal = Journal(layout.journal, layout.checkpoint)
    journal.runs()
    journal.save()
    segment(layout, "vm-a", started("r1"), ended("r1"), shown("r1"))
    assert len(compact(layout, list)) == 1
    assert Journal(layout.journal, layout.checkpoint).runs() == {}
    assert {run: str(state.status) for run, state in all_runs(layout).items()} == {"r1": COMPLETE}


def traced(*inject):
    """The command that runs a script while some of its system calls are held up or fail."""
    if (
        not shutil.which("strace")
        or subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True).returncode
    ):
        pytest.skip("strace is not installed, or not permitted to trace here")
    return ["strace", "-f", "-o", "trace", *(word for it in inject for word in ("-e", it)), sys.executable, "script.py"]


WRITER = """\
from pathlib import Path
from irl_logging.storage.journal import Journal
journal = Journal(Path("execution/active/journal"))
journal.append({"event": "run.started", "run": "r1", "workflow": "w", "log": "logs/x.log"})
journal.append({"event": "step.started", "run": "r1", "step": "push"})
"""


def test_a_segment_that_goes_while_it_is_written_to(layout, clean_environment):
    """The writer finds out before it acknowledges, and writes again, with the start of the run."""
    command = traced("trace=fdatasync", "inject=fdatasync:delay_enter=1000000:when=2")
    (layout.root.parent / "script.py").write_text(WRITER)
    with subprocess.Popen(command, env=clean_environment) as writer:
        journal = Journal(layout.journal)
        while not (journal.segment.exists() and journal.segment.read_bytes().count(b"\n") == 2):
            assert writer.poll() is None
        journal.segment.unlink()
    assert Journal(layout.journal).runs()["r1"].steps == ("push",)


def test_what_is_written_between_the_copy_and_the_end_is_given_back(layout, clean_environment):
    """Somebody writes to a segment of last month while it is taken away."""
    (layout.root.parent / "script.py").write_text(KILLED)
    path = segment(layout, "vm-a", started("r1"), ended("r1"), shown("r1"))
    archived = layout.archive / "journal" / "vm-a.jsonl.gz"
    command = traced("trace=unlink", "inject=unlink:delay_enter=1000000")
    with path.open("ab") as late, subprocess.Popen(command, env=clean_environment) as compactor:
        while not archived.exists():
            assert compactor.poll() is None
        late.write(started("late"))
        late.flush()
    assert compactor.returncode == 0
    assert Journal(layout.journal).runs().keys() == {"late"}
    assert all_runs(layout).keys() == {"r1", "late"}


KILLED = """\
import sys
from pathlib import Path
from irl_logging.storage.compaction import compact
from irl_logging.storage.layout import Layout
import irl_logging.storage.locks, portalocker
compact(Layout(Path("execution")), list)
"""


@pytest.mark.parametrize("call", ["mkdir", "link", "rename", "fsync", "unlink"])
def test_a_kill_at_any_point_costs_nothing(layout, clean_environment, call):
    """Before each of these calls in turn: all events are there once, and the next process finishes the work."""
    runs = ["r1", "r2", "r3"]
    (layout.root.parent / "script.py").write_text(KILLED)
    for when in range(1, 30):
        shutil.rmtree(layout.archive, ignore_errors=True)
        segment(layout, "vm-a", started("r1"), ended("r1"), started("r2"))
        segment(layout, "vm-b", ended("r2"), shown("r1", "r2"), started("r3"), ended("r3"), shown("r3"))
        command = traced(f"trace={call}", f"inject={call}:signal=KILL:when={when}")
        killed = subprocess.run(command, env=clean_environment).returncode
        for _ in range(2):
            known = all_runs(layout)
            assert sorted(known) == runs
            assert {state.status for state in known.values()} == {COMPLETE}
            assert all(state.shown for state in known.values())
            compact(layout, list)
        assert names(layout.journal) == []
        assert names(layout.archive / "journal") == [".gitignore", "vm-a.jsonl.gz", "vm-b.jsonl.gz"]
        assert len(list(history(layout))) == 8
        if killed == 0:
            break
    else:
        pytest.fail("the work never came to its end")
    assert when > 1


def test_a_bomb_is_not_read_on(layout, capsys):
    """Much of nothing in a small file is no journal; what comes before it is read."""
    archive = layout.archive / "journal"
    archive.mkdir(parents=True)
    bomb = archive / "vm-a.jsonl.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as file:
        file.write(started("r1"))
        for _ in range(50):
            file.write(bytes(1 << 20))
    assert [event["run"] for event in history(layout)] == ["r1"]
    assert "is not read on after" in capsys.readouterr().err


@pytest.mark.parametrize("harm", ["cut", "flipped", "no gzip"])
def test_a_damaged_archive_is_read_as_far_as_it_goes(layout, capsys, harm):
    """And it is said; the journal behind it is read as well."""
    segment(layout, "vm-a", *(started(f"r{n}") + ended(f"r{n}") + shown(f"r{n}") for n in range(300)))
    (path,) = compact(layout, list)
    data = path.read_bytes()
    match harm:
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "flipped":
            path.write_bytes(data[:2_000] + bytes([data[2_000] ^ 255]) + data[2_001:])
        case "no gzip":
            path.write_bytes(json.dumps({"not": "gzip"}).encode())
    segment(layout, "vm-b", started("last"), age=0)
    assert [event["run"] for event in history(layout) if event.get("run")][-1] == "last"
    assert "is damaged and is read as far as possible" in capsys.readouterr().err
