"""The files of a journal: one segment for each machine, boot and month, so that no two machines append to one file.

What is in them is not this module's business: names, sizes, and the whole lines that were added since the last look.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from irl_logging.storage.liveness import UNKNOWN_BOOT, boot_id, host

SUFFIX: Final = ".jsonl"

REMEMBERED: Final = 64
"""Bytes before the place where reading ended: if they are others, the segment is not the one that was read."""

Stamp = tuple[int, int, int]
"""What changes when a segment does: inode, size in bytes, and time of the last write in nanoseconds."""


def own_name(now: float) -> str:
    """Return the name of a new segment of this host in this boot and month.

    Args:
        now: Seconds since 1970.
    """
    name = re.sub(r"[^A-Za-z0-9.-]", "-", host())[:64] or "host"
    return f"{name}-{boot_id()}-{time.strftime('%Y%m', time.gmtime(now))}{SUFFIX}"


def own_path(directory: Path, now: float) -> Path:
    """Return the segment in `directory` that this machine appends to in this boot and month.

    Containers on one kernel share it, whatever host name each has: where every job gets a container of its own there would
    else be a segment for each, and all of them are looked at for each event.

    Args:
        directory: Where the segments are.
        now: Seconds since 1970.
    """
    own = own_name(now)
    _, boot, month = own.rsplit("-", 2)
    if boot != UNKNOWN_BOOT:
        with suppress(OSError):  # whoever writes there says what is the matter
            for name in listed(directory):
                if name.endswith(f"-{boot}-{month}") and os.access(directory / name, os.R_OK | os.W_OK):
                    return directory / name
    return directory / own


def listed(directory: Path) -> dict[str, Stamp]:
    """Return the segments in `directory` by name; none where it is not there.

    Raises:
        OSError: when it cannot be read.
    """
    found = {}
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                if entry.name.endswith(SUFFIX) and entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):
                        seen = entry.stat(follow_symlinks=False)
                        found[entry.name] = (seen.st_ino, seen.st_size, seen.st_mtime_ns)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return dict(sorted(found.items()))


def from_elsewhere(directory: Path) -> bool:
    """Return whether another machine has a segment here; containers on this one have its boot.

    Raises:
        OSError: when the directory cannot be read.
    """
    here, boot, _ = own_name(0).rsplit("-", 2)
    names = (name.rsplit("-", 2) for name in listed(directory))
    return any(parts[0] != here and boot not in parts[1:2] for parts in names)


class End:
    """Where reading a segment ended.

    Attributes:
        offset: Bytes that were read, up to the end of a line.
        tail: The last of them, `REMEMBERED` at most.
        stamp: The segment's stamp when it was read; None when it has to be looked at.
    """

    __slots__ = ("offset", "stamp", "tail")

    def __init__(self, offset: int = 0, tail: bytes = b"", stamp: Stamp | None = None) -> None:
        self.offset = offset
        self.tail = tail
        self.stamp = stamp

    def lines(self, path: Path, stamp: Stamp) -> list[bytes] | None:
        """Return the whole lines that were added to the segment, and move behind them.

        Args:
            path: The segment.
            stamp: What it was listed with.

        Returns:
            The lines without their line feeds; None when the segment is not the one that was read before.

        Raises:
            OSError: when it cannot be read.
        """
        if stamp == self.stamp:
            return []
        try:
            with path.open("rb", buffering=0) as segment:
                segment.seek(self.offset - len(self.tail))
                data = segment.read()
        except FileNotFoundError:
            return None if self.offset else []
        if not data.startswith(self.tail):
            return None
        start, end = len(self.tail), data.rfind(b"\n") + 1
        self.stamp = stamp
        if end <= start:
            return []
        self.offset += end - start
        self.tail = data[max(0, end - REMEMBERED) : end]
        return data[start:end].split(b"\n")
