"""The manifest on disk: published whole, shared, put off when that is safer, and never at the cost of what others wrote."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import threading
import time

import pytest

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest import store as store_module
from irl_logging.manifest.document import SharedDocument
from irl_logging.manifest.template import template
from irl_logging.storage import files, locks

NONE, NONE_YET = "| _(none)_ | - | - | - | - |", "| _(none yet)_ | - | - | - | - |"
RUNNING = "| deploy | 2026-02-08T00:45:00Z | Running | logs/deploy-2026-02-08-001.log | agent-x |"
DONE = "| deploy | 2026-02-08T00:50:00Z | ✓ Complete | - | agent-x |"


def test_a_run_comes_and_goes(directory, run):
    store = directory.store()
    directory.add(run())
    assert store.update()
    assert directory.rows() == [RUNNING, NONE_YET]
    directory.end(run())
    assert store.update()
    assert directory.rows() == [NONE, DONE]
    assert directory.marked == [("run-1",)]
    assert store.deferred is None


def test_nothing_but_the_readme_stands_beside_the_readme(directory, run):
    store = directory.store()
    for number in range(5):
        directory.add(run(number))
        store.update()
    assert sorted(path.name for path in directory.root.iterdir()) == ["README.md", "active"]
    others = [path.name for path in (directory.root / "active").iterdir() if not path.name.endswith(".prev")]
    assert sorted(others) == [".manifest.lock", ".projection.json", "workflows.json"]
    assert len(list((directory.root / "active").glob(".*.prev"))) <= 2


@pytest.mark.parametrize("work", ["sync", "edit"])
def test_who_waits_for_the_lock_looks_again_too(directory, run, work):
    """A run that starts while somebody else syncs or edits is turned away, and goes on: its row comes all the same."""
    store, other = directory.store(position=lambda: len(directory.runs)), directory.store()

    def start(*_):
        if "run-2" not in directory.runs:
            directory.add(run(2))
            assert other.update()

    directory.add(run(1))
    if work == "sync":
        directory.end(run(1))
        store = directory.store(position=store._position, mark_shown=lambda ids: (directory.mark(ids), start()))
        store.sync()
    else:
        store.edit(lambda document: start() or document + b"more\n")
    assert RUNNING.replace("-001", "-002") in directory.rows()


def test_no_change_no_write(directory, run):
    store = directory.store()
    directory.add(run())
    store.update()
    before = directory.readme.stat(), (directory.root / "active" / "workflows.json").stat()
    assert store.update()
    store.sync()
    store.sync(reassert=True)
    assert (directory.readme.stat(), (directory.root / "active" / "workflows.json").stat()) == before


def test_workflows_json_says_what_runs_now(directory, run):
    store = directory.store()
    directory.add(run(1, pid=42, host="h", steps=("list", "approve")), run(2, ended="00:50:00"))
    store.update()
    document = json.loads((directory.root / "active" / "workflows.json").read_bytes())
    assert document["version"] == 1
    assert document["updated"].endswith("Z")
    assert document["workflows"] == [
        {
            "run": "run-1",
            "workflow": "deploy",
            "title": "deploy",
            "agent": "agent-x",
            "started": "2026-02-08T00:45:00.123456Z",
            "status": "Running",
            "step": "approve",
            "log": "logs/deploy-2026-02-08-001.log",
            "pid": 42,
            "host": "h",
            "parent": None,
            "fields": {},
        }
    ]


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 1}', b'{"version": 9, "workflows": []}'])
def test_a_damaged_workflows_json_is_written_anew(directory, damage):
    store = directory.store()
    (directory.root / "active" / "workflows.json").write_bytes(damage)
    store.update()
    assert json.loads((directory.root / "active" / "workflows.json").read_bytes())["workflows"] == []


def test_mode_and_attributes_stay(directory, run):
    directory.readme.chmod(0o604)
    try:
        os.setxattr(directory.readme, "user.origin", b"by hand")
    except OSError:
        pytest.skip("this file system has no user attributes")
    directory.add(run())
    assert directory.store(durable=True).update()
    assert directory.rows()[0] == RUNNING
    assert stat.S_IMODE(directory.readme.stat().st_mode) == 0o604
    assert os.getxattr(directory.readme, "user.origin") == b"by hand"


def test_a_symbolic_link_stays_and_its_target_is_edited(directory, run, tmp_path):
    target = tmp_path / "docs" / "MANIFEST.md"
    target.parent.mkdir()
    directory.readme.rename(target)
    directory.readme.symlink_to(os.path.relpath(target, directory.root))
    directory.add(run())
    assert directory.store().update()
    assert directory.readme.is_symlink()
    assert RUNNING in target.read_text()
    assert [path.name for path in target.parent.iterdir()] == ["MANIFEST.md"]


def test_none_comes_back_as_it_stood_in_another_process(directory, run):
    directory.readme.write_bytes(
        template().replace(NONE.encode(), b"|  nothing\t|".replace(b"nothing", b"_none_") + b"|" * 4)
    )
    before = directory.readme.read_bytes()
    directory.add(run())
    directory.store().update()
    assert directory.readme.read_bytes() != before
    directory.end(run())
    directory.store(completed_rows=None).update()
    assert b"|  _none_\t|||||\n" in directory.readme.read_bytes()


# --- combining --------------------------------------------------------------------------------------------------------


def test_nobody_waits_and_who_holds_the_lock_shows_everything(directory, run):
    store = directory.store(position=lambda: len(directory.runs))
    lock = locks.try_lock(directory.root / "active" / ".manifest.lock")
    directory.add(run())
    began = time.monotonic()
    assert store.update()
    assert time.monotonic() - began < 5  # a wait would be of ten seconds, or for ever
    assert directory.rows() == [NONE, NONE_YET]
    lock.release()
    directory.add(run(2))
    assert store.update()
    assert directory.rows() == [RUNNING, RUNNING.replace("001", "002"), NONE_YET]


def test_what_is_journaled_while_one_publishes_is_shown_by_that_one(directory, run):
    """The second run's process finds the lock held and goes away; the first one's looks again."""
    other = directory.store(position=lambda: len(directory.runs))
    answers = []

    def runs():
        if len(directory.runs) == 1:
            answer = list(directory.runs.values())
            directory.add(run(2))
            answers.append(other.update())
            return answer
        return list(directory.runs.values())

    directory.add(run())
    first = store_module.ManifestStore(
        directory.root, runs=runs, mark_shown=directory.mark, position=lambda: len(directory.runs), durable=False
    )
    assert first.update()
    assert answers == [True]
    assert directory.rows() == [RUNNING, RUNNING.replace("001", "002"), NONE_YET]


def test_sync_waits_for_the_lock_up_to_the_limit(directory, run):
    store = directory.store()
    directory.add(run())
    lock = locks.try_lock(directory.root / "active" / ".manifest.lock")
    with pytest.raises(ManifestDeferred, match="was being edited by others"):
        store.sync(0.05)
    assert "edited by others" in store.deferred
    threading.Timer(0.05, lock.release).start()
    store.sync(20)
    assert directory.rows() == [RUNNING, NONE_YET]
    assert store.deferred is None


def test_marking_that_fails_is_put_off_and_doubles_nothing(directory, run):
    directory.add(run(ended="00:50:00"))

    def fail(_ids):
        raise OSError("no space")

    store = directory.store(mark_shown=fail)
    assert not store.update()
    assert "no space" in store.deferred
    assert directory.store().update()
    assert directory.rows() == [NONE, DONE]
    assert directory.marked == [("run-1",)]


# --- put off ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "execution/README.md has no heading 'Active Workflows': put it back, with the table under it"),
        (b"<<<<<<< ours\n" + template(), "execution/README.md has a conflict marker at line 1: resolve the merge"),
        (template() * 2, "execution/README.md has more than one table under 'Active Workflows' (lines 111, 408)"),
    ],
)
def test_a_document_that_is_not_to_be_understood_is_left_alone_and_done_later(directory, run, data, reason):
    directory.readme.write_bytes(data)
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred.startswith(reason)
    with pytest.raises(ManifestDeferred) as caught:
        store.sync(0)
    assert str(caught.value).startswith(reason)
    assert directory.readme.read_bytes() == data
    assert len(json.loads((directory.root / "active" / "workflows.json").read_bytes())["workflows"]) == 1
    directory.readme.write_bytes(template())
    assert store.update()
    assert directory.rows() == [RUNNING, NONE_YET]


def test_a_missing_readme_is_not_invented(directory, run):
    directory.readme.unlink()
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred == "execution/README.md does not exist: `irl init` creates it"
    assert not directory.readme.exists()


def test_a_readme_that_is_gone_for_a_moment_is_waited_for(directory, run):
    aside = directory.root / "aside"
    directory.readme.rename(aside)
    threading.Timer(0.03, lambda: aside.rename(directory.readme)).start()
    directory.add(run())
    directory.store().sync(20)
    assert directory.rows() == [RUNNING, NONE_YET]


@pytest.mark.parametrize("make", [lambda path: path.mkdir(), os.mkfifo], ids=["directory", "fifo"])
def test_what_is_no_regular_file_is_left_alone(directory, run, make):
    directory.readme.unlink()
    make(directory.readme)
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred == "execution/README.md is not a regular file"


def test_a_huge_file_is_left_alone(directory, run):
    with directory.readme.open("ab") as file:
        file.truncate(33 * 1024 * 1024)
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred == "execution/README.md has 34603008 bytes: more than 33554432 are not edited"


def test_while_git_is_at_work_the_readme_is_left_alone(directory, run, tmp_path):
    lock = tmp_path / ".git" / "index.lock"
    lock.parent.mkdir()
    lock.touch()
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred == f"execution/README.md is left alone while git is at work: {lock} exists"
    os.utime(lock, (time.time() - 60,) * 2)  # left behind by a git that was killed
    assert store.update()
    assert directory.rows() == [RUNNING, NONE_YET]


def test_the_git_directory_of_a_worktree_is_found(directory, run, tmp_path):
    (tmp_path / "gitdir").mkdir()
    (tmp_path / ".git").write_text(f"gitdir: {tmp_path / 'gitdir'}\n")
    (tmp_path / "gitdir" / "index.lock").touch()
    directory.add(run())
    assert not directory.store().update()


def test_a_read_only_readme_is_left_alone(directory, run):
    directory.readme.chmod(0o444)
    if os.access(directory.readme, os.W_OK):
        pytest.skip("this user may write to read-only files")
    directory.add(run())
    store = directory.store()
    assert not store.update()
    assert store.deferred == "execution/README.md is read-only"


def test_what_cannot_be_published_is_named_as_people_know_it(tmp_path):
    """Not by a temporary file, whose name is too long here."""
    path = tmp_path / ("x" * 235) / "README.md"
    path.parent.mkdir()
    path.write_bytes(template())
    document = SharedDocument(path, path.parent)
    with pytest.raises(OSError, match=f": '{path}'$"):
        document.replace(document.read(), b"# Other\n")
    assert [it.name for it in path.parent.iterdir()] == ["README.md"]


def test_a_missing_execution_directory_is_put_off(tmp_path):
    store = store_module.ManifestStore(tmp_path / "gone", runs=list, mark_shown=lambda _: None)
    assert not store.update()
    assert "gone" in store.deferred


# --- what others wrote ------------------------------------------------------------------------------------------------


def test_rows_that_a_checkout_took_away_come_back(directory, run):
    store = directory.store()
    now = time.time()
    recent = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(now - 60))
    older = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(now - 1800))
    directory.add(run(1), run(2, ended=recent), run(3, ended=older, agent="old"))
    store.update()
    assert len(directory.rows()) == 3
    directory.readme.write_bytes(template())
    store.update()
    assert directory.rows() == [RUNNING, f"| deploy | {recent[:19]}Z | ✓ Complete | - | agent-x |"]
    store.sync(reassert=True)
    assert len(directory.rows()) == 3


def test_a_row_that_nobody_touched_is_not_looked_for_again(directory, run):
    """Only a foreign change makes rows come back: else the archive would be asked for each of them each time."""
    recent = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime())
    store = directory.store(completed_rows=0)
    directory.add(run(1, ended=recent))
    store.update()
    (path,) = directory.root.glob("archive/*/README.md")
    path.write_bytes(b"# cleared\n")
    directory.add(run(2))
    store.update()
    assert path.read_bytes() == b"# cleared\n"


def test_a_change_between_reading_and_swapping_is_kept_and_the_edit_done_on_top(directory, run, monkeypatch):
    exchange, edits = files.exchange, []

    def edited_first(first, second):
        if not edits:
            edits.append(1)
            text = first.read_bytes().replace(b"## Purpose", b"## Purpose\n\nOne word more.")
            other = first.with_name("other")
            other.write_bytes(text)
            other.rename(first)
        return exchange(first, second)

    monkeypatch.setattr(files, "exchange", edited_first)
    directory.add(run())
    assert directory.store().update()
    assert "One word more." in directory.readme.read_text()
    assert directory.rows() == [RUNNING, NONE_YET]
    assert not list(directory.root.glob("*foreign*"))


def test_a_change_that_is_seen_in_time_is_never_swapped_out(directory, run, monkeypatch):
    """Who reads while the swap is undone would read a README without the change."""
    write, exchange, edits, swaps = files.write_temporary, files.exchange, [], []

    def edited_first(path, data, **options):
        if not edits:
            edits.append(1)
            directory.readme.write_bytes(directory.readme.read_bytes() + b"\nOne word more.\n")
        return write(path, data, **options)

    monkeypatch.setattr(files, "write_temporary", edited_first)
    monkeypatch.setattr(files, "exchange", lambda *names: swaps.append(names[0].name) or exchange(*names))
    directory.add(run())
    assert directory.store().update()
    assert swaps.count("README.md") == 1
    assert directory.readme.read_text().endswith("One word more.\n")
    assert directory.rows() == [RUNNING, NONE_YET]


def test_an_editor_that_has_the_file_open_is_waited_for(directory, run):
    store = directory.store()
    directory.add(run())
    with directory.readme.open("ab", buffering=0) as editor:
        done = store.update()
        if done:
            pytest.skip("this system does not say who has a file open")
        assert store.deferred == "execution/README.md is constantly being written by another program"
        editor.write(b"\nOne word more.\n")
    assert store.update()
    assert directory.readme.read_text().endswith("One word more.\n")
    assert directory.rows() == [RUNNING, NONE_YET]


@pytest.mark.parametrize("later", ["same", "changed"])
def test_what_is_written_to_the_file_that_was_taken_out_is_not_lost(directory, run, later):
    store = directory.store()
    directory.add(run())
    store.update()
    (aside,) = (directory.root / "active").glob(".*.prev")
    with aside.open("ab") as file:  # as an editor does that had it open
        file.write(b"\nOne word more.\n")
    if later == "changed":
        with directory.readme.open("ab") as file:
            file.write(b"\nAnother word.\n")
    store.update()
    kept = list(directory.root.glob("README.md.foreign-*"))
    assert directory.rows() == [RUNNING, NONE_YET]
    if later == "same":
        assert directory.readme.read_text().endswith("One word more.\n")
        assert kept == []
    else:
        assert directory.readme.read_text().endswith("Another word.\n")
        assert kept[0].read_text().endswith("One word more.\n")
        assert store.notices == [
            f"README.md was changed by two others at once: the text of one is kept as {kept[0].name}"
        ]


def test_where_names_cannot_be_swapped_the_same_is_done_in_steps(directory, run, monkeypatch):
    monkeypatch.setattr(files, "exchange", lambda _first, _second: False)
    store = directory.store()
    directory.add(run())
    assert store.update()
    assert directory.rows() == [RUNNING, NONE_YET]
    directory.end(run())
    assert store.update()
    assert directory.rows() == [NONE, DONE]
    assert sorted(path.name for path in directory.root.iterdir()) == ["README.md", "active"]


def test_the_diff_that_git_shows_is_the_rows(directory, run, tmp_path):
    def git(*arguments: str) -> str:
        options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
        done = subprocess.run(["git", *options, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout

    git("init", "-q")
    git("add", "execution/README.md")
    git("commit", "-q", "-m", "start")
    directory.add(run())
    directory.store().update()
    changed = [line for line in git("diff", "-U0").splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]
    assert changed == [f"-{NONE}", f"+{RUNNING}"]


# --- the archive ------------------------------------------------------------------------------------------------------


def test_rows_over_the_limit_are_in_the_archive_and_nowhere_else(directory, run):
    store = directory.store(completed_rows=50)
    for number in range(120):
        directory.add(run(number, ended=f"{number // 60:02}:{number % 60:02}:00"))
        store.update()
    kept = [row for row in directory.rows() if "✓ Complete" in row]
    assert len(kept) == 50
    archived = (directory.root / "archive" / "2026-02" / "README.md").read_text().splitlines()[6:]
    assert len(archived) == 70
    assert [row.split(" | ")[1] for row in kept + archived] == [
        f"2026-02-08T{number // 60:02}:{number % 60:02}:00Z" for number in range(119, -1, -1)
    ]
    assert directory.readme.read_text().count("Older runs:") == 1


def test_alike_rows_are_archived_as_often_as_they_were(directory, run):
    for number in range(0, 30, 3):
        directory.add(*(run(n, ended="00:50:00") for n in range(number, number + 3)))
        directory.store(completed_rows=5).update()
    archive = (directory.root / "archive" / "2026-02" / "README.md").read_text()
    assert (directory.readme.read_text().count(DONE), archive.count(DONE)) == (5, 25)


def test_a_crash_between_archive_and_readme_doubles_nothing(directory, run, monkeypatch):
    directory.add(*(run(n, ended="00:50:00") for n in range(20)))
    with monkeypatch.context() as patch:
        patch.setattr("irl_logging.manifest.document.SharedDocument.replace", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            directory.store(completed_rows=5).update()
    archive = directory.root / "archive" / "2026-02" / "README.md"
    assert archive.read_text().count(DONE) == 15
    directory.store(completed_rows=5).update()
    assert (directory.readme.read_text().count(DONE), archive.read_text().count(DONE)) == (5, 15)
    directory.runs = {run.id: run for run in (run(n, ended="00:50:00") for n in range(20))}  # shown was not recorded
    directory.store(completed_rows=5).update()
    assert (directory.readme.read_text().count(DONE), archive.read_text().count(DONE)) == (5, 15)


def test_only_the_runs_that_ended_last_wait_for_a_readme_that_is_gone(directory, run):
    """Every process reads all that wait; somebody who takes the README away for good may have a million runs."""
    store = directory.store()
    directory.readme.unlink()
    directory.add(
        *(run(number, ended=f"01:{number // 60:02d}:{number % 60:02d}") for number in range(500)), run("open")
    )
    assert not store.update()
    assert directory.marked == []
    directory.add(run(500, ended="02:00:00"))
    assert not store.update()
    assert directory.marked == [tuple(f"run-{number}" for number in range(251))]
    directory.readme.write_bytes(template())
    assert store.update()
    assert directory.marked[1] == tuple(f"run-{number}" for number in range(251, 501))
    assert any("Running" in row for row in directory.rows())
    store.sync(reassert=True)
    shown = "".join(path.read_text("utf-8") for path in directory.root.rglob("README.md"))
    assert shown.count("Z | ✓ Complete | - | agent-x |") == 501


def test_runs_wait_for_a_readme_that_is_there(directory, run):
    """Conflict markers go, and then all that ended meanwhile is to be read there, however much it is."""
    store = directory.store()
    directory.readme.write_bytes(b"<<<<<<< ours\n" + template())
    directory.add(*(run(number, ended="01:00:00") for number in range(501)))
    assert not store.update()
    assert directory.marked == []
