"""The worktrees of a repository, as git's own files name them; git itself is not called.

Worktrees are on branches that somebody will merge. So the name of a file that is taken in one of them is not new in
another: two runs would have one file once the branches meet.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def git_directory(path: Path) -> Path | None:
    """Return the git directory of the work tree that `path` is in; None when it is in none.

    Raises:
        OSError: when git's files cannot be read.
    """
    top = _top(path)
    return None if top is None else _git_of(top)


def counterparts(directory: Path) -> list[Path]:
    """Return what `directory` is in each other worktree of its repository, whether it exists there or not."""
    top = _top(directory)
    if top is None:
        return []
    try:
        git = _git_of(top)
        shared = git / "commondir"
        common = Path(os.path.realpath(git / _said_in(shared))) if shared.exists() else git
        known = [entry / "gitdir" for entry in (common / "worktrees").iterdir()]
        tops = [Path(file.parent, _said_in(file)).parent for file in known if file.is_file()]
        tops += [common.parent] if common.name == ".git" else []
        here, below = os.path.realpath(top), directory.relative_to(top)
        return [other / below for other in tops if os.path.realpath(other) != here]
    except (OSError, ValueError):
        return []  # most repositories have one work tree; what is no path is no worktree's


def taken(path: Path, directories: Iterable[Path]) -> bool:
    """Return whether one of `directories` has an entry of this name, other than `path` itself: they may be links to one."""
    return any(_differ(directory / path.name, path) for directory in directories)


def _differ(there: Path, here: Path) -> bool:
    """Return whether something is there that is not what is here."""
    try:
        found = there.lstat()
    except OSError:
        return False
    try:
        return not os.path.samestat(found, here.lstat())
    except OSError:
        return True


def _top(path: Path) -> Path | None:
    return next((it for it in (path, *path.parents) if (it / ".git").is_dir() or (it / ".git").is_file()), None)


def _git_of(top: Path) -> Path:
    git = top / ".git"
    # In a worktree and in a submodule a file says where it is.
    return git if git.is_dir() else top / _said_in(git).removeprefix("gitdir:").strip()


def _said_in(file: Path) -> str:
    """Return the text of one of git's files.

    Raises:
        OSError: when it cannot be read, or is no file, such as a pipe that nobody writes to.
    """
    if not file.is_file():
        raise FileNotFoundError(f"{file} is no file")
    return os.fsdecode(file.read_bytes()).strip()
