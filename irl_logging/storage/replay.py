"""What the journal's records amount to: folded into runs from where the last reading ended.

A process lives for a second or for months, and a journal has ten events or a million. So what has ended and is shown is
forgotten but for the newest, and what a reading came to is kept in a checkpoint, from which the next process goes on. The
checkpoint is a cache: without it, or when it does not fit the segments, everything is read from the beginning.
"""

from __future__ import annotations

import heapq
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from irl_logging.lifecycle import Event, RunState, apply
from irl_logging.storage.events import decode, salvaged
from irl_logging.storage.files import publish
from irl_logging.storage.segments import End, listed

KEPT_RUNS: Final = 500
"""Runs that have ended and are shown are forgotten when there are twice as many; so many stay, the newest."""

CHECKPOINT_BYTES: Final = 256 * 1024
"""So much of the journal is read again by each new process, at most, before a checkpoint is made."""

_SCHEMA: Final = 1
_KEPT_IDENTITIES: Final = 1_000
_KEPT_WAITING: Final = 1_000  # runs
_KEPT_LATE: Final = 100  # events of each
_FIELDS: Final = tuple(field.name for field in fields(RunState))
_TUPLES: Final = [at for at, field in enumerate(fields(RunState)) if isinstance(field.default, tuple)]

_Record = tuple[str, dict[str, Any]]
"""What tells a record from all others of its run, and its event."""


class Replay:
    """The runs that the segments amount to: all that are open or not shown, and those that ended lately.

    Args:
        directory: Where the segments are.
        checkpoint: Where a checkpoint is kept; None keeps none and forgets no run.

    Attributes:
        runs: The runs by id, as `read` and `add` left them.
        damaged: Records that could not be read.
    """

    def __init__(self, directory: Path, checkpoint: Path | None = None) -> None:
        self._directory = directory
        self._checkpoint = checkpoint
        self._fresh = True
        self._begin()

    def _begin(self) -> None:
        self._ends: dict[str, End] = {}
        self.runs: dict[str, RunState] = {}
        self._waiting: dict[str, list[_Record]] = {}
        self._seen: dict[str, dict[str, None]] = {}
        self._unsaved = 0
        self.damaged = 0

    def read(self) -> dict[str, RunState]:
        """Return the runs by id, with what is new.

        A record that comes twice counts once: it was written again after a failed sync, or two copies of a segment were
        merged.

        Raises:
            OSError: when a segment cannot be read.
        """
        if self._fresh:
            self._fresh = False
            self._load()
        while not self._advance():
            self._begin()  # what was read is not there any more
        return dict(self.runs)

    def add(self, lines: Iterable[bytes]) -> None:
        """Fold the records of a segment that `read` does not see."""
        for record in self._records(lines):
            self._apply(*record)

    def _advance(self) -> bool:
        found = listed(self._directory)
        if self._ends.keys() - found.keys():
            return False  # also when it is archived: it may have said more of its runs than was read
        fresh: list[list[bytes]] = []
        for name, stamp in found.items():
            end = self._ends.get(name) or End()
            before = end.offset
            lines = end.lines(self._directory / name, stamp)
            if lines is None:
                return False
            self._ends[name] = end
            self._unsaved += end.offset - before
            if lines:
                fresh.append(lines)
        # Each segment has its own order, whatever the clock does; between segments time is the only order there is.
        parts = [self._records(lines) for lines in fresh]
        for record in parts[0] if len(parts) == 1 else heapq.merge(*parts, key=_time):
            self._apply(*record)
        if self._checkpoint is not None:
            self._forget()
        return True

    def _records(self, lines: Iterable[bytes]) -> Iterator[_Record]:
        for line in filter(None, lines):
            event = decode(line)
            if event is None:
                self.damaged += 1
            for record, found in salvaged(line) if event is None else ((line, event),):
                yield f"{record[:8].decode('ascii')}{found.get('seq')}", found

    def _apply(self, identity: str, event: dict[str, Any]) -> None:
        """Fold one event; one whose run has not started yet waits, as the clocks of two boots may not agree."""
        kind, run = event.get("event"), event.get("run")
        if kind == Event.SHOWN:
            for unknown in [name for name in event.get("runs", ()) if name not in self.runs]:
                self._wait(unknown, identity, {**event, "runs": [unknown]})
            apply(self.runs, event)
            return
        if not isinstance(run, str):
            return
        known = self.runs.get(run)
        if known is None and kind != Event.STARTED:
            self._wait(run, identity, event)
        elif known is None or known.open:
            self._apply_once(run, identity, event)
            if known is None and run in self.runs:
                for late in self._waiting.pop(run, ()):
                    self._apply(*late)

    def _apply_once(self, run: str, identity: str, event: dict[str, Any]) -> None:
        seen = self._seen.setdefault(run, {})
        if identity in seen:
            return
        seen[identity] = None
        if len(seen) > _KEPT_IDENTITIES:
            del seen[next(iter(seen))]
        apply(self.runs, event)
        if run not in self.runs or not self.runs[run].open:
            del self._seen[run]  # nothing changes it any more

    def _wait(self, run: str, identity: str, event: dict[str, Any]) -> None:
        late = self._waiting.setdefault(run, [])
        late.append((identity, event))
        if self._checkpoint is not None:  # most are of runs that were forgotten, or whose start is lost
            del late[:-_KEPT_LATE]
            if len(self._waiting) > _KEPT_WAITING:
                del self._waiting[next(iter(self._waiting))]

    def _forget(self) -> None:
        if len(self.runs) <= 2 * KEPT_RUNS:
            return
        over = sorted((state.ended or "", state.id) for state in self.runs.values() if state.shown and not state.open)
        for _, run in over[:-KEPT_RUNS]:
            del self.runs[run]

    def save(self) -> None:
        """Keep what was read for the next process, when it is much.

        Raises:
            OSError: when it cannot be written.
        """
        if self._checkpoint is None or self._unsaved < CHECKPOINT_BYTES:
            return
        content = {
            "v": _SCHEMA,
            "segments": {name: [end.offset, end.tail.decode("latin-1")] for name, end in self._ends.items()},
            "runs": [[getattr(state, name) for name in _FIELDS] for state in self.runs.values()],
            "fields": _FIELDS,
            "waiting": self._waiting,
            "seen": {run: list(seen) for run, seen in self._seen.items()},
            "damaged": self.damaged,
        }
        text = json.dumps(content, separators=(",", ":"), default=dict).encode("ascii")
        publish(self._checkpoint, b"%08x %s\n" % (zlib.crc32(text), text), durable=False)
        self._unsaved = 0

    def _load(self) -> None:
        """Begin where the checkpoint ends, if it is whole and this version's."""
        if self._checkpoint is None:
            return
        try:
            content = decode(self._checkpoint.read_bytes().rstrip(b"\n"))
        except OSError:
            return
        if content is None or content.get("v") != _SCHEMA or tuple(content.get("fields", ())) != _FIELDS:
            return
        self._ends = {name: End(offset, tail.encode("latin-1")) for name, (offset, tail) in content["segments"].items()}
        for values in content["runs"]:
            for at in _TUPLES:
                values[at] = tuple(values[at])
            self.runs[values[0]] = RunState(*values)
        self._waiting = {run: [(one, event) for one, event in late] for run, late in content["waiting"].items()}
        self._seen = {run: dict.fromkeys(seen) for run, seen in content["seen"].items()}
        self.damaged = content["damaged"]


def _time(record: _Record) -> str:
    return str(record[1].get("time", ""))
