"""Rotation by size and by period: nothing lost, doubled or torn, whoever else writes; nothing that is not due."""

from __future__ import annotations

import collections
import fcntl
import functools
import os
import re
import time

import pytest

from irl_logging.naming import Piece
from irl_logging.storage.locks import lock, try_lock
from irl_logging.storage.rotation import Rotation
from irl_logging.storage.sink import LOOK_SECONDS, LogFiles

NOW = 1_770_511_645.0  # 2026-02-08T00:47:25Z
LATER = NOW + 2 * LOOK_SECONDS
MIDNIGHT = 1_770_595_200.0  # 2026-02-09T00:00:00Z


def marker(text):
    return b"! " + text.encode()


@pytest.fixture
def place(tmp_path):
    (tmp_path / "active").mkdir()
    (tmp_path / "logs").mkdir()
    return tmp_path


def open_log(place, **limits):
    return LogFiles(rotation=Rotation(place / "active" / ".rotate.lock", **limits)).get(
        place / "logs" / "a.log", marker
    )


def rotated(place):
    """Return the content of the rotated files, oldest first."""
    return [path.read_bytes() for path in sorted((place / "logs").iterdir()) if path.name != "a.log"]


def test_a_file_over_the_limit_makes_room_at_the_next_look(place):
    file = open_log(place, most=8)
    file.write(b"one\n", NOW)
    file.write(b"two\n", NOW)
    file.write(b"three\n", NOW + LOOK_SECONDS / 2)
    file.write(b"four\n", LATER)
    assert rotated(place) == [b"one\ntwo\nthree\n"]
    assert file.path.read_bytes() == b"four\n"
    (name,) = [path.name for path in (place / "logs").iterdir() if path.name != "a.log"]
    assert re.fullmatch(r"a\.log\.\d{8}T\d{6}\.\d{6}Z", name)


def test_a_file_below_the_limit_stays(place):
    file = open_log(place, most=9)
    for turn in range(2):
        file.write(b"four\n", NOW + turn * (LATER - NOW))
    assert rotated(place) == []
    assert file.path.read_bytes() == b"four\nfour\n"


def test_a_file_that_is_full_when_it_is_opened_makes_room_first(place):
    (place / "logs" / "a.log").write_bytes(b"of a process before\n")
    open_log(place, most=10).write(b"one\n", NOW)
    assert rotated(place) == [b"of a process before\n"]
    assert (place / "logs" / "a.log").read_bytes() == b"one\n"


def test_a_period_ends_at_midnight_utc(place):
    file = open_log(place, seconds=86_400)
    file.write(b"before\n", MIDNIGHT - 1)
    file.write(b"still\n", MIDNIGHT - 0.5)
    file.write(b"after\n", MIDNIGHT)
    file.write(b"later\n", MIDNIGHT + 1)
    assert rotated(place) == [b"before\nstill\n"]
    assert file.path.read_bytes() == b"after\nlater\n"


def test_two_writers_turn_a_period_once(place):
    first, second = open_log(place, seconds=86_400), open_log(place, seconds=86_400)
    first.write(b"1 before\n", MIDNIGHT - 1)
    second.write(b"2 before\n", MIDNIGHT - 1)
    first.write(b"1 after\n", MIDNIGHT + 1)
    os.utime(first.path, (MIDNIGHT, MIDNIGHT))
    second.write(b"2 after\n", MIDNIGHT + 2)
    assert rotated(place) == [b"1 before\n2 before\n"]
    assert first.path.read_bytes() == b"1 after\n2 after\n"


def test_yesterdays_shared_file_is_turned_when_it_is_opened(place):
    path = place / "logs" / "a.log"
    path.write_bytes(b"yesterday\n")
    os.utime(path, (MIDNIGHT - 9, MIDNIGHT - 9))
    open_log(place, seconds=86_400).write(b"today\n", MIDNIGHT + 9)
    assert rotated(place) == [b"yesterday\n"]


def test_nobody_waits_for_who_is_rotating(place):
    file = open_log(place, most=1)
    file.write(b"one\n", NOW)
    with try_lock(place / "active" / ".rotate.lock"):
        file.write(b"two\n", LATER)
    file.write(b"three\n", LATER + 2 * LOOK_SECONDS)
    assert rotated(place) == [b"one\ntwo\n"]
    assert file.path.read_bytes() == b"three\n"


def test_a_name_that_is_taken_is_not_overwritten(place, monkeypatch):
    """A clock that was set back gives a name again; the file that has it stays."""
    monkeypatch.setattr("irl_logging.storage.rotation.time", FrozenClock)
    file = open_log(place, most=1)
    for turn in range(3):
        file.write(b"%d\n" % turn, NOW + turn)
    assert rotated(place) == [b"0\n", b"1\n"]


class FrozenClock:
    time = staticmethod(lambda: NOW)


def test_what_cannot_be_rotated_is_said_and_goes_on(place, capsys):
    file = open_log(place, most=1)
    file.write(b"one\n", NOW)
    (place / "active").rmdir()
    file.write(b"two\n", LATER)
    assert file.path.read_bytes() == b"one\ntwo\n"
    assert "cannot be rotated and keeps growing: No such file or directory" in capsys.readouterr().err


def test_who_writes_keeps_out_who_would_compress(place):
    """The lock is shared while the file is open, and free for one alone when it is closed."""
    file = open_log(place)
    file.write(b"one\n", NOW)
    with file.path.open("rb") as reader:
        assert not lock(reader.fileno(), wait=False)
        file.close()
        assert lock(reader.fileno(), wait=False)


def test_a_lock_of_somebody_else_keeps_no_line_out(place):
    """`flock` of a log by a person must not stop a program."""
    path = place / "logs" / "a.log"
    with path.open("wb") as theirs:
        fcntl.flock(theirs, fcntl.LOCK_EX)
        open_log(place).write(b"one\n", NOW)
    assert path.read_bytes() == b"one\n"


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a-1.log", ("a-1.log", (2, ""), False, False)),
        ("a-1.jsonl", ("a-1.jsonl", (2, ""), False, False)),
        ("a-1.log.gz", ("a-1.log", (1, ""), True, True)),
        ("a-1.log.20260208T004725.000001Z", ("a-1.log", (0, "20260208T004725.000001Z"), True, False)),
        ("a-1.log.20260208T004725.000001Z.gz", ("a-1.log", (0, "20260208T004725.000001Z"), True, True)),
        ("a-1.log.1", ("a-1.log", (0, "9998"), True, False, True)),
        ("a-1.log.12.gz", ("a-1.log", (0, "9987"), True, True, True)),
        ("a-1.log-20260215.gz", ("a-1.log", (0, "20260215"), True, True, True)),
    ],
)
def test_names_that_a_log_comes_to_stand_in(name, piece):
    assert Piece.of(name) == Piece(*piece)


@pytest.mark.parametrize("name", ["a-1.log.gz.part", "a-1.txt", "a-1.log.bak", "a-1.log~", ".log", "a-1.log.gz.gz"])
def test_other_names_are_nobodys(name):
    assert Piece.of(name) is None


def test_eight_writers_lose_nothing(place, forked):
    """Rotation at 100 kB while eight processes write: each line once, whole, and in the order of its writer."""
    count = 2_500

    def write(writer):
        file = open_log(place, most=100_000)
        for number in range(count):
            file.write(b"%d %05d %s\n" % (writer, number, b"x" * 80), time.time() + number / 100)  # many looks

    children = [forked(functools.partial(write, writer)) for writer in range(8)]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    content = [*rotated(place), (place / "logs" / "a.log").read_bytes()]
    assert len(content) > 3
    lines = collections.defaultdict(list)
    for line in b"".join(content).splitlines():
        writer, number, _ = line.split(b" ")
        lines[int(writer)].append(int(number))
    assert dict(lines) == {writer: list(range(count)) for writer in range(8)}
