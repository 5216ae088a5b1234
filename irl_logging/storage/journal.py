"""The journal: lifecycle events of an execution directory, one record a line, append-only and durable.

It is the truth; `workflows.json` and the README's tables are made from it. A record (see `storage.events`) is one `write`,
then `fdatasync`, and only then is the event acknowledged. Each host and boot has a segment of its own, so that nobody
appends to a tail that a power cut tore. The reader passes over what has no right checksum and never invents an event.
Redaction comes before: the journal writes what it is given.
"""

from __future__ import annotations

import contextlib
import errno
import heapq
import itertools
import os
import re
import stat
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import JournalError
from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import SCHEMA_VERSION, Event, RunState, apply
from irl_logging.line import render_time
from irl_logging.storage.events import decode, encode
from irl_logging.storage.files import FILE_MODE, sync_directory
from irl_logging.storage.liveness import boot_id, host, process_start

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_sync = getattr(os, "fdatasync", os.fsync)

# One count for the process: several journals of one directory must not give the same number twice.
_numbers: Final = itertools.count(1)

_REMEMBERED: Final = 64
"""Bytes before the place where reading ended: if they are others, the segment is not the one that was read."""


class Journal:
    """Appends to this host's and boot's segment and reads all segments.

    Args:
        directory: Where the segments are; it is made at the first append.
        durable: Sync each record before it is acknowledged. Without it a power cut can take acknowledged events;
            a killed process cannot.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self._directory = directory
        self._durable = durable
        self._lock = ThreadLock()
        self._owner = os.getpid()
        self._segment: _Segment | None = None
        self._written_to: tuple[int, int] | None = None
        self._starts: dict[str, bytes] = {}
        self._reader = _Reader(directory)

    @property
    def segment(self) -> Path:
        """The segment that this process appends to."""
        name = re.sub(r"[^A-Za-z0-9.-]", "-", host())[:64] or "host"
        return self._directory / f"{name}-{boot_id()}.jsonl"

    def append(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Write one event and return it as it was acknowledged: stamped with version, number, time and process.

        Args:
            event: The event's own fields, redacted: `event`, `run`, `workflow` and so on.

        Raises:
            JournalError: when it could not be written and synced; it does not count as having happened.
        """
        with self._lock:
            self._after_fork()
            record = _stamped(event)
            data = encode(record)
            try:
                self._write(data)
            except OSError as error:
                self._segment = None
                try:  # a failed sync must not be tried again on its descriptor: the kernel has dropped the pages
                    self._write(data)
                except OSError:
                    self._segment = None
                    raise JournalError(
                        error.errno,
                        f"the event {event.get('event')} was not recorded: {error.strerror}",
                        str(self.segment),
                    ) from error
            self._remember(record, data)
            return record

    def runs(self) -> dict[str, RunState]:
        """Return every run that the segments know of, by id; only what is new since the last call is read.

        Raises:
            OSError: when a segment cannot be read.
        """
        with self._lock:
            self._after_fork()
            while (runs := self._reader.read()) is None:
                self._reader = _Reader(self._directory)
            return runs

    def position(self) -> object:
        """Return a value that changes whenever any segment grows."""
        sizes = []
        for path in _segments(self._directory):
            with contextlib.suppress(FileNotFoundError):
                sizes.append((path.name, path.stat().st_size))
        return tuple(sizes)

    @property
    def damaged(self) -> int:
        """Records that could not be read so far."""
        return self._reader.damaged

    def close(self) -> None:
        """Let the descriptor go; the next append opens it again."""
        with self._lock:
            self._segment = None

    def _after_fork(self) -> None:
        """Make a forked child start anew: a thread of its parent may have been in the middle of reading."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._segment = None
            self._reader = _Reader(self._directory)

    def _write(self, data: bytes) -> None:
        segment, size = self._opened()
        if segment.inode != self._written_to and self._written_to is not None:
            # Somebody has removed the journal. Without their starts, what comes now would be of runs that nobody knows.
            data = b"".join(self._starts.values()) + data
        if size and os.pread(segment.fd, 1, size - 1) != b"\n":
            data = b"\n" + data  # the torn tail of a killed writer ends here
        if os.write(segment.fd, data) != len(data):  # whoever writes next ends the torn tail
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if self._durable:
            _sync(segment.fd)
        self._written_to = segment.inode

    def _opened(self) -> tuple[_Segment, int]:
        """Return the segment, opened anew where it is not what its path leads to any more, and its size."""
        segment = self._segment
        if segment is not None and (size := segment.size()) is not None:
            return segment, size
        path = self.segment
        self._directory.mkdir(0o750, parents=True, exist_ok=True)
        new = not path.exists()
        segment = self._segment = _Segment(path)
        if new and self._durable:
            sync_directory(self._directory)
        return segment, segment.size() or 0

    def _remember(self, record: Mapping[str, Any], data: bytes) -> None:
        """Keep the starts of this process's open runs, for `_write`."""
        if record["event"] == Event.STARTED:
            self._starts[record["run"]] = data
        elif record["event"] == Event.ENDED:
            self._starts.pop(record["run"], None)


class _Segment:
    """An open segment; its descriptor is closed when the last reference goes."""

    __slots__ = ("_close", "_fstat", "fd", "inode", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._close, self._fstat = os.close, os.fstat  # the module's globals may be gone at teardown
        self.fd = os.open(path, _FLAGS, FILE_MODE)
        found = os.fstat(self.fd)
        self.inode = (found.st_dev, found.st_ino)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))

    def size(self) -> int | None:
        """Return how long the segment is; None when its path, or the descriptor, leads to another file by now."""
        try:
            here, there = os.fstat(self.fd), self.path.lstat()
        except OSError:
            return None
        same = (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino) == self.inode
        return here.st_size if same else None

    def __del__(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            # A program that closes all descriptors (to become a daemon) may have given this one to another file.
            found = self._fstat(self.fd)
            if (found.st_dev, found.st_ino) == self.inode:
                self._close(self.fd)


class _Reader:
    """Folds the segments into runs, from where the last reading ended."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._ends: dict[str, tuple[int, bytes]] = {}
        self._runs: dict[str, RunState] = {}
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._seen: set[int] = set()
        self.damaged = 0

    def read(self) -> dict[str, RunState] | None:
        """Return the runs, with what is new; None when what was read is not there any more, and all must be read again.

        A record that comes twice counts once: it was written again after a failed sync, or two copies of a segment were
        merged.
        """
        segments = _segments(self._directory)
        if self._ends.keys() - {path.name for path in segments}:
            return None
        fresh = []
        for path in segments:
            lines = self._appended(path)
            if lines is None:
                return None
            fresh.append(self._new_events(lines))
        # Each segment has its own order, whatever the clock does; between segments time is the only order there is.
        for event in heapq.merge(*fresh, key=lambda event: str(event.get("time", ""))):
            self._apply(event)
        return dict(self._runs)

    def _appended(self, path: Path) -> list[bytes] | None:
        """Return the whole lines that were added to a segment; None when it is not the one that was read."""
        offset, before = self._ends.get(path.name, (0, b""))
        try:
            with path.open("rb") as segment:
                segment.seek(offset - len(before))
                data = segment.read()
        except FileNotFoundError:
            return None if offset else []
        if not data.startswith(before):
            return None
        end = data.rfind(b"\n") + 1
        self._ends[path.name] = (offset - len(before) + end, data[:end][-_REMEMBERED:]) if end else (offset, before)
        return data[len(before) : end].split(b"\n")

    def _new_events(self, lines: list[bytes]) -> Iterator[dict[str, Any]]:
        for line in filter(None, lines):
            identity = hash(line)
            if identity in self._seen:
                continue
            event = decode(line)
            if event is None:
                self.damaged += 1
                continue
            self._seen.add(identity)
            yield event

    def _apply(self, event: dict[str, Any]) -> None:
        """Fold one event; one whose run has not started yet waits, as the clocks of two boots may not agree."""
        run = event.get("run")
        if event.get("event") == Event.SHOWN:
            for unknown in [name for name in event.get("runs", ()) if name not in self._runs]:
                self._waiting.setdefault(unknown, []).append({**event, "runs": [unknown]})
        elif isinstance(run, str) and run not in self._runs and event.get("event") != Event.STARTED:
            self._waiting.setdefault(run, []).append(event)
            return
        apply(self._runs, event)
        if run in self._runs:
            for late in self._waiting.pop(run, ()):
                apply(self._runs, late)


def _segments(directory: Path) -> list[Path]:
    return sorted(path for path in directory.glob("*.jsonl") if path.is_file())


def _stamped(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return `event` with version, number, time and process."""
    pid = os.getpid()
    return {
        "v": SCHEMA_VERSION,
        **event,
        "seq": next(_numbers),
        "time": render_time(time.time(), "microseconds"),
        "mono": round(time.monotonic(), 6),
        "boot": boot_id(),
        "host": host(),
        "pid": pid,
        "start": process_start(pid),
    }
