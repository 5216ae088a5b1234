"""Locks between processes: a file of its own that is never renamed and never deleted.

So all who wait, wait for the same inode. A lock goes with the process that holds it, however that ends, and a forked
child does not keep its parent's. What is locked is decided by the callers.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from irl_logging.storage.files import FILE_MODE, SAFE, about

# Descriptors of locks held or waited for in this process: a forked child must not keep its parent's locks alive.
_descriptors: Final[set[int]] = set()


class FileLock:
    """An exclusive lock on a lock file, held until `release`, the end of the `with` block, or the end of the process.

    Made by `try_lock` and `wait_lock`. A forked child does not hold the locks of its parent.

    Attributes:
        path: The lock file; it stays in place when the lock is released.
    """

    __slots__ = ("_fd", "_pid", "path")

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd = fd
        self._pid = os.getpid()

    @property
    def held(self) -> bool:
        """True while this process holds the lock."""
        return self._fd >= 0 and self._pid == os.getpid()

    def fileno(self) -> int:
        """Return the descriptor of the lock file, e.g. to keep a few bytes in it; -1 when the lock is not held."""
        return self._fd if self.held else -1

    def release(self) -> None:
        """Let others in; releasing twice, or in a forked child, does nothing."""
        if self.held:
            # Unlocked explicitly: closing alone leaves it locked while a child forked meanwhile has the descriptor.
            _unlock(self._fd)
            _close(self._fd)
        self._fd = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def try_lock(path: str | os.PathLike[str], *, mode: int = FILE_MODE) -> FileLock | None:
    """Take the lock on the lock file `path` without waiting; None when another holds it.

    Args:
        path: The lock file; it is created when missing, its directory must exist.
        mode: Permission bits of a lock file that is created.

    Raises:
        OSError: when the file cannot be opened or the file system cannot lock.
    """
    file = Path(path)
    fd = _open_lock_file(file, mode)
    try:
        with about(file):
            if lock(fd, wait=False):
                return FileLock(file, fd)
    except BaseException:
        _close(fd)
        raise
    _close(fd)
    return None


def wait_lock(path: str | os.PathLike[str], limit: float, *, mode: int = FILE_MODE) -> FileLock | None:
    """Take the lock on the lock file `path`, waiting in the kernel's queue; None when `limit` has passed.

    Polling would starve among many who poll, so a helper thread waits; where none can be started, this polls. A wait that
    was given up goes on in its thread, and is taken over by whoever waits for the same file next.

    Args:
        path: The lock file; it is created when missing, its directory must exist.
        limit: Seconds to wait at most; 0 means not at all.
        mode: Permission bits of a lock file that is created.

    Raises:
        OSError: when the file cannot be opened or the file system cannot lock.
    """
    file = Path(path)
    held = try_lock(file, mode=mode)
    if held is not None or limit <= 0:
        return held
    waiter = next((it for it in list(_given_up) if it.resume(file)), None)
    if waiter is None:
        waiter = _Waiter(_open_lock_file(file, mode))
        try:
            threading.Thread(target=waiter.run, name="irl-lock-wait", daemon=True).start()
        except RuntimeError:  # the interpreter is shutting down
            waiter.close()
            return _poll(file, limit, mode)
    try:
        waiter.done.wait(limit)
    finally:
        with about(file):
            fd = waiter.give_up()
    return None if fd is None else FileLock(file, fd)


class _Waiter:
    """A thread's wait for a lock, which its owner can give up: a lock that comes too late is let go at once."""

    def __init__(self, fd: int) -> None:
        self.done = threading.Event()
        self._fd = fd
        self._guard = threading.Lock()
        self._abandoned = False
        self._taken = False
        self._error: BaseException | None = None

    def run(self) -> None:
        """Wait until the lock is there; runs in a thread of its own."""
        try:
            taken = lock(self._fd, wait=True)
        except OSError as error:
            taken, self._error = False, error
        with self._guard:
            self._taken = taken
            self.done.set()
            if self._abandoned:
                _given_up.discard(self)
                self.close()

    def give_up(self) -> int | None:
        """Stop waiting: return the descriptor when the lock was taken, else None."""
        with self._guard:
            if self.done.is_set():
                if self._taken:
                    return self._fd
                self.close()
                if self._error is not None:
                    raise self._error
                return None
            self._abandoned = True
            _given_up.add(self)
            return None

    def resume(self, file: Path) -> bool:
        """Go on with a wait that was given up, and say whether that was done: it must be for the file at this path."""
        with self._guard:
            if not self._abandoned or self.done.is_set():
                return False
            try:
                same = os.path.samestat(os.fstat(self._fd), file.stat())
            except OSError:
                same = False
            if same:
                self._abandoned = False
                _given_up.discard(self)
            return same

    def close(self) -> None:
        """Let go of the lock, if it was taken, and of the descriptor."""
        if self._taken:
            _unlock(self._fd)
        _close(self._fd)


# Or threads and descriptors would pile up behind a holder that hangs.
_given_up: Final[set[_Waiter]] = set()


def _poll(file: Path, limit: float, mode: int) -> FileLock | None:
    deadline = time.monotonic() + limit
    while True:
        held = try_lock(file, mode=mode)
        if held is not None or time.monotonic() >= deadline:
            return held
        time.sleep(0.002)


def _open_lock_file(file: Path, mode: int) -> int:
    fd = os.open(file, os.O_RDWR | os.O_CREAT | SAFE, mode)
    _descriptors.add(fd)
    return fd


def lock(fd: int, *, wait: bool) -> bool:
    """Lock an open file for this process alone, and say whether it is locked now; False without waiting when it is taken."""
    import portalocker  # costs more to import than all of this package

    flags = portalocker.LockFlags.EXCLUSIVE
    try:
        portalocker.lock(fd, flags if wait else flags | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.AlreadyLocked:
        return False
    except portalocker.LockException as error:
        cause = error.__cause__
        code = cause.errno if isinstance(cause, OSError) else None
        raise OSError(code or errno.ENOLCK, f"cannot lock: {error}") from error
    return True


def share(fd: int) -> bool:
    """Lock an open file together with others who share it, without waiting, and say whether that was done.

    It keeps out who wants the file for itself alone (see `lock`), until the descriptor and its copies are closed.
    """
    try:
        import fcntl  # not on every system; and for each file that is opened portalocker is ten times the cost

        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def _unlock(fd: int) -> None:
    import portalocker  # as above; imported already by whoever locked

    with contextlib.suppress(portalocker.LockException, OSError):
        portalocker.unlock(fd)


def _close(fd: int) -> None:
    _descriptors.discard(fd)
    with contextlib.suppress(OSError):
        os.close(fd)


def _forget_in_child() -> None:
    _given_up.clear()  # their threads are the parent's
    for fd in tuple(_descriptors):
        _close(fd)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
