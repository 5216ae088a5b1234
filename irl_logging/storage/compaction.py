"""Old segments of the journal into `archive/journal/`, compressed, and their events out of it again.

A segment goes when nobody has written to it for a month, and every run in it has ended and is shown: nothing that may still
happen needs it. It is whole in the archive before it is taken away. Rows in the README stay where they are.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from irl_logging.lifecycle import RunState
from irl_logging.notices import notice
from irl_logging.storage import segments
from irl_logging.storage.events import decode
from irl_logging.storage.files import FILE_MODE, SAFE, create_file, discard, sync_directory, write_all, write_temporary
from irl_logging.storage.layout import DIRECTORY_MODE, Layout
from irl_logging.storage.locks import try_lock
from irl_logging.storage.replay import Replay

UNTOUCHED_SECONDS: Final = 30 * 86_400.0
"""A segment that was written to since is not old."""

LOOK_AGAIN_SECONDS: Final = 86_400.0
"""How long nobody looks at old segments that have to stay."""

LARGEST_BYTES: Final = 1 << 30
LARGEST_RATIO: Final = 200
"""A compressed segment that is larger than this, or than so many times its file, is not read on: no journal is like that."""

_BLOCK: Final = 1 << 18


def compact(layout: Layout, unsettled: Callable[[], Iterable[str]]) -> list[Path]:
    """Move old segments into the archive and return where they are now; nothing is done while another process does it.

    Where what is old has to stay, as of a run of another machine that nobody ends, it is looked at again a day later.

    Args:
        layout: The execution directory.
        unsettled: Returns the ids of the runs that are open, or whose end no manifest has shown yet; only asked when
            there is something old, as it costs the reading of the journal.

    Raises:
        OSError: when a segment cannot be read or written; it stands where it was.
    """
    path = layout.active / ".compaction.lock"
    if not _old(layout.journal) or _futile(path):
        return []
    with contextlib.ExitStack() as held:
        lock = try_lock(path)
        if lock is None:
            return []
        held.enter_context(lock)
        # Looked at again with the lock: another process may have been at it.
        names = _settled(layout.journal, _old(layout.journal), frozenset(unsettled()))
        if not names:
            os.write(lock.fileno(), b"\n")  # for its time
            return []
        archive = _archive(layout)
        moved = []
        for name in names:
            fd = os.open(layout.journal / name, os.O_RDONLY | SAFE)
            held.callback(os.close, fd)
            moved.append((name, fd, _into(archive, name, _rest(fd), os.fstat(fd).st_mtime_ns)))
        sync_directory(archive)
        # All of them are there before one is taken away: one may say of another's runs that they were shown.
        for name, fd, _ in moved:
            (layout.journal / name).unlink()
            _append(layout.journal / name, _rest(fd))
        return [path for _, _, path in moved]


def history(layout: Layout) -> Iterator[dict[str, Any]]:
    """Yield every event that the archive and the journal have, segment by segment, in the order of their last writes.

    A compressed segment that is damaged, or larger than any journal, is read as far as that goes, and reported on stderr.

    Raises:
        OSError: when a segment cannot be read.
    """
    for path in _all_segments(layout):
        for line in _lines_of(layout, path):
            event = decode(line)
            if event is not None:
                yield event


def all_runs(layout: Layout) -> dict[str, RunState]:
    """Return every run that the archive and the journal know of, by id.

    Raises:
        OSError: when a segment cannot be read.
    """
    replay = Replay(layout.journal)
    for path in _all_segments(layout):
        replay.add(_lines_of(layout, path))
    return replay.runs


def _all_segments(layout: Layout) -> list[Path]:
    live = segments.listed(layout.journal)
    archived = sorted(layout.journal_archive.glob(f"*{segments.SUFFIX}*.gz"))
    found = [(path.stat().st_mtime, path) for path in archived if not _still_there(path, live, layout.journal)]
    found += [(stamp[2] / 1e9, layout.journal / name) for name, stamp in live.items()]
    return [path for _, path in sorted(found)]


def _futile(lock: Path) -> bool:
    """Was it lately that somebody looked for nothing? Looking reads the whole journal."""
    try:
        found = lock.stat()
    except OSError:
        return False
    return bool(found.st_size) and 0 <= time.time() - found.st_mtime < LOOK_AGAIN_SECONDS


def _old(directory: Path) -> list[str]:
    now = time.time()
    before, own = (now - UNTOUCHED_SECONDS) * 1e9, segments.own_path(directory, now).name
    return [name for name, stamp in segments.listed(directory).items() if stamp[2] < before and name != own]


def _settled(directory: Path, old: list[str], unsettled: frozenset[str]) -> list[str]:
    """Return those old segments, oldest first, whose runs are settled and stand in no segment that stays."""
    if not old:
        return []
    stamps = segments.listed(directory)
    named = {name: _named(directory / name) for name in stamps}
    going = set(old)
    while True:
        staying = unsettled.union(*(runs for name, runs in named.items() if name not in going))
        kept = {name for name in going if not named[name].isdisjoint(staying)}
        if not kept:
            return sorted(going, key=lambda name: (stamps[name][2], name))
        going -= kept


def _named(path: Path) -> frozenset[str]:
    """Return the ids of the runs that a segment says anything of."""
    found: set[str] = set()
    for line in _lines(path):
        event = decode(line) or {}
        found.update(run for run in (event.get("run"), *event.get("runs", ())) if isinstance(run, str))
    return frozenset(found)


def _archive(layout: Layout) -> Path:
    """Return the directory of compressed segments, without what a killed process left in it."""
    archive = layout.journal_archive
    archive.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
    if not (archive / ".gitignore").exists():
        create_file(archive / ".gitignore", b"# The journal is not for git, old or new.\n*\n")
    for litter in archive.glob(".*.tmp"):
        discard(litter)
    return archive


def _into(archive: Path, name: str, data: bytes, written: int) -> Path:
    """Put a segment into the archive, unless it is there already, and return where it is."""
    number = 1
    while True:
        path = archive / (f"{name}.gz" if number == 1 else f"{name}.{number}.gz")
        if not path.exists():
            temporary = write_temporary(path, gzip.compress(data, mtime=0), durable=True)
            os.utime(temporary, ns=(written, written))  # which tells the order of segments
            temporary.rename(path)
            return path
        if list(_lines(path)) == data.removesuffix(b"\n").split(b"\n"):  # a process was killed before it took it away
            return path
        number += 1


def _rest(fd: int) -> bytes:
    parts = []
    while part := os.read(fd, _BLOCK):
        parts.append(part)
    return b"".join(parts)


def _append(path: Path, late: bytes) -> None:
    """Give back what somebody wrote to a segment between its copy and its end."""
    if not late:
        return
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFE, FILE_MODE)
    try:
        write_all(fd, late)
        os.fsync(fd)
    finally:
        os.close(fd)


def _still_there(path: Path, live: Collection[str], directory: Path) -> bool:
    """Is the segment of this archive still in the journal, as a process was killed before it took it away?"""
    name = path.name.partition(segments.SUFFIX)[0] + segments.SUFFIX
    return name in live and next(_lines(directory / name), b"") == next(_lines(path), b"")


def _lines_of(layout: Layout, path: Path) -> Iterator[bytes]:
    """Yield the lines of a segment, also when it was archived after it was listed."""
    try:
        yield from _lines(path)
    except FileNotFoundError:
        yield from _lines(layout.journal_archive / f"{path.name}.gz")


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a segment, compressed or not, in blocks and within limits; the end of a torn one too."""
    packed = path.suffix == ".gz"
    most = min(LARGEST_BYTES, max(_BLOCK, path.stat().st_size * LARGEST_RATIO)) if packed else None
    with gzip.open(path, "rb") if packed else path.open("rb") as file:
        size, rest = 0, b""
        try:
            while block := file.read(_BLOCK):
                size += len(block)
                if most is not None and size > most:
                    notice(f"archive {path}", f"{path} is not read on after {most} bytes: no journal is like that")
                    break
                *lines, rest = (rest + block).split(b"\n")
                yield from lines
                rest = rest if len(rest) < _BLOCK else b""  # no record is as long as that
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            notice(f"archive {path}", f"{path} is damaged and is read as far as possible: {error}")
        if rest:
            yield rest
