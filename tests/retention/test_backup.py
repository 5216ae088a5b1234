"""Backups: whole under writers, checked to the byte, and never put outside or over what is there."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from irl_logging import ArchiveError, BusyError, ConfigurationError, Execution
from irl_logging.history import lines
from irl_logging.retention import backup as module
from irl_logging.retention.backup import backup, default_name, remove_older
from irl_logging.retention.restore import restore, verify
from irl_logging.retention.tarball import CONTENTS, Contents
from irl_logging.storage.locks import try_lock
from irl_logging.storage.rotation import Rotation
from irl_logging.storage.sink import LogFiles
from tests.retention.conftest import tree


def zstd_is_there():
    try:
        import zstandard  # noqa: F401 - only whether it is installed counts
    except ImportError:
        try:
            import compression.zstd  # noqa: F401 - as above
        except ImportError:
            return False
    return True


FORMATS = [
    "tar.gz",
    "tgz",
    pytest.param("tar.zst", marks=pytest.mark.skipif(not zstd_is_there(), reason="nothing here packs zstd")),
]


@pytest.fixture
def used(past):
    """A directory with a run, results, an archive, an empty directory and a file of a person."""
    with past.execution.start("deploy") as run:
        run.result(services=3)
        run.log("INFO", "build", "first\nsecond")
    past.put("archive/2026-01/deploy-2026-01-31-001.log.gz", "packed\n")
    past.put("state/quarantine-state.json", "{}\n")
    past.put("notes.md", "mine\n")
    return past


@pytest.mark.parametrize("ending", FORMATS)
def test_what_was_backed_up_comes_back(used, tmp_path, ending):
    target = tmp_path / f"b.{ending}"
    done = backup(used.execution.layout, target)
    assert target.stat().st_mode & 0o777 == 0o600
    contents = verify(target)
    assert (len(contents.files), sum(size for size, _ in contents.files.values())) == (done.files, done.size)
    restored, aside = restore(target, tmp_path / "there")
    assert (restored.files, aside) == (contents.files, None)
    assert tree(tmp_path / "there") == used.tree()
    for name in ("notes.md", "logs", "archive/2026-01/deploy-2026-01-31-001.log.gz"):
        ours, theirs = (used.root / name).stat(), (tmp_path / "there" / name).stat()
        assert (ours.st_mode, int(ours.st_mtime)) == (theirs.st_mode, int(theirs.st_mtime)), name
    (run,) = Execution(tmp_path / "there").runs()
    assert (run.workflow, run.status) == ("deploy", "✓ Complete")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"b.{ending}", "execution", "there"]


def test_what_only_a_running_machine_needs_is_left_out(used, tmp_path):
    run = used.execution.start("goes-on")
    for name in ("logs/a-2026-01-31.log.gz.part", "state/.a.json.0123.tmp", "active/.a.prev"):
        used.put(name)
    backup(used.execution.layout, tmp_path / "b.tgz")
    names = verify(tmp_path / "b.tgz").files
    kept = sorted(name for name in names if name.startswith("active/"))
    assert {name.split("/")[1] for name in kept} - {".projection.json"} == {".gitignore", "journal", "workflows.json"}
    assert not [name for name in names if name.endswith((".part", ".tmp", ".prev", ".lock"))]
    run.complete()


def test_links_are_left_out_and_said(used, tmp_path):
    (used.root / "logs" / "link.log").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(used.root / "pipe")
    assert backup(used.execution.layout, tmp_path / "b.tgz").left_out == ["logs/link.log", "pipe"]


def test_a_directory_that_stands_elsewhere_is_in_it(used, tmp_path):
    (used.root / "logs").rename(tmp_path / "disk")
    (used.root / "logs").symlink_to(tmp_path / "disk")
    backup(used.execution.layout, tmp_path / "b.tgz")
    assert [name for name in verify(tmp_path / "b.tgz").files if name.startswith("logs/deploy-")]


def test_logs_and_journal_end_with_a_line(used, tmp_path):
    """What a program is just writing is not in it."""
    (log,) = (used.root / "logs").glob("deploy-*.log")
    whole = log.read_bytes()
    journal = next((used.root / "active" / "journal").glob("*.jsonl"))
    records = journal.read_bytes()
    for path in (log, journal):
        with path.open("ab") as file:
            file.write(b"x" * 100_000)
    backup(used.execution.layout, tmp_path / "b.tgz")
    restore(tmp_path / "b.tgz", tmp_path / "there")
    assert (tmp_path / "there" / "logs" / log.name).read_bytes() == whole
    assert (tmp_path / "there" / "active" / "journal" / journal.name).read_bytes() == records


def test_of_a_rotated_log_the_newest_file_is_read_first(used, tmp_path):
    """Who writes goes from older files to newer ones; read the other way, lines in between would be missing."""
    stamps = ["20260131T000000.000000Z.gz", "20260131T000001.000000Z", "20260131T000002.000000Z"]
    for stamp in stamps:
        used.put(f"logs/a-2026-01-31-001.log.{stamp}")
    used.put("logs/a-2026-01-31-001.log")
    used.put("logs/a-2026-01-31-002.log")
    backup(used.execution.layout, tmp_path / "b.tgz")
    names = [name.removeprefix("logs/a-2026-01-31-") for name in verify(tmp_path / "b.tgz").files if "logs/a-" in name]
    assert names == ["001.log", *(f"001.log.{stamp}" for stamp in reversed(stamps)), "002.log"]


def test_a_part_of_the_journal_that_is_archived_meanwhile_is_in_it(used, tmp_path, monkeypatch):
    """It is in the archive before it is taken from the journal, so it is looked for there last."""
    layout = used.execution.layout
    segment = next(layout.journal.glob("*.jsonl"))
    real = module._below

    def below(start):
        if start == layout.journal:
            layout.journal_archive.mkdir(parents=True)
            (layout.journal_archive / f"{segment.name}.gz").write_bytes(gzip.compress(segment.read_bytes()))
            segment.unlink()
        return real(start)

    monkeypatch.setattr(module, "_below", below)
    backup(layout, tmp_path / "b.tgz")
    assert f"archive/journal/{segment.name}.gz" in verify(tmp_path / "b.tgz").files


def test_no_log_is_rotated_meanwhile(used, tmp_path, monkeypatch):
    """Who writes to a full one goes on."""
    log = LogFiles(rotation=Rotation(used.execution.layout.rotating, most=1)).get(
        used.root / "logs" / "a.log", str.encode
    )
    log.write(b"one\n", 1.0)
    real = module._add_all

    def add_all(*arguments):
        log.write(b"two\n", 2.0)
        real(*arguments)

    monkeypatch.setattr(module, "_add_all", add_all)
    backup(used.execution.layout, tmp_path / "b.tgz")
    assert log.path.read_bytes() == b"one\ntwo\n"
    log.write(b"three\n", 3.0)
    assert log.path.read_bytes() == b"three\n"


def test_the_journal_knows_what_the_readme_shows(tmp_path):
    """Programs start and end runs all the while: each run that a backup's README shows is in its journal."""
    execution = Execution(tmp_path / "execution", fsync=False)
    execution.start("first").complete()
    stop = threading.Event()

    def work():
        number = 0
        while not stop.is_set():
            number += 1
            with execution.start(f"work-{number}") as run:
                run.log("INFO", None, "x" * 200)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(5):
            backup(execution.layout, tmp_path / f"{number}.tgz")
    finally:
        stop.set()
        thread.join()
    for number in range(5):
        there = tmp_path / f"there-{number}"
        restore(tmp_path / f"{number}.tgz", there)
        restored = Execution(there)
        known = {run.workflow for run in restored.runs()}
        rows = [line.split(" | ")[0].removeprefix("| ") for line in (there / "README.md").read_text().splitlines()]
        shown = {row for row in rows if row.startswith("work-") or row == "first"}
        assert shown <= known
        for run in restored.runs():
            assert all(line.level for line in lines(restored.layout, run.log))


@pytest.mark.parametrize("name", ["b.zip", "b.tar", "b", "b.gz"])
def test_a_name_without_a_format_is_refused(used, tmp_path, name):
    with pytest.raises(ConfigurationError, match=r"ends in one of \.tar\.gz, \.tgz, \.tar\.zst"):
        backup(used.execution.layout, tmp_path / name)


def test_a_backup_is_not_put_into_itself_nor_over_another(used, tmp_path):
    with pytest.raises(ConfigurationError, match="is inside"):
        backup(used.execution.layout, used.root / "state" / "b.tgz")
    with pytest.raises(ConfigurationError, match=r"nowhere is not a directory: create it, or name another place"):
        backup(used.execution.layout, tmp_path / "nowhere" / "b.tgz")
    (tmp_path / "b.tgz").write_bytes(b"mine")
    with pytest.raises(ConfigurationError, match="already exists"):
        backup(used.execution.layout, tmp_path / "b.tgz")
    assert (tmp_path / "b.tgz").read_bytes() == b"mine"
    backup(used.execution.layout, tmp_path / "b.tgz", force=True)
    verify(tmp_path / "b.tgz")


def test_nothing_is_left_of_a_backup_that_failed(used, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.TarWriter, "close", fail)
    with pytest.raises(OSError, match="No space left"):
        backup(used.execution.layout, tmp_path / "b.tgz")
    assert [path.name for path in tmp_path.iterdir()] == ["execution"]


def test_it_waits_for_the_clean_up(used, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    with try_lock(used.execution.layout.retention_lock), pytest.raises(BusyError, match="irl clean was at work"):
        backup(used.execution.layout, tmp_path / "b.tgz")


def test_names_of_backups_and_how_many_are_kept(tmp_path):
    now = 1_770_511_645.0
    for number in range(3):
        default_name(tmp_path, now + number * 86_400).touch()
    default_name(tmp_path, now).touch()
    for other in ("execution-backup-mine.tar.gz", "other-2026-02-01.tar.gz"):
        (tmp_path / other).touch()
    removed = remove_older(tmp_path / "execution-backup-2026-02-10.tar.gz", 2)
    assert [path.name for path in removed] == [
        "execution-backup-2026-02-08.tar.gz",
        "execution-backup-2026-02-08T004725Z.tar.gz",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "execution-backup-2026-02-09.tar.gz",
        "execution-backup-2026-02-10.tar.gz",
        "execution-backup-mine.tar.gz",
        "other-2026-02-01.tar.gz",
    ]


def test_the_backup_that_was_just_made_is_not_the_one_that_goes(tmp_path):
    """Its name may sort before others: the third of a second, and one made after the clock was set back."""
    for name in ("2026-02-08", "2026-02-08T004725Z", "2026-02-09"):
        (tmp_path / f"execution-backup-{name}.tar.gz").touch()
    third = default_name(tmp_path, 1_770_511_645.0)
    third.touch()
    assert [path.name for path in remove_older(third, 2)] == [
        "execution-backup-2026-02-08.tar.gz",
        "execution-backup-2026-02-08T004725Z.tar.gz",
    ]
    assert remove_older(third, 1) == [tmp_path / "execution-backup-2026-02-09.tar.gz"]
    assert [path.name for path in tmp_path.iterdir()] == [third.name]


def test_backups_that_are_made_at_the_same_time_have_names_of_their_own(used, tmp_path):
    """None is written over another, however many `irl backup` a schedule starts at once."""
    (tmp_path / "there").mkdir()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: backup(used.execution.layout, tmp_path / "there").path, range(4)))
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == sorted({path.name for path in made})
    assert len(set(made)) == 4


def test_what_a_killed_backup_left_is_removed_by_the_next(used, tmp_path):
    """But not what another one is writing, nor files that are not ours."""
    left = tmp_path / ".execution-backup-2026-02-08.tar.gz.0badcafe.part"
    busy = tmp_path / ".execution-backup-2026-02-09.tar.gz.0badcafe.part"
    mine = tmp_path / ".thesis.tar.gz.0badcafe.part"
    for path in (left, busy, mine):
        path.write_bytes(b"unfinished")
    with try_lock(busy):
        backup(used.execution.layout, tmp_path)
    assert [path.exists() for path in (left, busy, mine)] == [False, True, True]


@pytest.mark.skipif(os.name == "nt", reason="a backslash is no part of a name there")
def test_a_file_of_any_name_comes_back(used, tmp_path):
    """What can be backed up can be restored, or the backup is none."""
    names = [b"a\\b.json", b"line\nfeed", b"no \xff utf-8", "é".encode() * 120, b"C:x", b" ", b"..x", b"\\..\\x"]
    for name in names:
        Path(os.fsdecode(bytes(used.root / "state") + b"/" + name)).write_bytes(name)
    backup(used.execution.layout, tmp_path / "b.tgz")
    restore(tmp_path / "b.tgz", tmp_path / "new")
    for name in names:
        assert Path(os.fsdecode(bytes(tmp_path / "new" / "state") + b"/" + name)).read_bytes() == name


# What is in the way of a restore


def test_a_directory_that_is_in_use_is_kept_beside(used, tmp_path):
    backup(used.execution.layout, tmp_path / "b.tgz")
    before = used.tree()
    (used.root / "notes.md").write_text("changed\n")
    with pytest.raises(ConfigurationError, match="is not empty"):
        restore(tmp_path / "b.tgz", used.root)
    assert (used.root / "notes.md").read_text() == "changed\n"
    _, aside = restore(tmp_path / "b.tgz", used.root, force=True)
    assert used.tree() == before
    assert (aside / "notes.md").read_text() == "changed\n"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux swaps two names in one step")
def test_there_is_a_directory_at_every_moment(used, tmp_path, run_python):
    """A kill between two renames would leave none, and a program that starts a run there would make an empty one."""
    backup(used.execution.layout, tmp_path / "b.tgz")
    watching = f"""
import sys
from pathlib import Path
from irl_logging.retention.restore import restore
target = Path({str(used.root)!r})
def told(event, arguments):
    if event == "os.rename":
        print(target.is_dir())
sys.addaudithook(told)
restore(Path("b.tgz"), target, force=True)
"""
    done = run_python(watching)
    assert (done.stdout.split(), done.stderr) == (["True"], "")


def test_a_directory_in_which_runs_go_on_is_not_replaced(used, tmp_path):
    backup(used.execution.layout, tmp_path / "b.tgz")
    run = used.execution.start("deploy")
    with pytest.raises(BusyError, match=f"1 run open in .*{run.id}"):
        restore(tmp_path / "b.tgz", used.root, force=True)
    run.complete()


def test_an_empty_directory_is_taken(used, tmp_path):
    backup(used.execution.layout, tmp_path / "b.tgz")
    (tmp_path / "there").mkdir()
    restore(tmp_path / "b.tgz", tmp_path / "there")
    assert (tmp_path / "there" / "notes.md").exists()


# What a backup may not be


def tar_of(members, contents=None):
    """Return a backup with these (name, data or TarInfo) in it, and contents that fit unless others are given."""
    found, raw = Contents("2026-02-08T00:47:25Z"), io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, data in members:
            info = data if isinstance(data, tarfile.TarInfo) else tarfile.TarInfo(name)
            if isinstance(data, bytes):
                info.size = len(data)
                found.files[name.removeprefix("execution/")] = (
                    len(data),
                    hashlib.sha256(data).hexdigest(),
                )
            tar.addfile(info, io.BytesIO(data) if isinstance(data, bytes) else None)
        if contents is not False:
            info = tarfile.TarInfo(CONTENTS)
            data = found.encode() if contents is None else contents
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue())


def link(name, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize(
    "member",
    [
        ("/etc/cron.d/x", b"x"),
        ("execution/../x", b"x"),
        ("execution/logs/../../x", b"x"),
        ("execution//x", b"x"),
        ("execution/./x", b"x"),
        ("other/x", b"x"),
        ("executionx", b"x"),
        ("execution/x", link("execution/x", tarfile.SYMTYPE)),
        ("execution/x", link("execution/x", tarfile.LNKTYPE)),
        ("execution/x", link("execution/x", tarfile.FIFOTYPE)),
        ("execution/x", link("execution/x", tarfile.CHRTYPE)),
    ],
)
def test_nothing_goes_outside_and_nothing_but_files(tmp_path, member):
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/README.md", b"fine"), member]))
    with pytest.raises(ArchiveError, match="which no backup of ours does"):
        verify(tmp_path / "b.tgz")
    with pytest.raises(ArchiveError, match="which no backup of ours does"):
        restore(tmp_path / "b.tgz", tmp_path / "in" / "there")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["b.tgz", "in"]


def test_a_file_that_stands_in_it_twice(tmp_path):
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/a", b"one"), ("execution/a", b"two")]))
    with pytest.raises(ArchiveError, match="holds 'execution/a' twice"):
        restore(tmp_path / "b.tgz", tmp_path / "there")


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        ({"a": (3, "00")}, "a was changed"),
        ({}, "a does not belong to it"),
        ({"a": None, "b": (1, "00")}, "b is missing"),
    ],
)
def test_what_differs_is_named(tmp_path, contents, message):
    good = {"a": (3, hashlib.sha256(b"one").hexdigest())}
    files = {
        name: {"size": size, "sha256": sha}
        for name, (size, sha) in {k: v or good[k] for k, v in contents.items()}.items()
    }
    data = json.dumps({"version": 1, "made": "", "files": files}).encode()
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/a", b"one")], data))
    with pytest.raises(ArchiveError, match=f"the backup was altered or is damaged: {message}"):
        restore(tmp_path / "b.tgz", tmp_path / "there")
    assert not (tmp_path / "there").exists()


@pytest.mark.parametrize("contents", [b"", b"[]", b'{"version": 2}', b'{"version": 1, "made": "", "files": {"a": 1}}'])
def test_contents_that_say_something_else(tmp_path, contents):
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/a", b"one")], contents))
    with pytest.raises(ArchiveError, match=CONTENTS):
        verify(tmp_path / "b.tgz")


def test_an_ordinary_tar_is_no_backup(tmp_path):
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/a", b"one")], False))
    with pytest.raises(ArchiveError, match="it was cut off, or irl backup did not make it"):
        verify(tmp_path / "b.tgz")


def test_each_cut_and_each_flipped_byte_is_found(used, tmp_path):
    """At some forty places over the whole file; a bit that unpacking does not look at changes nothing, and may pass."""
    backup(used.execution.layout, tmp_path / "b.tgz")
    data = (tmp_path / "b.tgz").read_bytes()
    whole = gzip.decompress(data)
    found = 0
    for at in range(10, len(data), len(data) // 20):
        (tmp_path / "bad.tgz").write_bytes(data[:at])
        with pytest.raises(ArchiveError):
            verify(tmp_path / "bad.tgz")
        flipped = bytearray(data)
        flipped[at] ^= 0x10
        (tmp_path / "bad.tgz").write_bytes(flipped)
        try:
            restore(tmp_path / "bad.tgz", tmp_path / "there")
        except ArchiveError:
            found += 1
            assert not (tmp_path / "there").exists()
        else:
            assert gzip.decompress(flipped) == whole
            shutil.rmtree(tmp_path / "there")
    assert found > 15


def test_a_bomb_is_refused(tmp_path):
    (tmp_path / "b.tgz").write_bytes(tar_of([("execution/a", bytes(64 << 20))]))
    with pytest.raises(ArchiveError, match="for each packed one"):
        verify(tmp_path / "b.tgz")


def test_the_time_of_a_backup_of_many_files(used, tmp_path):
    """A thousand logs in a few seconds of the processor's time."""
    for number in range(1_000):
        used.put(f"logs/deploy-2026-01-31-{number + 1:03d}.log", f"{number}\n" * 50)
    before = time.process_time()
    done = backup(used.execution.layout, tmp_path / "b.tgz")
    verify(tmp_path / "b.tgz")
    assert done.files > 1_000
    assert time.process_time() - before < 5
