"""Which of the runs somebody means, and whether it may be ended by hand.

That is for a run that no process will end any more, such as one of a machine that will never come back, or one that should
not end as `⚠️ Crashed`. Recording the end is `execution`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from irl_logging.errors import RunAliveError, RunEndedError, UnknownRunError
from irl_logging.lifecycle import RunState
from irl_logging.naming import Piece
from irl_logging.reaping import is_here_and_alive
from irl_logging.storage.layout import Layout

_SHOWN = 5


def run_to_end(layout: Layout, runs: Collection[RunState], name: str, *, force: bool = False) -> RunState:
    """Return the run that `name` means, if it may be ended by hand.

    Args:
        layout: The execution directory.
        runs: All that are known.
        name: The beginning of an id, or a log as the manifest shows it, that only one run has; or the workflow of only one
            that is open.
        force: End it also when it runs.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
        RunEndedError: when it has ended.
        RunAliveError: when its process is here, and lives.
    """
    state = open_run(runs, name)
    if not force and is_here_and_alive(layout, state):
        raise RunAliveError(
            f"run {state.id} of {state.title} is running on this machine as process {state.pid}: end that, or use --force"
        )
    return state


def open_run(runs: Collection[RunState], name: str) -> RunState:
    """Return the open run that `name` means: see `run_to_end`.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
        RunEndedError: when it has ended.
    """
    state = _open_of(runs, str(name)) or _named(runs, str(name))
    if not state.open:
        raise RunEndedError(
            f"run {state.id} has ended as {state.status}, which is final: change its row in README.md by hand, "
            "cells of Completed stay as people leave them"
        )
    return state


def only_detached(runs: Collection[RunState], agent: Callable[[], str]) -> RunState:
    """Return the detached run that is open, if there is only one; of several the only one of this agent.

    Args:
        runs: All that are known.
        agent: Says who asks; called where that matters, as finding out may take a process.

    Raises:
        UnknownRunError: when there is none, or the choice is not clear.
    """
    found = [run for run in runs if run.open and run.detached]
    if not found:
        raise UnknownRunError("no run is open here that commands could add to: `irl start WORKFLOW` starts one")
    if len(found) == 1:
        return found[0]
    name = agent()
    own = [run for run in found if run.agent == name]
    if len(own) == 1:
        return own[0]
    raise UnknownRunError(f"{len(found)} runs are open: name one with --run, or by its id in IRL_RUN; {_ids(found)}")


def _open_of(runs: Collection[RunState], workflow: str) -> RunState | None:
    """Return the open run of a workflow, None when there is none."""
    found = [run for run in runs if run.open and workflow in (run.workflow, run.title)]
    if len(found) > 1:
        raise UnknownRunError(f"{len(found)} open runs are of workflow {workflow!r}, name one by its id: {_ids(found)}")
    return found[0] if found else None


def _named(runs: Collection[RunState], name: str) -> RunState:
    """Return the run whose id or log this is: the open one, or the one that has ended and is to be refused as such."""
    still = [run for run in runs if run.open]
    found = _matching(still, name)
    if len(found) > 1:
        raise UnknownRunError(
            f"{len(found)} open runs have an id that begins with {name!r}, or this log: {_ids(found)}"
        )
    if not found:
        found = _matching(runs, name)
    if len(found) != 1:
        offered = _ids(still) if still else "no run is open"
        raise UnknownRunError(
            f"no open run is of a workflow {name!r}, has an id that begins with this, or has this log: {offered}"
        )
    return found[0]


def meant(runs: Collection[RunState], name: str) -> RunState:
    """Return the run that `name` means: the beginning of an id, or a log as the manifest shows it, that only one has.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
    """
    found = _matching(runs, name)
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownRunError(f"no run has an id that begins with {name!r}, or this log: {_ids(runs)}")
    raise UnknownRunError(f"{len(found)} runs have an id that begins with {name!r}, or this log: {_ids(found)}")


def _matching(runs: Collection[RunState], name: str) -> list[RunState]:
    found = [run for run in runs if name and run.id.startswith(name)]
    if not found:
        piece = Piece.of(name.rpartition("/")[2])  # where `irl status` shows it may be the archive
        found = [run for run in runs if run.log == name or (piece and run.log == f"logs/{piece.log}")]
    return [run for run in found if run.id == name] or found


def _ids(runs: Iterable[RunState]) -> str:
    """Return which runs there are to choose from, the open ones first."""
    ordered = sorted(runs, key=lambda run: run.started, reverse=True)
    ordered.sort(key=lambda run: not run.open)
    shown = [f"{run.id} ({run.title}, {run.status})" for run in ordered[:_SHOWN]]
    return (
        "there are " + ", ".join([*shown, *(["..."] if len(ordered) > _SHOWN else [])]) if shown else "there are none"
    )
