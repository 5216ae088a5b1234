"""One Markdown file that people and programs edit too: read it, and replace it without losing what they wrote meanwhile.

The replacement is swapped with the file in one step, and what came out is looked at: if it is not what was read, it is
swapped back. What came out is kept for a while, because an editor that had it open may still write to it. The caller
holds the manifest lock throughout; what the new text is, is not this module's business.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import hashlib
import os
import re
import signal
import stat
import time
from pathlib import Path
from typing import Final

from irl_logging.errors import ManifestDeferred
from irl_logging.storage import files

LARGEST: Final = 32 * 1024 * 1024
"""Bytes of the largest document that is edited."""

_KEPT: Final = 4
_KEPT_SECONDS: Final = 1.0
_HASH_DIGITS: Final = 16
_FRESH_NS: Final = 200_000_000
_NONBLOCK: Final = getattr(os, "O_NONBLOCK", 0)
_CLOEXEC: Final = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Busy(ManifestDeferred):
    """Somebody is changing the file right now; a moment later it may be free."""


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """A file at one instant.

    Attributes:
        data: Its bytes.
        stamp: What changes when the file does: device, inode, size, and the time of the last write in nanoseconds.
        ours: True when it is as the last replacement left it: nobody else has changed it.
    """

    data: bytes
    stamp: tuple[int, ...]
    ours: bool = False

    def fresh(self) -> bool:
        """True when the file was written a moment ago, perhaps not to its end."""
        return abs(time.time_ns() - self.stamp[-1]) < _FRESH_NS

    @property
    def digest(self) -> str:
        """The beginning of the SHA-256 of the bytes, in hex."""
        return digest(self.data)


def digest(data: bytes) -> str:
    """Return the beginning of the SHA-256 of `data`, in hex."""
    return hashlib.sha256(data).hexdigest()[:_HASH_DIGITS]


class SharedDocument:
    """A Markdown file that others edit as well.

    Args:
        path: The file; when it is a symbolic link, the file that it leads to is edited.
        spool: A directory for temporary files; that of the file itself is used when this is on another file system.
        durable: Sync its name as well when it is published. The text is always synced before it takes the name: people's
            words are in it, and after a power cut a name may lead to a file that nobody has written out.

    Attributes:
        notices: Sentences for people: what was found and where it was kept. Emptied by the caller.
    """

    def __init__(self, path: Path, spool: Path, *, durable: bool = True) -> None:
        self.path = path
        self.notices: list[str] = []
        self._spool = spool
        self._label = f"{path.parent.name}.{path.name}"
        self._durable = durable

    def read(self) -> Snapshot:
        """Return the file as it is now, after putting back what others wrote to what earlier replacements took out.

        Raises:
            Busy: when the file is missing, which it is for a moment while git replaces it.
            ManifestDeferred: when it is not a regular file, may not be written, or is too large.
        """
        while True:
            seen = self._read()
            ours = self._look_aside(seen)
            if ours is not None:
                return dataclasses.replace(seen, ours=ours)

    def _read(self) -> Snapshot:
        try:
            fd = os.open(self.path, os.O_RDONLY | _NONBLOCK | _CLOEXEC)
        except FileNotFoundError:
            raise Busy("does not exist: `irl init` creates it") from None
        except OSError as error:
            raise ManifestDeferred(f"cannot be read: {error.strerror}") from error
        try:
            found = os.fstat(fd)
            if not stat.S_ISREG(found.st_mode):
                raise ManifestDeferred("is not a regular file")
            if found.st_size > LARGEST:
                raise ManifestDeferred(f"has {found.st_size} bytes: more than {LARGEST} are not edited")
            if not os.access(self.path, os.W_OK) and self.path.exists():
                raise ManifestDeferred("is read-only")
            return Snapshot(_read_all(fd, found.st_size), _stamp(found))
        finally:
            os.close(fd)

    def stamp(self) -> tuple[int, ...]:
        """Return the stamp that the file has now; empty when it is not there."""
        try:
            return _stamp(self.path.stat())
        except OSError:
            return ()

    def replace(self, seen: Snapshot, data: bytes) -> tuple[int, ...] | None:
        """Give the file the content `data` if it still is as `seen`.

        Args:
            seen: What was read.
            data: The new content.

        Returns:
            Its stamp; None when it was changed meanwhile, or is about to be: it is to be read again.

        Raises:
            OSError: when the new content could not be written; the file is as it was.
        """
        target = self.path.resolve()
        try:
            fd = os.open(target, os.O_RDONLY | _NONBLOCK | _CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            spool = self._spool_for(target)
            with files.about(target, spool / self._label):
                temporary = files.write_temporary(spool / self._label, data, durable=True, like=fd)
            names = os.fstat(fd).st_nlink
        finally:
            os.close(fd)
        aside = self._aside(spool, seen.digest, digest(data))
        try:
            temporary.rename(aside)
            stamp = _stamp(aside.stat())
        except BaseException:
            files.discard(temporary)
            raise
        if not self._swap(target, aside, seen, data):
            return None
        if names > 1:
            self.notices.append(f"{target.name} had {names} hard links: its other names keep the old text")
        if self._durable:
            files.sync_directory(target.parent)
        return stamp

    def _swap(self, target: Path, aside: Path, seen: Snapshot, data: bytes) -> bool:
        """Swap in what is in `aside`; swap back when what came out is not what was read, or is still being written."""
        try:
            # Nothing between this look and the swap: who saves in between finds it undone, but may have read ours by then.
            if is_being_written(target) or _stamp(target.stat()) != seen.stamp:
                files.discard(aside)
                return False
            with files.about(target, aside):
                swapped = files.exchange(target, aside)
            if not swapped:
                return self._swap_without_exchange(target, aside, seen)
        except FileNotFoundError:
            files.discard(aside)
            return False
        except OSError:
            files.discard(aside)
            raise
        # The quick look first, then: who has it open now may write yet, and who has not cannot any more.
        if _stamp(aside.stat()) == seen.stamp and not is_being_written(aside) and _content(aside) == seen.data:
            return True
        self._swap_back(target, aside, data)
        return False

    def _swap_back(self, target: Path, aside: Path, data: bytes) -> None:
        """Put back what came out; what goes out now should be `data`, and is kept when it is not, or may not stay so."""
        try:
            files.exchange(target, aside)
        except FileNotFoundError:
            # The file was taken away right after the swap: what came out is the last that people had.
            with contextlib.suppress(FileExistsError):
                os.link(aside, target)
                files.discard(aside)
                return
        writer = is_being_written(aside)
        if _content(aside) != data:
            self._keep_foreign(target, aside)
        elif writer is False:
            files.discard(aside)
        else:
            aside.rename(self._aside(aside.parent, digest(data), digest(_content(target) or b"")))

    def _aside(self, spool: Path, seen: str, new: str) -> Path:
        """Return the name of what is taken out: with the digests of what it should hold and of what replaces it."""
        return spool / f".{self._label}.{seen}-{new}.{os.urandom(4).hex()}.prev"

    def _swap_without_exchange(self, target: Path, aside: Path, seen: Snapshot) -> bool:
        """Replace the file where two names cannot be swapped: the same promise, but for some microseconds."""
        out = aside.with_suffix(".out")
        try:
            os.link(target, out)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
                files.discard(aside)
                raise
        if _stamp(target.stat()) != seen.stamp:
            files.discard(aside)
            files.discard(out)
            return False
        aside.replace(target)
        if not out.exists():
            return True
        out.replace(aside)
        if _content(aside) == seen.data:
            return True
        aside.replace(target)
        return False

    def _look_aside(self, current: Snapshot) -> bool | None:
        """Look at what earlier replacements took out: has anybody written to it since?

        Returns:
            None when that was put back, so that the file is to be read again. Else whether the file is as the last
            replacement left it.
        """
        target = self.path.resolve()
        kept = self._kept(target)
        now = current.digest
        # What our own replacements lead back to: between these and the file lies nobody else's edit.
        chain = {now}
        for _ in kept:
            chain |= {seen for _, seen, new in kept if new in chain}
        ours = False
        for age, (aside, seen, new) in enumerate(reversed(kept)):
            # Asked in this order: who has it open now may write yet, and who has not cannot any more.
            writer = is_being_written(aside)
            content = _content(aside) or b""
            found = digest(content)
            settled = writer is False or (writer is None and _older(aside, _KEPT_SECONDS))
            if found == seen:
                ours = ours or new == now
                if age and (settled or (writer is None and age >= _KEPT)):
                    files.discard(aside)
            elif found == new:
                files.discard(aside)  # never swapped in: its writer was killed
            elif content and new in chain:
                # Someone wrote to the file that we had taken out, and nobody to those that we put in.
                self._swap_back(target, aside, current.data)
                return None
            elif settled:
                self._give_back(target, aside, content)
        return ours

    def _kept(self, target: Path) -> list[tuple[Path, str, str]]:
        """Return what was taken out, oldest first, with the digests of what was read and what was put in."""
        pattern = re.compile(rf"\.{re.escape(self._label)}\.([0-9a-f]+)-([0-9a-f]+)\.[0-9a-f]+\.(?:prev|out)")
        ours = rf"{re.escape(self._label)}|workflows\.json|\.projection\.json|\.checkpoint"
        litter = re.compile(rf"\.(?:{ours})\.[0-9a-f]{{12}}\.tmp")
        found = []
        for entry in os.scandir(self._spool_for(target)):
            match = pattern.fullmatch(entry.name)
            if match:
                with contextlib.suppress(OSError):
                    found.append((entry.stat(follow_symlinks=False).st_ctime_ns, Path(entry.path), match[1], match[2]))
            elif litter.fullmatch(entry.name):
                files.discard(Path(entry.path))  # its writer was killed: we hold the lock, so it is nobody's
        return [(path, seen, new) for _, path, seen, new in sorted(found)]

    def _give_back(self, target: Path, aside: Path, content: bytes) -> None:
        if content:
            self._keep_foreign(target, aside)
        else:
            files.discard(aside)

    def _keep_foreign(self, target: Path, aside: Path) -> None:
        kept = target.with_name(f"{target.name}.foreign-{os.urandom(4).hex()}")
        aside.replace(kept)
        self.notices.append(f"{target.name} was changed by two others at once: the text of one is kept as {kept.name}")

    def _spool_for(self, target: Path) -> Path:
        try:
            same = self._spool.stat().st_dev == target.parent.stat().st_dev
        except OSError:
            same = False
        return self._spool if same else target.parent


def _read_all(fd: int, size: int) -> bytes:
    parts = []
    while part := os.read(fd, max(size, 65536)):
        parts.append(part)
    return b"".join(parts)


def is_being_written(path: Path) -> bool | None:
    """Has any process opened this file for writing? None if the system cannot tell.

    A read lease is only granted when there is no such process. It is given back at once: who wants to open the file in
    between waits for some microseconds.
    """
    try:
        import fcntl  # not on every system

        fd = os.open(path, os.O_RDONLY | _NONBLOCK | _CLOEXEC)
    except (ImportError, OSError):
        return None
    try:
        # Such an opener has the kernel send us a signal: SIGIO, which kills, unless another one is chosen. SIGURG is ignored.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except BlockingIOError:
        return True
    except (AttributeError, OSError):
        return None
    else:
        return False
    finally:
        os.close(fd)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    # Without the time of the last change of the inode, which a rename or a link of ours sets.
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _older(path: Path, seconds: float) -> bool:
    try:
        changed = path.stat().st_mtime
    except OSError:
        return False
    return abs(time.time() - changed) > seconds
