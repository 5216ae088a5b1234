"""What the manifest's rows say about a run, and which row belongs to which run. Pure.

A row is recognised by what identifies its run, so that people may change the other cells, add columns, and have a formatter
pad them. Two runs may look alike to the second: rows and runs are paired one to one, never by "is there".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from irl_logging.lifecycle import OPEN_STATUSES, RunState, Status
from irl_logging.manifest import cells
from irl_logging.manifest.table import Table, render, split

_PLACEHOLDER: Final = re.compile(rb"[_*]*\(?none(?: yet)?\)?[_*]*\Z", re.IGNORECASE)
_TIME: Final = re.compile(rb"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)?")


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the manifest's two tables.

    Attributes:
        heading: The heading that it stands under.
        columns: The column names that the specification gives it, as `Table.columns` has them.
        telling: Columns of which at least one must be there, or its rows could not be told apart.
        identity: Columns that identify the run of a row.
        steady: Columns that we never change in a row that is there.
        placeholder: What the first cell of the row of an empty table shows.
    """

    heading: str
    columns: tuple[str, ...]
    telling: tuple[str, ...]
    identity: tuple[str, ...]
    steady: tuple[str, ...]
    placeholder: str


ACTIVE: Final = Kind(
    heading="Active Workflows",
    columns=("workflow", "started", "status", "log file", "agent user"),
    telling=("started", "log file"),
    identity=("workflow", "started", "log file"),
    steady=("workflow", "started", "log file", "agent user"),
    placeholder="_(none)_",
)
COMPLETED: Final = Kind(
    heading="Completed Workflows",
    columns=("workflow", "completed", "status", "results", "agent user"),
    telling=("completed",),
    identity=("workflow", "completed", "agent user"),
    steady=("workflow", "completed", "status", "results", "agent user"),
    placeholder="_(none yet)_",
)

Identity = tuple[bytes, ...]
"""The cells that identify the run of a row."""

Wanted = tuple[RunState, Mapping[str, str]]
"""A run and the escaped cells that its row would have, by column."""

_OPEN: Final = frozenset(cells.escape(status).encode() for status in OPEN_STATUSES)
_IN_STEP: Final = f"{Status.RUNNING} (".encode()


def says_open(cell: bytes) -> bool:
    """Return whether a Status cell says that the run is open, as we say it."""
    return cell in _OPEN or (cell.startswith(_IN_STEP) and cell.endswith(b")"))


def said_by_us(cell: bytes, run: RunState) -> bool:
    """Return whether we wrote a run's Status cell in Active; any other was written by a person and stays."""
    return cell in _OPEN or any(cell == cells.escape(in_step(phase)).encode() for phase in run.phases if phase)


def in_step(phase: str) -> str:
    """Return the status of a long run that is in this step."""
    return f"{Status.RUNNING} ({phase})"


def active_cells(run: RunState) -> dict[str, str]:
    """Return the escaped cells of a run's row in Active, by column."""
    return {
        "workflow": cells.escape(run.title or run.workflow),
        "started": moment(run.started),
        "status": cells.escape(in_step(run.phase) if run.phase and run.status == Status.RUNNING else run.status),
        "log file": cells.escape(run.log, None),
        "agent user": cells.escape(run.agent),
    }


def completed_cells(run: RunState) -> dict[str, str]:
    """Return the escaped cells of an ended run's row in Completed, by column.

    The note of a run that did not complete stands in Results when there is nothing else to say there.
    """
    results = run.results_text
    if results == cells.EMPTY and run.note and run.status != Status.COMPLETE:
        results = run.note
    return {
        "workflow": cells.escape(run.title or run.workflow),
        "completed": moment(run.ended or ""),
        "status": cells.escape(run.status),
        "results": cells.EMPTY if results == cells.EMPTY else cells.escape(results),
        "agent user": cells.escape(run.agent),
    }


def moment(time: str) -> str:
    """Return an ISO 8601 UTC time to the second, with `Z`; tables are read by people."""
    return f"{time[:19]}Z" if time else cells.EMPTY


def row(table: Table, values: Mapping[str, str]) -> bytes:
    """Return the row with these cells in the order of the table's columns; `-` in the columns that are not ours."""
    return render([values.get(column, cells.EMPTY) for column in table.columns], table.newline)


def placeholder(table: Table, kind: Kind) -> bytes:
    """Return the specification's row for a table without rows."""
    return row(table, {kind.columns[0]: kind.placeholder})


def placeholders(lines: Sequence[bytes]) -> set[int]:
    """Return the indexes of the rows that say that there is none."""
    if b"none" not in b"".join(lines).lower():
        return set()
    return {index for index, line in enumerate(lines) if _is_placeholder(line)}


def time_of(table: Table, line: bytes, column: str = "completed") -> bytes:
    """Return the time in one cell of a row as ISO 8601 that sorts; empty when there is none."""
    found = _TIME.match(_cell(table, split(line), column))
    return found[0].replace(b" ", b"T") if found else b""


def identity_of_row(table: Table, kind: Kind, line: bytes) -> Identity:
    """Return what identifies the run of a row, comparable to `identity_of_run`."""
    found = split(line)
    return tuple(_cell(table, found, column) for column in kind.identity if column in table.columns)


def identity_of_run(table: Table, kind: Kind, values: Mapping[str, str]) -> Identity:
    """Return what identifies a run in this table, from the cells of its row."""
    return tuple(values[column].encode() for column in kind.identity if column in table.columns)


def title(table: Table, kind: Kind, line: bytes) -> str:
    """Return what a row is about, for people: the workflow and the time."""
    found = (cell_of(table, line, column).decode("utf-8", "replace") for column in kind.identity[:2])
    return ", ".join(filter(None, map(cells.unescape, found))) or "a row"


def cell_of(table: Table, line: bytes, column: str) -> bytes:
    """Return one cell of a row; empty when the row or the table is without it."""
    return _cell(table, split(line), column)


def with_cell(table: Table, line: bytes, column: str, value: bytes) -> bytes:
    """Return `line` with another text in one cell; everything else, blanks too, stays."""
    parts = re.split(rb"(?<!\\)\|", line)
    at = table.columns.index(column) + line.lstrip().startswith(b"|")
    old = parts[at]
    parts[at] = old.replace(old.strip(), value) if old.strip() else b" " + value + b" "
    return b"|".join(parts)


def extra_cells(table: Table, kind: Kind, line: bytes) -> dict[str, bytes]:
    """Return what people wrote into columns of their own in a row, by column."""
    found = split(line)
    extras = {column: _cell(table, found, column) for column in table.columns if column not in kind.columns}
    return {column: cell for column, cell in extras.items() if cell not in {b"", b"-"}}


def content_of_row(table: Table, kind: Kind, line: bytes) -> bytes:
    """Return the steady cells of a row, in the specification's order and without padding."""
    found = split(line)
    return b"|".join(_cell(table, found, column) for column in kind.steady if column in table.columns)


def content_of_run(table: Table, kind: Kind, values: Mapping[str, str]) -> bytes:
    """Return what `content_of_row` gives for the row with these cells."""
    return "|".join(values[column] for column in kind.steady if column in table.columns).encode()


def pair(table: Table, kind: Kind, lines: Iterable[tuple[int, bytes]], runs: Iterable[Wanted]) -> dict[str, int]:
    """Pair rows with runs of the same identity, one to one, and return the row's index by run id.

    Rows that say exactly what a run's row would say go first; what is left was changed by people.

    Args:
        table: The table that the rows stand in.
        kind: Which of the two it is.
        lines: Index and bytes of each row.
        runs: Each run with the cells that its row would have; of runs that look alike, the likelier ones first.
    """
    exact: dict[tuple[Identity, bytes], list[int]] = defaultdict(list)
    for index, line in lines:
        exact[identity_of_row(table, kind, line), content_of_row(table, kind, line)].append(index)
    paired: dict[str, int] = {}
    changed: list[tuple[RunState, Identity]] = []
    said = set()
    for run, values in runs:
        identity = identity_of_run(table, kind, values)
        content = content_of_run(table, kind, values)
        said.add((identity, content))
        same = exact.get((identity, content))
        if same:
            paired[run.id] = same.pop(0)
        else:
            changed.append((run, identity))
    # What says exactly what one run's row says is a copy of that, and no other run's row.
    alike: dict[Identity, list[int]] = defaultdict(list)
    for key, indexes in exact.items():
        if key not in said:
            alike[key[0]] += indexes
    for run, identity in changed:
        if alike.get(identity):
            paired[run.id] = alike[identity].pop(0)
    return paired


def _is_placeholder(line: bytes) -> bool:
    first, *others = split(line)
    return bool(_PLACEHOLDER.match(first)) and all(cell in {b"", b"-"} for cell in others)


def _cell(table: Table, found: Sequence[bytes], column: str) -> bytes:
    if column not in table.columns:
        return b""
    at = table.columns.index(column)
    return found[at] if at < len(found) else b""
