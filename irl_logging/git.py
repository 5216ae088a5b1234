"""What git knows of the directory. Only reading commands are used; nothing here changes a repository or its configuration.

Who has no git, or no repository, is told so by the answers and not by an error: the package does not need either.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from irl_logging.errors import IrlLoggingError

LOCATIONS: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"})
"""Variables by which a hook or a wrapper says where the repository is. The directory says it better."""

_READ_ONLY: Final = {"GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
_SECONDS: Final = 30.0
_MARKER: Final = 7  # characters of a conflict marker, as the manifest looks for them
_MOST_CONFLICTS: Final = 127


class GitError(IrlLoggingError, RuntimeError):
    """Git is not installed, or a git command failed."""


class WorkTree:
    """A checked-out repository, for reading.

    Args:
        top: Its top level.
    """

    def __init__(self, top: Path) -> None:
        self.top = top

    @classmethod
    def around(cls, path: Path) -> WorkTree | None:
        """Return the work tree that `path` is in; None when it is in none, or there is no git.

        Args:
            path: A file or directory; it need not exist.
        """
        here = next(parent for parent in (path, *path.parents) if parent.is_dir())
        answer = _git(here, "rev-parse", "--show-toplevel")
        top = _lines(answer)
        return cls(Path(top[0])) if top else None

    def ignored(self, paths: Iterable[Path]) -> dict[Path, str]:
        """Return those of `paths` that git ignores, each with the rule, e.g. `.gitignore:3:*.log`.

        Args:
            paths: Absolute paths in the work tree, also through symbolic links to it; they need not exist. Tracked files
                are never ignored.
        """
        real = {path: Path(os.path.realpath(path.parent), path.name) for path in paths}  # as the top level is
        wanted = {
            os.fsencode(it.relative_to(self.top)): path for path, it in real.items() if it.is_relative_to(self.top)
        }
        answer = _git(self.top, "check-ignore", "-z", "-v", "--stdin", given=b"\0".join(wanted))
        parts = answer.split(b"\0")
        found = zip(parts[0::4], parts[1::4], parts[2::4], parts[3::4], strict=False)
        return {
            wanted[path]: b":".join((source, line, pattern)).decode("utf-8", "replace")
            for source, line, pattern, path in found
            if path in wanted and not pattern.startswith(b"!")
        }

    def tracked(self, *paths: Path) -> list[Path]:
        """Return the files at or below `paths` that git has in its index."""
        answer = _git(self.top, "ls-files", "-z", "--", *(f":(literal){path}" for path in paths))
        return [self.top / os.fsdecode(name) for name in answer.split(b"\0") if name]

    def attribute(self, name: str, path: Path) -> str:
        """Return the value of an attribute for `path`; `unspecified` when it has none."""
        parts = _git(self.top, "check-attr", "-z", name, "--", str(path)).split(b"\0")
        return os.fsdecode(parts[2]) if len(parts) > 2 else "unspecified"

    def setting(self, name: str) -> str | None:
        """Return the value of a git setting, wherever it is set; None if it is not."""
        found = _lines(_git(self.top, "config", "--get", name))
        return found[0] if found else None


def merge_text(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, int]:
    """Return git's merge of three versions of a text, with conflicts marked, and the number of conflicts.

    Raises:
        GitError: when it cannot, e.g. because one of them is not text.
    """
    with tempfile.TemporaryDirectory(prefix="irl-merge-") as directory:
        paths = [Path(directory, name) for name in ("ours", "base", "theirs")]
        for path, data in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(data)
        labels = [part for path in paths for part in ("-L", path.name)]
        command = ["git", "merge-file", "-p", "-q", f"--marker-size={_MARKER}", *labels, "--", *map(str, paths)]
        try:
            answer = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError as error:
            raise GitError(f"git cannot be started: {error}") from error
    if answer.returncode < 0 or answer.returncode > _MOST_CONFLICTS:
        raise GitError(f"git cannot merge the text: {answer.stderr.decode('utf-8', 'replace').strip()}")
    return answer.stdout, answer.returncode


def _git(directory: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return git's output; empty when the command fails."""
    environment = {name: value for name, value in os.environ.items() if name not in LOCATIONS} | _READ_ONLY
    command: Sequence[str] = ("git", "-C", str(directory), *arguments)
    try:
        answer = subprocess.run(
            command, input=given, capture_output=True, env=environment, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return answer.stdout


def _lines(answer: bytes) -> list[str]:
    return [os.fsdecode(line) for line in answer.split(b"\n") if line]
