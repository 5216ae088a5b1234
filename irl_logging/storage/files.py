"""Locks, and publishing a whole file: what every writer of a shared file in this package stands on.

A file that others read is never written in place: its new content is complete in a temporary file of the same
directory before it takes the name. A lock is a file of its own that is never renamed and never deleted, so that all
who wait, wait for the same inode. What may be written, and when, is decided by the callers.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import secrets
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self

FILE_MODE: Final = 0o640
"""Permission bits of a file that did not exist before, and of lock files."""

# Flags that not every system has; a system without the flag has no such danger or no such defence.
_SAFE: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2


def publish(path: str | os.PathLike[str], data: bytes, *, durable: bool = True, mode: int | None = None) -> None:
    """Give `path` the content `data`, whole: a reader sees the old content or the new one, whatever happens meanwhile.

    A symbolic link at `path` is replaced, not followed.

    Args:
        path: The file, whether it exists or not; its directory must exist.
        data: The whole new content.
        durable: Sync the file and its directory, so that the new content survives a power cut.
        mode: Permission bits; None keeps those of the file that is there, or takes `FILE_MODE`.

    Raises:
        OSError: when it could not be done; the old content stands and no temporary file is left.
    """
    target = Path(path)
    standing = _mode_of(target)
    if mode is None:
        mode = FILE_MODE if standing is None else standing
    temporary = write_temporary(target, data, durable=durable, mode=mode)
    try:
        if durable or standing is None or not _put_in_place(temporary, target):
            temporary.replace(target)
    except BaseException:
        discard(temporary)
        raise
    if durable:
        sync_directory(target.parent)


def _put_in_place(temporary: Path, target: Path) -> bool:
    """Swap the new file in and remove the old one; False when that cannot be done.

    To rename over a file makes ext4 write the new one out at once, ten times the cost of a swap and a promise that was
    not asked for.
    """
    try:
        done = exchange(temporary, target)
    except OSError:
        return False
    if done:
        discard(temporary)
    return done


def write_temporary(path: Path, data: bytes, *, durable: bool, mode: int = FILE_MODE, like: int | None = None) -> Path:
    """Write `data` to a new temporary file beside `path` and return its name.

    Until it is complete only its owner may read it.

    Args:
        path: The file that is to be replaced later; the temporary file is `.<name>.<random>.tmp` in its directory.
        data: The whole content.
        durable: Sync the file.
        mode: Permission bits of the complete file; `like` overrides it.
        like: Descriptor of a file whose owner, permission bits, access lists and attributes are taken over, as far as
            the process may.

    Raises:
        OSError: when it could not be done; no temporary file is left.
    """
    temporary = path.parent / f".{path.name}.{secrets.token_hex(6)}.tmp"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE, 0o600)
    try:
        try:
            write_all(fd, data)
            if like is None:
                _change_mode(fd, mode)
            else:
                _take_over(fd, like)
            if durable:
                os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        discard(temporary)
        raise
    return temporary


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data` to `fd`, however many calls it takes."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(fd, rest) :]


def sync_directory(directory: Path) -> None:
    """Make the names in `directory` durable; where directories cannot be synced this does nothing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | _SAFE & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        os.fsync(fd)
    except OSError as error:
        # EINVAL: a file system without directory sync (some network mounts); its rename is as durable as it gets.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(fd)


def discard(path: Path) -> None:
    """Remove a file of ours if it is there."""
    with contextlib.suppress(OSError):
        path.unlink()


def exchange(first: Path, second: Path) -> bool:
    """Swap two existing names of one file system in one step, and say whether it was done.

    Returns:
        False where the system or the file system has no such operation; nothing has changed then.

    Raises:
        OSError: when the operation exists and failed, e.g. because one of the names is gone.
    """
    swap = _renameat2()
    if swap is None:
        return False
    code = swap(os.fsencode(first), os.fsencode(second))
    if code in (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP):
        return False
    if code:
        raise OSError(code, os.strerror(code), str(first), None, str(second))
    return True


@functools.cache
def _renameat2() -> Callable[[bytes, bytes], int] | None:
    import ctypes  # only needed when a README is published, and not free to import

    try:
        libc = ctypes.CDLL(None, use_errno=True)
        renameat2 = libc.renameat2
    except (AttributeError, OSError, TypeError):
        return None
    renameat2.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]

    def swap(first: bytes, second: bytes) -> int:
        done = renameat2(_AT_FDCWD, first, _AT_FDCWD, second, _RENAME_EXCHANGE)
        return 0 if done == 0 else ctypes.get_errno()

    return swap


def _mode_of(path: Path) -> int | None:
    """Return the permission bits of a regular file; None when there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return stat.S_IMODE(found.st_mode) if stat.S_ISREG(found.st_mode) else None


def _change_mode(fd: int, mode: int) -> None:
    if hasattr(os, "fchmod"):
        os.fchmod(fd, mode)


def _take_over(fd: int, like: int) -> None:
    """Give `fd` the owner, attributes and mode of `like`; what the process may not give is left out."""
    theirs = os.fstat(like)
    if hasattr(os, "fchown"):
        ours = os.fstat(fd)
        if (ours.st_uid, ours.st_gid) != (theirs.st_uid, theirs.st_gid):
            with contextlib.suppress(PermissionError):
                os.fchown(fd, theirs.st_uid, theirs.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(like):
                with contextlib.suppress(OSError):
                    os.setxattr(fd, name, os.getxattr(like, name))
    _change_mode(fd, stat.S_IMODE(theirs.st_mode))


# --- locks ------------------------------------------------------------------------------------------------------------

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
        if _lock(fd, wait=False):
            return FileLock(file, fd)
    except BaseException:
        _close(fd)
        raise
    _close(fd)
    return None


def wait_lock(path: str | os.PathLike[str], limit: float, *, mode: int = FILE_MODE) -> FileLock | None:
    """Take the lock on the lock file `path`, waiting in the kernel's queue; None when `limit` has passed.

    Polling would starve among many who poll, so a helper thread waits; where none can be started, this polls.

    Args:
        path: The lock file; it is created when missing, its directory must exist.
        limit: Seconds to wait at most; 0 does not wait.
        mode: Permission bits of a lock file that is created.

    Raises:
        OSError: when the file cannot be opened or the file system cannot lock.
    """
    file = Path(path)
    held = try_lock(file, mode=mode)
    if held is not None or limit <= 0:
        return held
    waiter = _Waiter(_open_lock_file(file, mode))
    try:
        threading.Thread(target=waiter.run, name="irl-lock-wait", daemon=True).start()
    except RuntimeError:  # the interpreter is shutting down
        waiter.close()
        return _poll(file, limit, mode)
    try:
        waiter.done.wait(limit)
    finally:
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
            taken = _lock(self._fd, wait=True)
        except OSError as error:
            taken, self._error = False, error
        with self._guard:
            self._taken = taken
            self.done.set()
            if self._abandoned:
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
            return None

    def close(self) -> None:
        """Let go of the lock, if it was taken, and of the descriptor."""
        if self._taken:
            _unlock(self._fd)
        _close(self._fd)


def _poll(file: Path, limit: float, mode: int) -> FileLock | None:
    deadline = time.monotonic() + limit
    while True:
        held = try_lock(file, mode=mode)
        if held is not None or time.monotonic() >= deadline:
            return held
        time.sleep(0.002)


def _open_lock_file(file: Path, mode: int) -> int:
    fd = os.open(file, os.O_RDWR | os.O_CREAT | _SAFE, mode)
    _descriptors.add(fd)
    return fd


def _lock(fd: int, *, wait: bool) -> bool:
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


def _unlock(fd: int) -> None:
    import portalocker  # as above; imported already by whoever locked

    with contextlib.suppress(portalocker.LockException, OSError):
        portalocker.unlock(fd)


def _close(fd: int) -> None:
    _descriptors.discard(fd)
    with contextlib.suppress(OSError):
        os.close(fd)


def _forget_in_child() -> None:
    for fd in tuple(_descriptors):
        _close(fd)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
