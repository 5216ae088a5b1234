"""Is a running run dead? A lock that is held for as long as the run lives, and who this process is.

The kernel lets an `flock` go with the process that holds it, however that process ends, and it sees through PID
namespaces. The lock is on a file of its own, never on the log: a rotated log would lead to another inode, on which the
lock is free, and a live run would be called dead. What a verdict means for the run is decided by `execution`.
"""

from __future__ import annotations

import errno
import functools
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from irl_logging.forks import ThreadLock
from irl_logging.storage.files import FILE_MODE, SAFE, about
from irl_logging.storage.locks import lock

_PARTAKEN: Final = 4_096  # where the lock file is written by those who do not hold it, behind what the holder writes
_FLAGS: Final = os.O_RDWR | SAFE
_NO_LOCKS: Final = frozenset({errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL})
"""What a file system answers that cannot lock; EINVAL is what some network mounts say."""


_POLL_SECONDS: Final = 0.01  # between two tries for a lock that a command holds for a moment

UNKNOWN_BOOT: Final = "0"
"""What `boot_id` is where the system does not say."""


@functools.cache
def host() -> str:
    """Return this machine's name."""
    if hasattr(os, "uname"):
        return os.uname().nodename or "localhost"
    import socket  # slow to import, and needed on Windows only

    return socket.gethostname() or "localhost"


@functools.cache
def boot_id() -> str:
    """Return what changes with each boot of this machine: 8 hex digits on Linux, `UNKNOWN_BOOT` elsewhere."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip().replace("-", "")[:8]
    except OSError:
        return UNKNOWN_BOOT


def process_start(pid: int) -> int:
    """Return when process `pid` started, in clock ticks since boot; 0 where it is not known or not running.

    Source: fields 3 and 22 of `/proc/<pid>/stat`, proc(5). It tells a process from a later one with the same number. A
    zombie does not run any more.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    fields = stat[stat.rindex(b")") + 2 :].split()
    return 0 if fields[0] in (b"Z", b"X") else int(fields[19])


@functools.lru_cache(maxsize=1)
def own_start(pid: int) -> int:
    """Return `process_start` of this process, whose number is `pid`: a forked child has another one."""
    return process_start(pid)


class Token:
    """A held liveness lock: its file says who holds it, the kernel says whether they still do.

    Let go with `release`, or by the end of the process. A forked child closes its copy at once, so that it cannot keep
    its parent's run alive.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        self._beats = 0
        self._lock = ThreadLock()
        if descriptor >= 0:
            found = os.fstat(descriptor)
            self._file, self._end = (found.st_dev, found.st_ino), found.st_size
        _held.add(self)

    def beat(self) -> bool:
        """Write the next sign of life into the file; False when the lock is not ours any more."""
        with self._lock:
            if not self._still_ours():
                return False
            self._beats += 1
            with suppress(OSError):  # the next one may be written
                os.pwrite(self._descriptor, b"%d\n" % self._beats, self._end)
                os.fsync(self._descriptor)  # or it would stay on this machine for a while
            return True

    @property
    def shared(self) -> bool:
        """Whether others may have taken part in the run, see `take_part`."""
        return not self._still_ours() or os.fstat(self._descriptor).st_size > _PARTAKEN

    def release(self) -> None:
        """Remove the file and let the lock go; once is enough."""
        if self._descriptor >= 0:
            with suppress(OSError):
                self.path.unlink()
            self.abandon()

    def abandon(self) -> None:
        """Close this process's copy of the lock and leave the file to whoever else holds it."""
        with self._lock:  # the next file to get this number must not get our sign of life
            ours, descriptor, self._descriptor = self._still_ours(), self._descriptor, -1
            _held.discard(self)
            if ours:
                with suppress(OSError):
                    os.close(descriptor)

    def _still_ours(self) -> bool:
        """Return whether we have the lock file open: a program that closes every descriptor may have opened others since."""
        try:
            found = os.fstat(self._descriptor)
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == self._file


_held: Final[set[Token]] = set()


def _abandon_all() -> None:
    for token in list(_held):
        token.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)


def hold(path: Path, owner: dict[str, Any]) -> Token:
    """Make the lock file `path`, lock it and return the token.

    Where the file system cannot lock there is no file either: then only the owner's process number and start time tell
    whether it lives.

    Args:
        path: A file that does not exist yet.
        owner: What the file says of its holder, for people.

    Raises:
        FileExistsError: when it exists.
        OSError: when it cannot be made.
    """
    while True:
        descriptor = os.open(path, _FLAGS | os.O_CREAT | os.O_EXCL, FILE_MODE)
        try:
            with about(path):
                locked = lock(descriptor, wait=True)
                # Between open and lock somebody may have taken it for a dead run's and removed it.
                if locked and os.fstat(descriptor).st_nlink:
                    os.write(descriptor, json.dumps(owner).encode() + b"\n")
                    return Token(path, descriptor)
        except OSError as error:
            path.unlink(missing_ok=True)
            os.close(descriptor)
            if error.errno in _NO_LOCKS:
                return Token(path, -1)
            raise
        os.close(descriptor)


def take_up(path: Path, limit: float) -> Token | None:
    """Lock the lock file `path` of a run that no process holds, and return the token; None when `limit` seconds have passed.

    Args:
        path: The lock file; one that is gone is made anew.
        limit: Seconds to wait for another command that has taken the run up.

    Raises:
        OSError: when it cannot be opened.
    """
    deadline = time.monotonic() + limit
    while True:
        descriptor = os.open(path, _FLAGS | os.O_CREAT, FILE_MODE)
        try:
            with about(path):
                if lock(descriptor, wait=False) and os.fstat(descriptor).st_nlink:
                    return Token(path, descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in _NO_LOCKS:
                return Token(path, -1)
            raise
        os.close(descriptor)
        if time.monotonic() >= deadline:
            return None
        time.sleep(_POLL_SECONDS)


def take_part(path: Path) -> None:
    """Say in the lock file `path` that this process, which does not hold it, has told the journal something of the run.

    The holder is spared a look into the journal when nobody has.
    """
    with suppress(OSError):
        descriptor = os.open(path, _FLAGS)
        try:
            os.lseek(descriptor, _PARTAKEN, os.SEEK_SET)
            os.write(descriptor, b"\n")
        finally:
            os.close(descriptor)


@contextmanager
def seized(path: Path) -> Iterator[bool]:
    """Give whether the run of lock file `path` has no living holder; if so its lock is held inside the block.

    A file that is gone, or was removed by another observer meanwhile, counts as held: there is nothing to do.

    Raises:
        OSError: when the file system cannot lock.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError:
        yield False
        return
    try:
        with about(path):
            free = lock(descriptor, wait=False) and os.fstat(descriptor).st_nlink > 0
        yield free
    finally:
        os.close(descriptor)
