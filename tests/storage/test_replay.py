"""What the records amount to: from the checkpoint as from the beginning, and never more in memory than is of use."""

from __future__ import annotations

import os

import pytest

from irl_logging.storage.events import encode
from irl_logging.storage.replay import Replay

ENDED = "✓ Complete"


def life(number, *, end=True, shown=True):
    """The records of one run."""
    time = f"2026-02-08T{number // 3600:02d}:{number // 60 % 60:02d}:{number % 60:02d}.000000Z"
    run = {"v": 1, "run": f"r{number:05d}", "workflow": "deploy", "time": time}
    kinds = [
        {"event": "run.started", "title": "Déploy", "log": f"logs/{number}.log", "pid": 7, "fields": {"n": number}},
        {"event": "step.started", "step": "list"},
        {"event": "run.result", "counters": {"approved": number}},
    ]
    if end:
        kinds.append({"event": "run.ended", "status": ENDED, "summary": "x" * 1_000})
    if end and shown:
        kinds.append({"event": "manifest.shown", "run": None, "runs": [run["run"]]})
    return b"".join(encode({**run, **kind, "seq": number * 10 + at}) for at, kind in enumerate(kinds))


@pytest.fixture
def segment(tmp_path):
    """A journal large enough for a checkpoint: 1,100 shown runs, one that is not shown, one that is open."""
    path = tmp_path / "journal" / "vm-aaaaaaaa-202602.jsonl"
    path.parent.mkdir()
    lives = [life(number) for number in range(1_100)]
    path.write_bytes(b"".join(lives) + life(5_000, shown=False) + life(6_000, end=False))
    return path


@pytest.fixture
def opened(segment, tmp_path):
    """A function that reads the journal as a new process does."""
    return lambda: Replay(segment.parent, tmp_path / "checkpoint")


def test_what_has_ended_and_is_shown_is_forgotten_but_for_the_newest(segment, opened):
    """The 500 that ended last stay, and every run that is open or not shown, however old; without a checkpoint all stay."""
    runs = opened().read()
    assert sorted(runs) == [f"r{number:05d}" for number in (*range(600, 1_100), 5_000, 6_000)]
    assert len(Replay(segment.parent).read()) == 1_102


def test_a_checkpoint_saves_the_reading(segment, opened):
    """A new process reads nothing of what another one has read, and knows the same: a byte that was flipped since is not seen."""
    first = opened()
    known = first.read()
    first.save()
    with segment.open("r+b") as journal:
        journal.write(b"X")
    second, afresh = opened(), Replay(segment.parent)
    assert second.read() == known
    afresh.read()
    assert (second.damaged, afresh.damaged) == (0, 1)


def test_what_came_after_the_checkpoint_is_read(segment, opened):
    """The next events count on top of it, also those of runs that were open then."""
    first = opened()
    first.read()
    first.save()
    with segment.open("ab") as journal:
        journal.write(encode({"v": 1, "event": "run.ended", "run": "r06000", "status": ENDED, "seq": 1}) + life(7_000))
    runs = opened().read()
    assert (runs["r06000"].status, runs["r06000"].steps, runs["r06000"].counters) == (ENDED, (), {"approved": 6_000})
    assert runs["r07000"].shown is True


def test_a_record_that_is_written_again_after_the_checkpoint_counts_once(segment, opened):
    """A writer whose sync failed does not know that somebody has read what it wrote."""
    step = encode({"v": 1, "event": "step.started", "run": "r06000", "step": "push", "seq": 3})
    with segment.open("ab") as journal:
        journal.write(step)
    first = opened()
    first.read()
    first.save()
    with segment.open("ab") as journal:
        journal.write(step)
    assert opened().read()["r06000"].steps == ("list", "push")


def test_an_end_that_waits_for_its_start_waits_in_the_checkpoint_too(segment, opened):
    """The segment with the start may come later: from another machine, by a copy."""
    with segment.open("ab") as journal:
        journal.write(encode({"v": 1, "event": "run.ended", "run": "r08000", "status": ENDED, "seq": 9}))
    first = opened()
    first.read()
    first.save()
    (segment.parent / "vm-bbbbbbbb-202602.jsonl").write_bytes(life(8_000, end=False))
    assert opened().read()["r08000"].status == ENDED


@pytest.mark.parametrize("harm", ["removed", "emptied", "cut", "flipped", "other version"])
def test_a_checkpoint_that_is_not_whole_is_no_checkpoint(segment, opened, tmp_path, harm):
    """Everything is read then, and comes to the same."""
    first = opened()
    known = first.read()
    first.save()
    path = tmp_path / "checkpoint"
    data = path.read_bytes()
    match harm:
        case "removed":
            path.unlink()
        case "emptied":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "flipped":
            path.write_bytes(data.replace(b'"approved":1099', b'"approved":1098'))
        case "other version":
            path.write_bytes(encode({"v": 99, "segments": {}, "runs": [], "fields": []}))
    assert opened().read() == known


@pytest.mark.parametrize("change", ["replaced", "cut", "removed"])
def test_a_checkpoint_of_other_segments_counts_for_nothing(segment, opened, change):
    """The journal was put back from a copy, or taken away, since it was made."""
    first = opened()
    first.read()
    first.save()
    match change:
        case "replaced":
            segment.write_bytes(b"".join(life(number) for number in range(2_000, 3_100)))
            expected = {f"r{number:05d}" for number in range(2_000, 3_100)}
        case "cut":
            os.truncate(segment, len(life(0)) + len(life(1)))
            expected = {"r00000", "r00001"}
        case "removed":
            segment.unlink()
            expected = set()
    assert opened().read().keys() <= expected
    assert bool(opened().read()) is bool(expected)


def test_a_small_journal_needs_no_checkpoint(tmp_path):
    """Nothing is written for what is read in no time."""
    (tmp_path / "journal").mkdir()
    (tmp_path / "journal" / "vm-aaaaaaaa.jsonl").write_bytes(life(1))
    small = Replay(tmp_path / "journal", tmp_path / "checkpoint")
    assert list(small.read()) == ["r00001"]
    small.save()
    assert not (tmp_path / "checkpoint").exists()


def test_memory_stays_small(tmp_path):
    """What is remembered of records, and of runs that nobody knows, does not grow with the journal."""
    (tmp_path / "journal").mkdir()
    journal = tmp_path / "journal" / "vm-aaaaaaaa.jsonl"
    steps = (encode({"v": 1, "event": "step.started", "run": "r00001", "step": "s", "seq": n}) for n in range(3_000))
    lost = (encode({"v": 1, "event": "run.ended", "run": f"gone-{n}", "seq": n}) for n in range(3_000))
    journal.write_bytes(life(1, end=False) + b"".join(steps) + b"".join(lost))
    one = Replay(journal.parent, tmp_path / "checkpoint")
    assert len(one.read()["r00001"].steps) == 3_001
    assert (len(one._seen["r00001"]), len(one._waiting)) == (1_000, 1_000)
    with journal.open("ab") as more:  # a process that goes on with a run that has ended long ago
        more.writelines(encode({"v": 1, "event": "run.decision", "run": "gone-2999", "seq": n}) for n in range(3_000))
    one.read()
    assert sum(map(len, one._waiting.values())) < 2_000
    with journal.open("ab") as more:
        more.write(life(1))
    assert one.read()["r00001"].status == ENDED
    assert one._seen == {}
