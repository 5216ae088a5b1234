"""Finding a log wherever it has gone, and unpacking no bomb."""

from __future__ import annotations

import gzip
import os
import zlib

import pytest

from irl_logging import ArchiveError
from irl_logging.storage import pieces as module
from irl_logging.storage.layout import Layout
from irl_logging.storage.pieces import all_pieces, content, pieces

LOG = "deploy-2026-02-08-001.log"


@pytest.fixture
def layout(tmp_path):
    layout = Layout(tmp_path / "execution")
    layout.create()
    for month in ("2026-02", "2026-03"):
        (layout.archive / month).mkdir(parents=True)
    return layout


def put(path, text):
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_all_pieces_of_a_log_stand_in_the_order_in_which_they_were_written(layout):
    oldest = put(layout.archive / "2026-02" / f"{LOG}.20260208T010000.000000Z.gz", "1")
    older = put(layout.archive / "2026-03" / f"{LOG}.20260301T010000.000000Z.gz", "2")
    packed = put(layout.logs / f"{LOG}.20260401T010000.000000Z.gz", "3")
    plain = put(layout.logs / f"{LOG}.20260401T010000.000001Z", "4")
    live = put(layout.logs / LOG, "5")
    put(layout.logs / "deploy-2026-02-08-0011.log", "of another run")
    assert pieces(layout, f"logs/{LOG}") == [oldest, older, packed, plain, live]


def test_logrotate_counts_backwards(layout):
    names = [f"{LOG}.11.gz", f"{LOG}.2.gz", f"{LOG}.1", LOG]
    paths = [put(layout.logs / name, name) for name in names]
    assert pieces(layout, LOG) == paths


def test_what_is_no_piece_is_left_out(layout, tmp_path):
    put(tmp_path / "elsewhere", "x")
    (layout.logs / f"{LOG}.1").symlink_to(tmp_path / "elsewhere")
    (layout.logs / f"{LOG}.2").mkdir()
    put(layout.logs / f"{LOG}.gz.part", "x")
    assert pieces(layout, LOG) == []
    assert pieces(Layout(tmp_path / "nowhere"), LOG) == []


def test_a_log_and_its_twin_are_two(layout):
    log, twin = put(layout.logs / "a.log", "1"), put(layout.logs / "a.jsonl", "2")
    assert all_pieces(layout) == {"a.log": [log], "a.jsonl": [twin]}


def test_what_was_packed_but_not_removed_yet_counts_once(layout):
    plain = put(layout.logs / f"{LOG}.20260401T010000.000001Z", "1")
    packed = put(layout.archive / "2026-02" / f"{LOG}.gz", "1")
    os.utime(packed, ns=(1, plain.stat().st_mtime_ns))
    other = put(layout.archive / "2026-02" / f"{LOG}.20260301T010000.000001Z.gz", "same time, another text")
    os.utime(other, ns=(1, plain.stat().st_mtime_ns))
    assert pieces(layout, LOG) == [other, plain]


def test_content_is_unpacked(layout):
    text = "line\n" * 100_000
    assert b"".join(content(put(layout.logs / "a.log.gz", text))) == text.encode()
    assert b"".join(content(put(layout.logs / "a.log", text))) == text.encode()


def test_a_packed_file_of_several_parts_is_read_to_its_end(layout):
    path = layout.logs / "a.log.gz"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert b"".join(content(path)) == b"one\ntwo\n"


def test_a_bomb_is_refused(layout):
    path = layout.logs / "a.log.gz"
    path.write_bytes(gzip.compress(bytes(16 << 20)))
    with pytest.raises(ArchiveError, match="and 1000 for each packed byte"):
        b"".join(content(path))


def test_a_packed_file_has_a_limit_whatever_the_ratio(layout, monkeypatch):
    monkeypatch.setattr(module, "MOST_UNPACKED", 200_000)
    path = layout.logs / "a.log.gz"
    path.write_bytes(gzip.compress(os.urandom(300_000)))
    with pytest.raises(ArchiveError, match="at most 200000 are read"):
        b"".join(content(path))


@pytest.mark.parametrize("damage", ["cut", "flipped", "no gzip"])
def test_a_damaged_file_is_told(layout, damage):
    data = bytearray(gzip.compress(os.urandom(200_000)))
    if damage == "cut":
        del data[-1_000:]
    elif damage == "flipped":
        data[100_000] ^= 1
    else:
        data = bytearray(zlib.compress(b"x"))
    (layout.logs / "a.log.gz").write_bytes(data)
    with pytest.raises(ArchiveError, match=r"a\.log\.gz is damaged and cannot be unpacked"):
        b"".join(content(layout.logs / "a.log.gz"))
