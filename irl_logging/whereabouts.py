"""Where the execution directory is: paths as text and questions to the file system, nothing that is slow to import.

What the settings say of it is read in `settings`, and by `cli.quick`, which has no time for the rest.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

DIRECTORY: Final = "execution"
"""Name of the execution directory in a repository."""


def upward(start: str) -> Iterator[str]:
    """Yield a directory and those above it."""
    while True:
        yield start
        above = os.path.dirname(start)
        if above == start:
            return
        start = above


def is_execution(path: str) -> bool:
    """Return whether a directory is an execution directory by its name, or by what is in it."""
    return os.path.basename(path) == DIRECTORY or os.path.isdir(os.path.join(path, "active", "journal"))


def repository_execution(path: str) -> str:
    """Return the execution directory of the repository at `path`, or `path` itself when it is one."""
    return path if is_execution(path) else os.path.join(path, DIRECTORY)


def found_from(start: str) -> str:
    """Return the execution directory of who works in the directory `start`.

    It is that of the nearest parent within the git repository that has one, else that of its top level, else of `start`.
    What is above the repository is somebody else's, and a Python package that is called so is none of ours.
    """
    for parent in upward(start):
        if os.path.basename(parent) == DIRECTORY and os.path.isdir(os.path.join(parent, "active")):
            return parent
        inside = os.path.join(parent, DIRECTORY)
        if os.path.exists(os.path.join(parent, ".git")) or (
            os.path.isdir(inside) and not os.path.exists(os.path.join(inside, "__init__.py"))
        ):
            return inside
    return os.path.join(start, DIRECTORY)
