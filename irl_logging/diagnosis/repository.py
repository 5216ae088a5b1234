"""What git does with an execution directory: what it ignores, what it tracks, how it merges, and what grows in it."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from irl_logging.diagnosis.finding import Finding, Level, sized
from irl_logging.git import WorkTree
from irl_logging.notices import counted
from irl_logging.storage.gitfiles import DRIVER, DRIVER_COMMAND
from irl_logging.storage.layout import Layout

MOST_BYTES: Final = 50_000_000
MOST_FILES: Final = 5_000
"""Sizes of a directory in git from which on a finding says so."""

_SET_UP: Final = f"git config merge.{DRIVER}.driver '{DRIVER_COMMAND}'"


def look(layout: Layout) -> Iterator[Finding]:
    """Yield what git makes of the directory."""
    tree = WorkTree.around(layout.root)
    if tree is None:
        yield Finding(Level.OK, "git", "not in a git work tree")
        return
    # A path that leads here by a symbolic link is not git's name for it.
    inside = Layout(layout.root.resolve())
    left_out = tree.ignored([inside.readme]).get(inside.readme)
    if left_out is not None:
        text = f"README.md is ignored by git, because of {left_out}"
        yield Finding(Level.WARN, "git", text, "nobody else sees it: remove the rule, unless that is intended")
    ours = tree.tracked(inside.journal, inside.runs, inside.active / "workflows.json")
    if ours:
        text = f"git keeps {counted(len(ours), 'file')} about this machine alone, such as {_name(tree, ours[0])}"
        remedy = f"`irl init --git`, then: git rm -r -q --cached -- {' '.join(_name(tree, path) for path in ours[:3])}"
        yield Finding(Level.WARN, "git", text, remedy)
    yield _merging(tree, inside)
    yield from _growing(tree, inside)


def _merging(tree: WorkTree, layout: Layout) -> Finding:
    if tree.attribute("merge", layout.readme) != DRIVER:
        text = "branches that both ran something conflict in README.md"
        return Finding(Level.WARN, "git", text, "`irl init --git` lets git merge its tables row by row")
    command = tree.setting(f"merge.{DRIVER}.driver")
    if command is None:
        return Finding(Level.WARN, "git", "this clone does not merge README.md row by row yet", _SET_UP)
    try:
        program = (shlex.split(command) or [""])[0]
    except ValueError:
        program = ""
    if shutil.which(program) is None:
        text = f"git is set to merge README.md with {program or command}, which was not found: each merge will conflict"
        return Finding(Level.PROBLEM, "git", text, f"install it where git finds it, or: {_SET_UP}")
    return Finding(Level.OK, "git", "README.md is merged row by row")


def _growing(tree: WorkTree, layout: Layout) -> Iterator[Finding]:
    for folder in (layout.logs, layout.results, layout.state, layout.archive):
        sizes = [_size(path) for path in tree.tracked(folder)]
        if sum(sizes) > MOST_BYTES or len(sizes) > MOST_FILES:
            text = f"git keeps {counted(len(sizes), 'file')}, {sized(sum(sizes))}, in {_name(tree, folder)}"
            yield Finding(
                Level.WARN,
                "size",
                text,
                "every clone gets them: `irl clean` packs old ones, .gitignore leaves them out",
            )


def _name(tree: WorkTree, path: Path) -> str:
    return shlex.quote(path.relative_to(tree.top).as_posix())


def _size(path: Path) -> int:
    try:
        return os.lstat(path).st_size
    except OSError:
        return 0
