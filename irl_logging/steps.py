"""A step: a named part of a run, for the duration of a block."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Protocol, Self

from irl_logging import context
from irl_logging.context import Block
from irl_logging.lifecycle import Event
from irl_logging.notices import notice
from irl_logging.results import Tracking


class Stepped(Protocol):
    """What a step needs of the run that it is part of.

    Attributes:
        id: Unique in the execution directory.
        tracking: What is known of it in this process.
    """

    id: str
    tracking: Tracking

    @property
    def ended(self) -> bool:
        """True once this process ended it."""

    def record(self, kind: Event, **details: Any) -> None:
        """Record an event of it, or raise an OSError."""


class Step(Block["Step"]):
    """A named part of a run, for the duration of a block; without a run it only names the step of the lines inside.

    Args:
        name: The step's name.
        run: The run it is part of; None means the run that is current when the block is entered.
    """

    def __init__(self, name: str, run: Stepped | None = None) -> None:
        self.name = str(name)
        self._run = run
        self._entered: list[tuple[Any, Stepped | None, float, dict[str, Any]]] = []

    def __enter__(self) -> Self:
        run: Stepped | None = self._run or context.current()
        tracked = {} if run is None else run.tracking.step(self.name)
        self._entered.append((context.enter(run=self._run, step=self.name), run, time.monotonic(), tracked))
        self._say(run, Event.STEP_STARTED)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        token, run, since, tracked = self._entered.pop()
        context.leave(token)
        tracked["seconds"] = seconds = round(time.monotonic() - since, 6)
        name = type(error).__name__ if error is not None else None
        if name is not None:
            tracked["error"] = name
        self._say(run, Event.STEP_ENDED, duration=seconds, error=name)

    def _say(self, run: Stepped | None, kind: Event, **details: Any) -> None:
        """Record the step's event; the work of the block matters more, so this never raises."""
        if run is None or run.ended:
            return
        try:
            run.record(kind, step=self.name, **details)
        except OSError as failure:
            notice(f"step {run.id}", f"the steps of run {run.id} are not recorded: {failure}")
