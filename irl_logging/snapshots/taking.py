"""Taking snapshots: running collectors, writing their states, and showing the states in the README.

Each collector runs in a process of its own. So one that hangs can be ended, one that crashes takes nobody with it, and
what it imports and changes is not in the program whose run ends.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from irl_logging.commands import Command, Outcome
from irl_logging.context import ROOT_VARIABLE, RUN_VARIABLE
from irl_logging.directives import Directive
from irl_logging.errors import DocumentError, IrlLoggingError, ManifestDeferred
from irl_logging.line import render_time
from irl_logging.notices import notice
from irl_logging.redaction import Redactor
from irl_logging.runs import Run
from irl_logging.settings import Settings
from irl_logging.snapshots.finding import Collector, collector, collectors, filling
from irl_logging.snapshots.section import shown
from irl_logging.storage.documents import MAX_BYTES, decode_document
from irl_logging.storage.layout import Layout
from irl_logging.storage.state import StateFile

_MODULE: Final = "irl_logging.collectors"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot that was taken, or not.

    Attributes:
        name: The collector's name.
        state: The state's path below the execution directory.
        content: What the state holds now.
        problem: Why the content is not current, one sentence; None if it is.
    """

    name: str
    state: str
    content: Mapping[str, Any]
    problem: str | None = None


class Snapshots:
    """Takes the snapshots of one execution directory.

    Args:
        layout: The execution directory's paths.
        settings: Which collectors there are besides ours, and how long one may take.
        redactor: Redacts everything that is written.
        edit: Changes the README, see `manifest.store.ManifestStore.edit`.
    """

    def __init__(
        self, layout: Layout, settings: Settings, redactor: Redactor, edit: Callable[[Callable[[bytes], bytes]], int]
    ) -> None:
        self._layout = layout
        self._settings = settings
        self._redactor = redactor
        self._edit = edit

    def known(self) -> list[Collector]:
        """Return the collectors that there are."""
        return list(collectors(self._settings.snapshots).values())

    def at_end(self, names: Iterable[str], directive: Directive | None) -> Callable[[Run], None] | None:
        """Return what takes the snapshots that belong to the end of a run; None when there are none.

        Args:
            names: Of collectors.
            directive: The workflow's, whose state is filled when a collector does so; None for none.

        Raises:
            ConfigurationError: when a name is unknown.
        """
        chosen = [collector(name, self._settings.snapshots).name for name in names]
        spared = []
        if directive is not None and directive.state is not None:
            named = filling(directive.state, self._settings.snapshots)
            if named is not None and named.name not in chosen:
                chosen.append(named.name)
                # Nobody asked for one of ours by name: the procedure may mean that the program keeps this state itself.
                spared = [named.name] if named.built_in else []
        return partial(self._take_for, names=chosen, spared=spared) if chosen else None

    def _take_for(self, run: Run, names: Sequence[str], spared: Sequence[str]) -> None:
        """Take the snapshots of a run that ends, and say in its log what they are. Never raises."""
        try:
            taken = self.take(names, spared=spared)
            for name in set(names).difference(snapshot.name for snapshot in taken):
                run.log("INFO", "snapshot", f"Snapshot {name} left to the program, whose own keys are in the state")
            for snapshot in taken:
                if snapshot.problem is None:
                    run.log("INFO", "snapshot", f"Snapshot {snapshot.name}", state=snapshot.state)
                else:
                    run.log("WARN", "snapshot", f"Snapshot {snapshot.name} was not taken: {snapshot.problem}")
        except Exception as error:
            notice(f"snapshots {self._layout.root}", f"snapshots could not be taken: {type(error).__name__}: {error}")

    def take(self, names: Iterable[str] = (), *, spared: Collection[str] = ()) -> list[Snapshot]:
        """Take snapshots and return them; what could not be done is in them, and reported on stderr.

        Args:
            names: Of collectors; none means all.
            spared: Names of those that are left out where their state has keys that the collector does not give.

        Raises:
            ConfigurationError: when one is unknown; none is taken then.
        """
        wanted = [collector(name, self._settings.snapshots) for name in dict.fromkeys(names)] or self.known()
        taken, changes = [], []
        outcomes = self._collected(wanted)
        now = render_time(time.time())
        for one, outcome in zip(wanted, outcomes, strict=True):
            state = self._state(one)
            before: Mapping[str, Any] = {}
            problem = None
            try:
                before = _standing(state)
                content, problem = self._content(outcome, one, before, now)
                if one.name in spared and _core(before).keys() - {"stale"} - content.keys():
                    continue
                if problem is None or (before and "stale" not in before):
                    state.replace(content)
            except (IrlLoggingError, OSError) as error:
                problem = f"the state could not be written: {error}"
            if problem is not None:
                _say(one.name, problem, kept=bool(before))
            taken.append((one, problem))
            changes.append(partial(self._shown, one, before, now))
        self._show(changes)
        return [Snapshot(one.name, self._path(one), _read(self._state(one)), problem) for one, problem in taken]

    def _content(
        self, outcome: Outcome | OSError, one: Collector, before: Mapping[str, Any], now: str
    ) -> tuple[Mapping[str, Any], str | None]:
        """Return what the state is to hold, and why that is not what the collector says; None when it is."""
        try:
            collected = self._redactor.redact_fields(_said(outcome, one, self._settings.snapshot_seconds))
        except _NotTakenError as error:
            problem = self._redactor.redact(str(error))
            return {**before, "stale": {"since": now, "reason": problem}}, problem
        same = _core(collected) == _core(before)
        return (before if same else {"timestamp": now, **collected}), None

    def _collected(self, wanted: Sequence[Collector]) -> list[Outcome | OSError]:
        """Run collectors in parallel and return the outcome of each."""
        environ = {name: value for name, value in os.environ.items() if name != RUN_VARIABLE}
        environ |= {ROOT_VARIABLE: str(self._layout.root), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with ExitStack() as stack:
            running: list[Command | OSError] = []
            for one in wanted:
                # -P: a file of the repository that is called like a module of Python's is not that module.
                argv = [sys.executable, "-P", "-m", _MODULE, one.target, str(self._layout.root)]
                try:
                    limit = self._settings.snapshot_seconds
                    command = Command(argv, directory=self._layout.repository, limit=limit, environ=environ)
                    running.append(stack.enter_context(command))
                except OSError as error:
                    running.append(error)
            return [it if isinstance(it, OSError) else it.outcome(MAX_BYTES + 1) for it in running]

    def _show(self, changes: Sequence[Callable[[bytes], bytes]]) -> None:
        def changed(document: bytes) -> bytes:
            for change in changes:
                document = change(document)
            return document

        if not self._layout.readme.exists():
            return
        try:
            self._edit(changed)
        except ManifestDeferred as error:
            notice(f"snapshots {self._layout.root}", f"the README does not show the snapshots: {error.reason}")

    def _shown(self, one: Collector, before: Mapping[str, Any], now: str, document: bytes) -> bytes:
        """Show what the state holds at this moment: others may have taken the snapshot again meanwhile."""
        content = _read(self._state(one))
        if not content:
            return document
        return shown(document, one.name, self._redactor.redact_fields(content), before, now)

    def _state(self, one: Collector) -> StateFile:
        return StateFile(self._layout, self._redactor, one.state, durable=self._settings.fsync)

    def _path(self, one: Collector) -> str:
        return self._layout.relative(self._state(one).path)


class _NotTakenError(Exception):
    """Why a collector gave no usable result."""


def _said(outcome: Outcome | OSError, one: Collector, limit: int) -> dict[str, Any]:
    """Return a collector's result, decoded from its output."""
    if isinstance(outcome, OSError):
        raise _NotTakenError(f"it could not be started: {outcome}")
    if outcome.code is None:
        raise _NotTakenError(f"it took longer than {limit} s and was stopped")
    if outcome.code:
        raise _NotTakenError(f"it failed: {outcome.last_words or f'exit code {outcome.code}'}")
    try:
        return decode_document(outcome.out, Path(one.target))
    except DocumentError as error:
        raise _NotTakenError(f"what it returned is not a JSON object: {error}") from None


def _core(content: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != "timestamp"}


def _standing(state: StateFile) -> dict[str, Any]:
    """Return what a state holds; nothing when it is broken: it is put aside when the next content comes."""
    try:
        return state.read()
    except DocumentError:
        return {}


def _read(state: StateFile) -> dict[str, Any]:
    try:
        return state.read()
    except (DocumentError, OSError):
        return {}


def _say(name: str, problem: str, *, kept: bool) -> None:
    after = "; its last values stay, marked as stale" if kept else ""
    notice(f"snapshot {name}", f"snapshot {name} was not taken: {problem}{after}")
