"""The audit trails of an execution directory: written by `AuditTrail.record`, read wherever rotation has put them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from irl_logging.audit.decisions import Decision, RecordedDecision, read_decision
from irl_logging.naming import LogPattern
from irl_logging.redaction import Redactor
from irl_logging.settings import Settings
from irl_logging.storage.layout import Layout
from irl_logging.storage.pieces import all_pieces, content
from irl_logging.storage.trail import Link, Trail, TrailLine, lines_of

_NEVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class TrailFile:
    """One file of the audit trail.

    Attributes:
        path: The file.
        shown: That path below the execution directory.
        date: The day it covers.
    """

    path: Path
    shown: str
    date: str

    def lines(self) -> Iterator[TrailLine]:
        """Yield its lines.

        Raises:
            ArchiveError: when it is packed, and damaged or too large.
            OSError: when it cannot be read.
        """
        yield from lines_of(b"".join(content(self.path)))


class AuditTrail:
    """The audit trail of one execution directory.

    Args:
        layout: The execution directory's paths.
        settings: How its files are named, the precision of times, where a line is cut.
        redactor: Redacts every text.
    """

    def __init__(self, layout: Layout, settings: Settings, redactor: Redactor) -> None:
        self.layout = layout
        self._pattern = LogPattern(settings.audit_pattern)
        self._trail = Trail(layout, self._pattern, durable=settings.fsync)
        self._redactor = redactor
        self._timespec = settings.timespec
        self._limit = settings.max_line_bytes

    def record(self, decision: Decision) -> dict[str, str]:
        """Append a decision; return its `trail` and `chain`, to be noted by the witnesses.

        Raises:
            BusyError: when others hold it for too long.
            OSError: when it cannot be written; it does not count then.
        """
        link, path = self._trail.append(
            lambda now: decision.render(now, self._redactor, timespec=self._timespec, limit=self._limit)
        )
        return {"trail": self.layout.relative(path), "chain": str(link)}

    def files(self, since: dt.date | None = None) -> list[TrailFile]:
        """Return the trail's files in `logs/` and `archive/`, oldest first, those that were rotated and packed too.

        Args:
            since: Leave out those of earlier days; None leaves out none.
        """
        found = []
        for log, paths in all_pieces(self.layout).items():
            values = self._pattern.match(log)
            if values is not None and (since is None or values["date"] >= since.isoformat()):
                found += [(values["date"], path) for path in paths]
        found.sort(key=lambda it: it[0])  # the files of a day stand in order already
        return [TrailFile(path, self.layout.relative(path), date) for date, path in found]

    def decisions(self, since: dt.datetime | None = None, until: dt.datetime | None = None) -> list[RecordedDecision]:
        """Return the decisions of all trails, oldest first, each once.

        Lines without a link are ignored: anybody may have appended them.

        Args:
            since: From this time on, in UTC; None from the beginning.
            until: Before this time, in UTC; None to the end.

        Raises:
            ArchiveError, OSError: when a file cannot be read.
        """
        found: dict[Link, RecordedDecision] = {}
        for file in self.files(since.date() if since else None):
            if until is not None and file.date > until.date().isoformat():
                continue
            for line in file.lines():
                if line.link is None or line.link in found:
                    continue
                decision = read_decision(line.body, trail=file.shown, line=line.number, chain=str(line.link))
                if decision is not None and (since or decision.time) <= decision.time < (until or _NEVER):
                    found[line.link] = decision
        return sorted(found.values(), key=lambda it: it.time)
