"""A journal that was damaged or cut, at each of its bytes: one record is lost at most, and none is invented."""

from __future__ import annotations

import os

import pytest

from irl_logging.storage.events import decode, encode
from irl_logging.storage.journal import Journal


def event(kind: str, run: str, seq: int, **more) -> bytes:
    stamps = {
        "seq": seq,
        "time": f"2026-02-08T00:45:{seq:02}.000000Z",
        "host": "vm",
        "boot": "aaaaaaaa",
        "pid": 7,
        "start": 70,
    }
    return encode({"v": 1, "event": kind, "run": run, "workflow": "deploy", **more, **stamps})


RECORDS = [
    event("run.started", "r1", 1, title="Bereitstellung ä", agent="agent-x", log="logs/r1.log"),
    event("run.started", "r2", 2, title='0badf00d {"v":1}', agent="agent-x", log="logs/r2.log"),
    event("step.started", "r1", 3, step="push"),
    event("run.result", "r1", 4, counters={"approved": 8}, results="results/r1.json"),
    event("step.ended", "r1", 5, step="push", duration=0.5),
    event("run.ended", "r1", 6, status="✓ Complete", summary="8 approved"),
    event("manifest.shown", "r1", 7, runs=["r1"]),
    event("run.started", "r3", 8, title="deploy", agent="agent-x", log="logs/r3.log"),
]
WHOLE = b"".join(RECORDS)


@pytest.fixture
def read(tmp_path):
    """Return what a journal with these bytes amounts to, and how many of its records are damaged."""
    segment = tmp_path / "vm-aaaaaaaa.jsonl"

    def read(data: bytes):
        segment.write_bytes(data)
        journal = Journal(tmp_path)
        return journal.runs(), journal.damaged

    return read


def owner(at: int) -> int:
    """The record that the byte at this offset belongs to."""
    return WHOLE.count(b"\n", 0, at)


EACH = pytest.param(1, marks=pytest.mark.slow, id="each")
SOME = pytest.param(7, id="some")


def offsets(step: int) -> list[int]:
    """So many bytes apart, and around each line feed."""
    ends = [at for at, byte in enumerate(WHOLE) if byte == ord("\n")]
    return sorted({*range(0, len(WHOLE), step), *ends, *(at + 1 for at in ends[:-1]), *(at - 1 for at in ends)})


@pytest.mark.parametrize("mask", [0x01, 0x20, 0xFF])
@pytest.mark.parametrize("step", [SOME, EACH])
def test_a_damaged_byte_costs_its_own_record(step, mask, read):
    """All others count, the one before a damaged line feed and the one behind it as well."""
    all_runs, none = read(WHOLE)
    assert none == 0
    without = [read(b"".join(RECORDS[:n] + RECORDS[n + 1 :]))[0] for n in range(len(RECORDS))]
    for at in offsets(step)[:-1]:  # a record without its line feed is one that is still being written
        found, damaged = read(WHOLE[:at] + bytes([WHOLE[at] ^ mask]) + WHOLE[at + 1 :])
        # A checksum with a digit in upper case is the same checksum.
        assert found in (all_runs, without[owner(at)]), at
        assert damaged == 1 or found == all_runs, at


@pytest.mark.parametrize("step", [SOME, EACH])
def test_a_cut_costs_what_was_cut_off(step, read, tmp_path):
    """What is behind the cut is gone, what is before it counts, and the next record has a line of its own."""
    until = [read(b"".join(RECORDS[:n]))[0] for n in range(len(RECORDS) + 1)]
    for at in offsets(step):
        assert read(WHOLE[:at]) == (until[owner(at)], 0), at
        journal = Journal(tmp_path, durable=False)
        journal.segment.write_bytes(WHOLE[:at])
        os.truncate(tmp_path / "vm-aaaaaaaa.jsonl", 0)
        journal.append({"event": "run.started", "run": "next", "workflow": "deploy"})
        assert decode(journal.segment.read_bytes().splitlines()[-1]) is not None, at
        found = Journal(tmp_path).runs()
        assert found.pop("next").open
        assert found in (until[owner(at)], until[owner(at + 1)]), at  # a record that lacks but its line feed counts now
        journal.segment.unlink()
