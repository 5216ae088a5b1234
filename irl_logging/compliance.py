"""Did a run do what its directive asks? Compares the records: log, state, end, and the steps in order.

Steps are matched to the directive's numbered ones by their words, tolerantly: `list` is `1. List what waits`. A state that
later runs have updated again cannot be told from one that this run updated.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from irl_logging import history
from irl_logging.directives import Directive, Procedure
from irl_logging.endings import end_line
from irl_logging.errors import ArchiveError, ConfigurationError, DocumentError, UnknownRunError
from irl_logging.lifecycle import RunState, Status
from irl_logging.line import parse_time, render_time
from irl_logging.naming import LogPattern
from irl_logging.resolving import meant
from irl_logging.results import OURS
from irl_logging.storage.documents import read_document
from irl_logging.storage.layout import Layout

_STAMPS_DIFFER: Final = 1.0
"""Seconds by which the clock of a file system may be behind."""

_PART: Final = 4
_NO_STEPS: Final = frozenset({"decision", "expect", "result", "snapshot", "stderr", "stdout"})
"""Steps of lines that name no part of the work."""


def meant_run(runs: Collection[RunState], name: str) -> RunState:
    """Return the run that `name` means: the latest of that workflow, or the one whose id begins with it.

    Raises:
        UnknownRunError: when no run, or more than one, is meant.
    """
    latest = max((run for run in runs if run.workflow == name), key=lambda run: (run.started, run.id), default=None)
    if latest is not None:
        return latest
    try:
        return meant(runs, name)
    except UnknownRunError as error:
        raise UnknownRunError(f"there is no run of a workflow {name!r}, and {error}") from None


def differences(layout: Layout, run: RunState, directive: Directive) -> list[str]:
    """Return where a run differs from what its directive asks, a sentence each; none if it did everything.

    Raises:
        OSError: when its log or the state cannot be read.
    """
    return [
        *_of_log(run, directive),
        *_of_state(layout, run, directive),
        *_of_end(run, directive),
        *_of_steps(layout, run, directive),
    ]


def _of_log(run: RunState, directive: Directive) -> Iterator[str]:
    if directive.log_pattern is None:
        return
    try:
        named = LogPattern(directive.log_pattern).match(Path(run.log).name) is not None
    except ConfigurationError:
        named = False
    if not named:
        yield f"the log is {run.log}, but should be named {directive.log_pattern}"


def _of_state(layout: Layout, run: RunState, directive: Directive) -> Iterator[str]:
    if directive.state is None:
        return
    path = layout.state / f"{directive.state}.json"
    name = layout.relative(path)
    try:
        updated = path.stat().st_mtime
        content = read_document(path) or {}
    except FileNotFoundError:
        yield f"{name} should have been updated, but does not exist"
        return
    except DocumentError as error:
        yield f"{name} should have been updated, but is broken: {error}"
        return
    if updated + _STAMPS_DIFFER < parse_time(run.started).timestamp():
        yield f"{name} was last updated at {render_time(updated)}, before the run started at {run.started[:19]}Z"
    elif "stale" in content:
        yield f"{name} is stale"


def _of_end(run: RunState, directive: Directive) -> Iterator[str]:
    if directive.complete and run.status != Status.COMPLETE:
        note = f": {run.note}" if run.note else ""
        yield f"the run should be complete, but is {run.status}{note}"


def _of_steps(layout: Layout, run: RunState, directive: Directive) -> Iterator[str]:
    if not directive.procedure:
        return
    found = [_matched(steps, directive.procedure) for steps in (_logged(layout, run), _recorded(layout, run))]
    said = set()
    for matches in found:
        latest = -1
        for step, number in matches:
            if number < latest and step not in said:
                said.add(step)
                yield f"step {step} is {_shown(directive, number)}, but came after {_shown(directive, latest)}"
            latest = max(latest, number)
    done = {number for matches in found for _, number in matches}
    for number in range(len(directive.procedure)):
        if number not in done:
            yield f"no step was logged for {_shown(directive, number)}"


def _shown(directive: Directive, number: int) -> str:
    return f'{number + 1}. "{directive.procedure[number].title}"'


def _logged(layout: Layout, run: RunState) -> list[str]:
    """Return the steps in the run's lines, in order; from a shared log, only lines of its workflow and time."""
    # Lines that say that it started and ended are no steps. They may be a second off: one is written beside its event.
    life = ("start", end_line(run.status)[1])
    steps = []
    for line in history.lines(layout, run.log, workflow=run.workflow):
        when = render_time(line.time.timestamp(), "microseconds")
        here = run.started[:19] <= when[:19] <= (run.ended or "9999")[:19]
        of_life = line.step in life and f" run={run.id}" in line.message
        if here and line.workflow == run.workflow and line.step and not of_life:
            steps.append(line.step)
    return steps


def _recorded(layout: Layout, run: RunState) -> list[str]:
    """Return the steps in the run's results file, which also has those in which nothing was logged."""
    try:
        content = read_document(layout.root / run.results) if run.results else None
    except (DocumentError, ArchiveError, OSError):
        return []
    ours = (content or {}).get(OURS)
    steps = ours.get("steps") if isinstance(ours, dict) else None
    return [str(it.get("name")) for it in steps if isinstance(it, dict)] if isinstance(steps, list) else []


def _matched(steps: Iterable[str], procedure: Sequence[Procedure]) -> list[tuple[str, int]]:
    """Return the steps that are steps of the procedure, each once, in order, with the index of the latter."""
    found: dict[str, int] = {}
    for step in dict.fromkeys(steps):
        words = _words(step)
        if step in _NO_STEPS or not words:
            continue
        # Said so in a title, or further below; else in another form.
        for alike in (operator.eq, _alike):
            for texts in ([it.title for it in procedure], [it.text for it in procedure]):
                places = [number for number, text in enumerate(texts) if _holds(text, words, alike)]
                if places and step not in found:
                    # Of two that are called alike the first one that is not taken.
                    found[step] = next((it for it in places if it not in found.values()), places[0])
    return list(found.items())


def _holds(text: str, words: Sequence[str], alike: Callable[[str, str], bool]) -> bool:
    known = _words(text)
    return all(any(alike(word, other) for other in known) for word in words)


def _alike(one: str, other: str) -> bool:
    """Return whether two words are the same, or forms of one: `approve`, `approved`, `approving`."""
    short, long = sorted((one, other), key=len)
    stem = short.removesuffix("e")
    return len(stem) >= _PART and long.startswith(stem)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())
