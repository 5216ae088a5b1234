"""What is found in an execution directory."""

from __future__ import annotations

import os
import time

import pytest

from irl_logging import Execution
from irl_logging.detached import detach
from irl_logging.diagnosis import directory
from irl_logging.storage.events import decode, encode


def test_all_is_well(execution, said):
    findings = list(directory.look(execution))
    assert {finding.level for finding in findings} == {"ok"}
    assert said(findings, "manifest") == ["ok: up to date: 0 running, 1 ended"]
    assert said(findings, "runs") == ["ok: 0 running on this machine"]
    assert said(findings, "leftovers") == ["ok: no temporary files"]
    assert said(findings, "lines") == ["ok: none dropped in the newest logs"]
    assert said(findings, "journal")[0].startswith("ok: 1 segment, ")


def test_a_directory_that_is_not_there(tmp_path, said):
    findings = list(directory.look(Execution(tmp_path / "execution")))
    assert [finding.topic for finding in findings] == ["settings", "directory"]
    assert said(findings, "directory") == [
        f"warn: {tmp_path / 'execution'} does not exist [`irl init` creates it, and so does the first run]"
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_directory_in_which_nothing_has_run(tmp_path, said):
    """A README that nobody has missed yet is no problem: the first run makes it."""
    (tmp_path / "execution").mkdir()
    findings = list(directory.look(Execution(tmp_path / "execution")))
    assert said(findings, "manifest") == [
        "warn: README.md does not exist [`irl init` creates it, and so does the first run]"
    ]


def test_settings_and_where_they_are_from(tmp_path, monkeypatch, said):
    (tmp_path / "pyproject.toml").write_text("[tool.irl_logging]\ncompleted_rows = 9\njson = true\nfsync = true\n")
    monkeypatch.setenv("IRL_JSON", "false")
    monkeypatch.setenv("IRL_TIMESPEC", "milliseconds")
    secret = "ghp" + "_" + "a1B2" * 9
    opened = Execution(agent=secret, redaction={"disabled": ["jwt"], "allow": ["x"]})
    assert said(directory.settings(opened), "settings") == [
        f"ok: root is {tmp_path / 'execution'}, found from the working directory",
        "ok: agent is [REDACTED:github-token], given as an argument",
        "ok: timespec is milliseconds, from IRL_TIMESPEC",
        f"ok: completed_rows is 9, from {tmp_path / 'pyproject.toml'}",
        "ok: redaction is allow, disabled, given as an argument",
    ]


def test_a_variable_that_nearly_is_a_setting(tmp_path, monkeypatch, said):
    """Nobody reads it, so nobody else would say so; variables of other programs are none of our business."""
    monkeypatch.setenv("IRL_TIMSPEC", "milliseconds")
    monkeypatch.setenv("IRL_RUN", "20260208T004725Z-1f2e3d4c")
    monkeypatch.setenv("IRL_SIDECAR_URL", "https://sidecar.example")
    assert said(directory.settings(Execution()), "settings") == [
        f"ok: root is {tmp_path / 'execution'}, found from the working directory",
        "warn: IRL_TIMSPEC in the environment is not a setting [did you mean IRL_TIMESPEC?]",
    ]


def test_a_readme_that_is_put_off(execution, said):
    execution.layout.readme.write_text("<<<<<<< ours\n")
    assert said(directory.manifest(execution), "manifest") == [
        (
            "problem: README.md cannot be brought up to date: it has a conflict marker at line 1: resolve the merge "
            "[nothing is lost: the journal has it, and `irl sync` tries again]"
        )
    ]


def test_a_readme_that_differs(execution, said):
    text = execution.layout.readme.read_text("utf-8")
    row = next(line for line in text.splitlines(keepends=True) if line.endswith("| me |\n"))
    dead = "| w | 2026-01-01T00:00:00Z | ✓ Complete | results/gone.json | me |\n"
    execution.layout.readme.write_text(text.replace(row, dead), "utf-8")
    assert said(directory.manifest(execution), "manifest") == [
        "warn: 1 difference between the manifest and the journal [`irl check` lists them, `irl sync` fixes them]",
        "warn: 1 row of README.md name files that do not exist [`irl check` lists them]",
    ]


def test_damaged_records_and_where_they_are(execution, said):
    (segment,) = execution.layout.journal.iterdir()
    first, *others = segment.read_bytes().splitlines(keepends=True)
    segment.write_bytes(b"".join([first, b"0badc0de {}\n", *others, b'0badc0de {"torn']))
    damaged, size = said(directory.journal(execution), "journal")
    assert damaged == (
        f"warn: 1 record cannot be read: {segment.name} at byte {len(first):,} "
        "[each is one event lost; check the disk, then remove these lines]"
    )
    assert size.startswith("ok: 1 segment, ")


def test_a_detached_run_is_as_it_should_be(execution, said):
    detach(execution, execution.start("triage"))
    assert said(directory.runs(execution), "runs") == [
        "ok: 1 of `irl start` open for commands",
        "ok: 0 running on this machine",
    ]


def test_a_run_of_another_machine(execution, run_python, said):
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('long')\nos._exit(9)")
    (dead,) = (path.stem for path in execution.layout.runs.glob("*.lock"))
    (segment,) = execution.layout.journal.iterdir()
    events = [decode(line) for line in segment.read_bytes().splitlines()]
    start = next(event for event in events if event.get("run") == dead)
    execution.reap()
    away = {**start, "run": "away", "host": "other", "boot": "00000000", "time": "2026-02-08T00:45:00.000000Z"}
    (execution.layout.journal / "other-00000000.jsonl").write_bytes(encode(away))
    run = execution.start("here")
    assert said(directory.runs(execution), "runs") == [
        (
            "warn: away of long runs on other, last heard of at 2026-02-08T00:45:00Z "
            "[if it never comes back: irl resolve away --as crashed]"
        ),
        "ok: 1 running on this machine",
    ]
    run.complete()


def test_a_run_that_died_here(execution, run_python, said):
    run_python("import os, irl_logging\nirl_logging.Execution('execution').start('long')\nos._exit(9)")
    (dead,) = (path.stem for path in execution.layout.runs.glob("*.lock"))
    assert said(directory.runs(execution), "runs") == [
        f"warn: 1 run died without a word: {dead} [`irl sync` ends them as crashed]",
        "ok: 0 running on this machine",
    ]


def test_what_was_left_lying(execution, said):
    root = execution.layout.root
    for name in (
        "active/.execution.README.md.0123456789ab.tmp",
        "results/.x.json.0123456789ab.tmp",
        ".new.0123456789ab.tmp",
    ):
        (root / name).touch()
        if not name.startswith(".new"):
            os.utime(root / name, (time.time() - 100,) * 2)
    (root / "README.md.foreign-12345678").touch()
    assert said(directory.leftovers(execution), "leftovers") == [
        "warn: 2 temporary files: active/.execution.README.md.0123456789ab.tmp, results/.x.json.0123456789ab.tmp [remove them]",
        (
            "warn: README.md.foreign-12345678 has what somebody wrote to README.md at the same time as others "
            "[copy over what is missing, then remove the file]"
        ),
    ]


def test_lines_that_were_dropped(execution, said):
    text = "7 lines could not be written between 2026-02-08T00:45:00Z and 2026-02-08T00:46:00Z: "
    (execution.layout.logs / "a.log").write_text(f"{text}4 written late, 3 dropped: No space left\n")
    assert said(directory.lines(execution), "lines") == [
        (
            "warn: 3 lines dropped and 4 written late in 1 log of the newest "
            "[grep 'could not be written' execution/logs/*.log says when and why]"
        )
    ]
    (execution.layout.logs / "a.log").write_text(f"{text}4 written late, 0 dropped: No space left\n")
    assert said(directory.lines(execution), "lines") == ["ok: none dropped in the newest logs, 4 written late"]


def test_a_log_that_lacks_the_end_of_its_run(execution, said):
    """As a full disk leaves it: the journal has the end, and nothing in the log says that lines are lost."""
    run = execution.start("cut", agent="agent-x")
    assert said(directory.lines(execution), "lines") == ["ok: none dropped in the newest logs"]
    run.decision("approved", "incident-1")
    run.complete()
    assert said(directory.lines(execution), "lines") == ["ok: none dropped in the newest logs"]
    log = execution.layout.root / run.log_file
    started, decided, _ = log.read_text().splitlines(keepends=True)
    for left in (started, started + decided, f"{started}[2026-02-08T00:45:00Z] [INFO] [cut] [-] and th"):
        log.write_text(left)
        assert said(directory.lines(execution), "lines") == [
            (
                f"warn: 1 log of the newest without the end of a run: {run.log_file} "
                "[the last lines could not be written, or somebody removed them]"
            )
        ]


def test_ends_that_are_said_otherwise_are_ends(execution, said, run_python):
    """By hand, by the next who looked, and by a record of the program's own."""
    killed = "import os; from irl_logging import Execution; print(Execution().start('a').id, flush=True); os._exit(1)"
    resolved = execution.resolve(run_python(killed).stdout.strip(), "cancelled")
    assert f" run={resolved.id} by=" in (execution.layout.root / resolved.log).read_text()
    assert run_python(killed).returncode == 1
    assert len(execution.reap()) == 1
    run = execution.start("b")
    run.log("INFO", "complete", "Summary: all done", agent="agent-x", run=run.id)
    run.end("complete", line=False)
    assert said(directory.lines(execution), "lines") == ["ok: none dropped in the newest logs"]


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may write everywhere")
def test_a_directory_that_cannot_be_written(execution, said):
    execution.layout.root.chmod(0o500)
    try:
        (finding,) = said(directory.look(execution), "directory")
    finally:
        execution.layout.root.chmod(0o750)
    assert finding.startswith("problem: ")


def test_a_file_in_the_place_of_the_directory(tmp_path, said):
    (tmp_path / "execution").write_bytes(b"")
    findings = list(directory.look(Execution(tmp_path / "execution")))
    assert said(findings, "directory") == [
        f"problem: {tmp_path}/execution is not a directory [move it away, then `irl init` creates one]"
    ]
    assert said(findings, "manifest") == []


def test_what_cannot_be_looked_at_is_a_problem(execution, said):
    """The others are looked at all the same."""
    (execution.layout.journal / "x.jsonl").symlink_to("x.jsonl")
    execution.layout.readme.unlink()
    execution.layout.readme.symlink_to("README.md")
    findings = list(directory.look(execution))
    assert said(findings, "manifest")[0].startswith("problem: README.md cannot be brought up to date: Too many levels")
    assert said(findings, "leftovers") == ["ok: no temporary files"]
