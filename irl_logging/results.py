"""What one run has to show: its results file, flat keys for programs and people, our own data under `_irl`."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import OPEN_STATUSES, RunState, Status
from irl_logging.line import render_time
from irl_logging.notices import notice
from irl_logging.storage.layout import Layout
from irl_logging.storage.results import ResultsFile


class Results:
    """The results of a run, as far as this process brings them.

    Args:
        layout: Where things stand.
        state: The run as it started.
        redact: What every value goes through.
    """

    def __init__(self, layout: Layout, state: RunState, redact: Callable[[Mapping[str, Any]], dict[str, Any]]) -> None:
        self._layout = layout
        self._state = state
        self._redact = redact
        self._since = time.monotonic()
        self._file = ResultsFile(layout.results, f"{state.workflow}-{state.started[:10]}")
        self._lock = ThreadLock()

    def add(self, counters: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """Add `counters` to the results file, and return all counters and the file's path below the execution directory.

        Raises:
            OSError: when it cannot be written; the old content stands.
            ValueError: when a value is NaN or infinite, or a key is no text.
        """
        with self._lock:
            merged = {**self._file.counters(), **self._redact(counters)}
            return merged, self._save(merged, Status.RUNNING)

    def finish(self, status: str) -> str | None:
        """Bring the status in the file up to date, and return its path; None when there is no file.

        That it cannot be done does not keep the run from ending: it is said on stderr.
        """
        path = self._file.path
        if path is None:
            return None
        try:
            return self._save(self._file.counters(), status)
        except (OSError, ValueError) as error:
            notice(f"results {self._state.id}", f"the status in {path} is not up to date: {error}")
            return self._layout.relative(path)

    def _save(self, counters: Mapping[str, Any], status: str) -> str:
        state, now = self._state, time.time()
        ours: dict[str, Any] = {"run": state.id, "workflow": state.workflow, "agent": state.agent, "status": status}
        ours |= {"started": state.started, "log": state.log}
        if status not in OPEN_STATUSES:
            ours["ended"] = render_time(now, "microseconds")
            ours["duration_seconds"] = round(time.monotonic() - self._since, 3)
        content = {"timestamp": render_time(now), **counters, "_irl": self._redact(ours)}
        return self._layout.relative(self._file.save(counters, content))
