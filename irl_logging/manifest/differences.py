"""The differences between a README and the one it should be, row by row and for people; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from irl_logging.manifest import cells, rows
from irl_logging.manifest.rows import ACTIVE, COMPLETED, Kind
from irl_logging.manifest.table import Document, Table


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference.

    Attributes:
        kind: What it is: `row missing`, `row differs`, `stale row`, `dead link`, `out of date`, `not readable`.
        text: What is the matter with what, one line.
        file: The file below the execution directory.
        line: The line in it, counted from 1; 0 when it is about all of it.
    """

    kind: str
    text: str
    file: str = "README.md"
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{f'{self.line}:' if self.line else ''} {self.kind}: {self.text}"


def row_differences(found: bytes, wanted: bytes, leaving: Collection[bytes] = ()) -> list[Difference]:
    """Return what is to be done to the rows of `found` so that they are those of `wanted`.

    Args:
        found: The README as it is.
        wanted: The README as `projection.project` makes it from that.
        leaving: Rows that are no difference where `wanted` is without them.

    Raises:
        ManifestDeferred: when the tables of either cannot be found.
    """
    pages = Document(found), Document(wanted)
    return [difference for kind in (ACTIVE, COMPLETED) for difference in _in_table(kind, *pages, leaving)]


def _in_table(kind: Kind, found: Document, wanted: Document, leaving: Collection[bytes]) -> Iterator[Difference]:
    table, other = (page.find(kind.heading, kind.columns, kind.telling) for page in (found, wanted))
    old = list(zip(range(table.first, table.stop), found.rows(table), strict=True))
    new = list(zip(range(other.first, other.stop), wanted.rows(other), strict=True))
    missing, stale = _beyond(new, old), _beyond(old, new)
    for at, line in stale:
        same = rows.identity_of_row(table, kind, line)
        match = next((it for it in missing if rows.identity_of_row(other, kind, it[1]) == same), None)
        title = rows.title(table, kind, line)
        if match is None and line in leaving:
            continue
        if match is None:
            yield Difference("stale row", f"{title} should not be in {kind.heading}", line=at + 1)
        else:
            missing.remove(match)
            yield Difference("row differs", f"{title}: {_changes(table, line, match[1])}", line=at + 1)
    for _, line in missing:
        text = f"{rows.title(other, kind, line)} should be in {kind.heading}"
        yield Difference("row missing", text, line=table.header + 1)


def _beyond(lines: Iterable[tuple[int, bytes]], others: Iterable[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Return the rows that are not among the others; a row that says that there is none is no row."""
    lines = list(lines)
    none = rows.placeholders([line for _, line in lines])
    left = Counter(line.rstrip() for _, line in others)
    beyond = []
    for index, (at, line) in enumerate(lines):
        if left[line.rstrip()]:
            left[line.rstrip()] -= 1
        elif index not in none:
            beyond.append((at, line))
    return beyond


def _changes(table: Table, line: bytes, wanted: bytes) -> str:
    changes = []
    for column in table.columns:
        was, to_be = rows.cell_of(table, line, column), rows.cell_of(table, wanted, column)
        if was != to_be:
            shown = (cells.unescape(cell.decode("utf-8", "replace")) or cells.EMPTY for cell in (was, to_be))
            changes.append("{} is {!r}, should be {!r}".format(column, *shown))
    return ", ".join(changes) or "blanks differ"
