"""Three versions of a table's rows made one: what either side did to a row is done.

Pure. A row is found again by its cells, or by what identifies its run where cells were changed, so that blanks, the order
of rows, and columns that came or went do not matter. Where two changes cannot both stand, both rows do: none is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Final

from irl_logging.manifest import rows
from irl_logging.manifest.rows import ACTIVE, Kind
from irl_logging.manifest.table import Table, render, split

_NOTHING: Final = frozenset({b"", b"-"})


class Row:
    """A row as it stands in its table.

    Attributes:
        table: The table.
        line: Its bytes.
        values: Its cells by column; empty when it has not as many cells as the table has columns.
    """

    __slots__ = ("line", "table", "values")

    def __init__(self, table: Table, line: bytes) -> None:
        self.table = table
        self.line = line
        found = split(line)
        well_formed = len(found) == len(table.columns) == len(set(table.columns))
        self.values = dict(zip(table.columns, found, strict=True)) if well_formed else {}

    @property
    def content(self) -> Hashable:
        """What it says, however it is written: blanks, empty cells and the order of columns do not count."""
        if not self.values:
            return self.line.strip()
        return frozenset((column, cell) for column, cell in self.values.items() if cell not in _NOTHING)

    def says_as(self, other: Row | None) -> bool:
        """True when the cells are those of the other row."""
        return other is not None and self.content == other.content

    def cell(self, column: str) -> bytes:
        """Return one cell; `-` when there is no such column."""
        return self.values.get(column, b"-")


def merge_rows(
    kind: Kind, into: Table, base: Sequence[Row], ours: Sequence[Row], theirs: Sequence[Row]
) -> tuple[list[bytes], list[str]]:
    """Return the rows that come of three versions, and what each run is whose two rows are both kept.

    Args:
        kind: Which table it is.
        into: The table that the rows are to stand in.
        base: The rows that both sides started from.
        ours: The rows of one side, which keep their order; those of the other side go where their time says.
        theirs: The rows of the other side.
    """
    mine, other = _paired(kind, base, ours), _paired(kind, base, theirs)
    my_origins, other_origins = ({row: origin for origin, row in pairs.items()} for pairs in (mine, other))
    twins = _added_twice(
        kind, [row for row in ours if row not in my_origins], [row for row in theirs if row not in other_origins]
    )
    result: list[Row] = []
    doubled = []
    for row in ours:
        origin = my_origins.get(row)
        kept = _merged(kind, into, origin, row, twins.get(row) if origin is None else other.get(origin))
        if len(kept) > 1:
            doubled.append(rows.title(row.table, kind, row.line))
        result += kept
    done = {*twins.values(), *(row for row, origin in other_origins.items() if origin in mine)}
    coming = [row for row in theirs if row not in done and _merged(kind, into, other_origins.get(row), row, None)]
    _insert(kind, result, theirs, coming)
    return [_fitted(row, into) for row in result], doubled


def _merged(kind: Kind, into: Table, origin: Row | None, mine: Row, other: Row | None) -> list[Row]:
    """Return what becomes of a row.

    Args:
        kind: Which table it is.
        into: The table that it is to stand in.
        origin: What it was; None when it was added.
        mine: What a side has made of it.
        other: What the other side has made of it; None when it is not there.
    """
    if other is None:
        # A run that one side has seen end has ended, whatever the other has seen of it before.
        gone = origin is not None and (
            mine.says_as(origin) or (kind is ACTIVE and _differing(mine, origin) == {"status"})
        )
        return [] if gone else [mine]
    if mine.says_as(other) or other.says_as(origin):
        return [mine]
    if mine.says_as(origin):
        return [other]
    if not mine.values or not other.values:
        return [mine, other]
    values = {}
    for column in (*mine.values, *other.values):
        one, two = mine.cell(column), other.cell(column)
        before = origin.cell(column) if origin is not None else None
        if one != two and one == before:
            values[column] = two
        elif two not in (one, before):
            if column != "status" or not (rows.says_open(one) or rows.says_open(two)):
                return [mine, other]
            values[column] = two if rows.says_open(one) else one  # the end of a run is its end
    if mine.table.columns != into.columns:
        return [_rendered(into, {**other.values, **mine.values, **values})]
    line = mine.line
    for column, value in values.items():
        if column in mine.values:
            line = rows.with_cell(mine.table, line, column, value)
    return [Row(mine.table, line)]


def _differing(one: Row, two: Row) -> set[str]:
    """Return the columns whose cells differ; of a row without the right number of cells, one that does not exist."""
    if not one.values or not two.values:
        return {""}
    return {column for column in (*one.values, *two.values) if one.cell(column) != two.cell(column)}


def _paired(kind: Kind, base: Sequence[Row], side: Sequence[Row]) -> dict[Row, Row]:
    """Pair the rows of `base` with what they are on a side, one to one: the same cells first, then the same run."""
    columns = [column for column in kind.identity if all(column in row.table.columns for row in (*base[:1], *side[:1]))]

    def identity(row: Row) -> Hashable:
        found = tuple(row.cell(column) for column in columns)
        return found if row.values and not _NOTHING.issuperset(found) else None

    pairs = _matched(base, side, lambda row: row.content)
    taken = set(pairs.values())
    rest = [row for row in base if row not in pairs]
    return pairs | _matched(rest, [row for row in side if row not in taken], identity)


def _added_twice(kind: Kind, ours: Sequence[Row], theirs: Sequence[Row]) -> dict[Row, Row]:
    """Pair rows that both sides have added: with the same cells, and in Active also with another status."""
    pairs = _matched(ours, theirs, lambda row: row.content)
    if kind is not ACTIVE:
        return pairs
    taken = set(pairs.values())

    def but_for_status(row: Row) -> Hashable:
        return frozenset(item for item in row.values.items() if item[0] != "status") or None

    rest = [row for row in ours if row not in pairs]
    return pairs | _matched(rest, [row for row in theirs if row not in taken], but_for_status)


def _matched(first: Iterable[Row], second: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Row, Row]:
    """Pair rows with the same key in their order; those whose key is None are left out."""
    waiting: dict[Hashable, list[Row]] = defaultdict(list)
    for row in second:
        waiting[key(row)].append(row)
    waiting.pop(None, None)
    return {row: waiting[key(row)].pop(0) for row in first if waiting.get(key(row))}


def _insert(kind: Kind, result: list[Row], theirs: Sequence[Row], coming: Sequence[Row]) -> None:
    """Put rows of the other side where their time says; those without one behind the row that they stood behind."""
    newest_first = kind is not ACTIVE and (_newest_first(result) if len(result) > 1 else _newest_first(theirs))
    for row in coming[::-1] if newest_first else coming:
        if _time(kind, row):
            result.insert(_place(kind, result, _time(kind, row), newest_first=newest_first), row)
    for row in coming:
        if not _time(kind, row):
            above = {other.content for other in theirs[: theirs.index(row)]}
            behind = [index + 1 for index, other in enumerate(result) if other.content in above]
            result.insert(max(behind, default=0), row)


def _place(kind: Kind, result: Sequence[Row], time: bytes, *, newest_first: bool) -> int:
    if newest_first:
        newer = [index for index, row in enumerate(result) if _time(kind, row) > time]
        return newer[-1] + 1 if newer else 0
    older = [index for index, row in enumerate(result) if b"" < _time(kind, row) <= time]
    return (
        older[-1] + 1 if older else next((index for index, row in enumerate(result) if _time(kind, row)), len(result))
    )


def _newest_first(found: Sequence[Row]) -> bool:
    times = [time for row in found if (time := rows.time_of(row.table, row.line))]
    return not times or times[0] >= times[-1]


def _time(kind: Kind, row: Row) -> bytes:
    return rows.time_of(row.table, row.line, kind.identity[1])


def _rendered(into: Table, values: dict[str, bytes]) -> Row:
    texts = (values.get(column, b"-").decode("utf-8", "surrogateescape") for column in into.columns)
    return Row(into, render(texts, into.newline))


def _fitted(row: Row, into: Table) -> bytes:
    """Return the row's bytes as they fit into the table: with its columns, and its line end."""
    if row.table.columns != into.columns and row.values:
        return _rendered(into, row.values).line
    text = row.line.rstrip(b"\r\n")
    return row.line if text != row.line and row.table.newline == into.newline else text + into.newline
