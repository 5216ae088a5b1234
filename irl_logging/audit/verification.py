"""Checks that the audit trail is as it was written, and names each line that was changed, removed or cut off.

The chain alone shows what was changed inside it. Whoever rewrites every line from some place on, or cuts the end, is found by
the witnesses: links that were noted elsewhere when the decision was made, in the journal, in the results files (which git
keeps) and in the lock file. A line that a killed writer tore was never acknowledged, so no witness knows it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any, Final

from irl_logging.audit.trails import AuditTrail, TrailFile
from irl_logging.errors import DocumentError
from irl_logging.lifecycle import Event
from irl_logging.storage.compaction import history
from irl_logging.storage.documents import read_document
from irl_logging.storage.layout import Layout
from irl_logging.storage.trail import Link, head_of

_OURS: Final = b"] Decision: "
_NO_LINK: Final = "this line has no link and does not count: its writer was killed, or somebody wrote it by hand"
_NOT_OURS: Final = "this line was not written by irl_logging and does not count"
_KILLED_OR_ADDED: Final = "its writer was killed before it could say so elsewhere, or somebody added it"
_OTHERS: Final = "nothing else here knows the chain that begins here: another machine wrote it, or somebody added it"
_JOURNAL: Final = "the journal"
_DAY: Final = re.compile(rb"\[(\d{4}-\d\d-\d\d)T")
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about one place in the trail.

    Attributes:
        where: `path:line`, or the path of a file, below the execution directory.
        text: What it is, a sentence's end.
    """

    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an examination of the audit trail has found.

    Attributes:
        lines: How many lines have a link.
        files: How many files they stand in.
        witnesses: How many links are known from elsewhere.
        faults: What was changed, removed or cut off; empty when the trail is intact.
        notes: What is no fault: lines without a link, trails of other machines.
    """

    lines: int
    files: int
    witnesses: int
    faults: list[Remark]
    notes: list[Remark]

    @property
    def intact(self) -> bool:
        """True when nothing was found."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with a link, and its place."""

    file: str
    number: int
    body: bytes
    link: Link
    torn: tuple[str, ...]  # places of lines of ours without a link, right before it
    place: int  # how many lines with a link are before it, in all files

    @property
    def where(self) -> str:
        return f"{self.file}:{self.number}"


@dataclass(frozen=True, slots=True)
class _Witness:
    """A link that is known from elsewhere."""

    link: Link
    where: str
    said: str = ""


@dataclass(slots=True)
class _Findings:
    faults: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)

    def fault(self, where: str, text: str) -> None:
        self.faults.append(Remark(where, text))

    def note(self, where: str, text: str) -> None:
        self.notes.append(Remark(where, text))


def verify(trail: AuditTrail, since: dt.date | None = None) -> Verdict:
    """Examine the audit trail of an execution directory.

    Args:
        trail: Whose files are read.
        since: Look only at the files from this day (UTC) on, and take the link that they continue on trust; None looks
            at everything, and a beginning that is not there is a fault.

    Raises:
        ArchiveError, OSError: when a file of the trail cannot be read.
    """
    found = _Findings()
    files = trail.files(since)
    lines, tail, astray = _lines(files, found)
    witnesses = list(_witnesses(trail.layout))
    known = [*(line.link for line in lines), *(witness.link for witness in witnesses)]
    series: dict[str, list[_Line]] = {}
    for line in lines:
        series.setdefault(line.link.series, []).append(line)
    told: dict[str, dict[int, _Witness]] = {}
    for witness in witnesses:
        told.setdefault(witness.link.series, {}).setdefault(witness.link.number, witness)
    for name, members in series.items():
        mine = told.get(name, {})
        if witnesses and not mine:
            found.note(members[0].where, _OTHERS)
        end = tail if members[-1] is lines[-1] else ()
        _Chain(members, mine, known, found, tail=end, trusted=since is not None).examine()
    _missing_chains(witnesses, set(series), found, trusted=since is not None)
    named = {fault.where for fault in found.faults}
    found.faults += [remark for remark in astray if remark.where not in named]
    notes = [note for note in found.notes if note.where not in named]
    return Verdict(len(lines), len(files), len({it.link for it in witnesses}), found.faults, notes)


class _Chain:
    """The lines of one series, and what others know of them.

    Args:
        lines: In the order of the files.
        witnesses: What others know, by number.
        known: All links that are known, of any series: those of the lines in the order of the files, then the others.
        found: Where faults go.
        tail: Places of lines of ours without a link, behind the last of `lines`.
        trusted: True when a beginning that is not there is no fault.
    """

    def __init__(
        self,
        lines: list[_Line],
        witnesses: dict[int, _Witness],
        known: Sequence[Link],
        found: _Findings,
        *,
        tail: tuple[str, ...],
        trusted: bool,
    ) -> None:
        self._lines = sorted(lines, key=lambda it: it.link.number)
        self._witnesses = witnesses
        self._known = known
        self._found = found
        self._tail = tail
        self._trusted = trusted

    def examine(self) -> None:
        """Walk from the first link to the last."""
        before: _Line | None = None
        remade: Link | None = None  # what the link before should be by its text
        rewritten = False
        for line in self._lines:
            number = line.link.number
            if before is not None and number == before.link.number:
                self._twice(line, before)
                continue
            self._missing_before(line, before)
            followed = before is not None and before.link.number == number - 1
            candidates = self._candidates(
                line, before.link if before and followed else None, remade if followed else None
            )
            fits = candidates is None or any(_link(line, it) == line.link for it in candidates)
            witness = self._witnesses.get(number)
            foreign = fits and witness is not None and witness.link != line.link
            if not fits:
                self._found.fault(line.where, "this line was changed: its link was made for another text")
            elif foreign and witness is not None and not rewritten:
                known = f"{witness.where} knows another line as number {number}{witness.said}"
                self._found.fault(
                    line.where, f"this line, or one before it, was rewritten and the chain made anew: {known}"
                )
            rewritten = foreign
            remade = _link(line, before.link) if before is not None and followed else _link(line, None)
            before = line
        self._missing_after(self._lines[-1])
        self._note_unknown()

    def _candidates(self, line: _Line, before: Link | None, remade: Link | None) -> Iterable[Link | None] | None:
        """Return what a line's link may continue; None when that is gone, which has been reported."""
        witness = self._witnesses.get(line.link.number - 1)
        if before is not None:
            # Where the link before was changed that line is named, and this one is right by the link it had.
            return [before, *([witness.link] if witness else ()), *([remade] if remade else ())]
        if line.link.number == 1:
            # It continues the newest line that stood there, mostly the one right before: where every run has a clone of its
            # own there are as many chains as runs.
            earlier = (self._known[at] for at in range(line.place - 1, -1, -1))
            return chain([None], earlier, islice(self._known, line.place, None))
        return [witness.link] if witness else None

    def _twice(self, line: _Line, before: _Line) -> None:
        """Name a second line of a number; the same line in two files is one that was copied on its way to the archive."""
        same = (line.link, line.body) == (before.link, before.body) and line.file != before.file
        if not same and all(fault.where != line.where for fault in self._found.faults):
            number = line.link.number
            self._found.fault(line.where, f"this line was added: line {number} of the chain is at {before.where}")

    def _missing_before(self, line: _Line, before: _Line | None) -> None:
        if before is None and self._trusted:
            return
        first = before.link.number + 1 if before is not None else 1
        self._missing(first, line.link.number - 1, line.torn, line.where, "right before this line")

    def _missing_after(self, last: _Line) -> None:
        newest = max(self._witnesses, default=0)
        self._missing(last.link.number + 1, newest, self._tail, last.where, "right after this line, at the end")

    def _note_unknown(self) -> None:
        """Note lines that only the trail has. The journal has every decision, from where it begins, but a killed writer's."""
        begin = min((number for number, it in self._witnesses.items() if it.where == _JOURNAL), default=None)
        if begin is None:
            return
        unknown = [line for line in self._lines if line.link.number > begin and line.link.number not in self._witnesses]
        if unknown:
            more = f" and {len(unknown) - 1} more of its chain" if len(unknown) > 1 else ""
            self._found.note(unknown[0].where, f"only the trail knows this line{more}: {_KILLED_OR_ADDED}")

    def _missing(self, first: int, final: int, torn: tuple[str, ...], where: str, place: str) -> None:
        """Name links that are not there; lines that have lost theirs are changed or cut, not removed."""
        missing = final - first + 1
        if missing <= 0:
            return
        for damaged in torn[:missing]:
            self._found.fault(damaged, "this line has lost its link: it was changed, or its end was cut off")
        if missing > len(torn):
            what = f"line {first} of the chain is" if missing == 1 else f"lines {first} to {final} of the chain are"
            self._found.fault(where, f"{what} missing {place}{self._told(first, final)}")

    def _told(self, first: int, final: int) -> str:
        """Return what the witnesses say of lines that are missing."""
        told = [it for number, it in sorted(self._witnesses.items()) if first <= number <= final]
        shown = "; ".join(f"{it.link.number} in {it.where}{it.said}" for it in told[:_SHOWN])
        return f" ({shown}{'; ...' if len(told) > _SHOWN else ''})" if told else ""


def _link(line: _Line, before: Link | None) -> Link:
    return Link.of(line.link.series, line.link.number, before, line.body)


def _lines(files: Iterable[TrailFile], found: _Findings) -> tuple[list[_Line], tuple[str, ...], list[Remark]]:
    """Return the lines that have a link, and where the lines of ours are that have none and no such line behind them.

    Names what only the order of the lines in a file shows. The remarks are of files with lines of another day, the first in
    each: who looks for decisions of a day looks only into the files of that day.
    """
    lines: list[_Line] = []
    torn: list[str] = []
    astray: dict[str, Remark] = {}
    for file in files:
        for read in file.lines():
            where = f"{file.shown}:{read.number}"
            if read.link is None:
                ours = _OURS in read.body
                found.note(where, _NO_LINK if ours else _NOT_OURS)
                torn += [where] if ours else []
                continue
            day = _DAY.match(read.body)
            if day and day[1] != file.date.encode():
                text = f"this line is dated {day[1].decode()}: it was moved here, or the file was renamed"
                astray.setdefault(file.shown, Remark(where, text))
            line = _Line(file.shown, read.number, read.body, read.link, tuple(torn), len(lines))
            if lines:
                line = _placed(line, lines[-1], found)
            lines.append(line)
            torn = []
    return lines, tuple(torn), list(astray.values())


def _placed(line: _Line, before: _Line, found: _Findings) -> _Line:
    """Return a line with the link that it had; one whose number or series was changed, or that was moved, is named."""
    expected = Link.of(before.link.series, before.link.number + 1, before.link, line.body)
    if line.link != expected and line.link.digest == expected.digest:
        found.fault(line.where, f"this line was changed: it is number {expected.number} of chain {expected.series}")
        return replace(line, link=expected)
    same = line.file == before.file and line.link.series == before.link.series
    if same and line.link.number < before.link.number:
        found.fault(line.where, f"this line was moved: it was before line {before.number}")
    return line


def _witnesses(layout: Layout) -> Iterator[_Witness]:
    """Yield the links that are known from elsewhere."""
    if (head := head_of(layout)) is not None:
        yield _Witness(head, layout.relative(layout.audit_lock))
    for event in history(layout):
        yield from _journalled(event)
    for path in sorted(layout.results.glob("[!.]*.json")):
        try:
            content = read_document(path) or {}
        except (DocumentError, OSError):
            continue  # `irl state check` names it
        ours = content.get("_irl")
        audit = ours.get("audit") if isinstance(ours, dict) else None
        link = Link.read(str(audit.get("chain"))) if isinstance(audit, dict) else None
        if link is not None:
            yield _Witness(link, layout.relative(path))


def _journalled(event: dict[str, Any]) -> Iterator[_Witness]:
    link = Link.read(str(event.get("chain")))
    if event.get("event") == Event.DECISION and link is not None:
        said = f", {event.get('outcome')} {event.get('subject')} by {event.get('by')}, run {event.get('run')}"
        yield _Witness(link, _JOURNAL, said)


def _missing_chains(witnesses: list[_Witness], here: set[str], found: _Findings, *, trusted: bool) -> None:
    """Name the chains that witnesses know but of which no line is left."""
    gone: dict[str, list[_Witness]] = {}
    for witness in witnesses:
        if witness.link.series not in here:
            gone.setdefault(witness.link.series, []).append(witness)
    for members in gone.values():
        newest = max(members, key=lambda it: it.link.number)
        if trusted or all(it.where.startswith("results/") for it in members):
            found.note(newest.where, "the trail that it vouches for is not in this directory")
        else:
            many = newest.link.number
            found.fault(newest.where, f"no line is left of the chain that it knows number {many} of{newest.said}")
