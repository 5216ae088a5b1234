"""What `irl clean` moves, removes and leaves; that it can be killed anywhere; and that the README stays right."""

from __future__ import annotations

import gzip
import math
import os
import shutil
import threading
import time

import pytest

from irl_logging import BusyError, Execution
from irl_logging.history import lines
from irl_logging.manifest.template import template
from irl_logging.retention import cleaning, packing
from irl_logging.retention.cleaning import DAY, clean
from irl_logging.storage.events import decode, encode
from irl_logging.storage.locks import try_lock
from irl_logging.storage.rotation import set_aside
from irl_logging.storage.trail import locked


def unpacked(path):
    return gzip.decompress(path.read_bytes())


def test_old_logs_are_packed_into_the_month_of_their_name(past):
    old = past.put("logs/deploy-2026-01-31-001.log", "old\n", 31)
    stamp = old.stat()
    past.put("logs/deploy-2026-02-08-001.log", "young\n", 29)
    done = clean(past.execution)
    assert done.archived == {"logs/deploy-2026-01-31-001.log": "archive/2026-01/deploy-2026-01-31-001.log.gz"}
    assert sorted(past.tree()) == [
        "archive/2026-01/deploy-2026-01-31-001.log.gz",
        "logs/deploy-2026-02-08-001.log",
    ]
    packed = past.root / "archive/2026-01/deploy-2026-01-31-001.log.gz"
    assert unpacked(packed) == b"old\n"
    assert (packed.stat().st_mtime_ns, packed.stat().st_mode) == (stamp.st_mtime_ns, stamp.st_mode)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("deploy-2026-01-31-001.log", "2026-01"),
        ("deploy-2026-01-31-001.jsonl", "2026-01"),
        ("incident-batch-2026-01-31.log", "2026-01"),
        ("agent-approvals-2026-01-31.log", "2026-01"),
        ("_unrouted-2026-01-31.log", "2026-01"),
        ("incident-finance_integration-2026-01-31T00-45-00Z.log", "2026-01"),
        ("incident-finance_integration-2026-01-31T00-45-00Z-2.log", "2026-01"),
    ],
)
def test_each_kind_of_log_of_ours_is_archived(past, name, month):
    past.put(f"logs/{name}")
    assert clean(past.execution).archived == {f"logs/{name}": f"archive/{month}/{name}.gz"}


def test_a_log_without_a_date_in_its_name_goes_into_the_month_of_its_last_line(tmp_path):
    execution = Execution(tmp_path, log_pattern="{workflow}.log")
    execution.layout.create()
    (tmp_path / "logs" / "deploy.log").write_text("text\n")
    os.utime(tmp_path / "logs" / "deploy.log", (1_770_511_645, 1_770_511_645))
    assert clean(execution).archived == {"logs/deploy.log": "archive/2026-02/deploy.log.gz"}


def test_audit_trails_are_archived_whatever_they_are_called(past):
    execution = Execution(past.root, audit_pattern="{date}-decisions.log")
    past.put("logs/2026-01-31-decisions.log")
    assert clean(execution).archived == {"logs/2026-01-31-decisions.log": "archive/2026-01/2026-01-31-decisions.log.gz"}


def test_a_trail_is_not_taken_away_from_who_writes_a_decision(past):
    """They have it open, and no lock on it: the line would go with the packed file's original."""
    with past.execution.start("deploy") as run:
        run.decision("approved", "x")
    (trail,) = past.execution.audit.files()
    cleaning_thread = threading.Thread(target=clean, args=(past.execution,), kwargs={"logs_days": 0})
    with locked(past.execution.layout):
        cleaning_thread.start()
        while cleaning_thread.is_alive() and not any(it.name == "irl-lock-wait" for it in threading.enumerate()):
            pass
        assert trail.path.exists()
    cleaning_thread.join()
    assert not trail.path.exists()
    assert [it.subject for it in past.execution.audit.decisions()] == ["x"]


def test_a_log_that_the_journal_has_is_ours_whatever_it_is_called(past):
    """The program was told its pattern by an argument, which `irl clean` does not know."""
    with Execution(past.root, log_pattern="{workflow}.log").start("service") as run:
        run.log("INFO", None, "x")
    past.age(past.root / "logs/service.log", 40)
    past.put("logs/other.log")
    assert list(clean(Execution(past.root)).archived) == ["logs/service.log"]


@pytest.mark.parametrize(
    "name",
    [
        "logs/notes.log",
        "logs/deploy-2026-01-31-001.log.bak",
        "logs/deploy-2026-01-31-001.log.1",
        "logs/deploy-2026-01-31-001.log.2.gz",
        "logs/deploy-2026-01-31-001.log-20260207.gz",
        "logs/deploy-2026-01-31-001.txt",
        "logs/.deploy-2026-01-31-001.log",
        "logs/mine/deploy-2026-01-31-001.log",
        "logs/_notes-2026-01-31.log",
        "results/architecture-validation-summary.json",
        "results/deploy-2026-01-31.md",
        "results/deploy.json",
        "results/old/deploy-2026-01-31.json",
        "state/quarantine-state-2026-01-31.json",
        "deploy-2026-01-31-001.log",
    ],
)
def test_what_is_not_ours_stays(past, name):
    past.put(name, days=4_000)
    before = past.tree()
    done = clean(past.execution)
    assert (done.archived, done.packed, done.removed, done.recovered) == ({}, {}, [], [])
    assert past.tree() == before


def test_links_are_neither_followed_nor_removed(past, tmp_path):
    target = tmp_path / "deploy-2026-01-31-001.log"
    target.write_text("mine\n")
    os.utime(target, (1, 1))
    for name in (
        "logs/deploy-2026-01-31-001.log",
        "results/deploy-2026-01-31.json",
        "logs/a-2026-01-31-001.log.gz.part",
    ):
        (past.root / name).symlink_to(target)
    clean(past.execution)
    assert sum(path.is_symlink() for path in past.root.rglob("*")) == 3
    assert target.read_text() == "mine\n"


def test_old_results_are_removed_and_young_ones_stay(past):
    for name, days in (("a-2026-01-31.json", 91), ("a-2026-01-31-002.json", 91), ("b-2026-01-31.json", 89)):
        past.put(f"results/{name}", "{}", days)
    assert clean(past.execution).removed == ["results/a-2026-01-31-002.json", "results/a-2026-01-31.json"]
    assert sorted(past.tree()) == ["results/b-2026-01-31.json"]


def test_ages_are_settings_and_arguments(past):
    past.put("logs/deploy-2026-01-31-001.log", days=3)
    past.put("results/deploy-2026-01-31.json", days=3)
    execution = Execution(past.root, logs_days=2, results_days=2)
    assert clean(execution, logs_days=4, results_days=4) == cleaning.Cleaned()
    done = clean(execution)
    assert (list(done.archived), done.removed) == (
        ["logs/deploy-2026-01-31-001.log"],
        ["results/deploy-2026-01-31.json"],
    )


def test_a_running_run_keeps_its_files_however_old_they_are(past):
    """Its log, its twin and its results; what it has rotated is not written to any more, and goes."""
    execution = Execution(past.root, json=True)
    run = execution.start("deploy")
    run.result(services=3)
    rotated = set_aside(past.root / run.log_file)
    run.lines.close()
    run.log("INFO", None, "goes on")
    run.lines.close()  # it has more logs than it keeps open: what it holds is the lock of the run alone
    for path in [*(past.root / "logs").iterdir(), *(past.root / "results").iterdir()]:
        past.age(path, 400)
    done = clean(Execution(past.root))
    month = run.log_file.split("deploy-")[1][:7]
    assert done.archived == {f"logs/{rotated.name}": f"archive/{month}/{rotated.name}.gz"}
    assert done.removed == []
    run.complete()
    assert [line.step for line in lines(execution.layout, run.log_file)] == ["start", None, "complete"]


def test_a_run_of_another_host_keeps_its_files(past):
    """Whether it lives nobody here can tell."""
    run = past.execution.start("deploy")
    run.lines.close()
    segment = next((past.root / "active" / "journal").glob("*.jsonl"))
    events = [decode(line) for line in segment.read_bytes().splitlines()]
    segment.write_bytes(b"".join(encode({**event, "host": "elsewhere", "boot": "0badf00d"}) for event in events))
    past.age(past.root / run.log_file, 400)
    assert clean(Execution(past.root)).archived == {}


def test_a_log_that_a_program_has_open_stays(past, tmp_path):
    """A child of an ended run writes on; nobody knows of it but the kernel."""
    with past.execution.start("deploy") as run:
        path = past.root / run.log_file
    other = Execution(past.root).logs.files.get(path, lambda text: text.encode())
    other.write(b"still here\n", time.time())
    past.age(path, 400)
    done = clean(Execution(past.root))
    assert done.left == {run.log_file: "a program has it open"}
    assert done.archived == {}
    other.close()
    assert list(clean(Execution(past.root)).archived) == [run.log_file]


def test_rotated_logs_are_packed_where_they_stand(past):
    young = past.put("logs/deploy-2026-01-31-001.log.20260201T000000.000000Z", "young\n", 1)
    old = past.put("logs/deploy-2026-01-31-001.log.20260131T000000.000000Z", "old\n", 40)
    past.put("logs/deploy-2026-01-31-001.log", "live\n", 1)
    done = clean(past.execution)
    assert done.packed == {f"logs/{young.name}": f"logs/{young.name}.gz"}
    assert done.archived == {f"logs/{old.name}": f"archive/2026-01/{old.name}.gz"}
    assert unpacked(young.with_name(f"{young.name}.gz")) == b"young\n"
    past.age(young.with_name(f"{young.name}.gz"), 40)
    assert clean(past.execution).archived == {f"logs/{young.name}.gz": f"archive/2026-01/{young.name}.gz"}


def test_what_somebody_packed_is_moved(past):
    """As the specification's own `find ... -exec gzip` leaves it."""
    path = past.put("logs/deploy-2026-01-31-001.log.gz")
    path.write_bytes(gzip.compress(b"text\n"))
    past.age(path, 40)
    assert list(clean(past.execution).archived.values()) == ["archive/2026-01/deploy-2026-01-31-001.log.gz"]


def test_a_number_is_not_given_out_again(past):
    """Two runs of a day have two logs, also when the first was archived in between."""
    logs = []
    for _ in range(2):
        with past.execution.start("deploy") as run:
            logs.append(run.log_file)
        clean(past.execution, logs_days=0)
    assert [log[-8:] for log in logs] == ["-001.log", "-002.log"]


def test_a_name_that_is_taken_in_the_archive_is_not_overwritten(past):
    """A shared log was archived, and its name came to be used again."""
    for text in ("first\n", "second\n"):
        past.put("logs/batch-2026-01-31.log", text, 40)
        clean(past.execution)
    names = sorted(path.name for path in (past.root / "archive/2026-01").iterdir())
    assert names[0].startswith("batch-2026-01-31.log.2")
    assert names[1] == "batch-2026-01-31.log.gz"
    assert [unpacked(past.root / "archive/2026-01" / name) for name in names] == [b"second\n", b"first\n"]


def test_a_second_pass_changes_nothing(past):
    past.execution.start("deploy").complete()
    past.put("logs/deploy-2026-01-31-001.log")
    past.put("logs/deploy-2026-01-31-002.log.20260131T000000.000000Z")
    past.put("results/deploy-2026-01-31.json", days=91)
    clean(past.execution)
    before = {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in past.root.rglob("*") if path.is_file()}
    assert clean(past.execution) == cleaning.Cleaned()
    assert {
        path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in past.root.rglob("*") if path.is_file()
    } == before


def test_a_dry_run_says_the_same_and_does_nothing(past):
    past.put("logs/deploy-2026-01-31-001.log")
    past.put("logs/deploy-2026-01-31-002.log.20260131T000000.000000Z", days=1)
    past.put("logs/deploy-2026-01-31-003.log.gz.part")
    past.put("results/deploy-2026-01-31.json", days=91)
    before = past.tree()
    said = clean(past.execution, dry_run=True)
    assert past.tree() == before
    done = clean(past.execution)
    assert said == done
    assert (len(done.archived), len(done.packed), len(done.removed), len(done.recovered)) == (1, 1, 1, 1)


def test_a_directory_in_which_nothing_ran_stays_as_it_is(tmp_path):
    assert clean(Execution(tmp_path / "execution")) == cleaning.Cleaned()
    assert not (tmp_path / "execution").exists()


def test_two_passes_at_once_do_not_meet(past):
    with (
        try_lock(past.root / "active" / ".retention.lock"),
        pytest.raises(BusyError, match="another irl clean, or irl backup, is at work"),
    ):
        clean(past.execution)


README_ROWS = """\
| deploy | 2026-02-08T00:30:00Z | ✓ Complete | results/deploy-2026-01-31.json | human:samson |
| audit | 2026-02-08T00:31:00Z | ✓ Complete | [its log](logs/audit-2026-01-31-001.log), 8 approved | agent-x |
| by hand | 2026-02-08T00:32:00Z | ✓ Complete | results/mine.json and results/young-2099-01-31.json | human:samson |
"""


def test_rows_follow_their_files_and_stay(past):
    readme = past.root / "README.md"
    readme.write_bytes(template())
    past.execution.start("deploy").complete()
    text = readme.read_text().replace("| deploy | 2", README_ROWS + "| deploy | 2", 1)
    text += "\nSee logs/audit-2026-01-31-001.log and results/deploy-2026-01-31.json.\n"
    readme.write_text(text)
    month = past.put("archive/2026-01/README.md", "# Completed\n\n" + "\n".join(text.splitlines()[2:]))
    past.put("logs/audit-2026-01-31-001.log")
    past.put("results/deploy-2026-01-31.json", days=91)
    assert clean(past.execution).documents == 2
    expected = README_ROWS.replace("deploy-2026-01-31.json |", "deploy-2026-01-31.json (expired) |").replace(
        "(logs/audit-2026-01-31-001.log)", "(archive/2026-01/audit-2026-01-31-001.log.gz)"
    )
    for document in (readme, month):
        assert expected in document.read_text()
    assert readme.read_text() == text.replace(README_ROWS, expected)
    past.execution.sync()
    assert readme.read_text() == text.replace(README_ROWS, expected)


def test_rows_are_made_right_by_the_next_pass_when_the_readme_could_not_be_edited(past):
    readme = past.root / "README.md"
    readme.write_bytes(template())
    past.execution.start("deploy").complete()
    whole = readme.read_text().replace("| deploy | 2", README_ROWS + "| deploy | 2", 1)
    readme.write_text("<<<<<<< HEAD\n" + whole)
    past.put("logs/audit-2026-01-31-001.log")
    done = clean(past.execution)
    assert "conflict marker" in done.deferred
    assert len(done.archived) == 1
    readme.write_text(whole)
    assert clean(past.execution).documents == 1
    assert "(archive/2026-01/audit-2026-01-31-001.log.gz)" in readme.read_text()


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("call", ["sync_all", "sync_directory", "take_over", "set_aside"])
@pytest.mark.parametrize("after", [False, True])
def test_a_pass_that_was_killed_is_finished_by_the_next(past, monkeypatch, call, after):
    texts = {f"deploy-2026-01-31-{number:03d}.log": f"text {number}\n" for number in range(1, 4)}
    for name, text in texts.items():
        past.put(f"logs/{name}", text)
    real = getattr(packing, call)

    def kill(*arguments):
        if after:
            real(*arguments)
        raise Killed

    monkeypatch.setattr(packing, "discard", lambda path: None)  # a killed process tidies nothing up
    monkeypatch.setattr(packing, call, kill)
    with pytest.raises(Killed):
        clean(past.execution)
    monkeypatch.undo()
    for name, text in texts.items():  # at each moment every log can be read, once
        assert past.content(name) == text.encode()
    clean(past.execution)
    assert sorted(path.parent.name for path in past.root.rglob("deploy*")) == ["2026-01"] * 3
    for name, text in texts.items():
        assert past.content(name) == text.encode()
    assert clean(past.execution) == cleaning.Cleaned()


def test_a_file_that_grows_while_it_is_packed_stays(past, monkeypatch):
    """Somebody who knows nothing of locks appends to it: nothing is lost."""
    path = past.put("logs/deploy-2026-01-31-001.log.20260131T000000.000000Z", "one\n")
    real = packing.sync_all

    def append(paths):
        with path.open("a") as file:
            file.write("two\n")
        real(paths)

    with monkeypatch.context() as patch:
        patch.setattr(packing, "sync_all", append)
        assert clean(past.execution).left == {f"logs/{path.name}": "a program has it open"}
    assert past.tree() == {f"logs/{path.name}": b"one\ntwo\n"}


def test_an_archive_on_another_file_system(past, monkeypatch):
    """Where a name cannot be given twice, what is packed already is copied."""
    path = past.put("logs/deploy-2026-01-31-001.log.gz")
    path.write_bytes(gzip.compress(b"text\n"))
    past.age(path, 40)

    def link(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(packing.os, "link", link)
    clean(past.execution)
    assert {name: gzip.decompress(data) for name, data in past.tree().items()} == {
        "archive/2026-01/deploy-2026-01-31-001.log.gz": b"text\n"
    }


def make_year(past, runs):
    for number in range(runs):
        days = 365 * (1 - number / runs)
        date = time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * DAY))
        past.put(f"logs/deploy-{date}-{number:03d}.log", f"{number}\n" * 20, days)
        past.put(f"results/deploy-{date}-{number:03d}.json", f'{{"n": {number}}}', days)
    past.put("logs/mine.log", days=400)


@pytest.mark.parametrize("runs", [100, pytest.param(10_000, marks=pytest.mark.slow)])
def test_a_year_of_runs(past, runs):
    """Right, in time, nothing else touched, and nothing left to do; the time is the processor's."""
    make_year(past, runs)
    before = time.process_time()
    done = clean(past.execution)
    assert time.process_time() - before < 10
    archived = list(past.root.rglob("*.gz"))
    assert len(done.archived) == len(archived) == math.ceil(runs * 335 / 365)
    assert len(done.removed) == math.ceil(runs * 275 / 365)
    for path in archived:
        number = int(path.name[:-7].rpartition("-")[2])
        assert unpacked(path) == f"{number}\n".encode() * 20
        assert path.parent.name == path.name[7:14]
    assert len(list((past.root / "logs").iterdir())) == runs - len(archived) + 1
    assert clean(past.execution) == cleaning.Cleaned()
    shutil.rmtree(past.root)
