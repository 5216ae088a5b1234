"""The manifest as a function: a README and what is known of the runs give the README that shows them.

Pure: no file, no clock. Only rows of ours change; prose, rows made by hand, columns, line ends and blanks stay as they
are, byte for byte. Applied to its own result it changes nothing. Reading and publishing is `store`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from irl_logging.lifecycle import RunState
from irl_logging.manifest import archive, cells, rows
from irl_logging.manifest.archive import ArchivedRow
from irl_logging.manifest.rows import ACTIVE, COMPLETED, Kind, Wanted
from irl_logging.manifest.table import Document, Table, split

COMPLETED_ROWS: Final = 50
"""Completed rows that stay in the README unless a setting says otherwise."""

_FEW: Final = 8


@dataclass(frozen=True, slots=True)
class Projection:
    """What a README becomes.

    Attributes:
        document: The new bytes; the old ones when nothing changes.
        shown: Ids of runs whose end it shows and that were not marked as shown.
        archived: Rows that must be in the archive before `document` is published.
        columns: The header and delimiter rows of the Completed table, which the archive repeats.
        newest_first: The order of the Completed table.
        placeholders: The rows that say that there is none, as they stood, by heading: to be given to the next call.
        unknown: True when Active says of something that it runs which no known run is: made by a person, or of a run that
            ended long ago, if the README is an old one.
    """

    document: bytes
    shown: tuple[str, ...]
    archived: tuple[ArchivedRow, ...] = ()
    columns: tuple[bytes, bytes] = (b"", b"")
    newest_first: bool = True
    placeholders: Mapping[str, bytes] = field(default_factory=dict)
    unknown: bool = False


def project(
    document: bytes,
    runs: Iterable[RunState],
    *,
    completed_rows: int | None = COMPLETED_ROWS,
    since: str | None = None,
    placeholders: Mapping[str, bytes] | None = None,
) -> Projection:
    """Return what `document` becomes when it shows `runs`.

    Args:
        document: The README, whatever its encoding and line ends.
        runs: All runs that are known, ended ones too.
        completed_rows: Dated rows that stay in Completed; 0 archives all, None none.
        since: Runs that ended at this time or later are shown again when their row is missing, though they were shown
            before; `""` means all of them, None none. ISO 8601, UTC.
        placeholders: `Projection.placeholders` of an earlier call; None uses the specification's rows.

    Raises:
        ManifestDeferred: when the tables cannot be found without doubt; the message begins with a verb and has the line.
    """
    known = tuple(runs)
    page = Document(document)
    active = page.find(ACTIVE.heading, ACTIVE.columns, ACTIVE.telling)
    completed = page.find(COMPLETED.heading, COMPLETED.columns, COMPLETED.telling)
    notes = dict(placeholders or {})
    running, moved, unknown = _running(page, active, known, notes)
    columns = (page.lines[completed.header], page.lines[completed.header + 1])
    ended = _Ended(page, completed, known)
    ended.add(moved, since)
    archived = ended.cap(completed_rows)
    came = not ended.added.isdisjoint(ended.lines)
    finished = _with_placeholder(completed, COMPLETED, page.rows(completed), ended.lines, came, notes)
    links = _links(page, completed, archived)
    edits = [*links, (completed.first, completed.stop, finished), (active.first, active.stop, running)]
    for start, stop, lines in sorted(edits, key=lambda edit: edit[0], reverse=True):
        if lines != page.lines[start:stop]:
            page.replace(start, stop, lines)
    return Projection(bytes(page), ended.shown, archived, columns, ended.newest_first, notes, unknown)


def _running(
    page: Document, table: Table, known: Collection[RunState], notes: dict[str, bytes]
) -> tuple[list[bytes], dict[str, dict[str, bytes]], bool]:
    """Return Active's new rows, what people had added to rows that leave it, by run id, and `Projection.unknown`."""
    old = page.rows(table)
    standing = rows.placeholders(old)
    rest = [(index, line) for index, line in enumerate(old) if index not in standing]
    seconds = {rows.cell_of(table, line, "started")[:19].decode("ascii", "replace") for _, line in rest}
    logs = {cells.unescape(rows.cell_of(table, line, "log file").decode("utf-8", "replace")) for _, line in rest}
    by_start = "started" in table.columns
    here = [
        run
        for run in known
        if (not run.shown and run.open) or (run.started[:19] in seconds if by_start else run.log in logs)
    ]
    wanted: list[Wanted] = [(run, rows.active_cells(run)) for run in sorted(here, key=_by_start)]
    paired = rows.pair(table, ACTIVE, rest, wanted)
    ours = {rows.identity_of_run(table, ACTIVE, values) for _, values in wanted}
    by_index = {index: run_id for run_id, index in paired.items()}
    states = {run.id: run for run in here}
    moved: dict[str, dict[str, bytes]] = {}
    lines = []
    managed = unknown = False
    for index, line in rest:
        run = states.get(by_index.get(index, ""))
        if run is None:
            # A second copy of a row of ours comes out of a merge.
            if rows.identity_of_row(table, ACTIVE, line) not in ours:
                lines.append(line)
                unknown = unknown or rows.says_open(rows.cell_of(table, line, "status"))
        elif run.open:
            lines.append(_with_status(table, line, run))
            managed = True
        else:
            moved[run.id] = rows.extra_cells(table, ACTIVE, line)
    for run, values in wanted:
        if run.open and run.id not in paired:
            lines.append(rows.row(table, values))
            managed = True
    return _with_placeholder(table, ACTIVE, old, lines, managed, notes), moved, unknown


def _with_status(table: Table, line: bytes, run: RunState) -> bytes:
    value = rows.active_cells(run)["status"].encode()
    shown = rows.cell_of(table, line, "status")
    return rows.with_cell(table, line, "status", value) if shown != value and rows.said_by_us(shown, run) else line


def _with_placeholder(
    table: Table, kind: Kind, old: list[bytes], lines: list[bytes], managed: bool, notes: dict[str, bytes]
) -> list[bytes]:
    """Return `lines` with the row that says that there is none, when that is how it should be."""
    standing = rows.placeholders(old)
    if not lines:
        if standing or not old:
            return old if len(standing) == len(old) else [old[index] for index in sorted(standing)]
        remembered = notes.get(kind.heading, b"")
        fits = len(split(remembered)) == len(table.columns)
        return [remembered if fits else rows.placeholder(table, kind)]
    if managed and standing:
        notes[kind.heading] = old[min(standing)]
        return lines
    merged = list(lines)
    for index in sorted(standing):  # people left it beside rows of theirs
        merged.insert(min(index, len(merged)), old[index])
    return merged


class _Ended:
    """The Completed table while it is edited.

    Attributes:
        lines: Its rows, without the row that says that there is none.
        shown: Ids of runs whose end it now shows and that were not marked as shown.
        added: The rows that came.
        newest_first: Its order.
    """

    def __init__(self, page: Document, table: Table, known: Collection[RunState]) -> None:
        self.lines = page.rows(table)
        standing = rows.placeholders(self.lines)
        if standing:
            self.lines = [line for index, line in enumerate(self.lines) if index not in standing]
        self.shown: tuple[str, ...] = ()
        self.added: set[bytes] = set()
        self._table = table
        self._ended = [run for run in known if run.ended is not None]
        first = next(filter(None, (rows.time_of(table, line) for line in self.lines)), b"")
        last = next(filter(None, (rows.time_of(table, line) for line in reversed(self.lines))), b"")
        self.newest_first = first >= last

    def add(self, moved: Mapping[str, Mapping[str, bytes]], since: str | None) -> None:
        """Add the rows of runs that are to be shown and are not there."""
        wanted = [
            run
            for run in self._ended
            if not run.shown or run.id in moved or (since is not None and (run.ended or "") >= since)
        ]
        if not wanted:
            return
        self.shown = tuple(run.id for run in wanted if not run.shown)
        seconds = {(run.ended or "")[:19] for run in wanted}
        alike = [run for run in self._ended if (run.ended or "")[:19] in seconds]
        # Of runs alike, the rows that are there belong to those shown before, and to the newest: the others may be archived.
        alike.sort(key=_by_end, reverse=True)
        alike.sort(key=lambda run: not run.shown)
        cells: list[Wanted] = [(run, rows.completed_cells(run)) for run in alike]
        paired = rows.pair(self._table, COMPLETED, self._rows_of({second.encode() for second in seconds}), cells)
        ends = {paired[run.id]: (run.ended or "").encode() for run in alike if run.id in paired}
        missing = {run.id for run in wanted} - paired.keys()
        new = [(run, values) for run, values in cells if run.id in missing]
        new.sort(key=lambda item: _by_end(item[0]), reverse=self.newest_first)
        merged, at = [], 0
        for run, values in new:
            place = self._place((run.ended or "").encode(), at, ends)
            carried = self._carried(values, moved.get(run.id, {}))
            line = rows.row(self._table, {**values, **carried})
            self.added.add(line)
            merged += [*self.lines[at:place], line]
            at = place
        self.lines = merged + self.lines[at:]

    def cap(self, completed_rows: int | None) -> tuple[ArchivedRow, ...]:
        """Take out the oldest dated rows above the limit and return them, in the table's order."""
        if completed_rows is None or len(self.lines) <= completed_rows:
            return ()
        sign = -1 if self.newest_first else 1
        times = [rows.time_of(self._table, line) for line in self.lines]
        dated = sorted((time, sign * index) for index, time in enumerate(times) if time)
        out = sorted(sign * index for _, index in dated[: max(0, len(dated) - completed_rows)])
        if not out:
            return ()
        taken = [(times[index], self.lines[index]) for index in out]
        leaving = set(out)
        self.lines = [line for index, line in enumerate(self.lines) if index not in leaving]
        return self._archived(taken)

    def _archived(self, taken: list[tuple[bytes, bytes]]) -> tuple[ArchivedRow, ...]:
        seconds = {time[:19].decode() for time, _ in taken}
        ours = Counter(
            rows.row(self._table, rows.completed_cells(run)) for run in self._ended if (run.ended or "")[:19] in seconds
        )
        moving = Counter(line for _, line in taken)
        left = Counter(line for line in self.lines if line in moving)
        return tuple(
            ArchivedRow(time[:7].decode(), line, max(moving[line], ours[line] - left[line])) for time, line in taken
        )

    def _rows_of(self, seconds: set[bytes]) -> list[tuple[int, bytes]]:
        """Return the rows that may be of runs that ended in one of these seconds."""
        everything = b"".join(self.lines)
        found = [second for second in seconds if second in everything] if len(seconds) <= _FEW else list(seconds)
        if not found:
            return []
        if len(found) > _FEW:
            return list(enumerate(self.lines))
        return [(index, line) for index, line in enumerate(self.lines) if any(second in line for second in found)]

    def _place(self, time: bytes, start: int, ends: Mapping[int, bytes]) -> int:
        """Return where a row of this time belongs, at `start` or later; rows without a time keep their neighbours above.

        Args:
            time: When the run ended.
            start: Index of the first row that it may stand before.
            ends: When the runs of known rows ended, by index: finer than what their cells say.
        """
        place = start if self.newest_first else len(self.lines)
        order = range(start, len(self.lines)) if self.newest_first else range(len(self.lines) - 1, start - 1, -1)
        for index in order:
            found = ends.get(index) or rows.time_of(self._table, self.lines[index])[:19]
            if found and found <= time:
                break
            if found:
                place = index + 1 if self.newest_first else index
        return place

    def _carried(self, values: Mapping[str, str], extras: Mapping[str, bytes]) -> dict[str, str]:
        """Return what people wrote into columns of their own in Active: into the same column, else behind Results."""
        texts = {column: cell.decode("utf-8", "surrogateescape") for column, cell in extras.items()}
        here = {column: text for column, text in texts.items() if column in self._table.columns}
        others = "; ".join(f"{column}: {text}" for column, text in texts.items() if column not in here)
        if others:
            results = values["results"]
            here["results"] = others if results == "-" else f"{results} ({others})"
        return here


def _links(page: Document, table: Table, archived: Iterable[ArchivedRow]) -> list[tuple[int, int, list[bytes]]]:
    """Return the edit that links the months' archives below the Completed table, once."""
    months = {row.month for row in archived}
    if not months:
        return []
    index, line = archive.links(page.lines, months)
    if not line:
        return []
    if index is not None:
        return [(index, index + 1, [line])]
    below = page.lines[table.stop : table.stop + 1]
    gap = [table.newline] if below and below[0].strip() else []
    # Behind the rows, also when there were none: an edit at the same line that is made before that of the rows.
    return [(table.stop, table.stop, [table.newline, line + table.newline, *gap])]


def _by_end(run: RunState) -> tuple[str, str]:
    return run.ended or "", run.id


def _by_start(run: RunState) -> tuple[bool, str, str]:
    return not run.open, run.started, run.id
