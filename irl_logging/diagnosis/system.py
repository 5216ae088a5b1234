"""What the system under an execution directory can do, and who holds its lock now."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from irl_logging.diagnosis.finding import Finding, Level
from irl_logging.manifest.document import is_being_written
from irl_logging.storage import files, locks
from irl_logging.storage.layout import Layout


def look(layout: Layout) -> Iterator[Finding]:
    """Yield what the file system can do, tried on files that are removed at once, and who edits the manifest."""
    if not layout.active.is_dir():
        return
    try:
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=layout.active) as name:
            yield _file_system(Path(name))
    except OSError as error:
        yield Finding(Level.PROBLEM, "files", f"{layout.active} cannot be written: {error.strerror}")
    yield _lock(layout.active / ".manifest.lock")


def _file_system(place: Path) -> Finding:
    one, two = place / "one", place / "two"
    for path in (one, two):
        path.write_bytes(path.name.encode())
    try:
        held = locks.try_lock(place / "lock")
        can_lock = held is not None and locks.try_lock(place / "lock") is None
        if held is not None:
            held.release()
    except OSError:
        can_lock = False
    if not can_lock:
        text = "this file system cannot lock: two processes may edit README.md at once, and only process ids say who is alive"
        return Finding(Level.PROBLEM, "files", text, "put the directory on a local file system")
    if not files.exchange(one, two):
        text = "locks work; two files cannot be swapped in one step, so an edit in the same instant may be overwritten"
        return Finding(Level.WARN, "files", text, "a local Linux file system can")
    leases = (
        "writers of README.md are noticed" if is_being_written(one) is False else "writers of README.md are not noticed"
    )
    return Finding(Level.OK, "files", f"locks work, files can be swapped in one step, {leases}")


def _lock(path: Path) -> Finding:
    if not path.exists():
        return Finding(Level.OK, "lock", "nobody edits the manifest")
    try:
        lock = locks.try_lock(path)
    except OSError as error:
        return Finding(Level.PROBLEM, "lock", f"{path} cannot be locked: {error.strerror}", "see the files finding")
    if lock is not None:
        lock.release()
        return Finding(Level.OK, "lock", "nobody edits the manifest")
    holder = _holder(path)
    text = f"the manifest is being edited{f' by process {holder}' if holder else ''}"
    return Finding(
        Level.WARN,
        "lock",
        text,
        "if this lasts more than a few seconds it hangs: end that process, and the lock is free",
    )


def _holder(path: Path) -> int:
    """Return the process that holds the lock on a file; 0 where the system does not say.

    Source: `/proc/locks`, proc(5): the fifth field is the process, the sixth is major:minor:inode.
    """
    try:
        inode = str(path.stat().st_ino)
        held = [line.split() for line in Path("/proc/locks").read_text("ascii").splitlines() if "->" not in line]
    except OSError:
        return 0
    found = [int(fields[4]) for fields in held if fields[5].rpartition(":")[2] == inode and int(fields[4]) > 0]
    return next((pid for pid in found if pid != os.getpid()), 0)
