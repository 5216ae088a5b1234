"""One open execution directory: runs are started, found, listed and reaped here.

The entry points above (`workflow`, `handler`, `processors`, `config`, the commands) all come through here. What happens
to a lifecycle event is in `recording`; which runs are dead is found in `reaping`.
"""

from __future__ import annotations

import functools
import os
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Unpack

from irl_logging import arguments, exits
from irl_logging.directives import directive_of
from irl_logging.endings import end_line
from irl_logging.errors import RuleError, UnknownRunError
from irl_logging.forks import first_use
from irl_logging.identity import agent_name
from irl_logging.implicit import ImplicitRuns
from irl_logging.lifecycle import Event, RunState, Status, end_status
from irl_logging.line import render_time
from irl_logging.logs import Logs
from irl_logging.naming import clean_slug
from irl_logging.notices import notice
from irl_logging.planning import Plan, started
from irl_logging.reaping import is_alive
from irl_logging.recording import Processor, Recorder
from irl_logging.redaction import Redactor
from irl_logging.redaction import default as default_redactor
from irl_logging.resolving import run_to_end
from irl_logging.results import mark_ended
from irl_logging.runs import Run
from irl_logging.settings import OtherSettings, Settings, execution_directory, load, origins
from irl_logging.storage import heartbeat
from irl_logging.storage.compaction import all_runs
from irl_logging.storage.layout import Layout
from irl_logging.storage.liveness import Token, hold, host, take_part
from irl_logging.storage.segments import from_elsewhere
from irl_logging.storage.sink import HELD_LINES
from irl_logging.storage.state import WAIT_SECONDS, StateFile

if TYPE_CHECKING:
    from irl_logging.audit.trails import AuditTrail
    from irl_logging.snapshots.taking import Snapshot, Snapshots

_GOES_ON: Final = f"the last {HELD_LINES:,} lines are held in memory and tried again, the program goes on"

_MANIFEST_SECONDS: Final = 10.0
"""How long a start with `wait` waits for its row in the README."""


class Execution:
    """An execution directory.

    Args:
        root: The directory, or a repository that has one as `execution/`; None finds it as `settings.Settings.root` says.
            It need not exist.
        resolved: Settings that are validated already, instead of all others.
        given: Every other setting by name, see `settings.Settings`.

    Raises:
        ConfigurationError: when a setting is unknown or of the wrong type.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] | None = None,
        *,
        resolved: Settings | None = None,
        **given: Unpack[OtherSettings],
    ) -> None:
        settings = resolved or load(dict(given))
        if root is not None:
            settings = replace(
                settings, root=execution_directory(Path(arguments.path("root", root)).expanduser().absolute())
            )
        self.settings = settings
        self.layout = Layout(settings.root)
        self.redactor = _redactor(settings)
        self.logs = Logs(self.layout, settings, self.redactor)
        self.implicit = ImplicitRuns(
            lambda workflow, message, when: self.start(workflow, explicit=False, message=message, when=when),
            self.unstarted,
            self.logs.files.flush,
            self.redactor.redact,
        )
        self._plan = Plan(self.layout, settings, self.redactor)
        self._recorder = Recorder(
            self.layout,
            self.redactor,
            durable=settings.fsync,
            completed_rows=settings.completed_rows,
            crashed=lambda state, note: self._say_end(state, Status.CRASHED, note),
        )
        self._runs_by_id: weakref.WeakValueDictionary[str, Run] = weakref.WeakValueDictionary()

    @functools.cached_property
    def audit(self) -> AuditTrail:
        """The audit trail."""
        from irl_logging.audit.trails import AuditTrail  # slow to import, and not every run decides something

        return AuditTrail(self.layout, self.settings, self.redactor)

    @functools.cached_property
    def snapshots(self) -> Snapshots:
        """What takes snapshots."""
        from irl_logging.snapshots.taking import Snapshots  # slow to import, and not every run takes some

        return Snapshots(self.layout, self.settings, self.redactor, self.edit_manifest)

    def __repr__(self) -> str:
        return f"Execution({str(self.layout.root)!r})"

    @first_use("run")
    def start(
        self,
        workflow: str,
        *,
        agent: str | None = None,
        log_name: str | None = None,
        after: Iterable[Processor] = (),
        explicit: bool = True,
        message: str | None = None,
        fields: Mapping[str, Any] | None = None,
        snapshots: Iterable[str] = (),
        wait: bool = False,
        when: float | None = None,
        **more: Any,
    ) -> Run:
        """Start a run: a log file of its own, an acknowledged event, a row in the README's Active table.

        If another process is updating the README, it writes the row, a moment after this has returned; see `wait`.

        Args:
            workflow: The workflow's name; its slug is used in lines and file names, the name itself in the table.
            agent: Who runs it; None detects it, see `identity.agent_name`.
            log_name: What `{log_name}` stands for in the log file's name; None means the workflow.
            after: Processors that get this run's events after all others.
            explicit: True when the caller will end the run; False when a clean end of the process completes it.
            message: The text of the log's start line; None says `Started <workflow>`.
            fields: Values that belong to the run, for the log file's name and the journal; None for none.
            snapshots: Names of snapshots to take when the run ends, besides the one that fills the state that the workflow's
                directive names.
            wait: Return when the row is in the README. If it cannot be edited now, or others are at it for ten seconds, a
                notice says so on stderr and the run has started all the same: `sync` is for who must know.
            when: The time of the log's start line, seconds since 1970; None means now.
            more: Such values as keyword arguments, `integration="finance_integration"`.

        Raises:
            ConfigurationError: when an argument is of the wrong type, a snapshot is unknown, or the log file's pattern needs
                a field that was not given.
            JournalError: when the start could not be made durable.
            OSError: when the directory cannot be written.
        """
        after, fields = arguments.functions("after", after), {**arguments.mapping("fields", fields), **more}
        directive = directive_of(self.layout.repository, clean_slug(str(workflow), self.redactor.redact))
        snapshots = arguments.names("snapshots", snapshots)
        at_end = self.snapshots.at_end(snapshots, directive) if snapshots or directive is not None else None
        self._plan.prepare()
        state, own_log = self._plan.run(workflow, agent, log_name, fields, directive)
        token = self._record_start(state, own_log, after)
        run = self.owned(state, token, after=after, at_end=at_end)
        shown = {**state.fields, "agent": state.agent, "run": state.id}
        when = time.time() if when is None else when
        run.lines.write(when, "INFO", "start", str(message or f"Started {state.title}"), shown)
        self._runs_by_id[run.id] = run
        exits.watch(run, explicit=explicit)
        if wait:
            self._recorder.wait_for_manifest(_MANIFEST_SECONDS)
        return run

    def owned(
        self,
        state: RunState,
        token: Token,
        *,
        after: Iterable[Processor] = (),
        at_end: Callable[[Run], None] | None = None,
    ) -> Run:
        """Return the run `state` for the process that holds its lock.

        Args:
            state: What the journal knows of it.
            token: The lock.
            after: As in `start`.
            at_end: Called before the run ends, unless it is cancelled; None for nothing.
        """
        return Run(
            state,
            self.layout,
            self.logs.of(state),
            lambda event: self._recorder.record(event, after),
            self.redactor,
            token,
            audit=lambda: self.audit,
            known=lambda: self._recorder.runs().get(state.id),
            at_end=at_end,
        )

    def _record_start(self, state: RunState, own_log: bool, after: tuple[Processor, ...]) -> Token:
        """Record that a run has started, and return its liveness lock; a start that fails leaves nothing behind."""
        token: Token | None = None
        try:
            token = hold(self.layout.token(state.id), {"run": state.id, "host": host(), "pid": os.getpid()})
            if from_elsewhere(self.layout.journal):
                heartbeat.start(token)
            self._recorder.record(started(state), after)
        except BaseException:
            if token is not None:
                token.release()
            if own_log:
                self._plan.undo(state)
            raise
        return token

    def by_id(self, run_id: str) -> Run | None:
        """Return the run with this id if this object started it and somebody still holds it, else None."""
        return self._runs_by_id.get(run_id)

    def running(self, run_id: str) -> RunState:
        """Return the open run with this id.

        Raises:
            UnknownRunError: when no open run has this id.
            OSError: when the journal cannot be read.
        """
        state = self._recorder.runs().get(str(run_id))
        if state is None or not state.open or not is_alive(self.layout, state):
            raise UnknownRunError(f"run {run_id!r} is not running in {self.layout.root}")
        return state

    def join(self, run_id: str) -> Run:
        """Return the run with this id, for a process that takes part in it without owning it.

        Raises:
            UnknownRunError: when no open run has this id.
            OSError: when the journal cannot be read.
        """
        state = self.running(run_id)
        run = Run(
            state, self.layout, self.logs.of(state), self._recorder.record, self.redactor, audit=lambda: self.audit
        )
        exits.watch(run, explicit=False)
        return run

    def unstarted(self, workflow: str, error: Exception) -> Run:
        """Return a stand-in for a run that could not be started, after a notice that says why.

        Its lines go to the file of lines without a run: the program's work matters more than its record.
        """
        lacks = "its decisions are in no audit trail, its results in no file"
        notice(f"sink {self.layout.logs}", f"run of {workflow} could not be started: {error}; {lacks}, {_GOES_ON}")
        now = time.time()
        lines = self.logs.unrouted(clean_slug(workflow, self.redactor.redact), now)
        state = RunState("unstarted", lines.workflow, workflow, "", self.layout.relative(lines.path), render_time(now))
        return Run(state, self.layout, lines, lambda event: event, self.redactor, started=False)

    def runs(self, *, everything: bool = False) -> list[RunState]:
        """Return the runs, newest first, after noticing what has crashed: all that are open and those that ended lately.

        Args:
            everything: Return every run that the journal and its archive have, however many: all of it is read. Without it
                there are at least the 500 that ended last, and in most repositories that is all there are.

        Raises:
            OSError: when the journal cannot be read.
        """
        self.reap()
        runs = all_runs(self.layout) if everything else self._recorder.runs()
        return sorted(runs.values(), key=lambda state: (state.started, state.id), reverse=True)

    def state(self, name: str, *, limit: float = WAIT_SECONDS) -> StateFile:
        """Return the state `name`: a JSON object in `state/<name>.json` that many processes can change at once.

        Args:
            name: Any text, slugged.
            limit: Seconds that a change waits for other processes at most.

        Raises:
            ConfigurationError: when a JSON Schema stands where the file would.
        """
        return StateFile(
            self.layout, self.redactor, name, durable=self.settings.fsync, limit=arguments.seconds("limit", limit)
        )

    @property
    def repository(self) -> Path:
        """The directory that has the execution directory in it."""
        return self.layout.repository

    def snapshot(self, *names: str) -> list[Snapshot]:
        """Take snapshots: collectors run, `state/` gets what they say, and the README's State Snapshots section shows it.

        What cannot be taken keeps its last values, which are marked as stale; it is in the answer, and reported on stderr.

        Args:
            names: `quarantine`, `registry`, `approvals`, `health` or a collector of your own; none means all.

        Raises:
            ConfigurationError: when a name is unknown.
        """
        return self.snapshots.take(arguments.names("snapshots", names))

    def sync(self, limit: float = 10.0, *, everything: bool = False) -> None:
        """Bring README and `workflows.json` up to date, waiting for any process that is doing so.

        Args:
            limit: Seconds to wait at most.
            everything: Put back the rows of all runs that the journal knows; otherwise rows that have been gone for
                longer than fifteen minutes are taken as removed on purpose.

        Raises:
            ManifestDeferred: when the README cannot be edited now; the message says why.
        """
        self._recorder.sync(arguments.seconds("limit", limit), everything=everything)

    def reap(self) -> list[str]:
        """End runs whose process is gone as `⚠️ Crashed`, and return their ids."""
        return self._recorder.reap()

    def resolve(self, run: str, status: str, *, note: str | None = None, force: bool = False) -> RunState:
        """End by hand a run that no process will end, and return its final state.

        Args:
            run: The beginning of its id, its log as the manifest shows it, or its workflow if no other run of it is open.
            status: As in `Run.end`.
            note: What the Results cell says; None says who ended it.
            force: End it even if its process is alive on this machine.

        Raises:
            ConfigurationError: when the status is unknown or no end.
            UnknownRunError: when no run, or more than one, matches.
            RunEndedError: when it has ended.
            RunAliveError: when its process is alive on this machine.
            JournalError: when its end could not be made durable.
        """
        ended_as = end_status(status)
        state = run_to_end(self.layout, self._recorder.journal.all_runs().values(), run, force=force)
        by = agent_name(self.settings.agent)
        event = {"event": str(Event.ENDED), "run": state.id, "workflow": state.workflow, "status": ended_as, "by": by}
        event["note"] = note or f"ended by hand by {by}"
        if note and ended_as == Status.COMPLETE:
            event["summary"] = note
        self._recorder.record(event)
        take_part(self.layout.token(state.id))
        self._say_end(state, ended_as, event["note"], by=by)
        return self._recorder.journal.all_runs()[state.id]

    def update_manifest(self) -> None:
        """Show in the manifest what it lacks of the journal; if that cannot be done now, it is put off with one notice."""
        self._recorder.update_manifest()

    def edit_manifest(self, change: Callable[[bytes], bytes], limit: float = 10.0, *, archives: bool = False) -> int:
        """Change the README under the same guarantees as a run's row, and return how many documents were changed.

        Args:
            change: Returns the new bytes for the current ones, unchanged if nothing is to be done. It may be called
                several times.
            limit: Seconds to wait for others at most.
            archives: Change the months' archives of Completed rows as well.

        Raises:
            ManifestDeferred: when the README cannot be edited now; the message says why.
        """
        return self._recorder.edit_manifest(change, limit, archives=archives)

    def stats(self) -> dict[str, Any]:
        """Return counts of lines (see `storage.sink.LogFiles.stats`), of values `redacted`, and of these by rule, `rules`."""
        counts = dict(self.redactor.counts)
        return {**self.logs.files.stats(), "redacted": sum(counts.values()), "rules": counts}

    def close(self) -> None:
        """Try once more to write what is held, and let the journal go."""
        self.logs.files.flush()
        self._recorder.journal.close()

    def _say_end(self, state: RunState, status: str, note: str, **fields: str) -> None:
        """Record in its log and in its results file how a run of another process ended."""
        level, step = end_line(status)
        lines = self.logs.of(state)
        lines.write(time.time(), level, step, f"{status}: {note}", {"agent": state.agent, "run": state.id, **fields})
        lines.close()
        mark_ended(self.layout, state, self.redactor.redact(status))


def _redactor(settings: Settings) -> Redactor:
    """Return the redactor for these settings; an error in its rules names the file they are from."""
    try:
        return Redactor(**settings.redaction) if settings.redaction else default_redactor()
    except RuleError as error:
        if load().redaction != settings.redaction:
            raise
        raise RuleError(f"{origins()['redaction']}: redaction: {error}") from None
