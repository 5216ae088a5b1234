"""The life of a run as events, and what a list of events amounts to.

Pure: no files, no clock. The journal keeps the events, the manifest shows what `fold` makes of them. What an event
means is decided here and nowhere else, so that README, `workflows.json` and `irl status` can never disagree.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from irl_logging.errors import ConfigurationError

SCHEMA_VERSION: Final = 1
"""Value of `v` in every event; a reader skips events of a version it does not know."""


class Status(enum.StrEnum):
    """What the manifest says of a run; the words are the specification's.

    `FAILED` is work that ended with a negative outcome (an exit code, `run.fail()`); `ERROR` is broken machinery (an
    unhandled exception, a timeout). Any other status is `⚠️` and free text, see `end_status`.
    """

    RUNNING = "Running"
    COMPLETE = "✓ Complete"
    FAILED = "✗ Failed"
    ERROR = "⚠️ Error"
    CRASHED = "⚠️ Crashed"
    CANCELLED = "⚠️ Cancelled"
    STALE = "⚠️ Stale"
    OVERSTATED = "⚠️ Overstated"


LONG_RUN_SECONDS: Final = 60.0
"""How long a run must have gone on for its steps to be told to people as they come."""

STEP_SECONDS: Final = 10.0
"""Steps that follow each other faster are not told: a loop over a thousand items is not a thousand news."""

_PHASES_KEPT: Final = 16

OPEN_STATUSES: Final = frozenset({Status.RUNNING, Status.STALE})
"""Statuses of a run that has not ended: a stale run may come back."""

_ENDS: Final = {status.name.lower(): status.value for status in Status if status not in OPEN_STATUSES}


def end_status(text: str) -> str:
    """Return the status that `text` names, which a run may end with, in the manifest's spelling.

    Args:
        text: A status as the manifest writes it (`"✓ Complete"`), its plain word in any case (`"complete"`), or `⚠️`
            followed by any text.

    Raises:
        ConfigurationError: when it is none of these, or a run that has it goes on.
    """
    text = str(text)
    plain = re.sub(r"[^a-z]", "", text.lower())
    if plain in _ENDS:
        return _ENDS[plain]
    is_open = plain in {status.name.lower() for status in OPEN_STATUSES}
    if not is_open and text.startswith("⚠️") and text.removeprefix("⚠️").strip():
        return text
    what = "is no end" if is_open else "is not known"
    raise ConfigurationError(f"status {text!r} {what}: expected one of {', '.join(sorted(_ENDS))}, or '⚠️' and a text")


class Event(enum.StrEnum):
    """The kinds of lifecycle event, as they stand in the journal's `event` field."""

    STARTED = "run.started"
    STEP_STARTED = "step.started"
    STEP_ENDED = "step.ended"
    DECISION = "run.decision"
    RESULT = "run.result"
    STALE = "run.stale"
    REVIVED = "run.revived"
    DETACHED = "run.detached"
    ENDED = "run.ended"
    SHOWN = "manifest.shown"


@dataclass(frozen=True, slots=True)
class RunState:
    """What is known of one run after all its events.

    Attributes:
        id: The run's identifier, unique in its execution directory.
        workflow: The workflow's slug.
        title: The workflow's name as given, before it was slugged.
        agent: Who runs it, as the Agent/User cell shows it.
        log: The log file's path below the execution directory, e.g. `logs/deploy-2026-02-08-001.log`.
        started: ISO 8601 UTC time with microseconds.
        status: One of `Status`, or `⚠️` and free text.
        ended: ISO 8601 UTC time with microseconds; None while the run is open.
        summary: What the Results cell says, when something was said explicitly.
        results: The results file's path below the execution directory; None when there is none.
        counters: Numbers given to `run.result`, in order, e.g. `{"approved": 8}`.
        expected: What a completion needs, as processes have said that do not end the run themselves.
        note: Why the run ended as it did, one line.
        steps: Names of the steps that are open, outermost first.
        last_step: The last step that started; None when none did.
        stepped: Time of its start.
        phases: Steps of a long run that were, one after the other, what people are told of where it is; see `phase`.
        last_time: Time of the run's last event.
        host, boot, pid, start: The owner: host name, boot id, process id, start time in clock ticks (0: not known). Of a
            detached run the process that it was tied to; 0 if it was tied to none.
        parent: Id of the run in which this one was started; None when there is none.
        fields: What the caller bound at the start, e.g. `{"integration": "finance_integration"}`.
        detached: True when no process holds the run: commands take it up one after the other, and one of them ends it.
        shown: True once a published manifest has shown the run's end, or the run has waited in vain for one that is gone.
    """

    id: str
    workflow: str
    title: str
    agent: str
    log: str
    started: str
    status: str = Status.RUNNING
    ended: str | None = None
    summary: str | None = None
    results: str | None = None
    counters: Mapping[str, Any] = field(default_factory=dict)
    expected: tuple[Mapping[str, Any], ...] = ()
    note: str | None = None
    steps: tuple[str, ...] = ()
    last_step: str | None = None
    stepped: str = ""
    phases: tuple[str, ...] = ()
    last_time: str = ""
    host: str = ""
    boot: str = ""
    pid: int = 0
    start: int = 0
    parent: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    detached: bool = False
    shown: bool = False

    @property
    def open(self) -> bool:
        """True until a terminal status is reached."""
        return self.status in OPEN_STATUSES

    @property
    def phase(self) -> str | None:
        """The step that people are told a long run is in; None when it is a short one, or its steps come too fast.

        Decided when the step starts, by the times of the events, so that it never needs to be looked at again: a step is
        told when the run is a minute old and the step before it began ten seconds ago or earlier.
        """
        return self.phases[-1] if self.phases and self.phases[-1] in self.steps else None

    @property
    def results_text(self) -> str:
        """The Results cell: explicit summary, else the results file's path, else the counters, else `-`."""
        if self.summary:
            return self.summary
        if self.results:
            return self.results
        counters = ", ".join(f"{value} {name}" for name, value in self.counters.items())
        return counters or "-"


def fold(events: Iterable[Mapping[str, Any]], runs: Mapping[str, RunState] | None = None) -> dict[str, RunState]:
    """Return the runs that `events` describe, on top of `runs`.

    An event of an unknown run, kind or version is skipped. A terminal status is final: the first end of a run is its
    end. That no event comes twice is the reader's business (see `storage.journal`).

    Args:
        events: Event dicts in the order of the journal.
        runs: States to start from, which are not changed; None starts from nothing.
    """
    states = dict(runs or {})
    for event in events:
        apply(states, event)
    return states


def apply(states: dict[str, RunState], event: Mapping[str, Any]) -> None:
    """Fold one event into `states`, in place."""
    if event.get("v") != SCHEMA_VERSION:
        return
    kind = event.get("event")
    if kind == Event.SHOWN:
        for run in event.get("runs", ()):
            if run in states:
                states[run] = replace(states[run], shown=True)
        return
    run_id = event.get("run")
    if not isinstance(run_id, str):
        return
    if kind == Event.STARTED:
        if run_id not in states:
            states[run_id] = _started(run_id, event)
        return
    state = states.get(run_id)
    if state is not None and state.open:
        states[run_id] = _advanced(state, str(kind), event)


def _started(run_id: str, event: Mapping[str, Any]) -> RunState:
    time = str(event.get("time", ""))
    workflow = str(event.get("workflow", ""))
    return RunState(
        id=run_id,
        workflow=workflow,
        title=str(event.get("title", workflow)),
        agent=str(event.get("agent", "")),
        log=str(event.get("log", "")),
        started=time,
        last_time=time,
        host=str(event.get("host", "")),
        boot=str(event.get("boot", "")),
        pid=int(event.get("pid", 0)),
        start=int(event.get("start", 0)),
        parent=event.get("parent"),
        fields=event.get("fields") or {},
    )


def _advanced(state: RunState, kind: str, event: Mapping[str, Any]) -> RunState:
    time = str(event.get("time", state.last_time))
    step = event.get("step")
    if state.status == Status.STALE and kind != Event.STALE:
        state = replace(state, status=Status.RUNNING)  # whatever it does, it lives
    if kind == Event.STEP_STARTED and isinstance(step, str):
        return _stepped(state, step, time)
    if kind == Event.STEP_ENDED and isinstance(step, str):
        return replace(state, steps=_without_last(state.steps, step), last_time=time)
    if kind == Event.RESULT:
        return replace(
            state,
            counters={**state.counters, **(event.get("counters") or {})},
            results=event.get("results") or state.results,
            summary=event.get("summary") or state.summary,
            expected=(*state.expected, *(event.get("expected") or ())),
            last_time=time,
        )
    if kind == Event.DETACHED:
        pid, start = (int(event.get(name) or 0) for name in ("tied_pid", "tied_start"))
        return replace(state, detached=True, pid=pid, start=start, last_time=time)
    if kind == Event.STALE:
        return replace(state, status=Status.STALE)
    if kind == Event.ENDED:
        return replace(
            state,
            status=str(event.get("status", Status.ERROR)),
            ended=time,
            summary=event.get("summary") or state.summary,
            results=event.get("results") or state.results,
            note=event.get("note"),
            steps=(),
            last_time=time,
        )
    return replace(state, last_time=time)


def _stepped(state: RunState, step: str, time: str) -> RunState:
    told = _seconds(state.started, time) >= LONG_RUN_SECONDS and _seconds(state.stepped, time) >= STEP_SECONDS
    # An empty name is no step's: nothing is told until the next one.
    phases = (*state.phases, step if told else "")[-_PHASES_KEPT:] if told or state.phase else state.phases
    return replace(state, steps=(*state.steps, step), last_step=step, stepped=time, phases=phases, last_time=time)


def _seconds(earlier: str, later: str) -> float:
    """Return the seconds between two times; many when one is unknown."""
    try:
        return (dt.datetime.fromisoformat(later) - dt.datetime.fromisoformat(earlier)).total_seconds()
    except (ValueError, TypeError):
        return math.inf if not earlier else 0.0


def _without_last(steps: tuple[str, ...], step: str) -> tuple[str, ...]:
    for at in range(len(steps) - 1, -1, -1):
        if steps[at] == step:
            return steps[:at] + steps[at + 1 :]
    return steps
