"""When a log file is replaced by a new one, and how, while many processes write to it.

Who writes to a log holds a shared lock on it for as long as it is open. At one of its looks at the path (`storage.sink`)
it may find the file too large or its time over. Then it renames the file, and all who write open a new one at their next
look; what they write until then stands in the renamed file, whole and in order. Nothing is compressed here: `irl clean`
does that, with a lock for itself alone, so never while somebody still writes.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from irl_logging.naming import rotated_name
from irl_logging.notices import notice
from irl_logging.storage.locks import try_lock


class Rotation:
    """When and how the log files of one execution directory are renamed.

    Args:
        lock: The lock file; its directory must exist.
        most: Bytes from which on a file is renamed; 0 for no such limit. It is looked at a few times a second, so a file
            grows beyond it by what is written meanwhile.
        seconds: Length of the periods that have files of their own, counted from midnight of 1970-01-01 UTC, so that 86400
            begins a file each day; 0 for none.
    """

    def __init__(self, lock: Path, *, most: int = 0, seconds: int = 0) -> None:
        self._lock = lock
        self._most = most or (1 << 62)
        self._seconds = seconds

    def turn(self, path: Path, status: os.stat_result, since: float, now: float) -> bool:
        """Rename the file at `path` if it is due, and say whether a new one has to be opened.

        Args:
            path: The log file.
            status: What the file was found to be.
            since: When it was last looked at or written, in seconds since 1970.
            now: The time now.
        """
        over = self._seconds and since // self._seconds < now // self._seconds
        if not status.st_size or (status.st_size < self._most and not over):
            return False
        try:
            return self._rename(path, (status.st_dev, status.st_ino))
        except OSError as error:
            notice(f"rotate {path.parent}", f"{path} cannot be rotated and keeps growing: {error.strerror or error}")
            return False

    def _rename(self, path: Path, inode: tuple[int, int]) -> bool:
        held = try_lock(self._lock)
        if held is None:
            return False  # somebody is at it: the next look shows what came of it
        with held:
            try:
                status = path.stat()
            except FileNotFoundError:
                return True
            if (status.st_dev, status.st_ino) == inode:
                set_aside(path)
            return True


def set_aside(path: Path) -> Path:
    """Give the log file at `path` the name of one that is rotated now, and return it; the lock is held.

    Raises:
        OSError: when that cannot be done.
    """
    now = time.time()  # of the rename itself, so that names sort as the files were left
    while (target := path.with_name(rotated_name(path.name, now))).exists():
        now += 1e-5  # a clock that was set back
    path.rename(target)
    return target
