"""The run that a command of a shell adds to or ends: named, found in the environment, or the only one that is open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click

from irl_logging import context
from irl_logging.context import RUN_VARIABLE
from irl_logging.detached import attached, current_step
from irl_logging.errors import UnknownRunError
from irl_logging.execution import Execution
from irl_logging.identity import agent_name
from irl_logging.lifecycle import RunState
from irl_logging.resolving import only_detached, open_run
from irl_logging.runs import Run
from irl_logging.storage.detached import Detached, DetachedRuns

RUN = click.option(
    "-r",
    "--run",
    "run_name",
    metavar="RUN",
    help="Its workflow, or the beginning of its id. Default: IRL_RUN, or the only open run.",
)


def run_meant(execution: Execution, name: str | None) -> RunState:
    """Return the open run that a command is about.

    Args:
        execution: Where the run is.
        name: Its workflow, the beginning of its id, or its log; None means the one in IRL_RUN, else the only detached one.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
        RunEndedError: when it has ended.
    """
    if name is None and (run_id := os.environ.get(RUN_VARIABLE)):
        return execution.running(run_id)
    runs = execution.runs()
    try:
        if name is not None:
            return open_run(runs, name)
        return only_detached(runs, lambda: execution.redactor.redact(agent_name(execution.settings.agent)))
    except UnknownRunError as error:
        raise UnknownRunError(f"{error} (looked in {execution.layout.root})") from None


def detached_run(runs: DetachedRuns, name: str | None) -> Detached | None:
    """Return the detached run that a line is for, found without the journal; None when that has to be asked.

    Args:
        runs: Those of the execution directory.
        name: As in `run_meant`.
    """
    if name is None and (run_id := os.environ.get(RUN_VARIABLE)):
        return runs.load(run_id)
    found = [run for run in map(runs.load, runs.ids()) if run is not None]
    if name is not None:
        found = [run for run in found if name in (run.workflow, run.title, run.log) or run.id.startswith(name)]
    return found[0] if len(found) == 1 else None


@contextmanager
def working_on(execution: Execution, name: str | None) -> Iterator[Run]:
    """Give the run that a command is about to the block: a detached run is the block's own, of others it takes part in.

    Args:
        execution: Where the run is.
        name: As in `run_meant`.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
        RunEndedError: when it has ended.
        BusyError: when others had it for too long.
    """
    state = run_meant(execution, name)
    try:
        if state.detached:
            with attached(execution, state.id) as run:
                yield run
        else:
            run = execution.join(state.id)
            token = context.enter(run=run, step=current_step(state))
            try:
                yield run
            finally:
                context.leave(token)
    finally:
        execution.close()
