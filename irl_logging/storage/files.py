"""Publishing a whole file: what every writer of a file that others read stands on.

Such a file is never written in place: its new content is complete in a temporary file of the same directory before it
takes the name. What may be written, and when, is decided by the callers.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o640
"""Permission bits of a file that did not exist before, and of lock files, as far as the umask lets them stand."""

SAFE: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Flags of every open: follow no link, leave no descriptor to programs that are started; not every system has them."""

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
_MANY: Final = 16  # files from which on it is cheaper to sync their whole file system
_NO_LINKS: Final = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


@contextlib.contextmanager
def about(path: Path, ours: Path | None = None) -> Iterator[None]:
    """Let an `OSError` inside name `path`, where it names no file: a write or a sync knows a descriptor only.

    Args:
        path: The file that people know.
        ours: A file of ours that stands for it meanwhile, which `path` is named in place of.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        elif ours is not None and str(ours) in (error.filename, error.filename2):
            error.filename = str(path)
            del error.filename2
        raise


def publish(path: str | os.PathLike[str], data: bytes, *, durable: bool = True, mode: int | None = None) -> None:
    """Give `path` the content `data`, whole: a reader sees the old content or the new one, whatever happens meanwhile.

    A symbolic link at `path` is replaced, not followed.

    Args:
        path: The file, whether it exists or not; its directory must exist.
        data: The whole new content.
        durable: Sync the file and its directory, so that the new content survives a power cut.
        mode: Permission bits; None keeps those of the file that is there, a new one gets `FILE_MODE`.

    Raises:
        OSError: when it could not be done; the old content stands and no temporary file is left.
    """
    target = Path(path)
    standing = _mode_of(target)
    temporary = write_temporary(target, data, durable=durable, mode=standing if mode is None else mode)
    try:
        if durable or standing is None or not _put_in_place(temporary, target):
            with about(target, temporary):
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


def create_file(path: Path, data: bytes) -> bool:
    """Give `path` the content `data` unless something stands there, and say whether it was made.

    It appears whole, and only one of several processes makes it.

    Raises:
        OSError: when it cannot be written.
    """
    if os.path.lexists(path):
        return False
    temporary = write_temporary(path, data, durable=False)
    try:
        with about(path, temporary):
            os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():  # without links there is a moment between this look and the next line
            return False
        temporary.rename(path)
    finally:
        discard(temporary)
    return True


def write_temporary(
    path: Path, data: bytes, *, durable: bool, mode: int | None = None, like: int | None = None
) -> Path:
    """Write `data` to a new temporary file beside `path` and return its name.

    Until it is complete only its owner may read it, where its permission bits are to be those of another file.

    Args:
        path: The file that is to be replaced later; the temporary file is `.<name>.<random>.tmp` in its directory.
        data: The whole content.
        durable: Sync the file.
        mode: Permission bits of the complete file, whatever the umask; None is `FILE_MODE` under the umask, as for a new
            file.
        like: Descriptor of a file whose owner, permission bits, access lists and attributes are taken over, as far as
            the process may; None for no such file.

    Raises:
        OSError: when it could not be done; no temporary file is left.
    """
    temporary = path.parent / f".{path.name}.{os.urandom(6).hex()}.tmp"
    with about(path, temporary):
        fd = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE, FILE_MODE if like is mode is None else 0o600
        )
    try:
        try:
            with about(path):
                write_all(fd, data)
                if like is not None:
                    take_over(fd, like)
                elif mode is not None:
                    _change_mode(fd, mode)
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
    fd = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | SAFE & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        with about(directory):
            os.fsync(fd)
    except OSError as error:
        # EINVAL: a file system without directory sync (some network mounts); its rename is as durable as it gets.
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(fd)


def sync_all(paths: Sequence[Path]) -> None:
    """Make the content of files of one directory durable; many cost little more than one, where the system can do that.

    Raises:
        OSError: when it could not be done.
    """
    sync = _syncfs() if len(paths) >= _MANY else None
    for path in paths[:1] if sync else paths:
        fd = os.open(path, os.O_RDONLY | SAFE)
        try:
            if sync is None:
                with about(path):
                    os.fsync(fd)
            elif code := sync(fd):
                raise OSError(code, os.strerror(code), str(path))
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


@functools.cache
def _syncfs() -> Callable[[int], int] | None:
    import ctypes  # only needed where many files are written at once

    try:
        syncfs = ctypes.CDLL(None, use_errno=True).syncfs
    except (AttributeError, OSError, TypeError):
        return None
    syncfs.argtypes = [ctypes.c_int]
    return lambda fd: ctypes.get_errno() if syncfs(fd) else 0


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


def take_over(fd: int, like: int) -> None:
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
