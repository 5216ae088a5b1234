"""Detached runs: a run that no process holds, as when each of its steps is a command of its own.

`detach` lets a process leave a run open; `attached` takes it up again, to add to it or to end it, one process at a time.
Which of the open runs a command means is found in `resolving`; when such a run counts as dead, in `reaping`.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from irl_logging import context
from irl_logging.directives import directive_of
from irl_logging.errors import BusyError, ConfigurationError, UnknownRunError
from irl_logging.execution import Execution
from irl_logging.lifecycle import Event, RunState
from irl_logging.line import parse_time
from irl_logging.runs import Run
from irl_logging.storage.detached import Detached
from irl_logging.storage.liveness import Token, process_start, take_up

ATTACH_SECONDS: Final = 10.0
"""How long a command waits for others that work on the same run."""

_LEVEL: Final = re.compile(rb"^\[[^\]\n]*\] \[(WARN|ERROR|CRITICAL)\] ", re.MULTILINE)
_REDACTED: Final = re.compile(rb"\[REDACTED:([a-z0-9._-]+)\]")


class Process(NamedTuple):
    """A process, told from later ones with its number by when it started: ticks since boot, 0 where nothing tells."""

    pid: int
    start: int


def process(pid: int) -> Process:
    """Return the process that has this number now.

    Raises:
        ConfigurationError: when there is none.
    """
    start = process_start(pid)
    if not start and Path("/proc/self").exists():
        raise ConfigurationError(f"there is no process {pid}: expected one that lasts as long as the run")
    return Process(pid, start)


def detach(execution: Execution, run: Run, *, tied_to: Process | None = None) -> None:
    """Let go of an open run without ending it: the process may end, and others go on with the run.

    Args:
        execution: Where the run was started.
        run: A run that this process owns.
        tied_to: A process with whose end the run has crashed, if nobody has ended it before; None ties it to none: it
            is stale when nothing was added to it for an hour, and has crashed after a week.

    Raises:
        JournalError: when it could not be recorded.
        OSError: when the run's file cannot be written.
    """
    pid, start = tied_to or Process(0, 0)
    run.record(Event.DETACHED, tied_pid=pid, tied_start=start)
    state = execution.running(run.id)
    execution.layout.detached.save(Detached(run.id, run.workflow, state.title, run.agent, run.log_file))
    run.let_go()


@contextmanager
def attached(execution: Execution, run_id: str, *, limit: float = ATTACH_SECONDS) -> Iterator[Run]:
    """Give a detached run to the block, which owns it, may end it, and otherwise leaves it open.

    Args:
        execution: Where the run is.
        run_id: The run's id.
        limit: Seconds to wait for other processes that have it.

    Raises:
        UnknownRunError: when no open run has this id.
        BusyError: when others had it for too long.
        OSError: when the journal cannot be read or written.
    """
    if not execution.running(run_id).detached:
        raise ConfigurationError(f"run {run_id} belongs to a process: only a detached run can be attached to")
    token = take_up(execution.layout.token(run_id), limit)
    if token is None:
        raise BusyError(f"other commands have worked on run {run_id} for {limit:g} seconds: try again")
    try:
        run, known = _taken_up(execution, run_id, token)
    except UnknownRunError:
        token.release()
        raise
    except BaseException:
        token.abandon()
        raise
    current = context.enter(run=run, step=known.step)
    try:
        yield run
    finally:
        context.leave(current)
        _leave(execution, run, known)


def _leave(execution: Execution, run: Run, known: Detached) -> None:
    """Leave a run to the next process, unless it has ended."""
    if run.ended:
        execution.layout.detached.remove(run.id)
        return
    try:
        step = current_step(execution.running(run.id))
        steps, more = run.tracking.steps()
        old = max(0, len(known.steps) - 1)  # those before the last one came redacted, and have not changed
        new = execution.redactor.redact_fields({"step": step, "steps": steps[old:], "audit": run.tracking.audit})
        steps = (*known.steps[:old], *new["steps"])
        execution.layout.detached.save(
            known._replace(step=new["step"], steps=steps, more_steps=more, audit=new["audit"])
        )
    except UnknownRunError:
        pass  # somebody has ended it by force meanwhile
    finally:
        run.let_go()


def _taken_up(execution: Execution, run_id: str, token: Token) -> tuple[Run, Detached]:
    """Return the run for this process, and what is kept of it between commands."""
    state = execution.running(run_id)
    directive = directive_of(execution.repository, state.workflow)
    at_end = execution.snapshots.at_end((), directive) if directive is not None else None
    run = execution.owned(state, token, at_end=at_end)
    known = execution.layout.detached.load(run_id)
    if known is None:  # somebody has removed it
        known = Detached(run_id, state.workflow, state.title, state.agent, state.log)
    run.tracking.take_up(known.steps, known.more_steps, known.audit)
    return run, known._replace(step=current_step(state))


def current_step(state: RunState) -> str | None:
    """Return the step that an open run is in; None for none."""
    return state.steps[-1] if state.steps else None


def enter_step(run: Run, name: str) -> None:
    """Let the current step end, and the step `name` begin.

    Raises:
        JournalError: when it could not be recorded.
    """
    leave_step(run)
    run.tracking.step(name)
    run.record(Event.STEP_STARTED, step=name)


def leave_step(run: Run) -> None:
    """Let the current step end, if there is one.

    Raises:
        JournalError: when it could not be recorded.
    """
    name = context.scope.get().step
    if name is None:
        return
    steps, _ = run.tracking.steps()
    seconds = None
    if steps and steps[-1]["name"] == name:  # else it began in another process that has the run too
        seconds = round(max(0.0, time.time() - parse_time(steps[-1]["started"]).timestamp()), 6)
        steps[-1]["seconds"] = seconds
    run.record(Event.STEP_ENDED, step=name, duration=seconds)


def recount(execution: Execution, run: Run) -> None:
    """Count the warnings, errors and redactions in the run's log, which other processes wrote, as this process's own.

    A log that is shared by several runs tells of none of them.
    """
    if sum(state.log == run.log_file for state in execution.runs()) > 1:
        return
    try:
        lines = (execution.layout.root / run.log_file).read_bytes()
    except OSError:
        return  # moved or packed meanwhile: what this process has counted is all there is
    run.lines.counts.update(Counter(level.decode() for level in _LEVEL.findall(lines)))
    run.lines.redacted = Counter(rule.decode() for rule in _REDACTED.findall(lines))
