"""Tampering with an audit trail: each change, removal and cut is found and named, and nothing else is."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import re
import shutil
import time
from types import SimpleNamespace

import pytest

from irl_logging import Execution
from irl_logging.audit.verification import verify
from irl_logging.retention.cleaning import clean
from irl_logging.storage.trail import Link, lines_of


def faults(trail, **options):
    """What is found, without the day in the file's name."""
    return [re.sub(r"\d{4}-\d\d-\d\d", "<day>", str(fault)) for fault in verify(trail, **options).faults]


def without_witnesses(execution):
    """Take away all that knows the chain besides the trail."""
    shutil.rmtree(execution.layout.journal)
    shutil.rmtree(execution.layout.results)
    execution.layout.audit_lock.unlink()


def remake(lines, start):
    """Do what whoever knows the code can do: make the chain anew from the line with this index on."""
    before = next(lines_of(lines[start - 1])).link if start else None
    for at in range(start, len(lines)):
        line = next(lines_of(lines[at]))
        before = Link.of(line.link.series, line.link.number, before, line.body)
        lines[at] = line.body + f" chain={before}\n".encode()


NAME = "logs/agent-approvals-<day>.log"


def test_a_trail_that_nobody_touched_is_intact(trail):
    """Every line has a witness: the journal knows each decision."""
    verdict = verify(trail)
    assert (verdict.intact, verdict.faults, verdict.notes) == (True, [], [])
    assert (verdict.lines, verdict.files, verdict.witnesses) == (5, 1, 5)


def test_no_trail_is_intact(execution):
    """Nothing has been decided."""
    verdict = verify(execution.audit)
    assert (verdict.intact, verdict.lines, verdict.files) == (True, 0, 0)


@pytest.mark.parametrize("witnesses", [True, False])
@pytest.mark.parametrize("number", [1, 2, 3, 5])
def test_a_changed_character_is_named(number, witnesses, meddle, trail, execution):
    """The line, and no other, whether or not anything else knows the chain."""
    if not witnesses:
        without_witnesses(execution)

    def change(lines):
        lines[number - 1] = lines[number - 1].replace(b"Decision: ", b"Decision; ")

    meddle(change)
    assert faults(trail) == [f"{NAME}:{number}: this line was changed: its link was made for another text"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_changed_link_is_named_and_its_successor_is_not(number, meddle, trail, execution):
    """What follows was made for the link that stood there."""
    without_witnesses(execution)

    def change(lines):
        lines[number - 1] = lines[number - 1][:-5] + (b"0000\n" if lines[number - 1][-5:] != b"0000\n" else b"1111\n")

    meddle(change)
    assert faults(trail) == [f"{NAME}:{number}: this line was changed: its link was made for another text"]


@pytest.mark.parametrize(("part", "by"), [(1, b".9."), (0, b" chain=0badcafe.")])
def test_a_changed_number_or_series_is_named(part, by, meddle, trail, execution):
    """By the link that the line was made with, and by nothing else."""
    without_witnesses(execution)

    def change(lines):
        lines[2] = re.sub(rb"\.3\." if part else rb" chain=[0-9a-f]{8}\.", by, lines[2])

    meddle(change)
    (fault,) = faults(trail)
    assert re.fullmatch(rf"{NAME}:3: this line was changed: it is number 3 of chain [0-9a-f]{{8}}", fault)


@pytest.mark.parametrize("witnesses", [True, False])
def test_every_byte_of_a_line_counts(witnesses, file, trail, execution):
    """One bit of one character anywhere in the third line is found, and the line is named."""
    if not witnesses:
        without_witnesses(execution)
    data = file.read_bytes()
    lines = data.splitlines(keepends=True)
    start = len(lines[0]) + len(lines[1])
    for at in range(start, start + len(lines[2]) - 1, 3):
        file.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        found = faults(trail)
        assert any(f"{NAME}:3:" in fault for fault in found), (at, chr(data[at]), found)
        assert all(re.search(r":[34]: ", fault) for fault in found), (at, chr(data[at]), found)


@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_removed_line_is_named(number, meddle, trail):
    """Where it stood, and, as the journal knows it, what it said."""
    meddle(lambda lines: lines.pop(number - 1))
    (fault,) = faults(trail)
    assert fault.startswith(f"{NAME}:{number}: line {number} of the chain is missing right before this line ")
    assert re.search(rf"\({number} in the journal, \w+ incident-{number} by [\w:-]+, run \w+-\w+\)$", fault)


def test_a_removed_line_is_named_by_the_chain_alone(meddle, trail, execution):
    """Also several in a row."""
    without_witnesses(execution)

    def remove(lines):
        del lines[1:3]

    meddle(remove)
    assert faults(trail) == [f"{NAME}:2: lines 2 to 3 of the chain are missing right before this line"]


@pytest.mark.parametrize("kept", [4, 1])
def test_a_cut_tail_is_found(kept, meddle, trail):
    """The chain before it is whole, but the journal, the lock file and the results know more."""

    def cut(lines):
        del lines[kept:]

    meddle(cut)
    (fault,) = faults(trail)
    what = "line 5 of the chain is" if kept == 4 else f"lines {kept + 1} to 5 of the chain are"
    assert fault.startswith(f"{NAME}:{kept}: {what} missing right after this line, at the end (")


def test_a_cut_tail_is_found_by_what_git_keeps(meddle, trail, execution):
    """The results file of the first run knows its last decision."""
    shutil.rmtree(execution.layout.active)

    def cut(lines):
        del lines[2:]

    meddle(cut)
    (fault,) = faults(trail)
    assert re.fullmatch(
        rf"{NAME}:2: line 3 of the chain is missing right after this line, at the end "
        r"\(3 in results/incident-approval-<day>\.json\)",
        fault,
    )


def test_what_is_decided_after_a_cut_shows_it_too(meddle, trail, execution):
    """The chain goes on from the link that this machine remembers, so the gap stays in it for ever."""

    def cut(lines):
        del lines[3:]

    meddle(cut)
    execution.start("incident-approval").decision("approved", "incident-6")
    without_witnesses(execution)
    assert faults(trail) == [f"{NAME}:4: lines 4 to 5 of the chain are missing right before this line"]


def test_a_line_whose_end_was_cut_off_was_acknowledged(file, trail):
    """A witness knows its link, so this is no writer's death."""
    file.write_bytes(file.read_bytes()[:-30])
    assert faults(trail) == [f"{NAME}:5: this line has lost its link: it was changed, or its end was cut off"]


def test_a_torn_tail_is_no_tampering(file, trail, execution):
    """A writer that was killed leaves a piece that no witness knows; the next one ends it, and the chain goes on."""
    with file.open("ab") as opened:
        opened.write(b"[2026-02-08T00:47:27Z] [INFO] [incident-approval] [decision] Decision: approved inci")
    verdict = verify(trail)
    assert verdict.intact
    (note,) = verdict.notes
    assert note.where.endswith(".log:6")
    assert note.text.startswith("this line has no link and does not count: its writer was killed, or somebody wrote it")
    execution.start("incident-approval").decision("approved", "incident-6")
    verdict = verify(trail)
    assert (verdict.intact, verdict.lines, len(verdict.notes)) == (True, 6, 1)
    assert [it.subject for it in trail.decisions()] == [f"incident-{number}" for number in range(1, 7)]


def test_a_line_that_was_written_but_not_acknowledged_is_taken_up(file, trail, execution):
    """Its writer was killed before it could note the link; nothing is forked, nothing is missing."""
    last = list(lines_of(file.read_bytes()))[-1]
    body = last.body.replace(b"incident-5", b"incident-6")
    with file.open("ab") as opened:
        opened.write(body + f" chain={Link.of(last.link.series, 6, last.link, body)}".encode())
    execution.start("incident-approval").decision("approved", "incident-7")
    verdict = verify(trail)
    assert (verdict.intact, verdict.lines) == (True, 7)
    (note,) = verdict.notes
    assert note.where == f"logs/{file.name}:6"
    assert note.text == (
        "only the trail knows this line: its writer was killed before it could say so elsewhere, or somebody added it"
    )


def test_a_chain_that_was_made_anew_is_found_by_its_witnesses(meddle, trail):
    """Whoever rewrites every link from some line on is given away by what the journal knows."""

    def rewrite(lines):
        lines[1] = lines[1].replace(b"approved", b"rejected")
        remake(lines, 1)

    meddle(rewrite)
    (fault,) = faults(trail)
    assert fault.startswith(
        f"{NAME}:2: this line, or one before it, was rewritten and the chain made anew: "
        "the journal knows another line as number 2, approved incident-2 by agent-auto-approver, run "
    )


def test_a_chain_that_was_made_anew_is_found_by_what_git_keeps(meddle, trail, execution):
    """The results file has one link of the run: enough to know, and to know since when."""
    shutil.rmtree(execution.layout.active)

    def rewrite(lines):
        lines[1] = lines[1].replace(b"approved", b"rejected")
        remake(lines, 1)

    meddle(rewrite)
    (fault,) = faults(trail)
    assert fault.startswith(f"{NAME}:3: this line, or one before it, was rewritten and the chain made anew: results/")


def test_an_added_line_is_found(meddle, trail):
    """One that repeats a link, one that goes on from one, one without."""
    meddle(lambda lines: lines.insert(2, lines[1].replace(b"incident-2", b"incident-9")))
    assert faults(trail) == [f"{NAME}:3: this line was added: line 2 of the chain is at {NAME}:2"]


def test_a_line_that_stands_twice_in_a_file_is_found(meddle, trail):
    """It does not count twice in `irl audit`, but it does for `grep`."""
    meddle(lambda lines: lines.insert(3, lines[2]))
    assert faults(trail) == [f"{NAME}:4: this line was added: line 3 of the chain is at {NAME}:3"]


def test_a_trail_under_the_name_of_another_day_is_found(file, trail):
    """`irl audit --since` would not look into it."""
    file.rename(file.with_name("agent-approvals-2020-01-01.log"))
    (fault,) = verify(trail).faults
    assert fault.where == "logs/agent-approvals-2020-01-01.log:1"
    assert fault.text == f"this line is dated {file.name[16:26]}: it was moved here, or the file was renamed"


def forged(line, series=None):
    """Return a line that somebody made who knows the code, for behind another one."""
    last = next(lines_of(line))
    body = last.body.replace(b"incident-5", b"incident-6")
    number = 1 if series else last.link.number + 1
    return body + f" chain={Link.of(series or last.link.series, number, last.link, body)}\n".encode()


@pytest.mark.parametrize("series", [None, "deadbeef"])
def test_a_line_with_a_link_that_fits_is_noted_when_nobody_knows_it(series, meddle, trail, execution):
    """A killed writer leaves such a line too, and so does another machine: it is no fault, but somebody has to look."""
    meddle(lambda lines: lines.append(forged(lines[-1], series)))
    verdict = verify(trail)
    assert (verdict.intact, [note.where[-6:] for note in verdict.notes]) == (True, [".log:6"])
    assert "or somebody added it" in verdict.notes[0].text
    with execution.start("incident-approval") as run:
        run.decision("approved", "incident-7")
    assert [note.where[-6:] for note in verify(trail).notes] == [".log:6"]


def test_moved_lines_are_found(meddle, trail):
    """The order in the file is the chain's."""

    def swap(lines):
        lines[1], lines[2] = lines[2], lines[1]

    meddle(swap)
    assert faults(trail) == [f"{NAME}:3: this line was moved: it was before line 2"]


def test_other_line_ends_are_no_accident(meddle, trail):
    """A tool that rewrote every line end has changed every line."""
    meddle(lambda lines: lines.__setitem__(slice(None), [line.replace(b"\n", b"\r\n") for line in lines]))
    assert not verify(trail).intact


def test_lines_of_others_are_noted_and_do_not_count(file, trail):
    """The specification's `echo >>` into the trail breaks nothing."""
    lines = file.read_bytes().splitlines(keepends=True)
    lines.insert(2, b"[2026-02-08T00:47:00Z] Approved by hand\n")
    file.write_bytes(b"".join(lines))
    verdict = verify(trail)
    assert (verdict.intact, verdict.lines, len(trail.decisions())) == (True, 5, 5)
    assert [note.text for note in verdict.notes] == ["this line was not written by irl_logging and does not count"]


def at(monkeypatch, seconds):
    """Let decisions be made at another time."""
    monkeypatch.setattr("irl_logging.storage.trail.time", SimpleNamespace(time=lambda: seconds))


def test_the_chain_goes_over_days_and_into_the_archive(monkeypatch, execution):
    """A file that was packed and moved whole is part of the chain; without it there is a gap."""
    trail = execution.audit
    with monkeypatch.context() as patch, execution.start("incident-approval") as run:
        at(patch, 1_769_860_800.0)
        for number in range(1, 6):
            run.decision("approved", f"incident-{number}")
    file = trail.files()[0].path
    packed = execution.layout.archive / "2026-01" / "agent-approvals-2026-01-31.log.gz"
    packed.parent.mkdir(parents=True)
    packed.write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    execution.start("incident-approval").decision("approved", "incident-6")
    verdict = verify(trail)
    assert (verdict.intact, verdict.lines, verdict.files) == (True, 6, 2)
    assert trail.decisions()[0].trail == "archive/2026-01/agent-approvals-2026-01-31.log.gz"
    packed.unlink()
    (fault,) = faults(trail)
    assert fault.startswith(f"{NAME}:1: lines 1 to 5 of the chain are missing right before this line (1 in the journal")
    (remaining,) = trail.files()
    assert verify(trail, since=dt.date.fromisoformat(remaining.date)).intact


def test_rotation_moves_a_file_and_the_chain_goes_on(trail, file, execution):
    """Logrotate's names; a copy that stands there twice counts once."""
    file.rename(file.with_name(f"{file.name}.1"))
    execution.start("incident-approval").decision("approved", "incident-6")
    shutil.copy(f"{file}.1", f"{file}.2")
    verdict = verify(trail)
    assert (verdict.intact, len(trail.decisions())) == (True, 6)


def test_a_trail_that_is_gone_is_missed(trail, file):
    """The journal of this machine knows that there was one."""
    file.unlink()
    (fault,) = faults(trail)
    assert "no line is left of the chain that it knows number 5 of" in fault


def test_another_machine_begins_a_chain_that_continues_this_one(trail, file, execution, tmp_path):
    """A fresh clone knows nothing; what both write is whole when it is merged line by line."""
    clone = tmp_path / "clone" / "execution"
    shutil.copytree(execution.layout.root, clone, ignore=shutil.ignore_patterns("active"))
    theirs = Execution(clone, fsync=False, agent="agent-b")
    theirs.start("deploy").decision("approved", "theirs")
    execution.start("deploy").decision("approved", "ours")
    added = (clone / "logs" / file.name).read_bytes().splitlines(keepends=True)[-1]
    assert verify(theirs.audit).intact
    with file.open("ab") as opened:
        opened.write(added)
    verdict = verify(trail)
    assert (verdict.intact, verdict.lines) == (True, 7)
    assert len({it.chain.split(".")[0] for it in trail.decisions()}) == 2


def test_a_clone_for_each_decision_costs_no_more_than_one_for_all(execution):
    """Each clone begins a chain. The first of a chain was looked for among all lines: 10 s for these, now 0.1 s."""
    before = None
    lines = []
    for number in range(2_000):
        body = f"[2026-02-08T00:47:25Z] [INFO] [w] [s] Decision: approved i-{number} agent=a run=r".encode()
        before = Link.of(f"{number:08x}", 1, before, body)
        lines.append(body + f" chain={before}\n".encode())
    execution.layout.create()
    (execution.layout.logs / "agent-approvals-2026-02-08.log").write_bytes(b"".join(lines))
    began = time.process_time()
    verdict = verify(execution.audit)
    assert (verdict.intact, verdict.lines) == (True, 2_000)
    assert time.process_time() - began < 2


def test_results_of_another_machine_are_no_fault(trail, execution, tmp_path):
    """A clone without logs has results that bear witness of a trail that is not there."""
    clone = tmp_path / "clone" / "execution"
    shutil.copytree(execution.layout.results, clone / "results")
    verdict = verify(Execution(clone).audit)
    assert (verdict.intact, [note.text for note in verdict.notes]) == (
        True,
        ["the trail that it vouches for is not in this directory"],
    )


def test_the_head_stands_in_the_results_file(trail, execution, file):
    """Which git keeps: the link of the run's last decision."""
    (path,) = execution.layout.results.iterdir()
    audit = json.loads(path.read_text())["_irl"]["audit"]
    third = list(lines_of(file.read_bytes()))[2]
    assert audit == {"trail": f"logs/{file.name}", "chain": str(third.link)}


@pytest.mark.parametrize("pattern", ["agent-approvals-{date}.log", "decisions.{date}.log"])
def test_retention_moves_a_trail_whole(pattern, tmp_path, monkeypatch):
    """What `irl clean` has packed and archived is still intact, and the chain goes on from it."""
    execution = Execution(tmp_path / "execution", fsync=False, agent="a", audit_pattern=pattern)
    with monkeypatch.context() as patch, execution.start("incident-approval") as run:
        at(patch, 1_738_300_000.0)
        run.decision("approved", "incident-1")
    old = execution.audit.files()[0].path
    os.utime(old, (1_738_300_000, 1_738_300_000))
    clean(execution)
    assert [it.shown for it in execution.audit.files()] == [f"archive/2025-01/{old.name}.gz"]
    execution.start("incident-approval").decision("approved", "incident-2")
    verdict = verify(execution.audit)
    assert (verdict.intact, verdict.lines, verdict.files) == (True, 2, 2)
