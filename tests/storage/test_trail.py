"""The chain over the audit trail: links, lines, and where the next link goes on."""

from __future__ import annotations

import errno
import os

import pytest

from irl_logging.errors import BusyError
from irl_logging.naming import LogPattern
from irl_logging.storage import trail as module
from irl_logging.storage.layout import Layout
from irl_logging.storage.locks import try_lock
from irl_logging.storage.trail import Link, Trail, head_of, lines_of


@pytest.fixture
def layout(tmp_path):
    return Layout(tmp_path / "execution")


@pytest.fixture
def trail(layout):
    return Trail(layout, LogPattern("trail-{date}.log"), durable=False)


def links(trail):
    return [line.link for path in sorted(trail._layout.logs.iterdir()) for line in lines_of(path.read_bytes())]


def test_a_link_is_of_the_line_and_of_what_comes_before():
    """The digest is fixed: a trail of today can be verified by every later version."""
    first = Link.of("0badcafe", 1, None, b"one")
    second = Link.of("0badcafe", 2, first, b"two")
    assert (str(first), str(second)) == (
        "0badcafe.1.bcf17ae9defa8847a3eae23c5ee7228b",
        "0badcafe.2.0c4eb91661380bc7e127329bc0bd9f4f",
    )
    assert Link.read(str(second)) == second
    assert Link.of("0badcafe", 2, Link.of("0badcafe", 1, None, b"One"), b"two") != second


@pytest.mark.parametrize("text", ["", "0badcafe.0." + "0" * 32, "0badcafe.1." + "0" * 31, "0BADCAFE.1." + "0" * 32])
def test_what_is_no_link_is_none(text):
    assert Link.read(text) is None


def test_lines_are_chained(trail, layout):
    """Each goes on from the one before; the lock file knows the last."""
    written = [trail.append(lambda now, n=n: b"line %d" % n)[0] for n in range(3)]
    assert [link.number for link in written] == [1, 2, 3]
    assert links(trail) == written
    assert written[2] == Link.of(written[0].series, 3, written[1], b"line 2")
    assert head_of(layout) == written[2]
    assert sorted(path.name for path in layout.active.iterdir()) == [".audit.lock", ".gitignore"]


def test_a_torn_line_is_ended(trail, layout):
    """What a killed writer left is a line of its own, without a link."""
    _, path = trail.append(lambda now: b"one")
    with path.open("ab") as file:
        file.write(b"tor")
    trail.append(lambda now: b"two")
    assert [(line.number, line.body) for line in lines_of(path.read_bytes())] == [(1, b"one"), (2, b"tor"), (3, b"two")]
    assert [link and link.number for link in links(trail)] == [1, None, 2]


def test_the_last_link_is_found_behind_a_lot_of_other_text(trail, monkeypatch):
    """However far from the end."""
    monkeypatch.setattr(module, "_TAIL_BYTES", 64)
    first, path = trail.append(lambda now: b"one")
    with path.open("ab") as file:
        file.write(b"by hand\n" * 1000)
    (trail._layout.audit_lock).write_text("")
    second, _ = trail.append(lambda now: b"two")
    assert second == Link.of(second.series, 1, first, b"two")
    assert second.series != first.series


def test_a_full_disk_refuses_the_line_and_the_next_goes_on(trail, monkeypatch, layout):
    """A part of the line is no line, and the head is still that of the last whole one."""
    first, _ = trail.append(lambda now: b"one")
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:5]))
    with pytest.raises(OSError) as caught:
        trail.append(lambda now: b"two")
    assert caught.value.errno == errno.ENOSPC
    monkeypatch.undo()
    assert head_of(layout) == first
    third, _ = trail.append(lambda now: b"three")
    assert third == Link.of(first.series, 2, first, b"three")


def test_waiting_has_an_end(trail, layout, monkeypatch):
    """Who cannot have the lock in time writes nothing."""
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.05)
    _, path = trail.append(lambda now: b"one")
    with try_lock(layout.audit_lock), pytest.raises(BusyError, match=r"\.audit\.lock is locked"):
        trail.append(lambda now: b"two")
    assert len(path.read_bytes().splitlines()) == 1
