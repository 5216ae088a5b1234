"""Where older Completed rows go: `archive/YYYY-MM/README.md`, and the one line in the manifest that links it.

Pure. An archive has the header of the table that its rows came from; when that header changed meanwhile, a second table
follows, so no cell is ever lost. Moving the same rows again, after a crash between the two files, adds none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from irl_logging.manifest.table import Document, Table, newline_of, split

NAME: Final = "archive/{month}/README.md"
"""The archive of a month, below the execution directory."""

_HEADING: Final = "Completed Workflows"
_LEAD: Final = b"Older runs: "
_LINK: Final = re.compile(rb"\]\(archive/(\d{4}-\d\d)/README\.md\)")


@dataclass(frozen=True, slots=True)
class ArchivedRow:
    """A Completed row that is to move to the month's archive.

    Attributes:
        month: The month of its Completed cell, `YYYY-MM`.
        row: The row as it stood, with its line end.
        copies: How often the archive may hold this row in all; moving it again after a crash adds none.
    """

    month: str
    row: bytes
    copies: int


def merge(
    document: bytes | None,
    month: str,
    columns: tuple[bytes, bytes],
    moved: Sequence[ArchivedRow],
    *,
    newest_first: bool,
) -> bytes:
    """Return the month's archive with the moved rows in it.

    Args:
        document: The archive as it is; None when there is none yet.
        month: `YYYY-MM`.
        columns: The header and delimiter rows of the table that the rows stood in.
        moved: The rows, in the order of that table.
        newest_first: Its order, which the archive keeps.

    Raises:
        ManifestDeferred: when the archive holds conflict markers.
    """
    newline = newline_of(columns[0])
    if document is None:
        document = b"# Completed Workflows, %s\n\nOlder rows of [the manifest](../../README.md).\n" % month.encode()
        document = document.replace(b"\n", newline)
    page = Document(document)
    table = _table(page, columns[0])
    if table is None:
        new = _new([], moved)
        gap = [newline] if page.lines and page.lines[-1].strip() else []
        page.replace(len(page.lines), len(page.lines), [*gap, *map(_ended, columns), *new])
        return bytes(page)
    old = page.rows(table)
    new = _new(old, moved)
    at = table.first if newest_first else table.stop
    if new:
        page.replace(at, at, new)
    return bytes(page)


def links(lines: Iterable[bytes], months: Iterable[str]) -> tuple[int | None, bytes]:
    """Return the line that links these months' archives and the index of the line that it replaces.

    Args:
        lines: The manifest's lines.
        months: Months that have an archive.

    Returns:
        `(index, line)`; the index is None when there is no such line yet, the line is empty when nothing is to be done.
    """
    wanted = set(months)
    standing: tuple[int, bytes] | None = None
    for index, line in enumerate(lines):
        found = _LINK.findall(line)
        if found:
            wanted -= {month.decode() for month in found}
            if standing is None and line.startswith(_LEAD):
                standing = index, line
    if not wanted:
        return None, b""
    texts = b", ".join(
        b"[%s](%s)" % (month.encode(), NAME.format(month=month).encode()) for month in sorted(wanted)[::-1]
    )
    if standing is None:
        return None, _LEAD + texts
    index, line = standing
    return index, _LEAD + texts + b", " + line.removeprefix(_LEAD)


def _table(page: Document, header: bytes) -> Table | None:
    """Return the last table of the archive that has this header."""
    names = split(header)
    tables = [table for table in page.tables() if split(page.lines[table.header]) == names]
    return tables[-1] if tables else None


def _new(old: Sequence[bytes], moved: Sequence[ArchivedRow]) -> list[bytes]:
    there = Counter(line.rstrip() for line in old)
    new = []
    for row in moved:
        line = row.row.rstrip()
        if there[line] < row.copies:
            there[line] += 1
            new.append(_ended(row.row))
    return new


def _ended(line: bytes) -> bytes:
    return line if line.endswith((b"\n", b"\r")) else line + b"\n"
