"""Files rewritten in place without their secrets, while others may read them and write to them.

A reader sees the old file or the new one. Who appends looks at least every `LOOK_SECONDS` whether the file is still the
one that its path leads to (`storage.sink`); what was appended to the old file after it was read is carried over once
that time has passed.
"""

from __future__ import annotations

import io
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from irl_logging.reaping import living_runs
from irl_logging.redaction import Redactor
from irl_logging.scanning.backup import Backup
from irl_logging.scanning.pieces import reader, redacted
from irl_logging.scanning.rewriting import ScrubError, rewritten
from irl_logging.scanning.sources import PACKED
from irl_logging.storage.files import FILE_MODE, SAFE, discard, sync_directory, write_all, write_temporary
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout
from irl_logging.storage.locks import wait_lock
from irl_logging.storage.sink import LOOK_SECONDS

SETTLE_SECONDS: Final = 2 * LOOK_SECONDS
"""How long after a file was replaced a writer may still append to the old one."""

_LOCK_SECONDS: Final = 10.0
_MOST_OPEN: Final = 64  # replaced files that are watched at once
_WHOLE: Final = frozenset({*PACKED, ".json", ".md"})  # never appended to, but written whole
_READ: Final = os.O_RDONLY | SAFE
_APPEND: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFE  # somebody may have moved it away


def being_written(layout: Layout) -> dict[str, str]:
    """Return the id of a living run for each file that it appends to, by real path; the journal is everybody's.

    Raises:
        OSError: when the journal cannot be read.
    """
    busy: dict[str, str] = {}
    if not layout.used:
        return busy
    for run in living_runs(layout, Journal(layout.journal)):
        log = layout.root / run.log
        for path in (log, log.with_suffix(".jsonl"), *layout.journal.glob("*.jsonl")):
            busy[os.path.realpath(path)] = run.id
    return busy


class Scrubber:
    """Takes secrets out of files; a context manager, whose end waits until no writer uses a replaced file any more.

    Args:
        layout: The execution directory, whose README, states and audit trails are rewritten under their locks.
        redactor: The redactor whose rules apply.
        backup: What keeps the files as they were.
    """

    def __init__(self, layout: Layout, redactor: Redactor, backup: Backup) -> None:
        self._layout = Layout(layout.root.resolve())  # as the paths of files are
        self._redactor = redactor
        self._backup = backup
        self._replaced: list[tuple[int, int, Path]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._settle()

    def scrub(self, path: Path) -> bool:
        """Take the secrets out of a file, and say whether there were any.

        Raises:
            ScrubError: when that cannot be done; the file stands as it was.
            OSError: when it cannot be read, kept or written; the file stands as it was.
        """
        path = Path(os.path.realpath(path))
        if path.suffix == ".lock" and path.is_relative_to(self._layout.active):
            raise ScrubError("a lock file is never replaced, or two would hold the lock; remove it when nothing runs")
        if len(self._replaced) >= _MOST_OPEN:
            self._settle()
        with self._locked(path):
            fd = os.open(path, _READ)
            try:
                size = self._replace(fd, path)
            except BaseException:
                os.close(fd)
                raise
        if size is None or path.suffix.lower() in _WHOLE:
            os.close(fd)
        else:
            self._replaced.append((fd, size, path))
        return size is not None

    def _replace(self, fd: int, path: Path) -> int | None:
        """Replace a file; return how many bytes of the old one were read, None when it is clean."""
        found = os.fstat(fd)
        if not stat.S_ISREG(found.st_mode):
            raise ScrubError("it is not a regular file")
        with io.FileIO(fd, closefd=False) as file:
            data = file.readall()
        clean = rewritten(path.name, data, self._redactor)
        if clean is data:
            return None
        self._backup.keep(path, data)
        temporary = write_temporary(path, clean, durable=True, like=fd)
        try:
            # What removes files by their age goes on as if nothing had happened.
            os.utime(temporary, ns=(found.st_atime_ns, found.st_mtime_ns))
            _expect(path, found, len(data), grows=path.suffix.lower() not in _WHOLE)
            temporary.replace(path)
        except BaseException:
            discard(temporary)
            raise
        sync_directory(path.parent)
        return len(data)

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        """Hold the lock while a file is rewritten that its writers write under one."""
        of = self._lock_of(path)
        if of is None:
            yield
            return
        lock = wait_lock(of, _LOCK_SECONDS)
        if lock is None:
            raise ScrubError(f"it was being edited by others for {_LOCK_SECONDS:g} s; scrub it again")
        with lock:
            yield

    def _lock_of(self, path: Path) -> Path | None:
        layout = self._layout
        if not layout.active.is_dir():
            return None
        if path.is_relative_to(layout.root) and (path.suffix.lower() == ".md" or path.name == "workflows.json"):
            return layout.active / ".manifest.lock"
        if path.suffix == ".log" and path.parent == layout.logs.resolve():
            return layout.audit_lock  # it may be an audit trail
        if path.parent == layout.state.resolve() and layout.last_states.is_dir():
            return layout.last_states / f"{path.stem}.lock"
        return None

    def _settle(self) -> None:
        """Carry over what was appended to replaced files since they were read.

        Raises:
            ScrubError: when some of it cannot be; the message says where it is kept.
        """
        if not self._replaced:
            return
        time.sleep(SETTLE_SECONDS)
        left = []
        while self._replaced:
            fd, size, path = self._replaced.pop()
            with io.FileIO(fd) as old:
                old.seek(size)
                late = old.readall()
            try:
                if late:
                    _append(path, self._without_secrets(path.name, late))
            except OSError as error:
                kept = self._backup.keep(path.with_name(f"{path.name}.late"), late)
                left.append(f"what was written to {path} meanwhile is kept as {kept}, as {error.strerror or error}")
        if left:
            raise ScrubError("; ".join(left))

    def _without_secrets(self, name: str, late: bytes) -> bytes:
        try:
            return rewritten(name, late, self._redactor)
        except ScrubError:
            return b"".join(redacted(reader(late), self._redactor))


def _expect(path: Path, found: os.stat_result, size: int, *, grows: bool) -> None:
    """Refuse unless a path still leads to the file that was read, and nobody has written to it, but at its end.

    Raises:
        ScrubError: when somebody changed it.
    """
    now = path.lstat()
    same = (now.st_dev, now.st_ino) == (found.st_dev, found.st_ino)
    if not same or not (now.st_size >= size if grows else (now.st_size, now.st_mtime_ns) == (size, found.st_mtime_ns)):
        raise ScrubError("somebody changed it meanwhile; scrub it again")


def _append(path: Path, data: bytes) -> None:
    fd = os.open(path, _APPEND, FILE_MODE)
    try:
        write_all(fd, data)
    finally:
        os.close(fd)
