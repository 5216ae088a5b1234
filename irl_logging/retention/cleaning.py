"""Old logs into the archive, old results away, and the manifest's rows in line with that: what `irl clean` does.

Only files are touched whose names our own patterns parse back, or that the journal has; never a link, never what a living run
writes. Everything is found anew in what stands there, so a pass that was killed is finished by the next one, and one with
nothing to do changes nothing.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from irl_logging.errors import BusyError, ManifestDeferred
from irl_logging.execution import Execution
from irl_logging.naming import DEFAULT_LOG_PATTERN, LogPattern, Piece
from irl_logging.reaping import living_runs
from irl_logging.retention.links import EXPIRED, relinked
from irl_logging.retention.packing import PART, Packing, pack, retire
from irl_logging.storage.compaction import all_runs
from irl_logging.storage.journal import Journal
from irl_logging.storage.locks import try_lock
from irl_logging.storage.pieces import months, pieces_in
from irl_logging.storage.sink import LOOK_SECONDS
from irl_logging.storage.trail import locked

DAY: Final = 86_400.0

_SETTLE_SECONDS: Final = LOOK_SECONDS + 0.05
_OURS: Final = (DEFAULT_LOG_PATTERN, "{log_name}-{date}.log", "{log_name}-{timestamp}.log")
_RESULTS: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*?-(?P<date>\d{4}-\d\d-\d\d)(?:-\d{3,})?\.json")
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])")


@dataclass(slots=True)
class Cleaned:
    """What one pass did, or would do; paths are below the execution directory.

    Attributes:
        archived: Logs that moved to the archive, with where they stand now.
        packed: Rotated logs that were packed where they stood, with their new names.
        removed: Results that were removed.
        recovered: What a pass that was killed had left.
        documents: How many READMEs got other links.
        left: What had to stay, with why.
        deferred: Why the README's links could not be changed now; None when they are right.
    """

    archived: dict[str, str] = field(default_factory=dict)
    packed: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    recovered: list[str] = field(default_factory=list)
    documents: int = 0
    left: dict[str, str] = field(default_factory=dict)
    deferred: str | None = None


def clean(
    execution: Execution,
    *,
    logs_days: float | None = None,
    results_days: float | None = None,
    dry_run: bool = False,
    now: float | None = None,
) -> Cleaned:
    """Archive old logs, remove old results, and bring the links of the manifest's rows in line.

    Args:
        execution: The execution directory.
        logs_days: Days since the last line after which a log is archived; None means the setting.
        results_days: Days since the last change after which a results file is removed; None means the setting.
        dry_run: Only report what would be done.
        now: The time in seconds since 1970; None is the clock's.

    Raises:
        BusyError: when another pass is at work, or decisions are written for too long.
        OSError: when a file cannot be packed, moved or removed; what was done is done.
    """
    cleaning = _Cleaning(
        execution,
        DAY * (execution.settings.logs_days if logs_days is None else logs_days),
        DAY * (execution.settings.results_days if results_days is None else results_days),
        time.time() if now is None else now,
    )
    if not execution.layout.active.is_dir():
        return cleaning.done  # nothing has run here, and nothing is to be made
    if dry_run:
        cleaning.plan()
        return cleaning.done
    lock = try_lock(execution.layout.retention_lock)
    if lock is None:
        raise BusyError(f"another irl clean, or irl backup, is at work in {execution.layout.root}")
    with lock:
        execution.reap()
        cleaning.carry_out()
    return cleaning.done


class _Cleaning:
    def __init__(self, execution: Execution, logs_age: float, results_age: float, now: float) -> None:
        self.done = Cleaned()
        self._execution = execution
        self._layout = execution.layout
        self._now = now
        self._logs_before = now - logs_age
        self._results_before = now - results_age
        settings = execution.settings
        self._patterns = [
            LogPattern(text) for text in dict.fromkeys((settings.log_pattern, settings.audit_pattern, *_OURS))
        ]
        self._busy = self._names_in_use()

    def carry_out(self) -> None:
        """Do it; the lock is held."""
        for part in self._litter():
            part.unlink()
            self.done.recovered.append(self._name(part))
        ready, live = self._old_logs()
        aside = self._set_aside(live) if live else []
        if aside:
            time.sleep(_SETTLE_SECONDS)  # who opened one of them a moment ago has looked by then
        names = {retired: path for path, retired in aside}
        ready += [Packing(retired, self._month(retired), f"{path.name}.gz") for path, retired in aside]
        for file, target in pack(ready):
            self._note(names.get(file.source, file.source), file, target)
        for path in self._old_results():
            path.unlink(missing_ok=True)  # somebody may have removed it meanwhile
            self.done.removed.append(self._name(path))
        self._relink()

    def plan(self) -> None:
        """Say what would be done."""
        self.done.recovered = [self._name(part) for part in self._litter()]
        ready, live = self._old_logs()
        for file in [*ready, *(Packing(path, self._month(path), f"{path.name}.gz") for path in live)]:
            self._note(file.source, file, file.directory / file.name)
        self.done.removed = [self._name(path) for path in self._old_results()]

    def _note(self, source: Path, file: Packing, target: Path | None) -> None:
        if target is None:
            self.done.left[self._name(source)] = "a program has it open"
        elif file.directory == self._layout.logs:
            self.done.packed[self._name(source)] = self._name(target)
        else:
            self.done.archived[self._name(source)] = self._name(target)

    def _set_aside(self, live: list[Path]) -> list[tuple[Path, Path]]:
        """Take logs out of the way of who would open them; who writes a decision now has the file open, and no lock on it."""
        with locked(self._layout):
            return [(path, retired) for path in live if (retired := self._retired(path))]

    def _retired(self, path: Path) -> Path | None:
        retired = retire(path)
        if retired is None:
            self.done.left[self._name(path)] = "a program has it open"
        return retired

    def _names_in_use(self) -> dict[str, str]:
        """Return the ids of living runs by the names of the logs and by the beginnings of results that are theirs."""
        names = {}
        for run in living_runs(self._layout, Journal(self._layout.journal)) if self._layout.used else ():
            log = Path(run.log)
            names[log.name] = names[log.with_suffix(".jsonl").name] = run.id
            names[f"{run.workflow}-{run.started[:10]}"] = run.id
        return names

    def _litter(self) -> Iterator[Path]:
        """Yield packed files that were not finished; we hold the lock, so they are nobody's."""
        for directory in (self._layout.logs, *months(self._layout)):
            for path in directory.glob(f"*.gz{PART}"):
                piece = Piece.of(path.name.removesuffix(PART))
                if piece is not None and self._date(piece.log) is not None and not path.is_symlink():
                    yield path

    def _old_logs(self) -> tuple[list[Packing], list[Path]]:
        """Return what nobody writes to any more and is to be packed or moved, and the old logs of runs that have ended."""
        ready, live = [], []
        for path, piece in sorted(pieces_in(self._layout.logs)):
            changed = _changed(path)
            if self._date(piece.log) is None or piece.by_others or changed is None:
                continue
            old = changed <= self._logs_before
            if piece.rotated:
                name = path.name if piece.packed else f"{path.name}.gz"
                if old or not piece.packed:
                    ready.append(Packing(path, self._month(path) if old else self._layout.logs, name))
            elif old and piece.log not in self._busy:
                live.append(path)
        return ready, live

    def _old_results(self) -> Iterator[Path]:
        if not self._layout.results.is_dir():
            return
        for path in sorted(self._layout.results.iterdir()):
            found = _RESULTS.fullmatch(path.name)
            if found is None or path.is_symlink() or not path.is_file():
                continue
            changed, stem = _changed(path), path.name[: found.end("date")]
            if changed is not None and changed <= self._results_before and stem not in self._busy:
                yield path

    def _date(self, log: str) -> str | None:
        """Return the date in the name of a log of ours, empty when it has none; None for a name that is not ours."""
        name = log.removesuffix(".jsonl") + ".log" if log.endswith(".jsonl") else log
        date = _DATE.search(name)
        if date and name == self._layout.unrouted(date[0]).name:
            return date[0]
        for pattern in self._patterns:
            values = pattern.match(name)
            if values is not None:
                return values.get("date") or values.get("timestamp") or ""
        return "" if name in self._journalled else None

    @functools.cached_property
    def _journalled(self) -> frozenset[str]:
        """The names of all logs that runs have had here, whatever `log_pattern` their programs were given."""
        runs = all_runs(self._layout) if self._layout.used else {}
        return frozenset(Path(run.log).name for run in runs.values())

    def _month(self, path: Path) -> Path:
        """Return the directory of the archive that a log belongs to: that of its name's date, else of its last line."""
        piece = Piece.of(path.name)
        found = _MONTH.match((self._date(piece.log) if piece else "") or "")
        month = found[0] if found else time.strftime("%Y-%m", time.gmtime(path.stat().st_mtime))
        return self._layout.archive / month

    def _name(self, path: Path) -> str:
        return self._layout.relative(path)

    def _relink(self) -> None:
        """Bring the links of Completed rows in line with what stands where by now."""
        if not self._layout.readme.exists():
            return
        archived = {
            piece.log: self._name(path) for month in months(self._layout) for path, piece in sorted(pieces_in(month))
        }
        try:
            self.done.documents = self._execution.edit_manifest(
                lambda document: relinked(document, lambda path: self._where(path, archived)), archives=True
            )
        except ManifestDeferred as error:
            self.done.deferred = error.reason

    def _where(self, path: str, archived: dict[str, str]) -> str | None:
        directory, _, name = path.partition("/")
        if (self._layout.root / path).exists():
            return None
        if directory == "logs":
            return archived.get(name)
        found = _RESULTS.fullmatch(name)
        oldest = time.strftime("%Y-%m-%d", time.gmtime(self._results_before))
        return EXPIRED if found and found["date"] <= oldest else None


def _changed(path: Path) -> float | None:
    """Return when a file was last written; None for one that was rotated or removed since it was listed."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None
