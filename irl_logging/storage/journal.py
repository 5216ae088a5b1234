"""The journal: lifecycle events of an execution directory, one record per line, append-only and durable.

It is the truth; `workflows.json` and the README's tables are made from it. A record (see `storage.events`) is one `write`,
then `fdatasync`, and only then is the event acknowledged. Each host and boot has a segment of its own, so that nobody
appends to a tail that a power cut tore. The reader skips what has no right checksum and never invents an event.
Redaction comes before: the journal writes what it is given.
"""

from __future__ import annotations

import errno
import itertools
import os
import stat
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import JournalError
from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import SCHEMA_VERSION, Event, RunState
from irl_logging.line import render_time
from irl_logging.storage import segments
from irl_logging.storage.descriptor import Descriptor
from irl_logging.storage.events import encode
from irl_logging.storage.files import FILE_MODE, SAFE, sync_directory
from irl_logging.storage.liveness import boot_id, host, own_start
from irl_logging.storage.replay import Replay

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | SAFE
_sync = getattr(os, "fdatasync", os.fsync)

# One count for the process: several journals of one directory must not give the same number twice.
_numbers: Final = itertools.count(1)

_Name = tuple[Path, int, int]
"""A segment's path, and the device and inode that it leads to."""


class Journal:
    """Appends to this host's and boot's segment and reads all segments.

    Args:
        directory: Where the segments are; it is made at the first append.
        checkpoint: The file that says what reading came to, for the next process; None keeps none, and then no run is
            forgotten.
        durable: Sync each record before it is acknowledged. Without it a power cut can take acknowledged events;
            a killed process cannot.
    """

    def __init__(self, directory: Path, checkpoint: Path | None = None, *, durable: bool = True) -> None:
        self._directory = directory
        self._checkpoint = checkpoint
        self._durable = durable
        self._lock = ThreadLock()
        self._owner = os.getpid()
        self._segment: _Segment | None = None
        self._own: tuple[str, Path] | None = None
        self._last: _Name | None = None
        self._starts: dict[str, bytes] = {}
        self._replay = Replay(directory, checkpoint)

    @property
    def segment(self) -> Path:
        """The segment that this process appends to."""
        now = time.time()
        name = segments.own_name(now)
        if self._own is None or self._own[0] != name:
            self._own = name, segments.own_path(self._directory, now)
        return self._own[1]

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
        """Return the runs that are open, that no manifest has shown, or that ended lately, by id.

        Only what is new since the last call is read.

        Raises:
            OSError: when a segment cannot be read.
        """
        with self._lock:
            self._after_fork()
            return self._replay.read()

    def all_runs(self) -> dict[str, RunState]:
        """Return every run that the segments know of, by id; all of it is read.

        Raises:
            OSError: when a segment cannot be read.
        """
        return Replay(self._directory).read()

    def save(self) -> None:
        """Keep what was read for the next process, when it is much.

        Raises:
            OSError: when it cannot be written.
        """
        with self._lock:
            self._replay.save()

    def position(self) -> object:
        """Return a value that changes whenever any segment grows."""
        return segments.listed(self._directory)

    @property
    def damaged(self) -> int:
        """Records that could not be read so far."""
        return self._replay.damaged

    def close(self) -> None:
        """Let the descriptor go; the next append opens it again."""
        with self._lock:
            self._segment = None

    def _after_fork(self) -> None:
        """Make a forked child start anew: a thread of its parent may have been in the middle of reading."""
        if self._owner != os.getpid():
            self._owner = os.getpid()
            self._segment = None
            self._replay = Replay(self._directory, self._checkpoint)

    def _write(self, data: bytes) -> None:
        while True:
            segment, size = self._opened()
            record = data
            if self._last is not None and self._last != segment.name and not _there(*self._last):
                # Somebody has removed the journal. Without their starts, what comes now would be of runs that nobody knows.
                record = b"".join(self._starts.values()) + record
            if size and segment.last_byte(size) != b"\n":
                record = b"\n" + record  # the torn tail of a killed writer ends here
            if os.write(segment.fd, record) != len(record):  # whoever writes next ends the torn tail
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if self._durable:
                _sync(segment.fd)
            self._last = segment.name
            if os.fstat(segment.fd).st_nlink or _there(*segment.name):
                return
            # It went into the archive while we wrote, or with the directory.

    def _opened(self) -> tuple[_Segment, int]:
        """Return the segment, opened anew where it is not what its path leads to any more, and its size."""
        segment, path = self._segment, self.segment
        if segment is not None and segment.name[0] == path and (size := segment.size()) is not None:
            return segment, size
        self._directory.mkdir(0o750, parents=True, exist_ok=True)
        new = not path.exists()
        segment = self._segment = _Segment(path, os.open(path, _FLAGS, FILE_MODE))
        if new and self._durable:
            sync_directory(self._directory)
        return segment, segment.size() or 0

    def _remember(self, record: Mapping[str, Any], data: bytes) -> None:
        """Keep the starts of this process's open runs, for `_write`."""
        if record["event"] == Event.STARTED:
            self._starts[record["run"]] = data
        elif record["event"] == Event.ENDED:
            self._starts.pop(record["run"], None)


class _Segment(Descriptor):
    """An open segment.

    Args:
        path: The segment.
        fd: Its descriptor.
    """

    __slots__ = ("name",)

    def __init__(self, path: Path, fd: int) -> None:
        super().__init__(fd)
        self.name: _Name = (path, *self.inode)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))

    def size(self) -> int | None:
        """Return how long the segment is; None when its path, or the descriptor, leads to another file by now."""
        return os.fstat(self.fd).st_size if self.still_ours() and _there(*self.name) else None

    def last_byte(self, size: int) -> bytes:
        """Return the last one of so many bytes; `pread`, which would do it at once, is not on every system."""
        os.lseek(self.fd, size - 1, os.SEEK_SET)
        return os.read(self.fd, 1)


def _there(path: Path, device: int, inode: int) -> bool:
    """Does the path still lead to this file?"""
    try:
        found = path.lstat()
    except OSError:
        return False
    return (found.st_dev, found.st_ino) == (device, inode)


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
        "start": own_start(pid),
    }
