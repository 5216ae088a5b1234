"""What a run needs before it starts: its directory, its names, its id, its log file.

How it is started, and what happens to it, is the business of `execution` and `runs`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from irl_logging import context
from irl_logging.context import RUN_VARIABLE
from irl_logging.directives import Directive, pattern_for
from irl_logging.identity import agent_name
from irl_logging.lifecycle import Event, RunState
from irl_logging.line import render_time
from irl_logging.manifest.template import template
from irl_logging.naming import DEFAULT_LOG_PATTERN, LogPattern, clean_slug
from irl_logging.notices import notice
from irl_logging.redaction import Redactor
from irl_logging.runs import Run
from irl_logging.settings import Settings
from irl_logging.storage.files import create_file
from irl_logging.storage.layout import DIRECTORY_MODE, Layout


class Plan:
    """Plans the runs of one execution directory; every text in a plan is redacted.

    Args:
        layout: Where the logs stand.
        settings: How logs are named, and the agent of runs that name none.
        redactor: Redacts every text.
    """

    def __init__(self, layout: Layout, settings: Settings, redactor: Redactor) -> None:
        self._layout = layout
        self._agent = settings.agent
        self._pattern = LogPattern(settings.log_pattern)
        self._redactor = redactor

    def prepare(self) -> None:
        """Create what is missing in the directory; the README only with the very first run, as people may remove it.

        Raises:
            OSError: when it cannot be made.
        """
        layout = self._layout
        if not layout.used and not layout.readme.exists():
            layout.root.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
            create_file(layout.readme, template())
        layout.create()
        owner = layout.foreign_owner()
        if owner:
            root = layout.root
            text = (
                f"root runs in {root}, which is {owner}'s: what root makes there {owner} cannot write; run as {owner}"
            )
            notice(f"owner {root}", text, every=None)

    def undo(self, state: RunState) -> None:
        """Remove the log file of a run that did not start, if it is still empty."""
        path = self._layout.root / state.log
        with suppress(OSError):
            if path.stat().st_size == 0:
                path.unlink()

    def run(
        self,
        workflow: str,
        agent: str | None,
        log_name: str | None,
        fields: Mapping[str, Any],
        directive: Directive | None,
    ) -> tuple[RunState, bool]:
        """Return the state of a new run, with its log file created, and whether that log is for this run alone.

        Args:
            workflow: The workflow's name.
            agent: Who runs it; None detects it.
            log_name: What `{log_name}` stands for; None is the workflow.
            fields: Values that belong to the run.
            directive: The workflow's, which may say how its logs are named; None for none.

        Raises:
            ConfigurationError: when the log file's pattern needs a field that was not given.
            OSError: when the log file cannot be made.
        """
        clean = self._redactor.redact
        title, name = clean(str(workflow)), clean_slug(str(workflow), clean)
        fields = self._redactor.redact_fields(fields)
        now = time.time()
        seconds = render_time(now)
        values = {
            **{field: clean_slug(str(value), clean) for field, value in fields.items() if value is not None},
            "workflow": name,
            "log_name": clean_slug(log_name, clean) if log_name else name,
            "date": seconds[:10],
            "timestamp": seconds.replace(":", "-"),
        }
        pattern = self._pattern
        if log_name is None and pattern.pattern == DEFAULT_LOG_PATTERN:  # what somebody has set goes first
            pattern = pattern_for(directive, values, pattern)
        log = self._layout.take_log(pattern, values)
        state = RunState(
            id=f"{seconds.replace('-', '').replace(':', '')}-{os.urandom(4).hex()}",
            workflow=name,
            title=title,
            agent=clean(agent_name(agent or self._agent)),
            log=self._layout.relative(log),
            started=render_time(now, "microseconds"),
            fields=fields,
        )
        return state, not pattern.shared


def started(state: RunState) -> dict[str, Any]:
    """Return the event that starts a run."""
    around = context.current()
    return {
        "event": str(Event.STARTED),
        "run": state.id,
        "workflow": state.workflow,
        "title": state.title,
        "agent": state.agent,
        "log": state.log,
        "fields": dict(state.fields),
        "parent": around.id if isinstance(around, Run) and around.started else os.environ.get(RUN_VARIABLE) or None,
    }
