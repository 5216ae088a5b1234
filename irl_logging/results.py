"""One run's results file: the program's keys at the top level, our own data under `_irl`."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import DocumentError
from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import OPEN_STATUSES, RunState, Status
from irl_logging.line import parse_time, render_time
from irl_logging.notices import notice
from irl_logging.redaction import Redactor, counting
from irl_logging.storage.documents import encode_document, read_document
from irl_logging.storage.files import publish
from irl_logging.storage.layout import Layout
from irl_logging.storage.log import RunLog
from irl_logging.storage.results import ResultsFile

MOST_STEPS: Final = 1_000
"""Steps that a results file names; of more it says how many there were."""

OURS: Final = "_irl"
"""The key below which our own data stands."""


class Tracking:
    """What this process observes of a run by itself: steps, warnings and errors, redactions.

    Args:
        started: When the run started, ISO 8601.
        lines: What writes its lines.
    """

    def __init__(self, started: str, lines: RunLog) -> None:
        self.audit: Mapping[str, str] | None = None
        self._lines = lines
        # On the monotonic clock, as the other one may be set while the run goes on.
        self._since = time.monotonic() - max(0.0, time.time() - parse_time(started).timestamp())
        self._steps: list[dict[str, Any]] = []
        self._unnamed = 0

    @property
    def seconds(self) -> float:
        """How long the run has gone on."""
        return time.monotonic() - self._since

    def step(self, name: str) -> dict[str, Any]:
        """Note that a step has started, and return its entry, to which its end is added."""
        step: dict[str, Any] = {"name": name, "started": render_time(time.time(), "microseconds")}
        if len(self._steps) < MOST_STEPS:
            self._steps.append(step)
        else:
            self._unnamed += 1
        return step

    def take_up(self, steps: Iterable[Mapping[str, Any]], more: int, audit: Mapping[str, str] | None) -> None:
        """Go on from what other processes have seen: steps, as the results file lists them, so many `more`, decisions."""
        self._steps = [dict(step) for step in steps]
        self._unnamed = more
        self.audit = audit

    def steps(self) -> tuple[tuple[dict[str, Any], ...], int]:
        """Return the steps, as the results file lists them, and how many more there were."""
        return tuple(self._steps), self._unnamed

    def redacted(self) -> dict[str, int]:
        """Return how often each rule has redacted something in the run's lines, results and decisions."""
        return dict(sorted(self._lines.redacted.items()))

    def counting(self) -> AbstractContextManager[None]:
        """Return a context manager: what is redacted inside counts as the run's."""
        return counting(self._lines.redacted)

    def warnings(self) -> int:
        """Return how many lines of the run are warnings."""
        return self._lines.counts["WARN"]

    def errors(self) -> int:
        """Return how many lines of the run are errors."""
        return self._lines.counts["ERROR"] + self._lines.counts["CRITICAL"]

    def totals(self) -> dict[str, int]:
        """Return what the end line says: redactions, warnings and errors, if any."""
        counts = {"redacted": sum(self.redacted().values()), "warnings": self.warnings(), "errors": self.errors()}
        return {name: count for name, count in counts.items() if count}

    def as_mapping(self) -> dict[str, Any]:
        """Return all of it in the form of the results file."""
        known: dict[str, Any] = {"steps": [dict(step) for step in self._steps]}
        if self._unnamed:
            known["more_steps"] = self._unnamed
        known |= {"warnings": self.warnings(), "errors": self.errors()}
        return known | ({"audit": dict(self.audit)} if self.audit else {})


class Results:
    """This process's results of a run.

    Args:
        layout: The execution directory's paths.
        state: The run as it started.
        tracking: What this process observes of it.
        redactor: Redacts every value.
        taken_up: True where the run is this process's now: the file that another one has begun is gone on with.
    """

    def __init__(
        self,
        layout: Layout,
        state: RunState,
        tracking: Tracking,
        redactor: Redactor,
        *,
        taken_up: bool = False,
    ) -> None:
        self._layout = layout
        self._state = state
        self._tracking = tracking
        self._redact = partial(redactor.redact_fields, document=True)
        self._file = ResultsFile(layout.results, f"{state.workflow}-{state.started[:10]}")
        self._counters: dict[str, Any] = {}
        self._owner = os.getpid()
        if taken_up and state.results is not None:
            self._take_up(layout.root / state.results)
        self._lock = ThreadLock()

    def add(
        self, counters: Mapping[str, Any], data: Mapping[str, Any], *, owned: bool = True
    ) -> tuple[Mapping[str, Any], str]:
        """Add to the results file, and return all counters and the file's path below the execution directory.

        Args:
            counters: Keys that the Results cell may show, too.
            data: Keys that only the file has.
            owned: False in a process that only takes part in the run: how that ends it will not see, so its file says none.

        Raises:
            OSError: when it cannot be written; the old content stands.
            DocumentError: when a value is NaN or infinite, or a key is not text or is ours.
        """
        if OURS in {**counters, **data}:
            raise DocumentError(f"the key {OURS!r} of a results file is taken: choose another")
        with self._lock:
            if self._owner != os.getpid():  # a forked child has counters and a file of its own
                self._counters, self._owner = {}, os.getpid()
            with self._tracking.counting():
                counted, more = {**self._counters, **self._redact(counters)}, self._redact(data)
            path = self._save({**self._file.content(), **counted, **more}, Status.RUNNING if owned else None)
            self._counters = counted
            return counted, path

    def _take_up(self, path: Path) -> None:
        try:
            content = read_document(path)
        except (OSError, ValueError) as error:
            notice(f"results {self._state.id}", f"{path} is left as it is, and another file begun: {error}")
            return
        if content is not None:
            told = {name: value for name, value in content.items() if name not in ("timestamp", OURS)}
            self._file.take_up(path, told)

    @property
    def counters(self) -> Mapping[str, Any]:
        """What this process has counted."""
        return self._counters if self._owner == os.getpid() else {}

    def finish(self, status: str, exit_code: int | None = None) -> str | None:
        """Bring the status in the file up to date, and return its path; None when there is no file.

        That it cannot be done does not keep the run from ending: it is reported on stderr.
        """
        path = self._file.path
        if path is None:
            return None
        try:
            return self._save(self._file.content(), status, exit_code)
        except (OSError, ValueError) as error:
            notice(f"results {self._state.id}", f"the status in {path} is not up to date: {error}")
            return self._layout.relative(path)

    def _save(self, content: Mapping[str, Any], status: str | None, exit_code: int | None = None) -> str:
        state, now = self._state, time.time()
        ours: dict[str, Any] = {"run": state.id, "workflow": state.workflow, "agent": state.agent}
        ours |= {"status": status} if status is not None else {}
        ours |= {"started": state.started, "log": state.log}
        if status is not None and status not in OPEN_STATUSES:
            ours["ended"] = render_time(now, "microseconds")
            ours["duration_seconds"] = round(self._tracking.seconds, 3)
            ours["exit_code"] = exit_code
        ours = self._redact(ours | self._tracking.as_mapping())
        ours["redactions"] = self._tracking.redacted()  # numbers, under names of rules such as `password`
        document = {"timestamp": render_time(now), **content, OURS: ours}
        return self._layout.relative(self._file.save(content, document))


def mark_ended(layout: Layout, state: RunState, status: str) -> None:
    """Bring the results file of a run up to date that another process has left as running, as it was killed.

    That it cannot be done is said on stderr.

    Args:
        layout: The execution directory's paths.
        state: The run.
        status: As what it has ended, redacted.
    """
    if state.results is None:
        return
    path = layout.root / state.results
    try:
        content = read_document(path) or {}
        ours = content.get(OURS)
        if isinstance(ours, dict) and ours.get("run") == state.id:
            ours |= {"status": status, "ended": render_time(time.time(), "microseconds")}
            publish(path, encode_document(content), durable=False)
    except (OSError, ValueError) as error:
        notice(f"results {state.id}", f"the status in {path} is not up to date: {error}")
