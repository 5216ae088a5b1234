"""Log files packed and moved so that a kill at any moment loses nothing, and the next pass finishes what was begun.

The packed file is complete and on the disk before it gets its name, and the original is removed after that. Who writes to a
log holds a shared lock on it (`storage.rotation`); nothing is packed without having it alone.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from irl_logging.naming import Piece, rotated_name
from irl_logging.storage.files import SAFE, about, discard, sync_all, sync_directory, take_over
from irl_logging.storage.layout import DIRECTORY_MODE
from irl_logging.storage.locks import lock
from irl_logging.storage.pieces import BLOCK, same_content
from irl_logging.storage.rotation import set_aside

PART: Final = ".part"
"""What the name of an unfinished packed file ends in."""

_AT_ONCE: Final = 1_024
_READ: Final = os.O_RDONLY | SAFE


@dataclass(frozen=True, slots=True)
class Packing:
    """A log file that is to be packed or moved.

    Attributes:
        source: The file.
        directory: Where it goes.
        name: What it is called there, unless another file has that name.
    """

    source: Path
    directory: Path
    name: str


def retire(path: Path) -> Path | None:
    """Take a log that nobody has open out of the way of who would open it, and return its new name.

    Returns:
        None when somebody writes to it, or has rotated it meanwhile.

    Raises:
        OSError: when that cannot be done.
    """
    with contextlib.suppress(FileNotFoundError):
        fd = os.open(path, _READ)
        try:
            return set_aside(path) if lock(fd, wait=False) else None
        finally:
            os.close(fd)
    return None


def pack(files: Iterable[Packing]) -> Iterator[tuple[Packing, Path | None]]:
    """Pack or move files, and yield each with what it has become; None for one that somebody still writes to.

    Raises:
        OSError: when it cannot be done; the original stands.
    """
    batch: dict[Path, _Packed] = {}
    try:
        for file in files:
            packed = _packed(file, batch.keys())
            if packed is None:
                yield file, None
                continue
            batch[packed.target] = packed
            if len(batch) >= _AT_ONCE:
                yield from _finished(batch)
        yield from _finished(batch)
    finally:
        for target in batch:
            discard(_part(target))


@dataclass(frozen=True, slots=True)
class _Packed:
    """A file that was packed under an unfinished name, or that stood packed already (not `fresh`)."""

    file: Packing
    target: Path
    size: int
    fresh: bool


def _packed(file: Packing, taken: Container[Path]) -> _Packed | None:
    """Pack a file under an unfinished name; None when somebody writes to it, or has moved it away."""
    try:
        fd = os.open(file.source, _READ)
    except FileNotFoundError:
        return None
    try:
        if not lock(fd, wait=False):
            return None
        status = os.fstat(fd)
        if not file.directory.is_dir():
            file.directory.mkdir(DIRECTORY_MODE, parents=True)
        target, fresh = _target(file, status, taken)
        if fresh:
            discard(_part(target))
            _write(file.source, fd, _part(target), status)
        return _Packed(file, target, status.st_size, fresh)
    finally:
        os.close(fd)


def _part(target: Path) -> Path:
    return target.with_name(target.name + PART)


def _target(file: Packing, status: os.stat_result, taken: Container[Path]) -> tuple[Path, bool]:
    """Return a free name and True, or False with that of a file that holds the same: its packer was killed too early."""
    piece = Piece.of(file.source.name)
    log = piece.log if piece else file.source.name
    plain = file.directory / f"{log}.gz"
    if plain not in taken and plain.exists() and same_content(file.source, plain):
        return plain, False
    target, when = file.directory / file.name, status.st_mtime
    while target in taken or target.exists():
        if target not in taken and same_content(file.source, target):
            return target, False
        target = file.directory / f"{rotated_name(log, when)}.gz"
        when += 1e-5
    return target, True


def _write(path: Path, fd: int, part: Path, status: os.stat_result) -> None:
    as_is = path.suffix == ".gz"
    if as_is:
        with contextlib.suppress(OSError):  # another file system, or one without links: copied below
            os.link(path, part)
            return
    out = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE, 0o600)
    with about(path), os.fdopen(out, "wb") as packed, os.fdopen(fd, "rb", closefd=False) as source:
        if as_is:
            shutil.copyfileobj(source, packed, BLOCK)
        else:
            with gzip.GzipFile("", "wb", 6, packed, status.st_mtime) as stream:
                shutil.copyfileobj(source, stream, BLOCK)
        packed.flush()
        take_over(out, fd)
    os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))  # its age goes on


def _finished(batch: dict[Path, _Packed]) -> Iterator[tuple[Packing, Path | None]]:
    """Make a batch durable, then give the files their names, then remove the originals."""
    fresh = [packed for packed in batch.values() if packed.fresh]
    sync_all([_part(packed.target) for packed in fresh])
    for packed in fresh:
        if packed.file.source.stat().st_size == packed.size:
            _part(packed.target).rename(packed.target)
    for directory in {packed.target.parent for packed in fresh}:
        sync_directory(directory)
    while batch:
        target, packed = batch.popitem()
        if not target.exists():
            discard(_part(target))
            yield packed.file, None
            continue
        packed.file.source.unlink(missing_ok=True)
        yield packed.file, target
