"""Which file a line goes to and how it is written there, for the runs of one execution directory and for lines without one.

What a line is, and its way into the file, is the business of `storage.log`.
"""

from __future__ import annotations

from pathlib import Path

from irl_logging.lifecycle import RunState
from irl_logging.line import render_time
from irl_logging.redaction import Redactor
from irl_logging.settings import Settings
from irl_logging.storage.budget import Budget
from irl_logging.storage.detached import Detached
from irl_logging.storage.layout import Layout
from irl_logging.storage.log import RunLog
from irl_logging.storage.rotation import Rotation
from irl_logging.storage.sink import LogFiles
from irl_logging.storage.twin import Twin

_MOST_UNROUTED = 64


class Logs:
    """Makes what writes the lines of one execution directory.

    Args:
        layout: The execution directory's paths.
        settings: How fine times are, where a line is cut, how much a run may write, when files are rotated, and whether
            there is a JSON twin.
        redactor: Redacts every text.

    Attributes:
        files: The open files.
    """

    def __init__(self, layout: Layout, settings: Settings, redactor: Redactor) -> None:
        rotation = None
        if settings.rotate_bytes or settings.rotate_seconds:
            rotation = Rotation(layout.rotating, most=settings.rotate_bytes, seconds=settings.rotate_seconds)
        self.files = LogFiles(rotation=rotation)
        self._layout = layout
        self._settings = settings
        self._redactor = redactor
        self._unrouted: dict[tuple[str, str], RunLog] = {}

    def of(self, state: RunState | Detached) -> RunLog:
        """Return the writer for the lines of the run `state`."""
        path = self._layout.logs / Path(state.log).name  # all are there, whatever somebody has written into active/
        budget = Budget(self._settings.max_run_bytes) if self._settings.max_run_bytes else None
        twin = None
        if self._settings.json:
            attributes = {"workflow": state.workflow, "run": state.id, "agent": state.agent}
            if state.title != state.workflow:
                attributes["title"] = state.title
            twin = Twin(self.files, path, attributes, self._redactor, budget)
        return RunLog(
            self.files,
            path,
            state.workflow,
            self._redactor,
            timespec=self._settings.timespec,
            max_line_bytes=self._settings.max_line_bytes,
            twin=twin,
            budget=budget,
        )

    def unrouted(self, workflow: str, now: float) -> RunLog:
        """Return the writer for lines that belong to no run.

        Args:
            workflow: What stands in their third bracket, a slug.
            now: Seconds since 1970; each day has a file.
        """
        date = render_time(now)[:10]
        lines = self._unrouted.get((workflow, date))
        if lines is None:
            if len(self._unrouted) > _MOST_UNROUTED:
                self._unrouted.clear()
            lines = self._unrouted[workflow, date] = RunLog(
                self.files,
                self._layout.unrouted(date),
                workflow,
                self._redactor,
                timespec=self._settings.timespec,
                max_line_bytes=self._settings.max_line_bytes,
            )
        return lines
