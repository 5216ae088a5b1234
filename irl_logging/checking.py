"""Does the manifest tell the truth? Checks without writing, for CI, for a hook, and before a repair.

The README is compared with what the journal would make of it; where there is no journal, as in a fresh clone, what can be
told without one is: that the tables are there, and that what they name is. Mending is `Execution.sync`'s.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from irl_logging.errors import ManifestDeferred
from irl_logging.git import WorkTree
from irl_logging.lifecycle import RunState
from irl_logging.manifest import cells, rows
from irl_logging.manifest.differences import Difference, row_differences
from irl_logging.manifest.listing import listed, standing
from irl_logging.manifest.projection import project
from irl_logging.manifest.rows import ACTIVE, COMPLETED
from irl_logging.manifest.store import PUT_BACK
from irl_logging.manifest.table import Document
from irl_logging.reaping import is_alive
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout

PATIENCE: Final = 1.0
"""Seconds for which runs that start and end meanwhile may make a difference."""

_PAUSE: Final = 0.05
_PATH: Final = re.compile(r"(?:logs|results|state|archive)/\S+")


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of the manifest has found.

    Attributes:
        differences: What is not as it should be; empty when all is right.
        journal: Whether a journal knows of runs, so that rows could be compared.
        running: Runs that are open, as the journal has them.
        ended: Runs that have ended.
    """

    differences: tuple[Difference, ...]
    journal: bool
    running: int = 0
    ended: int = 0


def check(layout: Layout, *, completed_rows: int | None, everything: bool = False, patience: float = PATIENCE) -> Check:
    """Compare README and `workflows.json` with the journal, and what they name with what is there. Writes nothing.

    Args:
        layout: The execution directory.
        completed_rows: Rows that Completed keeps; None keeps all.
        everything: Expect the rows of all runs that the journal knows; otherwise rows that have been gone for longer
            than fifteen minutes are taken as removed on purpose, as `Execution.sync` takes them.
        patience: Seconds to look again for while there are differences: others may be about to write them.

    Raises:
        OSError: when the journal cannot be read.
    """
    deadline = time.monotonic() + patience
    journal = Journal(layout.journal)  # one for all looks: it reads only what is new
    while True:
        found = _looked(layout, journal, completed_rows, everything=everything)
        if not found.differences or not found.journal or time.monotonic() + _PAUSE > deadline:
            return found
        time.sleep(_PAUSE)


def _looked(layout: Layout, journal: Journal, completed_rows: int | None, *, everything: bool) -> Check:
    runs = journal.runs().values() if layout.used else ()
    running = [run for run in runs if run.open]
    since = "" if everything else (dt.datetime.now(dt.UTC) - PUT_BACK).strftime("%Y-%m-%dT%H:%M:%S")
    differences: list[Difference] = []
    try:
        document = layout.readme.read_bytes()
        wanted = project(document, runs, completed_rows=completed_rows, since=since)
        # Too many rows, as a merge brings them together, say nothing that is not so.
        leaving = {row.row for row in wanted.archived}
        differences += row_differences(document, wanted.document, leaving)
        differences += _dead_links(layout, document)
    except FileNotFoundError:
        differences.append(Difference("not readable", "it does not exist: `irl init` creates it"))
    except ManifestDeferred as error:
        differences.append(Difference("not readable", f"it {error.reason}"))
    except OSError as error:
        differences.append(Difference("not readable", f"{error.strerror}"))
    differences += _dead_runs(layout, running)
    differences += _workflows(layout, running, known=bool(runs))
    return Check(tuple(differences), bool(runs), len(running), len(runs) - len(running))


def _dead_runs(layout: Layout, running: Iterable[RunState]) -> Iterator[Difference]:
    for run in running:
        if not is_alive(layout, run):
            what = f"{run.title}, {rows.moment(run.started)} is no longer running: its process is gone"
            yield Difference("stale row", what)


def _workflows(layout: Layout, running: Iterable[RunState], *, known: bool) -> Iterator[Difference]:
    path = layout.active / "workflows.json"
    name = layout.relative(path)
    found = standing(path)
    if not known:
        if found is None and path.exists():
            yield Difference("not readable", "it is not a JSON list of workflows", name)
    elif found is None:
        yield Difference("out of date", "it does not exist" if not path.exists() else "it cannot be read", name)
    elif found != listed(running):
        here, now = {str(it.get("run")) for it in found}, {run.id for run in running}
        names = [f"{run} is missing" for run in sorted(now - here)] + [f"{run} has ended" for run in sorted(here - now)]
        yield Difference("out of date", ", ".join(names) or "it says something else about a run", name)


def _dead_links(layout: Layout, document: bytes) -> Iterator[Difference]:
    """Yield what rows name and is not there, but for what git leaves out: that is on another machine."""
    missing = {}
    for line, name in _named(document):
        path = layout.root / name
        if ".." not in path.parts and not path.exists():
            missing[path] = line, name
    tree = WorkTree.around(layout.root) if missing else None
    elsewhere = tree.ignored(missing) if tree is not None else {}
    for path, (line, name) in missing.items():
        kept = _archived(layout, path.name)
        if kept is not None:
            yield Difference("dead link", f"{name} was archived: write {layout.relative(kept)} instead", line=line)
        elif path not in elsewhere:
            yield Difference("dead link", f"{name} does not exist", line=line)


def _named(document: bytes) -> Iterator[tuple[int, str]]:
    """Yield the paths in the tables' cells, with their lines, counted from 1."""
    page = Document(document)
    for kind, column in ((ACTIVE, "log file"), (COMPLETED, "results")):
        table = page.find(kind.heading, kind.columns, kind.telling)
        for at, line in zip(range(table.first, table.stop), page.rows(table), strict=True):
            cell = cells.unescape(rows.cell_of(table, line, column).decode("utf-8", "replace"))
            if _PATH.fullmatch(cell):
                yield at + 1, cell


def _archived(layout: Layout, name: str) -> Path | None:
    """Return the new path of a file that was archived or compressed."""
    places = (layout.archive, layout.logs, layout.results)
    found = (path for place in places for pattern in (name, f"{name}.gz") for path in place.rglob(_literal(pattern)))
    return next(found, None)


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)
