"""Looking at the manifest without writing."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading

import pytest

from irl_logging import Execution
from irl_logging.checking import Check, check
from irl_logging.manifest.template import template
from irl_logging.storage.events import decode, encode


@pytest.fixture
def execution(tmp_path) -> Execution:
    """An execution directory in which one run has ended."""
    opened = Execution(tmp_path / "execution")
    opened.start("deploy", agent="me").complete()
    return opened


def looked(execution: Execution, **options) -> Check:
    """Check at once."""
    return check(execution.layout, **{"completed_rows": 50, "patience": 0, **options})


def said(execution: Execution, **options) -> list[str]:
    """The differences; times, ids and lines are not what they are about."""
    found = [str(it) for it in looked(execution, **options).differences]
    return [re.sub(r"\d{4}-\d\d-\d\dT\S+Z|\d{8}T\d{6}Z-[0-9a-f]{8}|(?<=md:)\d+", "_", it) for it in found]


def edit(execution: Execution, old: str, new: str, count: int = -1) -> None:
    """Change the README as a person does."""
    text = execution.layout.readme.read_text("utf-8")
    assert re.search(old, text)
    execution.layout.readme.write_text(re.sub(old, new, text, count=max(count, 0)), "utf-8")


ROW = r"\| deploy \| 2\d{3}-(?!02-08).*\n"


def test_all_is_right(execution):
    run = execution.start("approve")
    assert looked(execution) == Check((), journal=True, running=1, ended=1)
    run.complete()


def test_nothing_is_written(execution, tmp_path):
    """Not even where something is wrong."""
    edit(execution, ROW, "")
    (execution.layout.active / "workflows.json").unlink()

    def state():
        return {path: (path.lstat().st_mtime_ns, path.lstat().st_size) for path in tmp_path.rglob("*")}

    before = state()
    assert len(said(execution)) == 2
    assert state() == before


def test_rows_that_are_missing_stale_or_not_right(execution):
    run = execution.start("approve", agent="me")
    stale = "| old | 2026-01-01T00:00:00Z | Running | logs/old.log | me |\n"
    edit(execution, ROW, "")
    edit(execution, r"\| approve \| 2.*\n", lambda found: found[0].replace("Running", "⚠️ Stale") + stale)
    assert said(execution) == [
        "README.md:_: row differs: approve, _: status is '⚠️ Stale', should be 'Running'",
        "README.md:_: row missing: deploy, _ should be in Completed Workflows",
        "README.md:_: dead link: logs/old.log does not exist",
    ]
    run.complete()


def test_more_rows_than_stay_say_nothing_that_is_not_so(execution):
    """A merge brings them together; whoever shows the next run archives them."""
    execution.start("approve", agent="me").complete()
    assert said(execution, completed_rows=1) == []
    edit(execution, ROW, "")
    assert said(execution, completed_rows=2) == ["README.md:_: row missing: deploy, _ should be in Completed Workflows"]


def test_the_end_of_a_run_that_the_readme_has_not_seen(execution):
    run = execution.start("approve", agent="me")
    before = execution.layout.readme.read_bytes()
    run.complete()
    execution.layout.readme.write_bytes(before)
    assert said(execution) == [
        "README.md:_: stale row: approve, _ should not be in Active Workflows",
        "README.md:_: row missing: approve, _ should be in Completed Workflows",
    ]


def test_rows_taken_away_long_ago_are_meant_unless_all_are_asked_for(execution):
    segment = next(execution.layout.journal.iterdir())
    moved = Execution(execution.layout.root.parent / "then/execution")
    moved.layout.create()
    moved.layout.readme.write_bytes(template())
    (moved.layout.active / "workflows.json").write_text('{"version": 1, "workflows": []}')
    events = [decode(line) for line in segment.read_bytes().splitlines()]
    for event in events:
        event["time"] = event["time"].replace(event["time"][:4], "2025")
    (moved.layout.journal / segment.name).write_bytes(b"".join(encode(event) for event in events))
    assert said(moved) == []
    assert said(moved, everything=True) == ["README.md:_: row missing: deploy, _ should be in Completed Workflows"]


def test_a_dead_run(execution, run_python):
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('long', agent='me')\nos._exit(9)")
    assert said(execution) == ["README.md: stale row: long, _ is no longer running: its process is gone"]
    assert looked(execution).running == 1  # it is only looked at


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "it does not exist"),
        (b"{", "it cannot be read"),
        (b'{"version": 1, "workflows": []}', "_ is missing"),
        (b'{"version": 1, "workflows": [{"run": "gone"}]}', "_ is missing, gone has ended"),
    ],
)
def test_workflows_json(execution, content, expected):
    run = execution.start("approve")
    path = execution.layout.active / "workflows.json"
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    assert said(execution) == [f"active/workflows.json: out of date: {expected}"]
    run.complete()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "it does not exist: `irl init` creates it"),
        (b"<<<<<<< ours\n", "it has a conflict marker at line 1: resolve the merge"),
        (b"# Empty\n", "it has no heading 'Active Workflows': put it back, with the table under it"),
    ],
)
def test_a_readme_that_cannot_be_read(execution, content, expected):
    execution.layout.readme.unlink()
    if content is not None:
        execution.layout.readme.write_bytes(content)
    assert said(execution) == [f"README.md: not readable: {expected}"]


def test_what_a_row_names_has_to_be_there(execution):
    execution.layout.archive.joinpath("2026-02").mkdir(parents=True)
    (execution.layout.archive / "2026-02/old [1].json.gz").write_bytes(b"")
    (execution.layout.results / "here.json").write_bytes(b"{}")
    rows = [
        f"| w | 2026-01-01T00:00:0{at}Z | ✓ Complete | {results} | me |\n"
        for at, results in enumerate(
            [
                "results/gone.json",
                "results/here.json",
                "8 approved",
                "results/old&#32;&#91;1&#93;.json",
                "results/../../x",
            ]
        )
    ]
    edit(execution, ROW, lambda found: found[0] + "".join(rows))
    assert said(execution) == ["README.md:_: dead link: results/gone.json does not exist"]
    (execution.layout.archive / "2026-02/gone.json.gz").write_bytes(b"")
    assert said(execution) == [
        "README.md:_: dead link: results/gone.json was archived: write archive/2026-02/gone.json.gz instead"
    ]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_fresh_clone(execution, tmp_path):
    """There is no journal, and no log where git leaves logs out."""
    execution.start("approve").complete()
    (tmp_path / ".gitignore").write_text("*.log\n")
    row = "| w | 2026-01-01T00:00:00Z | Running | logs/w.log | me |\n"
    edit(execution, r"\| _\(none\)_ .*\n", row, 1)
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=s", "-c", "user.email=s@example.org", "commit", "-qm", "Log"],
        ["clone", "-q", ".", "clone"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    clone = Execution(tmp_path / "clone/execution")
    assert looked(clone) == Check((), journal=False)
    (tmp_path / "clone/.gitignore").unlink()
    (clone.layout.active / "workflows.json").write_text("[]")
    assert said(clone) == [
        "README.md:_: dead link: logs/w.log does not exist",
        "active/workflows.json: not readable: it is not a JSON list of workflows",
    ]


def test_what_is_written_meanwhile_is_waited_for(execution):
    """A run that has started and whose row is about to come is no difference."""
    edit(execution, ROW, "")
    mending = threading.Timer(0.1, execution.sync)
    mending.start()
    assert looked(execution, patience=30).differences == ()
    mending.join()


def test_runs_that_were_forgotten_are_put_back_with_all_others(execution, monkeypatch):
    """What ended long ago and was shown is not kept in memory; the journal has it."""
    monkeypatch.setattr("irl_logging.storage.replay.KEPT_RUNS", 1)
    for name in ("one", "two", "three"):
        execution.start(name, agent="me").complete()
    edit(execution, ROW, "")
    Execution(execution.layout.root).sync(everything=True)
    assert said(execution, everything=True) == []
    assert re.search(ROW, execution.layout.readme.read_text("utf-8"))
