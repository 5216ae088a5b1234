"""From a record to its run: which run a record belongs to, and which records start and end runs.

The common part of the handler and the structlog chain. A record's own `run` and `workflow` come first, then the context,
then the handler's own workflow, then routes by logger name, then the file of lines that belong to no run. Never an
exception.
"""

from __future__ import annotations

import fnmatch
import functools
from collections.abc import Mapping
from typing import Any, Final

from irl_logging import context
from irl_logging.configured import default
from irl_logging.errors import ConfigurationError
from irl_logging.lifecycle import Status
from irl_logging.naming import clean_slug
from irl_logging.notices import end_not_recorded
from irl_logging.runs import Run
from irl_logging.settings import check_arguments
from irl_logging.storage.log import RunLog

NO_WORKFLOW: Final = "unrouted"
"""What stands in the third bracket of a line that belongs to no run."""

END_STEPS: Final = {"complete": Status.COMPLETE, "fail": Status.FAILED, "error": Status.ERROR}
"""Steps by which a record that names its workflow ends the run."""

START_STEP: Final = "start"
LIFE_STEPS: Final = frozenset((START_STEP, *END_STEPS))
"""Steps that may say something of a run's life."""


class Router:
    """Writes records to the logs of their runs.

    Args:
        settings: Settings by name; with none of them the execution directory that `configure` opened, if it did.
        workflow: The workflow of records that say nothing else; its run starts with the first of them. None for none.
        step: The step of records that name none.
        routes: Workflow by pattern of logger names, e.g. `{"incident.*": "incident-approval"}`; the first that fits wins.

    Raises:
        ConfigurationError: when the step is not text, or the routes are no mapping of texts.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        *,
        workflow: str | None = None,
        step: str | None = None,
        routes: Mapping[str, str] | None = None,
    ) -> None:
        if routes is not None and not (
            isinstance(routes, Mapping) and all(isinstance(text, str) for pair in routes.items() for text in pair)
        ):
            raise ConfigurationError(
                f"routes is {routes!r}, expected a mapping of logger name patterns to workflows, "
                "such as {'incident.*': 'incident-approval'}"
            )
        if step is not None and not isinstance(step, str):
            raise ConfigurationError(f"step is {step!r}, expected a name, or None")
        check_arguments(settings, ("workflow", "step", "routes", "level"))
        self.execution = default(settings)
        self.settings = self.execution.settings
        self.workflow = workflow
        self.step = step
        self.own: RunLog | None = None
        """Where records go that say nothing of a run, once that is settled; None until then."""
        self._own_run: Run | None = None
        self._routes = dict(routes or {})
        self._route = functools.lru_cache(maxsize=1024)(self._routed_workflow)

    def outside_runs(self, logger: str) -> str | None:
        """Return the workflow, a slug, of the records of `logger` that no run is current for; None when that is none."""
        workflow = self.workflow or self._route(logger)
        return clean_slug(workflow, self.execution.redactor.redact) if workflow else None

    def adopt(self, run: Run) -> None:
        """Make `run` the run of records that name none."""
        self._own_run = run
        self.own = run.lines

    def of_process(self) -> RunLog | None:
        """Return the log of the process's own run if that is where records go that say nothing of a run.

        None if finding their log takes the full rules of `write`.
        """
        run = context.process_run() if self.workflow is None else None
        return None if run is None else run.lines

    def write(
        self,
        now: float,
        level: str,
        message: str,
        *,
        workflow: str | None = None,
        step: str | None = None,
        run: Any = None,
        fields: Mapping[str, Any] | None = None,
        logger: str = "",
        attributes: Mapping[str, Any] | None = None,
        detail: str = "",
    ) -> None:
        """Write one record where it belongs.

        Args:
            now: When it happened, in seconds since 1970.
            level: The level's word.
            message: The text.
            workflow: What the record itself names as its workflow.
            step: What the record itself names as its step.
            run: The `Run`, or its id, that the record itself names.
            fields: The record's other fields.
            logger: The logger's name, for the routes.
            attributes: What only the JSON twin shows.
            detail: Text that follows on lines of its own: a traceback, a stack.
        """
        workflow = None if workflow is None else str(workflow)
        step = None if step is None else str(step)
        scope = context.scope.get()
        if scope.fields:
            fields = {**scope.fields, **(fields or {})}
        if workflow is not None and run is None and (step == START_STEP or step in END_STEPS):
            self._drive(now, level, message, workflow, step, fields, attributes, detail)
            return
        lines, target = self._target(workflow, run, logger, now)
        if step == "complete" and target is not None:
            target.summarise(message)
        if target is None and logger:
            fields = {"logger": logger, **(fields or {})}  # by which a route can send such records somewhere
        chosen = step or scope.step or self.step
        lines.write(now, level, chosen, message, fields or None, attributes, detail)

    def _drive(
        self,
        now: float,
        level: str,
        message: str,
        workflow: str,
        step: str,
        fields: Mapping[str, Any] | None,
        attributes: Mapping[str, Any] | None,
        detail: str,
    ) -> None:
        """A record that names its workflow and a step of the life cycle starts or ends the run."""
        starts = step == START_STEP
        late = self.execution.implicit.latest(workflow)
        if not starts and late is not None and late.ended:
            late.lines.write(now, level, step, message, fields, attributes, detail)
            return
        run, started = self.execution.implicit.run_for(workflow, message if starts else None, now)
        if self.workflow == workflow:
            self.adopt(run)
        if starts:
            if not started:  # else the record is the run's start line
                run.lines.write(now, level, step, message, fields, attributes, detail)
            return
        shown = {**(fields or {}), "agent": run.agent, "run": run.id}
        run.lines.write(now, level, step, message, shown, attributes, detail)
        try:
            run.end(END_STEPS[step], message, line=False)
        except Exception as error:
            end_not_recorded(run.id, error)

    def _target(self, workflow: str | None, run: Any, logger: str, now: float) -> tuple[RunLog, Run | None]:
        if isinstance(run, Run):
            return run.lines, run
        named = self.execution.by_id(run) if isinstance(run, str) else None
        if named is not None:
            return named.lines, named
        if workflow is not None:
            return self._of(workflow, now)
        inner = context.scope.get().run
        if inner is not None:
            return inner.lines, inner
        if self.workflow is not None:
            return self._own(now)
        process = context.process_run()
        if process is not None:
            return process.lines, process
        routed = self._route(logger)
        if routed is not None:
            return self._of(routed, now)
        return self.execution.logs.unrouted(NO_WORKFLOW, now), None

    def _of(self, workflow: str, now: float) -> tuple[RunLog, Run]:
        late = self.execution.implicit.latest(workflow)
        if late is not None and late.ended and context.current() is not late:
            # What comes after the end belongs to what has ended; another run begins with a start.
            return late.lines, late
        run, _ = self.execution.implicit.run_for(workflow, when=now)
        return run.lines, run

    def _own(self, now: float) -> tuple[RunLog, Run]:
        """The run of this router's own workflow; after its end, its log still takes what comes late."""
        run = self._own_run
        if run is None or not run.started:
            run, _ = self.execution.implicit.run_for(str(self.workflow), when=now)
            if run.started:
                self.adopt(run)
        return run.lines, run

    def _routed_workflow(self, logger: str) -> str | None:
        for pattern, workflow in self._routes.items():
            if fnmatch.fnmatchcase(logger, pattern) or pattern == f"{logger}.*":
                return workflow
        return None
