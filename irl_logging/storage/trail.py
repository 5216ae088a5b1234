"""The chain over an audit trail: each line ends in a link that depends on its text and on the link before it.

So no line can be changed, removed or put in between without the chain showing where. Decisions are few, and a link needs
the one before it, so writers stand in line at a lock. What a line says is the business of `audit`.

A link is `<series>.<number>.<digest>`. A series is what one machine writes in one execution directory. Where nothing is
known of it (a fresh clone) another series begins, which continues the newest link that stands there, so trails of several
machines can be merged and each is still whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from irl_logging.errors import BusyError
from irl_logging.line import render_time
from irl_logging.naming import LogPattern
from irl_logging.storage.files import FILE_MODE, SAFE, about, sync_directory
from irl_logging.storage.layout import DIRECTORY_MODE, Layout
from irl_logging.storage.locks import FileLock, wait_lock

WAIT_SECONDS: Final = 30.0
"""How long a decision waits for those of others."""

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | SAFE
_LINK: Final = re.compile(r"([0-9a-f]{8})\.([1-9][0-9]{0,14})\.([0-9a-f]{32})")
_SEAL: Final = b" chain="
_HEAD_BYTES: Final = 64
_TAIL_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Link:
    """The place of one line in the chain.

    Attributes:
        series: Which machine's chain, 8 hex digits.
        number: Which line of it, from 1.
        digest: Of the line and the link before it, 32 hex digits.
    """

    series: str
    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.series}.{self.number}.{self.digest}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the link that `text` is; None when it is none."""
        found = _LINK.fullmatch(text)
        return cls(found[1], int(found[2]), found[3]) if found else None

    @classmethod
    def of(cls, series: str, number: int, before: Link | None, body: bytes) -> Self:
        """Return the link of a line.

        Args:
            series: Its series.
            number: Its number there.
            before: The link that it continues; None for the first one of all.
            body: The line without its link.
        """
        text = f"{series}.{number} {before or '-'}\n".encode()
        return cls(series, number, hashlib.sha256(text + body).hexdigest()[:32])


@dataclass(frozen=True, slots=True)
class TrailLine:
    """A line of an audit trail.

    Attributes:
        number: Which line of its file, from 1.
        body: Its bytes, without the link.
        link: Its link; None when it has none: a killed writer tore it, or it was not written by this package.
    """

    number: int
    body: bytes
    link: Link | None


def lines_of(data: bytes) -> Iterator[TrailLine]:
    """Yield the lines of an audit trail's content that are not empty."""
    for number, line in enumerate(data.split(b"\n"), 1):
        body, _, end = line.rpartition(_SEAL)
        link = Link.read(end.decode("utf-8", "replace")) if body else None
        if line:
            yield TrailLine(number, body if link else line, link)


class Trail:
    """Appends to the audit trail of one execution directory.

    Args:
        layout: The execution directory's paths.
        pattern: How the files are named, with `{date}`.
        durable: Sync each line to the disk.
    """

    def __init__(self, layout: Layout, pattern: LogPattern, *, durable: bool) -> None:
        self._layout = layout
        self._pattern = pattern
        self._durable = durable

    def append(self, render: Callable[[float], bytes]) -> tuple[Link, Path]:
        """Append one line and return its link and its file; when this returns it is there.

        Args:
            render: Returns the line without its link, for the time in seconds since 1970 that it gets.

        Raises:
            BusyError: when others hold it for too long.
            OSError: when it cannot be written; it does not count then.
        """
        self._layout.create_active()
        self._layout.logs.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        with locked(self._layout) as lock:
            now = time.time()  # taken here, so that the order of times is that of the chain
            path = self._layout.logs / self._pattern.fill({"date": render_time(now)[:10]}, 1)
            return self._append(lock, path, render(now)), path

    def _append(self, lock: FileLock, path: Path, body: bytes) -> Link:
        new = not path.exists()
        fd = os.open(path, _FLAGS, FILE_MODE)
        try:
            link, torn = self._next(_head(lock), fd, path, body)
            data = b"%s%s%s%s\n" % (b"\n" if torn else b"", body, _SEAL, str(link).encode())
            with about(path):
                if os.write(fd, data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                if self._durable:
                    os.fsync(fd)
        finally:
            os.close(fd)
        if new and self._durable:
            sync_directory(path.parent)
        _set_head(lock, link)
        return link

    def _next(self, known: Link | None, fd: int, path: Path, body: bytes) -> tuple[Link, bool]:
        """Return the link of a line that is about to be written, and whether the file ends in a torn one.

        What this machine wrote last is known from the lock file, so a tail that was cut off since then leaves a gap. Only
        a writer that was killed before it could say so leaves a line behind that one.
        """
        last, torn = _tail(fd)
        if last is None:
            last = self._newest(path)
        if known is None:
            return Link.of(os.urandom(4).hex(), 1, last, body), torn
        if last is not None and last.series == known.series and last.number > known.number:
            known = last
        return Link.of(known.series, known.number + 1, known, body), torn

    def _newest(self, but: Path) -> Link | None:
        """Return the last link of the newest other trail that is not packed."""
        others = [path for path in self._layout.logs.iterdir() if path != but and self._pattern.match(path.name)]
        for path in sorted(others, key=lambda path: path.name, reverse=True):
            fd = os.open(path, os.O_RDONLY | SAFE)
            try:
                if (link := _tail(fd)[0]) is not None:
                    return link
            finally:
                os.close(fd)
        return None


def locked(layout: Layout) -> FileLock:
    """Return the lock that who writes to the audit trail holds, from before a file is opened until its line is there.

    Raises:
        BusyError: when others have it for too long.
        OSError: when the file system cannot lock.
    """
    lock = wait_lock(layout.audit_lock, WAIT_SECONDS)
    if lock is None:
        raise BusyError(
            f"the audit trail was being written by others for {WAIT_SECONDS:g} s: {layout.audit_lock} is locked"
        )
    return lock


def head_of(layout: Layout) -> Link | None:
    """Return the link that this machine wrote last in an execution directory, as far as it knows."""
    try:
        return Link.read(layout.audit_lock.read_text("ascii", "replace").strip())
    except OSError:
        return None


def _head(lock: FileLock) -> Link | None:
    os.lseek(lock.fileno(), 0, os.SEEK_SET)
    return Link.read(os.read(lock.fileno(), _HEAD_BYTES).decode("ascii", "replace").strip())


def _set_head(lock: FileLock, link: Link) -> None:
    os.lseek(lock.fileno(), 0, os.SEEK_SET)
    with about(lock.path):
        os.write(lock.fileno(), str(link).ljust(_HEAD_BYTES - 1).encode() + b"\n")


def _tail(fd: int) -> tuple[Link | None, bool]:
    """Return the last link in a file, and whether the file ends in the middle of a line."""
    size, wanted, torn = os.fstat(fd).st_size, _TAIL_BYTES, False
    while size:
        start = max(0, size - wanted)
        os.lseek(fd, start, os.SEEK_SET)
        data = b""
        while len(data) < size - start and (more := os.read(fd, size - start - len(data))):
            data += more
        torn = not data.endswith(b"\n")
        links = [line.link for line in lines_of(data) if line.link is not None]
        if links or not start:
            return (links[-1] if links else None), torn
        wanted *= 8
    return None, torn
