"""A backup of an execution directory that others write to meanwhile.

What is published whole (README, state, results) is taken whole. What is appended to (logs, the journal) is taken as far as
it had been written when it was opened, up to the end of a line. Of a log that was rotated the newest file is read first:
who writes goes from older files to newer ones, so what stands before a line is there when it is. The journal is read last, so
it knows of everything that the other files show, and its archive after it. What only a running machine needs, such as locks,
is left out.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from irl_logging.errors import BusyError, ConfigurationError
from irl_logging.line import render_time
from irl_logging.naming import Piece
from irl_logging.retention.tarball import TarWriter, packer, packing
from irl_logging.storage.files import SAFE, about, discard, sync_directory
from irl_logging.storage.layout import Layout
from irl_logging.storage.locks import lock, wait_lock

WAIT_SECONDS: Final = 60.0
"""How long a backup waits for `irl clean`, which moves files."""

_NAME: Final = re.compile(r"execution-backup-(\d{4}-\d\d-\d\d(?:T\d{6}Z)?)(?:-[0-9a-f]{4})?\.tar\.(?:gz|zst)")
_PART: Final = re.compile(r"\.(.+)\.[0-9a-f]{8}\.part")
_OF_ACTIVE: Final = frozenset({"journal", "workflows.json", ".state", ".gitignore", ".audit.lock", ".projection.json"})
_UNFINISHED: Final = re.compile(r".*\.(?:tmp|part|prev|out)")
_APPENDED: Final = re.compile(r".*\.(?:log|jsonl)(?:\..*Z)?")
_READ: Final = os.O_RDONLY | SAFE | getattr(os, "O_NONBLOCK", 0)
_TAIL: Final = 1 << 16


@dataclass(slots=True)
class BackedUp:
    """What a backup has.

    Attributes:
        path: The backup.
        files: How many files are in it.
        size: Their bytes, unpacked.
        left_out: Links and what is neither file nor directory, by path below the execution directory.
        removed: Older backups that were removed.
    """

    path: Path
    files: int = 0
    size: int = 0
    left_out: list[str] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)


def default_name(directory: Path, now: float, ending: str = ".tar.gz") -> Path:
    """Return a name for a backup that is free: with the day, and with the time for a second one of a day."""
    seconds = render_time(now)
    for name in (seconds[:10], seconds.replace(":", "")):
        path = directory / f"execution-backup-{name}{ending}"
        if not path.exists():
            return path
    return directory / f"execution-backup-{seconds.replace(':', '')}-{secrets.token_hex(2)}{ending}"


def backup(layout: Layout, target: Path, *, force: bool = False) -> BackedUp:
    """Write a backup of the execution directory; it appears whole or not at all, and only its owner can read it.

    Args:
        layout: The execution directory's paths.
        target: The backup; its name says how it is packed, see `tarball.ENDINGS`. In a directory it gets `default_name`.
        force: Replace a file that is there.

    Raises:
        ConfigurationError: when the name is no backup's or is taken, or its directory is not there or is the one to back up.
        MissingExtraError: when it is to be packed with zstd and nothing here can do that.
        BusyError: when `irl clean` is at work for too long.
        ArchiveError: when a file was cut short while it was read.
        OSError: when something cannot be read or written; no backup is left.
    """
    in_directory = target.is_dir()
    if not in_directory:
        packing(target.name)
    if not layout.root.is_dir():
        raise ConfigurationError(f"{layout.root} does not exist: nothing to back up")
    if not target.parent.is_dir():
        raise ConfigurationError(f"{target.parent} is not a directory: create it, or name another place")
    if target.resolve().is_relative_to(layout.root.resolve()):
        raise ConfigurationError(f"{target} is inside {layout.root}, which it is a backup of; name another place")
    with _kept_in_place(layout):  # which name is free is asked here, where no other backup of it is being made
        done = BackedUp(default_name(target, time.time()) if in_directory else target)
        if done.path.exists() and not force:
            raise ConfigurationError(f"{target} already exists; name another file, or use --force to replace it")
        _clear_away(done.path)
        part = done.path.with_name(f".{done.path.name}.{secrets.token_hex(4)}.part")
        try:
            _write(layout, part, done)
            part.replace(done.path)
        except BaseException:
            discard(part)
            raise
    sync_directory(done.path.parent)
    return done


def _write(layout: Layout, part: Path, done: BackedUp) -> None:
    """Write the backup under its unfinished name."""
    with (
        about(done.path, part),
        os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | SAFE, 0o600), "wb") as file,
    ):
        lock(file.fileno(), wait=False)  # for as long as we live
        with packer(file, packing(done.path.name)) as stream:
            writer = TarWriter(stream, render_time(time.time()))
            _add_all(layout, writer, done)
            writer.close()
        file.flush()
        os.fsync(file.fileno())


def _clear_away(path: Path) -> None:
    """Remove backups beside `path` that a killed process has left unfinished."""
    for left in path.parent.glob(".*.part"):
        of = _PART.fullmatch(left.name)
        if of is None or not (of[1] == path.name or _NAME.fullmatch(of[1])):
            continue
        with suppress(OSError):
            fd = os.open(left, os.O_RDWR | SAFE)
            try:
                if lock(fd, wait=False):
                    left.unlink()
            finally:
                os.close(fd)


def remove_older(made: Path, keep: int) -> list[Path]:
    """Remove all but the newest backups with names of ours beside the one that was just made; return what was removed.

    Args:
        made: That backup. It stays, even if a clock that was set back has given it an older name than others have.
        keep: How many stay, with that one.

    Raises:
        OSError: when one cannot be removed.
    """
    found = []
    for entry in os.scandir(made.parent):
        name = _NAME.fullmatch(entry.name)
        if name and entry.is_file() and entry.name != made.name:
            found.append((name[1], entry.stat().st_mtime, entry.name))
    old = [made.with_name(name) for *_, name in sorted(found)[: max(0, len(found) + 1 - keep)]]
    for path in old:
        path.unlink()
    return old


@contextmanager
def _kept_in_place(layout: Layout) -> Iterator[None]:
    """Let no file be moved by `irl clean`, and no log be rotated; who writes to a full one goes on."""
    layout.create_active()
    with ExitStack() as held:
        for path, by in ((layout.retention_lock, "irl clean was at work"), (layout.rotating, "logs were rotated")):
            lock = wait_lock(path, WAIT_SECONDS)
            if lock is None:
                raise BusyError(f"{by} for {WAIT_SECONDS:g} s: {path} is locked")
            held.enter_context(lock)
        yield


def _add_all(layout: Layout, writer: TarWriter, done: BackedUp) -> None:
    # Old segments move from the journal into its archive, where they are before they are taken away.
    for start in (*_tops(layout), layout.journal, layout.journal_archive):
        for path in _below(start):
            if start != layout.journal_archive and path.is_relative_to(layout.journal_archive):
                continue
            if not _left_out(layout, path):
                _add(path, path.relative_to(layout.root).as_posix(), writer, done)
    done.files = len(writer.contents.files)
    done.size = sum(size for size, _ in writer.contents.files.values())


def _tops(layout: Layout) -> Iterator[Path]:
    """Yield what stands in the execution directory, what a program acknowledges first (`active/`) first."""
    for path in sorted(layout.root.iterdir(), key=lambda path: (path != layout.active, path.name)):
        if path == layout.active:
            yield from (inside for inside in sorted(path.iterdir()) if inside != layout.journal)
        else:
            yield path


def _below(path: Path) -> Iterator[Path]:
    """Yield `path` and what is below it; a directory that the execution directory has as a link is followed, others not."""
    yield path
    if path.is_dir():
        for parent, directories, names in os.walk(path):
            directories.sort()
            yield from (Path(parent, name) for name in [*directories, *_newest_first(names)])


def _newest_first(names: list[str]) -> list[str]:
    """Return names sorted, but the files of one log backwards."""
    pieces = {name: Piece.of(name) for name in sorted(names)}
    ordered = sorted(pieces, key=lambda name: piece.place if (piece := pieces[name]) else (0, ""), reverse=True)
    return sorted(ordered, key=lambda name: piece.log if (piece := pieces[name]) else name)


def _left_out(layout: Layout, path: Path) -> bool:
    parts = path.relative_to(layout.root).parts
    if parts[0] == layout.active.name:
        return len(parts) > 1 and parts[1] not in _OF_ACTIVE
    return _UNFINISHED.fullmatch(path.name) is not None


def _add(path: Path, name: str, writer: TarWriter, done: BackedUp) -> None:
    """Add one file or directory; what is already gone was moved or removed by somebody else."""
    if "/" not in name:
        path = path.resolve()  # the README, or one of the directories, may stand elsewhere
    try:
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode):
            writer.add_directory(name, status.st_mode, status.st_mtime)
            return
        if not stat.S_ISREG(status.st_mode):
            done.left_out.append(name)
            return
        fd = os.open(path, _READ)
    except FileNotFoundError:
        return
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        size = _whole_lines(file, status.st_size) if _APPENDED.fullmatch(path.name) else status.st_size
        writer.add_file(name, status.st_mode, status.st_mtime, size, file)


def _whole_lines(file: IO[bytes], size: int) -> int:
    """Return how many of the first `size` bytes are whole lines."""
    end = size
    while end:
        start = max(0, end - _TAIL)
        file.seek(start)
        found = file.read(end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    file.seek(0)
    return end
