"""Where a log stands by now, and its bytes: rotated, packed, moved to the archive, or still being written.

`naming.Piece` knows what a log may be called; here the files are found and read, packed ones within bounds, as what they
unpack to is not known before. What the lines say is the business of `history`.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from irl_logging.errors import ArchiveError
from irl_logging.naming import Piece
from irl_logging.storage.files import SAFE
from irl_logging.storage.layout import Layout

MOST_UNPACKED: Final = 1 << 30
"""Bytes that one packed file may unpack to."""

MOST_RATIO: Final = 1_000
"""Unpacked bytes for each packed one; gzip of text stays far below."""

BLOCK: Final = 1 << 16
_FREE: Final = 1 << 16  # so many bytes are unpacked before the ratio counts


def pieces(layout: Layout, log: str) -> list[Path]:
    """Return the files that the log stands in, oldest first; none when there are none.

    Args:
        layout: The execution directory's paths.
        log: Its path below the execution directory as it was when it was begun, e.g. `logs/deploy-2026-02-08-001.log`.
    """
    return all_pieces(layout, Path(log).name).get(Path(log).name, [])


def all_pieces(layout: Layout, only: str = "") -> dict[str, list[Path]]:
    """Return the files of every log by its name, oldest first; those of JSON twins by theirs.

    Args:
        layout: The execution directory's paths.
        only: What the names have to begin with.
    """
    found: dict[str, list[tuple[tuple[int, str], Path]]] = {}
    for directory in (*months(layout), layout.logs):
        for path, piece in pieces_in(directory, only):
            found.setdefault(piece.log, []).append((piece.place, path))
    return {log: _once([path for _, path in sorted(places)]) for log, places in found.items()}


def pieces_in(directory: Path, only: str = "") -> Iterator[tuple[Path, Piece]]:
    """Yield the regular files in a directory whose names a log may have, and begin with `only`."""
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if entry.name.startswith(only) and entry.is_file(follow_symlinks=False):
                    piece = Piece.of(entry.name)
                    if piece is not None:
                        yield Path(entry.path), piece
    except (FileNotFoundError, NotADirectoryError):
        return


def months(layout: Layout) -> list[Path]:
    """Return the directories of the archive, oldest month first."""
    return sorted(path for path in layout.archive.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]") if not path.is_symlink())


def content(path: Path) -> Iterator[bytes]:
    """Yield a file's bytes in blocks, unpacked when its name ends in `.gz`.

    Raises:
        ArchiveError: when it is damaged, or unpacks to more than `MOST_UNPACKED` or `MOST_RATIO` allow.
        OSError: when it cannot be read.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | SAFE), "rb", buffering=0) as file:
        if path.suffix != ".gz":
            while block := file.read(BLOCK):
                yield block
            return
        yield from unpacked(gzip.GzipFile(fileobj=file), file, str(path))


def unpacked(stream: IO[bytes] | gzip.GzipFile, file: IO[bytes], name: str) -> Iterator[bytes]:
    """Yield what `stream` unpacks from `file`, within bounds.

    Args:
        stream: Gives the unpacked bytes.
        file: The packed file, open at where the stream has come to.
        name: For the message.

    Raises:
        ArchiveError: when it is damaged, or unpacks to too much.
    """
    size = 0
    while True:
        try:
            block = stream.read(BLOCK)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ArchiveError(f"{name} is damaged and cannot be unpacked: {error}") from error
        if not block:
            return
        size += len(block)
        if size > MOST_UNPACKED or size > _FREE + MOST_RATIO * file.tell():
            raise ArchiveError(
                f"{name} unpacks to more than {size} bytes, which is not a log of ours: "
                f"at most {MOST_UNPACKED} are read, and {MOST_RATIO} for each packed byte"
            )
        yield block


def same_content(first: Path, second: Path) -> bool:
    """Return whether two files hold the same, packed or not.

    Raises:
        ArchiveError, OSError: as `content`.
    """
    if first.stat().st_mtime_ns != second.stat().st_mtime_ns:
        return False  # packing and moving keep the time
    ours, theirs = content(first), content(second)
    left = right = b""
    while True:
        left, right = left or next(ours, b""), right or next(theirs, b"")
        common = min(len(left), len(right))
        if left[:common] != right[:common] or not common:
            return not left and not right
        left, right = left[common:], right[common:]


def _once(paths: list[Path]) -> list[Path]:
    """Leave out what stands there twice: who packed it was killed before the original was removed."""
    if len(paths) < 2 or all(path.suffix != ".gz" for path in paths):
        return paths
    kept: list[Path] = []
    for path in paths:
        try:
            if not any(path.suffix != other.suffix and same_content(path, other) for other in kept):
                kept.append(path)
        except (ArchiveError, OSError):
            kept.append(path)
    return kept
