"""Which open runs are dead: those whose process is gone without having ended them.

This is checked at every start and every read. A free lock is proof, on the machine that the run is on; without a lock file
the owner is looked for by boot id, process number and start time. Of runs on other machines only signs of life are seen. What
becomes of a run is decided by `recording`. A detached run has no owner: it is as alive as its last command is recent, or as
the process is that it was tied to.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from irl_logging.lifecycle import Event, RunState, Status
from irl_logging.line import parse_time
from irl_logging.storage.heartbeat import STALE_SECONDS, Observations, beats
from irl_logging.storage.journal import Journal
from irl_logging.storage.layout import Layout
from irl_logging.storage.liveness import boot_id, hold, host, process_start, seized

NEW_SECONDS: Final = 60.0
"""How long a lock file may be there before its run's start is in the journal."""

QUIET_SECONDS: Final = 3_600.0
"""A detached run is stale when no command has worked on it for so long."""

ABANDONED_SECONDS: Final = 7 * 86_400.0
"""A detached run has crashed when no command has worked on it for so long."""


def dead_runs(layout: Layout, journal: Journal) -> Iterator[RunState]:
    """Yield each open run whose owner is dead.

    The run's lock is held while the caller deals with it, so that only one of several observers does, and its lock file is
    removed afterwards.

    Raises:
        OSError: when the journal or a lock file cannot be read.
    """
    there = _lock_files(layout)
    for run in there:
        path = layout.token(run)
        with seized(path) as free:
            if not free:
                continue
            state = journal.runs().get(run)
            if state is None and _new(path):
                continue  # its start may be on its way into the journal
            if state is not None and state.open:
                if not _here(state) or (state.detached and not _abandoned(layout, state)):
                    continue
                yield state
            path.unlink(missing_ok=True)
    for state in journal.runs().values():
        if state.open and state.id not in there and _gone(layout, state):
            yield from _claimed(layout, journal, state)
    for run in list(layout.detached.ids()):
        state = journal.runs().get(run)
        if state is None or not state.open:
            layout.detached.remove(run)


def _lock_files(layout: Layout) -> set[str]:
    """Return the ids of the runs that have a lock file."""
    try:
        with os.scandir(layout.runs) as entries:
            return {entry.name.removesuffix(".lock") for entry in entries if entry.name.endswith(".lock")}
    except FileNotFoundError:
        return set()


def changed_verdicts(layout: Layout, journal: Journal) -> list[tuple[RunState, Event]]:
    """Return the runs that have become stale, or are not any more, with the event that says so.

    These are runs of other machines, and detached ones. A run that never gave a sign of life is not judged, and one that is
    stale comes back when a sign of life was seen.

    Raises:
        OSError: when the journal cannot be read, or what was seen cannot be kept.
    """
    runs = [state for state in journal.runs().values() if state.open]
    changed = [(state, event) for state in runs if (event := _detached_verdict(layout, state)) is not None]
    others = [state for state in runs if not state.detached and not _here(state)]
    if not others:
        return changed
    seen, now = Observations(layout.active), time.monotonic()
    for state in others:
        count = beats(layout.token(state.id))
        if count is None:
            continue
        since, moved = seen.see(state.id, f"{count} {state.last_time}", now)
        if state.status == Status.STALE and moved:
            changed.append((state, Event.REVIVED))
        elif state.status == Status.RUNNING and now - since >= STALE_SECONDS:
            changed.append((state, Event.STALE))
    seen.keep()
    return changed


def _detached_verdict(layout: Layout, state: RunState) -> Event | None:
    """Return what is new about a detached run: that it is stale, or not any more; None when nothing is."""
    if not state.detached or state.pid:
        return None
    quiet = _quiet_seconds(layout, state) >= QUIET_SECONDS
    if quiet == (state.status == Status.STALE):
        return None
    return Event.STALE if quiet else Event.REVIVED


def is_alive(layout: Layout, state: RunState) -> bool:
    """Return whether the owner of an open run lives, as far as this machine can tell.

    Raises:
        OSError: when the lock file cannot be read.
    """
    with seized(layout.token(state.id)) as free:
        if free:
            return not _here(state) or (state.detached and not _abandoned(layout, state))
    return not _gone(layout, state)


def is_here_and_alive(layout: Layout, state: RunState) -> bool:
    """Return whether the owner of an open run is known to live: one on another machine is not, and some runs have none.

    Raises:
        OSError: when the lock file cannot be read.
    """
    return _here(state) and not (state.detached and not state.pid) and is_alive(layout, state)


def living_runs(layout: Layout, journal: Journal) -> list[RunState]:
    """Return the open runs whose owner lives, or may live where nobody can tell.

    Raises:
        OSError: when the journal cannot be read.
    """
    return [run for run in journal.runs().values() if run.open and _may_live(layout, run)]


def _may_live(layout: Layout, run: RunState) -> bool:
    try:
        return is_alive(layout, run)
    except OSError:
        return True  # the file system cannot lock: nobody knows


def _here(state: RunState) -> bool:
    """Is the run on this machine? On another machine that shares the directory its lock means nothing.

    Containers have hosts of their own and one kernel, and it is the kernel that keeps the locks.
    """
    return state.boot == boot_id() or state.host == host()


def _gone(layout: Layout, state: RunState) -> bool:
    """Without a lock file: is the owner surely dead?"""
    if not _here(state) or layout.token(state.id).exists():
        return False
    return _abandoned(layout, state) if state.detached else _process_gone(state)


def _process_gone(state: RunState) -> bool:
    if state.boot != boot_id():
        return True
    return state.host == host() and process_start(state.pid) != state.start  # another container has other numbers


def _abandoned(layout: Layout, state: RunState) -> bool:
    """Will nobody go on with this detached run?"""
    return _process_gone(state) if state.pid else _quiet_seconds(layout, state) >= ABANDONED_SECONDS


def _quiet_seconds(layout: Layout, state: RunState) -> float:
    """How long ago did a detached run give its last sign of life?"""
    last = parse_time(state.last_time).timestamp() if state.last_time else 0.0
    return time.time() - max(last, layout.detached.seen(state.id) or 0.0)


def _claimed(layout: Layout, journal: Journal, state: RunState) -> Iterator[RunState]:
    """Yield `state` to one of several observers: the one who makes the lock file that is missing."""
    layout.create()  # the directory of the lock files may be what is missing
    try:
        token = hold(layout.token(state.id), {"run": state.id})
    except FileExistsError:
        return
    try:
        now = journal.runs().get(state.id)
        if now is not None and now.open:
            yield now
    finally:
        token.release()


def _new(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime < NEW_SECONDS
    return False
