"""`irl scrub`."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.redaction import Redactor
from irl_logging.redaction.structure import FAILED
from irl_logging.scanning.backup import Backup
from irl_logging.scanning.rewriting import ScrubError, rewritten
from irl_logging.scanning.scrubbing import Scrubber
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout
from irl_logging.storage.locks import try_lock

TOKEN = "ghp" + "_" + "a1B2c3D4e5" * 3 + "x9Y8z7"
PLACEHOLDER = "[REDACTED:github-token]"
LEAK = f"pushed with {TOKEN}\n"
CLEAN = f"pushed with {PLACEHOLDER}\n"


@pytest.fixture
def root(tmp_path):
    """An execution directory in which a run has ended that wrote a secret everywhere it could: it was allowed."""
    execution = Execution(tmp_path / "execution", redaction={"allow": [TOKEN]}, json=True)
    run = execution.start("deploy", agent="me")
    run.log("INFO", "push", LEAK.strip())
    run.decision("approved", "x", reason=LEAK.strip())
    run.result(approved=8, note=LEAK.strip())
    run.complete(LEAK.strip())
    execution.close()
    return tmp_path / "execution"


@pytest.fixture
def backups():
    """The directory of the backups that were made."""
    return Path(os.environ["HOME"]) / ".local/state/irl_logging/scrubbed"


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_secrets_are_gone_and_everything_else_is_as_it_was(irl, root, backups):
    (root / "logs/old.log.gz").write_bytes(gzip.compress((LEAK * 3).encode()))
    before = contents(root)
    log = next((root / "logs").glob("deploy-*.log"))
    log.chmod(0o604)
    os.utime(log, ns=(1_600_000_000_000_000_000, 1_700_000_000_123_456_789))
    runs = {run.id: run for run in Journal(root / "active/journal").runs().values()}
    answer = irl("scrub")
    assert (answer.code, answer.err) == (0, b"")
    after = contents(root)
    assert sorted(after) == sorted(before)
    changed = {name for name in before if before[name] != after[name]}
    assert {name.split("/")[0] for name in changed} == {"README.md", "logs", "results", "active"}
    for name in changed - {"logs/old.log.gz"}:
        if "journal" not in name:
            assert after[name] == before[name].replace(TOKEN.encode(), PLACEHOLDER.encode()), name
    assert gzip.decompress(after["logs/old.log.gz"]) == (CLEAN * 3).encode()
    assert (log.stat().st_mode & 0o777, log.stat().st_mtime_ns) == (0o604, 1_700_000_000_123_456_789)
    journal = Journal(root / "active/journal")
    (run,) = journal.runs().values()
    assert (run.summary, run.counters, journal.damaged) == (
        CLEAN.strip(),
        {"approved": 8, "note": CLEAN.strip()},
        0,
    )
    assert (run.id, run.log, run.ended) == (runs[run.id].id, runs[run.id].log, runs[run.id].ended)
    assert irl("scan").code == 0


def test_the_files_as_they_were_are_kept_where_only_their_owner_can_read_them(irl, root, backups):
    before = contents(root)
    answer = irl("scrub")
    (directory,) = backups.iterdir()
    assert f"The original files are in {directory}, which only you can read." in answer.out.decode().splitlines()
    kept = contents(directory / root.relative_to(root.anchor))
    assert kept == {name: data for name, data in before.items() if TOKEN.encode() in data}
    assert len(kept) == 6
    assert directory.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in directory.rglob("*") if path.is_file()} == {0o600}


def test_again_it_has_nothing_to_do(irl, root, backups):
    irl("scrub")
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()}
    answer = irl("scrub")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode() == f"Nothing to do: no secrets in {len(after)} files.\n"
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()} == after
    assert len(list(backups.iterdir())) == 1


def test_the_readme_keeps_its_rows_and_gets_no_others(irl, root):
    rows = [line.split(" | ")[0] for line in (root / "README.md").read_text().splitlines() if line.startswith("|")]
    irl("scrub")
    irl("status")
    text = (root / "README.md").read_text()
    assert [line.split(" | ")[0] for line in text.splitlines() if line.startswith("|")] == rows
    assert f"✓ Complete | {CLEAN.strip()} | me |" in text


def test_a_dry_run_says_what_would_be_done(irl, root, backups):
    before = contents(root)
    answer = irl("scrub", "--dry-run", "execution/results")
    (name,) = [name for name in before if name.startswith("results/")]
    assert (answer.code, answer.out.decode()) == (0, f"would scrub execution/{name}: github-token 1\n")
    assert contents(root) == before
    assert not backups.exists()


def test_as_a_process_in_a_repository_it_tells_of_the_history(start_irl, root, tmp_path):
    subprocess.run(["git", "init", "-q"], check=True)
    process = start_irl("scrub", "execution/logs", cwd=tmp_path)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert out.decode().splitlines()[-2:] == [
        "Revoke what was found: somebody may have read it.",
        "Git's history still has what was committed: `irl scan --git` names the commits.",
    ]


def test_the_log_of_a_running_run_is_left_to_it(irl, root, tmp_path):
    """And the journal with it; with --force both are rewritten, and the run goes on in the new files."""
    execution = Execution(tmp_path / "execution", redaction={"allow": [TOKEN]})
    run = execution.start("slow", agent="me")
    run.log("INFO", "-", LEAK.strip())
    log = execution.layout.root / run.log_file
    before = log.read_bytes()
    answer = irl("scrub")
    assert answer.code == 1
    assert log.read_bytes() == before
    left = f"irl: left unchanged: execution/{run.log_file}: run {run.id} is writing it (github-token 1); scrub it when"
    assert next(line for line in answer.err.decode().splitlines() if "/journal/" not in line).startswith(left)
    assert "/journal/" in answer.err.decode()
    answer = irl("scrub", "--force")
    assert (answer.code, answer.err) == (0, b"")
    run.log("INFO", "-", "later")
    run.complete()
    execution.close()
    assert log.read_bytes().startswith(before.replace(TOKEN.encode(), PLACEHOLDER.encode()))
    assert "later" in log.read_text()
    assert Execution(tmp_path / "execution").runs()[0].ended
    assert irl("scan").code == 0


def test_nothing_is_lost_that_is_written_meanwhile(start_irl, tmp_path):
    """A run logs as fast as it can, in a process of its own, while its log is scrubbed with --force."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER.format(leak=LEAK.strip(), token=TOKEN)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    log = tmp_path / "execution" / writer.stdout.readline().strip()
    inode = log.stat().st_ino
    scrub = start_irl("scrub", "--force", str(log))
    _, err = scrub.communicate()
    count = int(writer.communicate("stop\n")[0])
    assert (scrub.returncode, err) == (0, b"")
    assert log.stat().st_ino != inode
    text = log.read_text()
    numbers = [int(line.rpartition(" ")[2]) for line in text.splitlines() if "number" in line]
    assert sorted(numbers) == list(range(count))
    assert text.count(PLACEHOLDER) >= 1


WRITER = """
import sys, threading
import irl_logging
execution = irl_logging.Execution("execution", redaction={{"allow": [{token!r}]}})
run = execution.start("fast", agent="me")
run.log("INFO", "-", {leak!r})
print(run.log_file, flush=True)
stop = threading.Event()
threading.Thread(target=lambda: (sys.stdin.readline(), stop.set()), daemon=True).start()
count = 0
while not stop.is_set():
    run.log("INFO", "-", f"number {{count}}")
    count += 1
    stop.wait(0.001)
run.complete()
print(count)
"""


def test_what_a_late_writer_appends_to_the_old_file_is_carried_over(tmp_path):
    """Without its secrets."""
    log = tmp_path / "shared.log"
    log.write_text(LEAK)
    late = os.open(log, os.O_WRONLY | os.O_APPEND)
    with Scrubber(Layout(tmp_path / "execution"), Redactor(), Backup(None, [tmp_path])) as scrubber:
        assert scrubber.scrub(log)
        os.write(late, f"late with {TOKEN}\n".encode())
    os.close(late)
    assert log.read_text() == CLEAN + f"late with {PLACEHOLDER}\n"


class Meddler(Backup):
    """A backup during which somebody else changes the file."""

    def keep(self, path, data):
        super().keep(path, data)
        path.write_bytes(data + b"more\n")


@pytest.mark.parametrize(("name", "refused"), [("notes.md", True), ("a.json", True), ("a.log", False)])
def test_what_somebody_changes_meanwhile_is_left_to_them(tmp_path, name, refused):
    """Only what was appended to a log is taken along."""
    (tmp_path / name).write_text(LEAK)
    with Scrubber(Layout(tmp_path / "execution"), Redactor(), Meddler(None, [tmp_path])) as scrubber:
        if refused:
            with pytest.raises(ScrubError, match="changed it meanwhile"):
                scrubber.scrub(tmp_path / name)
        else:
            scrubber.scrub(tmp_path / name)
    assert (tmp_path / name).read_text() == (LEAK if refused else CLEAN) + "more\n"
    assert [path.name for path in tmp_path.iterdir()] == [name]


class Watcher(Backup):
    """A backup that sees whether a lock is free while a file is rewritten."""

    free: list[bool]

    def keep(self, path, data):
        super().keep(path, data)
        with try_lock(self.lock) or contextlib.nullcontext() as lock:
            self.free.append(lock is not None)


@pytest.mark.parametrize(
    ("name", "lock", "free"),
    [
        ("README.md", ".manifest.lock", False),
        ("active/workflows.json", ".manifest.lock", False),
        ("notes.log", ".manifest.lock", True),
        ("logs/agent-approvals-2026-02-08.log", ".audit.lock", False),
        ("notes.log", ".audit.lock", True),
        ("state/quarantine-state.json", ".state/quarantine-state.lock", False),
        ("results/quarantine-state.json", ".state/quarantine-state.lock", True),
    ],
)
@pytest.mark.parametrize("linked", [False, True])
def test_what_others_write_under_a_lock_is_rewritten_under_it(name, lock, free, linked, root, tmp_path):
    """Or a change of theirs would be lost between the last look at the file and its replacement."""
    Execution(root).state("other").update(x=1)
    (root / name).write_text(LEAK)
    (tmp_path / "link").symlink_to(root)
    backup = Watcher(None, [root])
    backup.lock, backup.free = root / "active" / lock, []
    with Scrubber(Layout(tmp_path / "link" if linked else root), Redactor(), backup) as scrubber:
        scrubber.scrub(root / name)
    assert backup.free == [free]


def test_what_cannot_be_carried_over_is_kept_and_keeps_nothing_else_back(tmp_path):
    logs = [tmp_path / f"{number}.log" for number in range(3)]
    for log in logs:
        log.write_text(LEAK)
    late = [log.open("ab", buffering=0) for log in logs]
    scrubber = Scrubber(Layout(tmp_path / "execution"), Redactor(), Backup(None, [tmp_path]))
    for log, writer in zip(logs, late, strict=True):
        scrubber.scrub(log)
        writer.write(b"late\n")
        writer.close()
    logs[1].unlink()
    logs[2].unlink()
    logs[2].mkdir()
    with pytest.raises(ScrubError, match=r"to .*2\.log meanwhile is kept as .*2\.log\.late, as Is a directory"):
        scrubber.__exit__(None, None, None)
    assert (logs[0].read_text(), logs[1].read_text()) == (CLEAN + "late\n", "late\n")
    (kept,) = Path(os.environ["HOME"]).rglob("2.log.late")
    assert kept.read_text() == "late\n"


def test_a_backup_is_never_made_where_it_would_be_committed_or_found(irl, root, tmp_path):
    before = contents(root)
    answer = irl("scrub", "--backup-dir", "execution/active/old")
    assert answer.code == 1
    assert b"where the secrets would be found again" in answer.err
    subprocess.run(["git", "init", "-q"], check=True)
    answer = irl("scrub", "--backup-dir", "old")
    assert answer.code == 1
    assert b"could be committed" in answer.err
    assert contents(root) == before
    assert not (tmp_path / "old").exists()
    (tmp_path / ".gitignore").write_text("/old/\n")
    answer = irl("scrub", "--backup-dir", "old")
    assert (answer.code, answer.err) == (0, b"")
    assert len(contents(tmp_path / "old")) == 6


def test_lock_files_are_never_replaced(irl, root):
    (root / "active/runs").mkdir(exist_ok=True)
    lock = root / "active/runs/x.lock"
    lock.write_text(LEAK)
    answer = irl("scrub", str(lock))
    assert (answer.code, lock.read_text()) == (1, LEAK)
    assert b"a lock file is never replaced" in answer.err


def test_a_link_leads_to_its_file(irl, tmp_path):
    (tmp_path / "real.log").write_text(LEAK)
    (tmp_path / "link.log").symlink_to("real.log")
    irl("scrub", "link.log")
    assert (tmp_path / "link.log").is_symlink()
    assert (tmp_path / "real.log").read_text() == CLEAN


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.log", LEAK.encode() + b"\xff\x00", CLEAN.encode() + b"\xff\x00"),
        ("a.json", b'{"db_password": 7391846205, "n": 1}\n', b'{"db_password": "[REDACTED:password]", "n": 1}\n'),
        ("a.json", b'{\n  "a": "' + TOKEN.encode() + b'"\n}', b'{\n  "a": "[REDACTED:github-token]"\n}'),
        ("a.json", b"no json " + LEAK.encode(), b"no json " + CLEAN.encode()),
        ("a.jsonl", b'{"a":1}\n' + LEAK.encode() + b"{}\n", b'{"a":1}\n' + CLEAN.encode() + b"{}\n"),
        (
            "a.md",
            b"| a |\r\n|---|\r\n| " + TOKEN.encode() + b" |\r\n",
            b"| a |\r\n|---|\r\n| [REDACTED:github-token] |\r\n",
        ),
        ("a.md", b"| password: hunter2|x7 | b |\n", b"| password: [REDACTED:password]|x7 | b |\n"),
        ("a.log", b"clean\r\n", b"clean\r\n"),
    ],
)
def test_each_format_stays_what_it_is(name, data, expected):
    assert rewritten(name, data, Redactor()) == expected
    assert rewritten(name, expected, Redactor()) is expected


class Failing(Redactor):
    """A redactor that fails, closed, on a text with the token."""

    def redact(self, text):
        return FAILED if TOKEN in text else text


def test_where_the_redactor_fails_nothing_is_taken_out():
    """Its placeholder would take the place of far more than the secret."""
    with pytest.raises(ScrubError, match="the redactor failed"):
        rewritten("a.log", LEAK.encode(), Failing())


def test_damaged_records_of_the_journal_lose_their_secrets_too(root):
    (segment,) = (root / "active/journal").glob("*.jsonl")
    whole = segment.read_bytes()
    torn = whole + b'00000000 {"event":"run.started","summary":"' + TOKEN.encode()
    clean = rewritten(segment.name, torn, Redactor())
    assert clean.endswith(b'\n00000000 {"event":"run.started","summary":"[REDACTED:github-token]')
    segment.write_bytes(clean)
    assert len(Journal(segment.parent).runs()) == 1


def test_values_of_the_environment_when_asked(irl, tmp_path, monkeypatch):
    value = "correct-horse-" + "staple-6284"
    monkeypatch.setenv("DEPLOY_PASSWORD", value)
    (tmp_path / "a.json").write_text(json.dumps({"a": f"was {value}"}))
    assert irl("scrub", "a.json").out == b"Nothing to do: no secrets in 1 file.\n"
    assert irl("scrub", "--environment", "a.json").code == 0
    assert json.loads((tmp_path / "a.json").read_text()) == {"a": "was [REDACTED:registered]"}
