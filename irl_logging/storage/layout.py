"""The paths in an execution directory, and how a new run takes a log file."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from irl_logging.naming import LogPattern
from irl_logging.storage.detached import DetachedRuns
from irl_logging.storage.files import FILE_MODE, SAFE, create_file
from irl_logging.storage.worktrees import counterparts, taken

DIRECTORY_MODE = 0o750
_MOST_TRIES = 100_000
_TRIES_A_LOOK = 32


class Layout:
    """The paths of one execution directory.

    Args:
        root: The execution directory itself; it need not exist.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.readme = root / "README.md"
        self.logs = root / "logs"
        self.state = root / "state"
        self.results = root / "results"
        self.active = root / "active"
        self.archive = root / "archive"
        self.journal = self.active / "journal"
        self.journal_archive = self.archive / "journal"
        self.checkpoint = self.active / ".checkpoint"
        self.runs = self.active / "runs"
        self.detached = DetachedRuns(self.runs)
        self.last_states = self.active / ".state"
        self.rotating = self.active / ".rotate.lock"
        self.retention_lock = self.active / ".retention.lock"
        self.audit_lock = self.active / ".audit.lock"

    @property
    def repository(self) -> Path:
        """The directory that has the execution directory in it."""
        return self.root.parent

    @property
    def used(self) -> bool:
        """True once a run was started here."""
        return self.journal.is_dir()

    def create(self) -> None:
        """Make the directories that are missing.

        Raises:
            OSError: when one cannot be made.
        """
        for directory in (self.root, self.logs, self.state, self.results, self.active, self.journal, self.runs):
            directory.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        self.create_active()

    def create_active(self) -> None:
        """Create what only this machine needs, hidden from git.

        Raises:
            OSError: when it cannot be made.
        """
        self.active.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        ignored = self.active / ".gitignore"
        if not ignored.exists():
            create_file(ignored, NOT_FOR_GIT)

    def foreign_owner(self) -> str | None:
        """Return whose the directory is, when we are root and they are a user of this machine; else None.

        In a container the owner of a mounted checkout is nobody's number, and nobody there could be told.
        """
        if not hasattr(os, "geteuid") or os.geteuid() != 0:
            return None
        import pwd  # not on every system

        try:
            owner = self.root.stat().st_uid
            return pwd.getpwuid(owner).pw_name if owner else None
        except (OSError, KeyError):
            return None

    def relative(self, path: Path) -> str:
        """Return `path` as it is written in the manifest: below the execution directory, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    def unrouted(self, date: str) -> Path:
        """Return the file of lines that belong to no run; `date` is the UTC day."""
        return self.logs / f"_unrouted-{date}.log"

    def token(self, run_id: str) -> Path:
        """Return the run's liveness lock file."""
        return self.runs / f"{run_id}.lock"

    def take_log(self, pattern: LogPattern, values: Mapping[str, Any]) -> Path:
        """Return the path of a log file for a new run: one of its own, or the shared one the pattern names.

        A name that another worktree of the repository has is taken.

        Args:
            pattern: How log files are named.
            values: Texts for the pattern's placeholders, `date` and `timestamp` among them.

        Raises:
            ConfigurationError: when the pattern needs a field that the run does not have.
            OSError: when no file can be made.
        """
        if pattern.shared:
            path = self.logs / pattern.fill(values, 1)
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | SAFE, FILE_MODE))
            return path
        number, roots = 0, [self.root, *counterparts(self.root)]
        others = [root / "logs" for root in roots[1:]]
        for tried in range(_MOST_TRIES):
            # While this process looks and tries, others take names.
            number = number + 1 if tried % _TRIES_A_LOOK else _highest(roots, pattern, values) + 1
            path = self.logs / pattern.fill(values, number)
            try:
                os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE, FILE_MODE))
            except FileExistsError:
                continue
            if not taken(path, others):
                return path
            path.unlink()  # another worktree's run was at it at the same time, and may not have seen this one
        raise FileExistsError(f"no free name for {pattern.pattern!r} in {self.logs} after {_MOST_TRIES} tries")


NOT_FOR_GIT = (
    b"# What only this machine needs; the README and the results are what git gets.\n"
    b"journal/\nruns/\nworkflows.json\n.*\n!.gitignore\n"
)
"""`active/.gitignore`: what runs here says nothing on another machine, and would conflict at every merge."""

_MARK = 987_654_321


def _highest(roots: Iterable[Path], pattern: LogPattern, values: Mapping[str, Any]) -> int:
    """The highest number in `roots` of a log for these values, or of what rotation, compression and cleaning made of one."""
    if "seq" in pattern.fields:
        before, _, after = pattern.fill(values, _MARK).partition(str(_MARK))
        number = r"(\d{3,})"
    else:
        before, after = pattern.fill(values, 1).removesuffix(".log"), ".log"
        number = r"(?:-(\d+))?"
    shape = re.compile(re.escape(before) + number + re.escape(after) + r"(?:[.-].*)?", re.DOTALL)
    matches = []
    for directory in (root / part for root in roots for part in ("logs", f"archive/{str(values['date'])[:7]}")):
        with contextlib.suppress(OSError), os.scandir(directory) as entries:
            matches += [shape.fullmatch(entry.name) for entry in entries if entry.name.startswith(before)]
    return max((int(found[1] or 1) for found in matches if found), default=0)
