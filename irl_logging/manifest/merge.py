"""Two branches' manifests made one: a three-way merge in which rows are rows, and only the text around them is lines.

Pure. Two branches that both ran something have changed neighbouring lines, which is a conflict to whoever merges lines.
Here the rows are taken out first and merged by `rowmerge`, and measured values by `valuemerge`; the text around them is
merged by whatever the caller gives for that. The archives of the months have such tables, too, and are merged the same way.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from irl_logging.errors import ManifestDeferred
from irl_logging.manifest import archive, rows
from irl_logging.manifest.rowmerge import Row, merge_rows
from irl_logging.manifest.rows import ACTIVE, COMPLETED, Kind
from irl_logging.manifest.table import Document, Table, newline_of, split
from irl_logging.manifest.valuemerge import agree

TextMerge = Callable[[bytes, bytes, bytes], tuple[bytes, int]]
"""Merges base, ours and theirs line by line; returns the text, conflicts marked in it, and how many these are."""

_MONTH: Final = rb"\[(\d{4}-\d\d)\]\(archive/\d{4}-\d\d/README\.md\)"
_LINKS: Final = re.compile(rb"Older runs: %s(?:, %s)*\r?\n?\Z" % (_MONTH, _MONTH))


@dataclass(frozen=True, slots=True)
class Merged:
    """What two manifests become.

    Attributes:
        document: The text.
        conflicts: Conflicts in the text around the tables, marked in `document`; the tables are whole.
        doubled: What each row that both sides changed in different ways is about: both its rows are kept.
    """

    document: bytes
    conflicts: int = 0
    doubled: tuple[str, ...] = ()


def merge(base: bytes, ours: bytes, theirs: bytes, text: TextMerge) -> Merged:
    """Return what `ours` and `theirs`, which both come from `base`, become together.

    A table that not every side has, and a document whose tables cannot be told without doubt, is merged as text. A row
    that both sides have added with the very same cells is one run's.

    Args:
        base: The document that both sides started from; empty when each made its own.
        ours: One side; its rows keep their order.
        theirs: The other side.
        text: Merges what is not rows.
    """
    if theirs in (ours, base):
        return Merged(ours)
    if ours == base:
        return Merged(theirs)
    try:
        sides = [_Side(data) for data in (base, ours, theirs)]
    except ManifestDeferred:
        return Merged(*text(base, ours, theirs))
    before, mine, other = sides
    agree(before.lines, mine.lines, other.lines)
    names = [name for name in mine.tables if name in other.tables]
    marks = _Marks(base, ours, theirs)
    document, conflicts = text(*(side.without_rows(names, marks) for side in sides))
    tables = {} if conflicts else dict(_tables(Document(document)))
    doubled: list[str] = []
    for name in names:
        kind, table = tables.get(name) or mine.tables[name]
        lines, twice = merge_rows(kind, table, *(side.rows(name) for side in sides))
        document = _put(
            document, marks[name], lines or _placeholder(kind, table, mine.standing(name), other.standing(name))
        )
        doubled += twice
    months = (mine.months & other.months) | (mine.months ^ other.months) - before.months
    link = archive.links((), months)[1]
    return Merged(_put(document, marks[_Side.LINKS], [link] if link else []), conflicts, tuple(doubled))


class _Marks:
    """The lines that stand for what is taken out: no document has them."""

    def __init__(self, *documents: bytes) -> None:
        self._digest = hashlib.sha256(b"\0".join(documents)).hexdigest()[:16]

    def __getitem__(self, name: str) -> bytes:
        return f"<!-- irl {self._digest} {name} -->".encode()


class _Side:
    """One of the three documents.

    Attributes:
        lines: Its lines.
        tables: Its tables by a name that the others' have, too.
        months: The months whose archives its line of links leads to.
    """

    LINKS: Final = "links"

    def __init__(self, data: bytes) -> None:
        page = Document(data)
        self.lines = page.lines
        self.tables = dict(_tables(page))
        self._links = next((index for index, line in enumerate(self.lines) if _LINKS.match(line)), None)
        found = re.findall(_MONTH, self.lines[self._links]) if self._links is not None else []
        self.months = {month.decode() for month in found}

    def rows(self, name: str) -> list[Row]:
        """Return the rows of a table but for the one that says that there is none; of a table that is not here, none."""
        if name not in self.tables:
            return []
        table = self.tables[name][1]
        lines = self.lines[table.first : table.stop]
        none = rows.placeholders(lines)
        return [Row(table, line) for index, line in enumerate(lines) if index not in none]

    def standing(self, name: str) -> bytes | None:
        """Return a table's row that says that there is none, as it stands."""
        table = self.tables[name][1]
        lines = self.lines[table.first : table.stop]
        return next((lines[index] for index in sorted(rows.placeholders(lines))), None)

    def without_rows(self, names: Iterable[str], marks: _Marks) -> bytes:
        """Return the document with one line in place of the rows of each of these tables, and of the line of links."""
        lines = list(self.lines)
        spans = [(table.first, table.stop, marks[name]) for name, (_, table) in self.tables.items() if name in names]
        if self._links is not None:
            spans.append((self._links, self._links + 1, marks[self.LINKS]))
        for start, stop, mark in sorted(spans, reverse=True):
            last = lines[stop - 1]  # a row, or the delimiter above none
            end = last[len(last.rstrip(b"\r\n")) :]
            if start == stop and not end:
                lines[stop - 1] += newline_of(lines[start - 2])
            lines[start:stop] = [mark + end]
        return b"".join(lines)


def _tables(page: Document) -> Iterator[tuple[str, tuple[Kind, Table]]]:
    """Yield the tables whose rows are runs: the manifest's two, or all those of an archive."""
    try:
        found = [(kind, page.find(kind.heading, kind.columns, kind.telling)) for kind in (ACTIVE, COMPLETED)]
    except ManifestDeferred:
        seen: list[tuple[str, ...]] = []
        for table in page.tables():
            if {"workflow", "completed"} <= set(table.columns):
                seen.append(table.columns)
                yield f"{' '.join(table.columns)} {seen.count(table.columns)}", (COMPLETED, table)
    else:
        yield from ((kind.heading, (kind, table)) for kind, table in found)


def _placeholder(kind: Kind, table: Table, *standing: bytes | None) -> list[bytes]:
    """Return the row that says that there is none, if either side has one."""
    shown = [line for line in standing if line is not None]
    if not shown:
        return []
    fits = (line for line in shown if len(split(line)) == len(table.columns))
    return [next(fits, rows.placeholder(table, kind))]


def _put(document: bytes, mark: bytes, lines: Sequence[bytes]) -> bytes:
    """Return `document` with these lines in place of each line that is `mark`; the last of them ends as that does."""
    out: list[bytes] = []
    for line in document.splitlines(keepends=True):
        text = line.rstrip(b"\r\n")
        if text != mark:
            out.append(line)
        elif lines:
            out += [*lines[:-1], lines[-1].rstrip(b"\r\n") + line[len(text) :]]
        elif out and text == line:
            out[-1] = out[-1].rstrip(b"\r\n")
    return b"".join(out)
