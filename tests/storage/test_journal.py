"""The journal: what is acknowledged stays, what is damaged costs one record, and nothing is invented."""

from __future__ import annotations

import json
import math
import os
import resource
import threading
import zlib

import pytest

from irl_logging.errors import JournalError
from irl_logging.lifecycle import Status
from irl_logging.storage.events import MAX_RECORD_BYTES, decode, encode
from irl_logging.storage.journal import Journal


def started(run="r1", **more):
    return {
        "event": "run.started",
        "run": run,
        "workflow": "deploy",
        "agent": "agent-x",
        "log": f"logs/{run}.log",
        **more,
    }


def ended(run="r1", **more):
    return {"event": "run.ended", "run": run, "workflow": "deploy", "status": "✓ Complete", **more}


@pytest.fixture
def journal(tmp_path):
    """A journal in a directory that is not there yet."""
    return Journal(tmp_path / "journal")


def statuses(journal):
    return {run: str(state.status) for run, state in journal.runs().items()}


def test_an_event_is_one_line_with_a_checksum(journal):
    """CRC-32 of the JSON in eight hex digits, a blank, compact ASCII JSON with all stamps, a line feed."""
    written = journal.append(started(title="Bereitstellung ä"))
    line = journal.segment.read_bytes()
    checksum, text = line.rstrip(b"\n").split(b" ", 1)
    assert checksum == b"%08x" % zlib.crc32(text)
    assert text.isascii()
    assert b", " not in text
    assert json.loads(text) == written == decode(line[:-1])
    assert list(written)[-7:] == ["seq", "time", "mono", "boot", "host", "pid", "start"]
    assert (written["v"], written["pid"], written["title"]) == (1, os.getpid(), "Bereitstellung ä")
    assert journal.segment.stat().st_mode & 0o777 == 0o640


def test_two_journals_of_one_process_are_told_apart(tmp_path):
    """Their events have numbers of their own: none is taken for a double of another."""
    first, second = Journal(tmp_path / "journal"), Journal(tmp_path / "journal")
    assert first.append(started("r1"))["seq"] < second.append(started("r2"))["seq"]
    assert statuses(Journal(tmp_path / "journal")) == {"r1": "Running", "r2": "Running"}


def test_a_record_that_is_there_twice_counts_once(journal):
    """After a sync that failed, or a merge of two copies of a segment."""
    journal.append(started())
    journal.append({"event": "step.started", "run": "r1", "step": "list"})
    data = journal.segment.read_bytes()
    journal.segment.write_bytes(data + data)
    assert Journal(journal.segment.parent).runs()["r1"].steps == ("list",)


def test_a_torn_tail_ends_before_the_next_record(journal):
    """A killed writer's part of a record is closed by the next one and counted as damaged."""
    journal.append(started())
    with journal.segment.open("ab") as segment:
        segment.write(b'0badf00d {"v":1,"event":"run.en')
    assert statuses(journal) == {"r1": "Running"}
    Journal(journal.segment.parent).append(ended())
    assert (statuses(journal), journal.damaged) == ({"r1": "✓ Complete"}, 1)


def test_a_record_that_is_still_being_written_is_read_later(journal):
    """A reader between two halves of a record sees it whole the next time."""
    journal.append(started())
    journal.runs()
    record = encode({"v": 1, **ended()})
    with journal.segment.open("ab", buffering=0) as segment:
        segment.write(record[:20])
        assert statuses(journal) == {"r1": "Running"}
        segment.write(record[20:])
    assert (statuses(journal), journal.damaged) == ({"r1": "✓ Complete"}, 0)


def test_each_flipped_byte_costs_one_record_at_most(journal, tmp_path):
    """Whatever byte of the middle record is changed, the other two stand, and nothing is invented."""
    for run in ("r1", "r2", "r3"):
        journal.append(started(run))
    first, middle, last = journal.segment.read_bytes().splitlines(keepends=True)
    for at in range(len(middle) - 1):
        directory = tmp_path / f"flip-{at}"
        directory.mkdir()
        (directory / "x.jsonl").write_bytes(first + middle[:at] + bytes([middle[at] ^ 1]) + middle[at + 1 :] + last)
        found = Journal(directory).runs()
        assert {"r1", "r3"} <= set(found) <= {"r1", "r2", "r3"}
        assert "r2" not in found or found["r2"] == journal.runs()["r2"]


@pytest.mark.parametrize("cut", [0, 1, 20, 200])
def test_a_cut_costs_what_was_cut(journal, cut):
    """A segment that is shorter than what was read of it is read again from its beginning."""
    journal.append(started("r1"))
    kept = journal.segment.stat().st_size
    journal.append(started("r2"))
    assert set(journal.runs()) == {"r1", "r2"}
    os.truncate(journal.segment, kept + cut)
    assert set(journal.runs()) == {"r1"}


def test_a_segment_that_was_replaced_is_read_again(journal):
    """Another file of the same name, longer than what was read: a checkout, a restored backup."""
    journal.append(started("r1"))
    journal.runs()
    other = b"".join(encode({"v": 1, **started(run)}) for run in ("r2", "r3", "r4"))
    journal.segment.write_bytes(other)
    assert set(journal.runs()) == {"r2", "r3", "r4"}
    journal.segment.unlink()
    assert journal.runs() == {}


def test_what_comes_after_the_journal_was_removed_is_not_lost(journal):
    """The starts of this process's open runs are written again, those of the ended are not."""
    journal.append(started("over"))
    journal.append(ended("over"))
    journal.append(started("open"))
    journal.segment.unlink()
    journal.segment.parent.rmdir()
    journal.append({"event": "step.started", "run": "open", "step": "push"})
    state = Journal(journal.segment.parent).runs()
    assert (list(state), state["open"].steps, state["open"].log) == (["open"], ("push",), "logs/open.log")


def test_a_descriptor_that_was_closed_from_outside_is_not_written_to(journal, tmp_path):
    """A program that becomes a daemon closes all descriptors and opens its own: ours may be one of them by now."""
    journal.append(started())
    ours = journal._segment.fd
    os.close(ours)
    theirs = os.open(tmp_path / "theirs", os.O_RDWR | os.O_CREAT)
    assert theirs == ours
    journal.append(ended())
    journal.close()
    assert os.fstat(theirs).st_size == 0
    os.close(theirs)
    assert statuses(journal) == {"r1": "✓ Complete"}


@pytest.mark.parametrize("kind", ["link", "pipe", "directory"])
def test_what_is_no_regular_file_is_refused(tmp_path, kind):
    """A link, a pipe or a directory in place of the segment: nothing is written, nobody hangs, readers pass it by."""
    journal = Journal(tmp_path / "journal", durable=False)
    journal.segment.parent.mkdir()
    match kind:
        case "link":
            (tmp_path / "precious").touch()
            journal.segment.symlink_to(tmp_path / "precious")
        case "pipe":
            os.mkfifo(journal.segment)
        case "directory":
            journal.segment.mkdir()
    with pytest.raises(JournalError, match=r"the event run\.started was not recorded"):
        journal.append(started())
    assert journal.runs() == {}
    assert kind != "link" or (tmp_path / "precious").stat().st_size == 0


def test_a_clock_that_was_set_back_changes_nothing(tmp_path):
    """Between boots the times may be the wrong way round: an end that seems to be before its start counts."""
    directory = tmp_path / "journal"
    directory.mkdir()
    stamp = {"v": 1, "host": "vm"}
    (directory / "vm-aaaaaaaa.jsonl").write_bytes(encode({**stamp, **started(), "time": "2026-02-08T10:00:00.000000Z"}))
    late = {**stamp, **ended(), "time": "2026-02-05T10:00:00.000000Z"}
    shown = {**stamp, "event": "manifest.shown", "runs": ["r1"], "time": "2026-02-05T10:00:01.000000Z"}
    (directory / "vm-bbbbbbbb.jsonl").write_bytes(encode(late) + encode(shown))
    state = Journal(directory).runs()["r1"]
    assert (state.status, state.shown) == ("✓ Complete", True)


def test_the_order_of_a_segment_is_its_own(tmp_path):
    """Within a boot the order is that of the records, whatever the clock did, also beside other segments."""
    directory = tmp_path / "journal"
    directory.mkdir()
    records = [("run.started", "10:00"), ("step.started", "09:00"), ("step.ended", "08:00"), ("step.started", "08:30")]
    names = iter(("", "one", "one", "two"))
    data = b"".join(
        encode({"v": 1, **started(), "event": kind, "step": next(names), "time": f"2026-02-08T{time}:00Z"})
        for kind, time in records
    )
    (directory / "a.jsonl").write_bytes(data)
    (directory / "b.jsonl").write_bytes(encode({"v": 1, **started("r2"), "time": "2026-02-08T08:15:00Z"}))
    state = Journal(directory).runs()["r1"]
    assert (state.steps, state.last_step) == (("two",), "two")


def test_a_disk_that_is_full(journal):
    """The event is not acknowledged, what stands stays whole, and the next event finds its place."""
    journal.append(started())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.segment.stat().st_size + 30, hard))
    try:
        with pytest.raises(JournalError, match=r"the event run\.ended was not recorded: "):
            journal.append(ended())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert statuses(Journal(journal.segment.parent)) == {"r1": "Running"}
    journal.append(ended())
    assert statuses(Journal(journal.segment.parent)) == {"r1": "✓ Complete"}


def test_threads_write_whole_records(journal):
    """Eight threads, each with its own numbers in order; no record is torn, none is missing."""

    def work(name):
        for number in range(25):
            journal.append({"event": "run.decision", "run": name, "number": number})

    threads = [threading.Thread(target=work, args=(f"r{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = [decode(line) for line in journal.segment.read_bytes().splitlines()]
    assert [event["number"] for event in events if event["run"] == "r3"] == list(range(25))
    assert sorted(event["seq"] for event in events) == [event["seq"] for event in events]
    assert len(events) == 200


def test_no_descriptor_is_left_open(tmp_path):
    """A journal that nobody holds any more has closed its segment."""
    before = set(os.listdir("/proc/self/fd"))
    for number in range(20):
        Journal(tmp_path / "journal").append(started(f"r{number}"))
    assert len(os.listdir("/proc/self/fd")) <= len(before)


class Hostile:
    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        pytest.param("x" * 20_000, "x" * 4096 + "...(+15904 characters)", id="long text"),
        pytest.param("\x00\ud800" * 9_000, None, id="long text of escapes"),
        pytest.param(math.nan, "nan", id="NaN"),
        pytest.param([math.inf, 1.5], ["inf", 1.5], id="infinity"),
        pytest.param({("a", 1): 2}, {"('a', 1)": 2}, id="key that is no text"),
        pytest.param(Hostile(), "(Hostile that cannot be shown)", id="no text"),
        pytest.param(10**5_000, None, id="number too long to print"),
        pytest.param(list(range(9_000)), [*range(512), "...(+8488 items)"], id="long list"),
        pytest.param({str(n): "y" * 300 for n in range(300)}, None, id="long mapping"),
    ],
)
def test_what_json_has_not_or_is_too_long_never_fails(journal, value, kept):
    """It becomes text, or is cut with a note of how much is missing; the event's own fields stay whole."""
    journal.append(started(fields={"value": value}))
    (line,) = journal.segment.read_bytes().splitlines(keepends=True)
    assert len(line) <= MAX_RECORD_BYTES
    state = Journal(journal.segment.parent).runs()["r1"]
    assert (state.log, state.status, state.pid) == ("logs/r1.log", Status.RUNNING, os.getpid())
    assert kept is None or dict(state.fields) == {"value": kept}


def test_a_value_that_holds_itself_is_cut(journal):
    """A cycle is followed for some levels, and then it is text."""
    cycle: list = []
    cycle.append(cycle)
    journal.append(started(fields={"cycle": cycle}))
    assert "r1" in Journal(journal.segment.parent).runs()


def test_events_of_an_unknown_version_are_passed_over(journal):
    """A later release may write what this one does not understand."""
    journal.segment.parent.mkdir()
    journal.segment.write_bytes(encode({**started(), "v": 99}))
    assert (journal.runs(), journal.damaged) == ({}, 0)
