"""Runs that no call starts: a record that names a workflow opens one.

One run of each workflow at a time. A run that cannot be started has a stand-in, whose lines go to the file of lines
without a run; the start is tried again a moment later. So logging never raises and never loses a record.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from irl_logging import context
from irl_logging.forks import ThreadLock
from irl_logging.naming import clean_slug
from irl_logging.runs import Run
from irl_logging.storage.sink import RETRY_SECONDS

KEPT_RUNS: Final = 500
"""When there are twice as many, ended runs but for so many are forgotten: records that come later start another."""


class ImplicitRuns:
    """The runs of one execution directory that records have opened.

    Args:
        start: Starts the run of a workflow, given its name, the start line's text (None: the usual one) and its time.
        unstarted: Makes the stand-in of a workflow's run that could not be started, and tells people why.
        recovered: Called when a run starts that could not be started before.
        redact: Redacts names.
    """

    def __init__(
        self,
        start: Callable[[str, str | None, float | None], Run],
        unstarted: Callable[[str, Exception], Run],
        recovered: Callable[[], None],
        redact: Callable[[str], str],
    ) -> None:
        self._start = start
        self._make_stand_in = unstarted
        self._recovered = recovered
        self._redact = redact
        self._runs: dict[str, Run] = {}
        self._unstarted: dict[str, tuple[float, Run]] = {}
        self._lock = ThreadLock()

    def run_for(self, workflow: str, message: str | None = None, when: float | None = None) -> tuple[Run, bool]:
        """Return the run that records naming `workflow` belong to, and whether it was started just now. Never raises.

        It is the current one when it is of this workflow, else one that this method started; a run that cannot be started
        has a stand-in, and is tried again a second later.

        Args:
            workflow: The workflow's name.
            message: The start line's text when a run is started.
            when: The time of the record that asks: no log starts later than with it. None means now.
        """
        name = clean_slug(workflow, self._redact)
        current = context.current()
        if isinstance(current, Run) and current.workflow == name and not current.ended:
            return current, False
        with self._lock:
            run = self._runs.get(name)
            if run is not None and not run.ended:
                return run, False
            retry_at, stand_in = self._unstarted.get(name, (0.0, None))
            if stand_in is not None and time.monotonic() < retry_at:
                return stand_in, False
            try:
                run = self._start(workflow, message, when)
            except Exception as error:
                stand_in = self._make_stand_in(workflow, error) if stand_in is None else stand_in
                self._unstarted[name] = (time.monotonic() + RETRY_SECONDS, stand_in)
                while len(self._unstarted) > KEPT_RUNS:
                    del self._unstarted[next(iter(self._unstarted))]
                return stand_in, False
            self._keep(name, run)
            if self._unstarted.pop(name, None):
                self._recovered()
            return run, True

    def latest(self, workflow: str) -> Run | None:
        """Return the run that `run_for` started last for `workflow`, ended or not."""
        return self._runs.get(clean_slug(workflow, self._redact))

    def _keep(self, name: str, run: Run) -> None:
        self._runs.pop(name, None)  # the newest stands last
        self._runs[name] = run
        if len(self._runs) > 2 * KEPT_RUNS:
            ended = [name for name, run in self._runs.items() if run.ended]
            for old in ended[:-KEPT_RUNS]:
                del self._runs[old]
