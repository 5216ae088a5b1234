"""Log files as line sinks: one `write` a line on an `O_APPEND` descriptor, and what to do when that fails.

No lock, no buffer, no fsync on the way of a line: when `write` returns, the line is in the file. The path is looked at
when a line is written and the last look is a quarter of a second old, so a file that was renamed, removed or compressed is
left for a new one; there it is decided, too, whether it is to be rotated (`storage.rotation`). Lines that cannot be written
are held and tried again, at the latest as the process ends; what is lost is counted and said. What a line says is none of
this module's business.
"""

from __future__ import annotations

import atexit
import errno
import os
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from irl_logging.forks import ThreadLock
from irl_logging.line import render_time
from irl_logging.notices import counted, notice
from irl_logging.storage.descriptor import Descriptor
from irl_logging.storage.files import FILE_MODE, SAFE
from irl_logging.storage.locks import share
from irl_logging.storage.rotation import Rotation

LOOK_SECONDS: Final = 0.25
"""How old the last look at a file's path may be."""

RETRY_SECONDS: Final = 1.0
"""How often writing is tried while it fails."""

HELD_LINES: Final = 1_000
HELD_BYTES: Final = 1 << 20
"""Lines and bytes of them that are kept for the next try; what does not fit is dropped, oldest first."""

OPEN_FILES: Final = 128
"""Files that one pool keeps open."""

_FLAGS: Final = os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFE

_NEVER: Final = -1.0

_OPEN_TRIES: Final = 10
"""How often a file is opened that is moved away each time between opening and locking it."""


class LogFile:
    """One log file.

    Args:
        path: Where it stands; it is opened at the first line.
        marker: Makes the line that stands for trouble from its text, without a line feed.
        opened: Is called with this file when a descriptor was opened.
        rotation: Decides when the file makes room for a new one; None for never.
    """

    def __init__(
        self,
        path: Path,
        *,
        marker: Callable[[str], bytes],
        opened: Callable[[LogFile], None] = lambda _: None,
        rotation: Rotation | None = None,
    ) -> None:
        self.path = path
        self.looked = _NEVER
        self.written = 0
        self.late = 0
        self.lost = 0
        self.truncated = 0
        self._marker = marker
        self._opened = opened
        self._rotation = rotation
        self._descriptor: Descriptor | None = None
        self._until = _NEVER
        self._lock = ThreadLock()
        self._held: deque[bytes] = deque()
        self._held_bytes = 0
        self._trouble: tuple[float, OSError] | None = None
        self._lost_in_trouble = 0
        self._retry_at = 0.0

    @property
    def held(self) -> int:
        """Lines that wait in memory for the file to become writable."""
        return len(self._held)

    def write(self, line: bytes, now: float) -> None:
        """Append `line`, which ends with a line feed, whole.

        Args:
            line: The encoded line.
            now: The time in seconds since 1970, as the caller has it at hand anyway.
        """
        descriptor = self._descriptor
        try:
            # A clock that was set back makes `looked` lie in the future: look then, too.
            if descriptor is None or not self.looked <= now < self._until:
                if self._trouble is not None and not self._recover(now):
                    self._hold(line)
                    return
                descriptor = self._look(now)
            if os.write(descriptor.fd, line) == len(line):
                self.written += 1
                return
            self._mend(descriptor, line)
        except OSError as error:
            self._fail(line, error)

    def flush(self) -> None:
        """Try at once to write what is held."""
        if self._held:
            self._retry_at = 0.0
            self._recover(time.time())

    def give_up(self) -> None:
        """Try a last time to write what is held, and say on stderr what is lost if that cannot be done."""
        self.flush()
        lost, error = len(self._held) + self._lost_in_trouble, self._trouble and self._trouble[1]
        if lost and error:
            text = f"lost {counted(lost, 'line')} of {self.path}, as it could not be written when the process ended"
            notice(f"lost {self.path}", f"{text}: {error.strerror or error}", every=None)

    def forget(self) -> None:
        """Let go of what is held, as in a process that has just started."""
        self._held.clear()
        self._held_bytes = self._lost_in_trouble = 0
        self._trouble = None

    def close(self) -> None:
        """Let the descriptor go; the next line opens the file again."""
        self._descriptor = None

    def _look(self, now: float) -> Descriptor:
        descriptor = self._descriptor
        if descriptor is not None:
            try:
                status = self.path.stat()
                if (
                    (status.st_dev, status.st_ino) == descriptor.inode
                    and descriptor.still_ours()
                    and not (self._rotation and self._rotation.turn(self.path, status, self.looked, now))
                ):
                    self.looked, self._until = now, now + LOOK_SECONDS
                    return descriptor
            except FileNotFoundError:
                pass  # moved or removed: a new one takes its place
        with self._lock:
            descriptor = self._open(now)
            self._descriptor = descriptor
            self.looked, self._until = now, now + LOOK_SECONDS
        self._opened(self)
        return descriptor

    def _open(self, now: float) -> Descriptor:
        """Open the file and share the lock on it: it is ours to write to if its name leads to it still."""
        for _ in range(_OPEN_TRIES):
            descriptor = Descriptor(self._opened_path())
            share(descriptor.fd)
            try:
                status = self.path.stat()
            except FileNotFoundError:
                continue
            if (status.st_dev, status.st_ino) == descriptor.inode and not (
                self._rotation and self._rotation.turn(self.path, status, status.st_mtime, now)
            ):
                break
        return descriptor

    def _opened_path(self) -> int:
        try:
            return os.open(self.path, _FLAGS, FILE_MODE)
        except FileNotFoundError:
            self.path.parent.mkdir(0o750, parents=True, exist_ok=True)
            return os.open(self.path, _FLAGS, FILE_MODE)

    def _mend(self, descriptor: Descriptor, line: bytes) -> None:
        """Write `line` again on a line of its own after a part of it was written: a full disk, or a size limit."""
        with self._lock:
            again = b"\n" + line
            if os.write(descriptor.fd, again) != len(again):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            self.written += 1

    def _fail(self, line: bytes, error: OSError) -> None:
        with self._lock:
            if self._trouble is None:
                self._trouble = (time.time(), error)
                _in_trouble.add(self)
            self._retry_at = time.monotonic() + RETRY_SECONDS
            self._descriptor = None
            self._hold(line)
        notice(
            f"sink {self.path.parent}",
            f"log lines cannot be written to {self.path}: {error.strerror or error}; "
            f"the last {HELD_LINES:,} are held in memory and tried again, the program goes on",
        )

    def _hold(self, line: bytes) -> None:
        with self._lock:
            self._held.append(line)
            self._held_bytes += len(line)
            while len(self._held) > HELD_LINES or self._held_bytes > HELD_BYTES:
                self._held_bytes -= len(self._held.popleft())
                self.lost += 1
                self._lost_in_trouble += 1

    def _recover(self, now: float) -> bool:
        """Try to write what is held, oldest first; say whether the trouble is over."""
        with self._lock:
            if self._trouble is None:
                return True
            if time.monotonic() < self._retry_at:
                return False
            self._retry_at = time.monotonic() + RETRY_SECONDS
            count = 0
            try:
                descriptor = self._look(now)
                # What a short write left must end before the next line starts.
                start = b"\n" if self._torn(descriptor) else b""
                while self._held:
                    data = start + self._held[0]
                    if os.write(descriptor.fd, data) != len(data):
                        self._descriptor = None
                        return False
                    start = b""
                    self._held_bytes -= len(self._held.popleft())
                    count += 1
                self._mark(descriptor, count)
            except OSError:
                self._descriptor = None
                return False
            finally:
                self.late += count
                self.written += count
            self._trouble, self._lost_in_trouble = None, 0
            _in_trouble.discard(self)
            return True

    def _torn(self, descriptor: Descriptor) -> bool:
        size = os.fstat(descriptor.fd).st_size
        if not size:
            return False
        with self.path.open("rb") as reader:
            reader.seek(-1, os.SEEK_END)
            return reader.read(1) != b"\n"

    def _mark(self, descriptor: Descriptor, count: int) -> None:
        since, error = self._trouble or (time.time(), OSError())
        text = (
            f"{counted(count + self._lost_in_trouble, 'line')} could not be written between {render_time(since)} and "
            f"{render_time(time.time())}: {count} written late, {self._lost_in_trouble} dropped: "
            f"{error.strerror or error}"
        )
        os.write(descriptor.fd, self._marker(text) + b"\n")


class LogFiles:
    """The log files of one execution directory: one `LogFile` a path, and a bound on how many are open.

    Args:
        most_open: Descriptors at most; the file that was looked at longest ago is closed first.
        rotation: Decides when a file makes room for a new one; None for never.
    """

    def __init__(self, *, most_open: int = OPEN_FILES, rotation: Rotation | None = None) -> None:
        self._most_open = most_open
        self._rotation = rotation
        self._files: dict[Path, LogFile] = {}
        self._open: set[Path] = set()
        self._closed = (0, 0, 0, 0)
        self._lock = ThreadLock()

    def get(self, path: Path, marker: Callable[[str], bytes]) -> LogFile:
        """Return the file at `path`; `marker` is used when it is new."""
        with self._lock:
            file = self._files.get(path)
            if file is None:
                file = self._files[path] = LogFile(path, marker=marker, opened=self._make_room, rotation=self._rotation)
            return file

    def close(self, path: Path) -> None:
        """Close the file at `path`; it can still be written to, which opens it again."""
        with self._lock:
            file = self._files.get(path)
        if file is None:
            return
        # Without our lock: a file that recovers holds its own and asks for ours.
        file.flush()
        file.close()
        with self._lock:
            self._open.discard(path)
            if not file.held and self._files.get(path) is file:
                # A service starts runs for years: what is done with is forgotten, but for its counts.
                written, late, lost, truncated = self._closed
                self._closed = (
                    written + file.written,
                    late + file.late,
                    lost + file.lost,
                    truncated + file.truncated,
                )
                file.written = file.late = file.lost = file.truncated = 0
                del self._files[path]

    def flush(self) -> None:
        """Try at once to write everything that is held."""
        with self._lock:
            files = list(self._files.values())
        for file in files:  # without our lock, as in close
            file.flush()

    def stats(self) -> dict[str, int]:
        """Return counts of lines.

        `written`, of them `late`; `dropped`: not in their file, of them `held` in memory; and `truncated`: not written, as
        their run had written all that it may.
        """
        with self._lock:
            files = list(self._files.values())
            written, late, lost, truncated = self._closed
        held = sum(file.held for file in files)
        return {
            "written": written + sum(file.written for file in files),
            "late": late + sum(file.late for file in files),
            "held": held,
            "dropped": held + lost + sum(file.lost for file in files),
            "truncated": truncated + sum(file.truncated for file in files),
        }

    def _make_room(self, opened: LogFile) -> None:
        with self._lock:
            self._files.setdefault(opened.path, opened)
            self._open.add(opened.path)
            while len(self._open) > self._most_open:
                oldest = min(self._open - {opened.path}, key=lambda path: self._files[path].looked)
                self._files[oldest].close()
                self._open.discard(oldest)


_in_trouble: Final[set[LogFile]] = set()


def give_up() -> None:
    """Try a last time to write the lines that this process holds, and say on stderr which ones are lost."""
    for file in list(_in_trouble):
        file.give_up()


def forget() -> None:
    """Let go of all lines that are held: in a forked child they are the parent's."""
    for file in list(_in_trouble):
        file.forget()
    _in_trouble.clear()


# Behind the end of the runs, which `exits` sees to, as that comes later to it.
atexit.register(give_up)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)
