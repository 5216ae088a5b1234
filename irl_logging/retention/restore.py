"""Checking a backup, and restoring it as a whole."""

from __future__ import annotations

import os
import secrets
import shutil
import tarfile
import time
from pathlib import Path
from typing import IO

from irl_logging.errors import BusyError, ConfigurationError
from irl_logging.line import render_time
from irl_logging.notices import counted
from irl_logging.reaping import living_runs
from irl_logging.retention.tarball import Contents, read
from irl_logging.storage.files import SAFE, exchange, sync_all, sync_directory
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import DIRECTORY_MODE, Layout


def verify(path: Path) -> Contents:
    """Read a backup to its end, check that all of it is as it was made, and return what it contains.

    Raises:
        ArchiveError: when it is not; the message says what differs.
        OSError: when it cannot be read.
    """
    return read(path, lambda _name, _info: None)


def restore(path: Path, target: Path, *, force: bool = False) -> tuple[Contents, Path | None]:
    """Make `target` the execution directory that a backup has; it appears whole, once everything was checked.

    Args:
        path: The backup.
        target: A directory that is empty or does not exist.
        force: Let it be another one, which is kept beside it under another name.

    Returns:
        What the backup contains, and where the directory that was there is now; None when there was none.

    Raises:
        ConfigurationError: when the target is not empty.
        BusyError: when runs go on in it.
        ArchiveError: when the backup is not as it was made; the target is as it was.
        OSError: when something cannot be read or written; the target is as it was, or the message says where that is.
    """
    there = _is_there(target)
    if there and not force:
        raise ConfigurationError(f"{target} is not empty: name another directory, or use --force to keep it aside")
    if there:
        _refuse_while_runs_go_on(Layout(target))
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        new.mkdir(0o700)
        contents = _unpacked(path, new)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise
    aside = _free_name(target) if there else None
    _put_in_place(new, target, aside)
    sync_directory(target.parent)
    return contents, aside


def _is_there(target: Path) -> bool:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ConfigurationError(f"{target} is not a directory: name another one")
    return target.is_dir() and any(target.iterdir())


def _refuse_while_runs_go_on(layout: Layout) -> None:
    running = living_runs(layout, Journal(layout.journal)) if layout.used else []
    if running:
        raise BusyError(
            f"{counted(len(running), 'run')} open in {layout.root}, such as {running[0].id}: wait for the end"
        )


def _free_name(target: Path) -> Path:
    aside = target.with_name(f"{target.name}.before-restore-{render_time(time.time()).replace(':', '')}")
    while aside.exists():
        aside = aside.with_name(f"{aside.name}-{secrets.token_hex(2)}")
    return aside


def _put_in_place(new: Path, target: Path, aside: Path | None) -> None:
    """Make `new` the directory `target`, and keep what was there as `aside`; None when nothing was there.

    In one step where the system can: a kill would leave no directory at all, and programs that write meanwhile make one.
    """
    if aside is not None:
        if exchange(new, target):
            new.rename(aside)
            return
        target.rename(aside)
    try:
        new.rename(target)  # over an empty directory, too
    except OSError as error:
        shutil.rmtree(new, ignore_errors=True)
        kept = f"; what was there is kept as {aside}" if aside is not None else ""
        raise OSError(error.errno, f"{error.strerror}{kept}", str(target)) from error


def _unpacked(path: Path, new: Path) -> Contents:
    """Write the files of a backup below `new`; what fails leaves nothing that counts."""
    modes: dict[Path, tarfile.TarInfo] = {}

    def take(name: str, info: tarfile.TarInfo) -> IO[bytes] | None:
        place = new / name
        place.parent.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        modes[place] = info
        if info.isdir():
            place.mkdir(DIRECTORY_MODE, exist_ok=True)
            return None
        return os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE, 0o600), "wb")

    contents = read(path, take)
    # Deepest first, as a directory's time changes with what is put into it.
    for place, info in sorted(modes.items(), reverse=True):
        place.chmod(info.mode & 0o777)
        os.utime(place, (info.mtime, info.mtime))
    new.chmod(DIRECTORY_MODE)
    sync_all([place for place, info in modes.items() if info.isreg()])
    return contents
