"""Is a running run dead? A lock that is held for as long as the run lives, and who this process is.

The kernel lets an `flock` go with the process that holds it, however that process ends, and it sees through PID
namespaces. The lock is on a file of its own, never on the log: a rotated log would lead to another inode, on which the
lock is free, and a live run would be called dead. What a verdict means for the run is decided by `execution`.
"""

from __future__ import annotations

import functools
import json
import os
import socket
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from irl_logging.storage.layout import FILE_MODE

_CLOEXEC = getattr(os, "O_CLOEXEC", 0)


@functools.cache
def host() -> str:
    """Return this machine's name."""
    return socket.gethostname() or "localhost"


@functools.cache
def boot_id() -> str:
    """Return what changes with each boot of this machine: 8 hex digits on Linux, `0` where it is not known."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip().replace("-", "")[:8]
    except OSError:
        return "0"


def process_start(pid: int) -> int:
    """Return when process `pid` started, in clock ticks since boot; 0 where it is not known or not running.

    Source: field 22 of `/proc/<pid>/stat`, proc(5). It tells a process from a later one with the same number.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    return int(stat[stat.rindex(b")") + 2 :].split()[19])


class Token:
    """A held liveness lock: its file says who holds it, the kernel says whether they still do.

    Let go with `release`, or by the end of the process. A forked child closes its copy at once, so that it cannot keep
    its parent's run alive.
    """

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._descriptor = descriptor
        _held.add(self)

    def release(self) -> None:
        """Remove the file and let the lock go; once is enough."""
        if self._descriptor >= 0:
            with suppress(OSError):
                self.path.unlink()
            self.abandon()

    def abandon(self) -> None:
        """Close this process's copy of the lock and leave the file to whoever else holds it."""
        descriptor, self._descriptor = self._descriptor, -1
        _held.discard(self)
        if descriptor >= 0:
            with suppress(OSError):
                os.close(descriptor)


_held: weakref.WeakSet[Token] = weakref.WeakSet()


def _abandon_all() -> None:
    for token in list(_held):
        token.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)


def hold(path: Path, owner: dict[str, Any]) -> Token:
    """Make the lock file `path`, lock it and return the token.

    Args:
        path: A file that does not exist yet.
        owner: What the file says of its holder, for people and for the second opinion.

    Raises:
        OSError: when it cannot be made, or exists.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CLOEXEC, FILE_MODE)
        _lock(descriptor, wait=True)
        # Between open and lock somebody may have taken it for a dead run's and removed it.
        if os.fstat(descriptor).st_nlink:
            os.write(descriptor, json.dumps(owner).encode() + b"\n")
            return Token(path, descriptor)
        os.close(descriptor)


@contextmanager
def seized(path: Path) -> Iterator[bool]:
    """Give whether the run of lock file `path` has no living holder; if so its lock is held inside the block.

    A file that is gone, or was removed by another observer meanwhile, counts as held: there is nothing to do.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | _CLOEXEC)
    except OSError:
        yield False
        return
    try:
        yield _lock(descriptor, wait=False) and os.fstat(descriptor).st_nlink > 0
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether a living process holds lock file `path`; False when it is gone."""
    with seized(path) as free:
        return not free and path.exists()


def _lock(descriptor: int, *, wait: bool) -> bool:
    import portalocker  # slow to import, and first needed when the first run starts

    flags = portalocker.LockFlags.EXCLUSIVE
    try:
        portalocker.lock(descriptor, flags if wait else flags | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.AlreadyLocked:
        return False
    return True
