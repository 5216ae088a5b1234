"""One run of a workflow, as the program that does the work holds it.

A `Run` writes its own lines, says what happened to it as lifecycle events, and knows how it ends. Where events go, and how
runs are started and found, is the business of `execution`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from irl_logging import arguments, context
from irl_logging.context import ROOT_VARIABLE, RUN_VARIABLE, Block
from irl_logging.endings import end_line, error_status, exit_code, summary_text
from irl_logging.errors import RunEndedError
from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import Event, RunState, Status, end_status
from irl_logging.line import as_level
from irl_logging.notices import end_not_recorded
from irl_logging.redaction import Redactor
from irl_logging.results import Results, Tracking
from irl_logging.steps import Step
from irl_logging.storage.layout import Layout
from irl_logging.storage.liveness import Token, take_part
from irl_logging.storage.log import RunLog
from irl_logging.tracebacks import render_exception

if TYPE_CHECKING:
    from irl_logging.audit.trails import AuditTrail
    from irl_logging.expectations import Expectation


class Run(Block["Run"]):
    """One execution of a workflow; `Execution.start` makes it.

    As a context manager (also `async with`) it is the current run inside the block, and ends with it: complete, error on
    an exception, failed or complete on `sys.exit`, cancelled on `KeyboardInterrupt` and on a cancelled task.

    Attributes:
        id: Unique in the execution directory.
        workflow: The workflow's slug.
        agent: Who runs it.
        log_file: The log's path below the execution directory, e.g. `logs/deploy-2026-02-08-001.log`.
        lines: Writes this run's lines; for handlers and processors.
        tracking: What is known of it in this process: steps, warnings, redactions.
        started: False for a stand-in: the run could not be started, and its lines go to the file of lines without a run.
    """

    def __init__(
        self,
        state: RunState,
        layout: Layout,
        lines: RunLog,
        emit: Callable[[dict[str, Any]], Mapping[str, Any]],
        redactor: Redactor,
        token: Token | None = None,
        *,
        audit: Callable[[], AuditTrail] | None = None,
        known: Callable[[], RunState | None] = lambda: None,
        at_end: Callable[[Run], None] | None = None,
        started: bool = True,
    ) -> None:
        self.id = state.id
        self.workflow = state.workflow
        self.agent = state.agent
        self.log_file = state.log
        self.lines = lines
        self.started = started
        self._state = state
        self._layout = layout
        self._emit = emit
        self._token = token
        self._owner = os.getpid() if token is not None else 0
        self._redactor = redactor
        self._audit = audit
        self._known = known
        self._at_end = at_end
        self._expected: list[Expectation] = []
        self._lock = ThreadLock()
        self._ended: str | None = None
        self._summary: str | None = None
        self._context: list[Any] = []
        self.tracking = Tracking(state.started, lines)
        self._results = Results(layout, state, self.tracking, redactor, taken_up=token is not None)

    def __repr__(self) -> str:
        return f"<Run {self.id} of {self.workflow}: {self._ended or Status.RUNNING}>"

    @property
    def owned(self) -> bool:
        """True in the process that started the run; a forked or joined child never ends it."""
        return self._owner == os.getpid()

    @property
    def ended(self) -> bool:
        """True once this process ended the run."""
        return self._ended is not None

    def log(self, level: str, step: str | None, message: str, **fields: Any) -> None:
        """Write one line to the run's log.

        Args:
            level: DEBUG, INFO, WARN (or WARNING), ERROR or CRITICAL.
            step: The step; None or `-` for none.
            message: Any text.
            fields: What follows the message as `key=value`.

        Raises:
            ConfigurationError: when the level is unknown.
        """
        self.lines.write(
            time.time(), as_level(level), None if step is None else str(step), str(message), fields or None
        )

    def step(self, name: str) -> Step:
        """Return a context manager (also `async with`) for a named part of the run: lines inside carry its name."""
        return Step(name, self)

    def decision(
        self, outcome: str, subject: str, *, by: str | None = None, reason: str | None = None, evidence: Any = None
    ) -> None:
        """Record a decision: in the audit trail, in the journal, and as a line in the log.

        Args:
            outcome: `approved`, `rejected`, `flagged` or another word.
            subject: What was decided on, e.g. an incident id.
            by: Who decided; None is the run's agent.
            reason: Why, one sentence.
            evidence: What it is based on, anything that JSON can hold.

        Raises:
            ConfigurationError, RunEndedError: when outcome or subject is empty; when the run has ended.
            BusyError: when others held the audit trail for too long.
            JournalError, OSError: when it could not be made durable.
        """
        from irl_logging.audit.decisions import Decision  # slow to import, and not every run decides something

        self._refuse_if_ended("no decision can be added")
        scope = context.scope.get()
        integration = scope.fields.get("integration", self._state.fields.get("integration"))
        decision = Decision(
            outcome=arguments.text("outcome", outcome),
            subject=arguments.text("subject", subject),
            by=by or self.agent,
            run=self.id,
            workflow=self.workflow,
            step=scope.step or "decision",
            reason=reason,
            evidence=evidence,
            integration=None if integration is None else str(integration),
        )
        with self.tracking.counting():
            decision = decision.redacted(self._redactor)
        what = {"outcome": decision.outcome, "subject": decision.subject}
        if self._audit is not None:
            self.tracking.audit = self._audit().record(decision)
            self.record(Event.DECISION, **what, by=decision.by, **decision.details, **self.tracking.audit)
        fields = {**decision.details, "agent": decision.by, "run": self.id}
        self.lines.write(time.time(), decision.level, decision.step, decision.message, fields, what)

    def result(self, *, summary: str | None = None, data: Mapping[str, Any] | None = None, **counters: Any) -> None:
        """Add keys to the run's results file, which is written at once.

        Later calls add to what is there. Without a summary and a file, the Results cell shows the counters.
        Each process that takes part in the run has a results file of its own; the table shows the owner's.

        Args:
            summary: What the Results cell shows, unless the run ends with its own; None shows file or counters.
            data: Further keys of the file, with any values that JSON can hold; None for none.
            counters: Keys of the file that count something, e.g. `approved=8`.

        Raises:
            RunEndedError: when the run has ended.
            ConfigurationError: when `data` is not a mapping.
            DocumentError: when a value is NaN or infinite, or a key is not text or `_irl`.
            OSError: when the file cannot be written.
        """
        self._refuse_if_ended("no result can be added")
        data = arguments.mapping("data", data)
        if summary is not None:
            self.summarise(summary)
            data = {"summary": self._summary, **data}
        if not self.started:
            what = "Results of a run that could not be started"
            self.lines.write(time.time(), "INFO", "result", what, {**counters, **data})
            return
        if not self.owned:
            take_part(self._layout.token(self.id))
        merged, path = self._results.add(counters, data, owned=self.owned)
        self.record(Event.RESULT, counters=merged, results=path if self.owned else None)

    def expect(
        self,
        *,
        file: str | os.PathLike[str] | None = None,
        command: Sequence[str] | None = None,
        total: int | str | None = None,
        of: Iterable[str] = (),
        limit: float = 60.0,
    ) -> None:
        """State what must hold for the run to end as complete; otherwise it ends as `⚠️ Overstated` and says why.

        Checked when the run ends, and only for a completion. Each call adds an expectation.

        Args:
            file: A file that must exist and not be empty, below the repository or the execution directory.
            command: A command that must exit with 0, as a list; it runs in the repository.
            total: What the counters `of` must add up to: a number, or the name of a counter such as `"listed"`.
            of: Names of counters; none means `approved`, `rejected`, `flagged` and `skipped`.
            limit: Seconds that the command may take.

        Raises:
            ConfigurationError: when nothing is expected, or an argument is of the wrong type.
            RunEndedError: when the run has ended.
            JournalError: when the expectation could not be passed to the process that ends the run.
        """
        from irl_logging.expectations import expectations  # slow to import, and not every run has some

        self._refuse_if_ended("no expectation can be added")
        found = expectations(file, command, total, of, limit)
        if self.owned and not self._state.detached:
            self._expected += found
        else:
            take_part(self._layout.token(self.id))
            self.record(Event.RESULT, expected=[it.as_mapping() for it in found])

    def summarise(self, summary: str) -> None:
        """Keep `summary` for the Results cell, unless the run ends with its own; the process that ends it gets it."""
        self._summary = summary_text(summary)
        if not self.owned or self._state.detached:
            self.record(Event.RESULT, summary=self._summary)

    def _refuse_if_ended(self, why: str) -> None:
        if self._ended is not None:
            raise RunEndedError(f"run {self.id} of {self.workflow} has ended as {self._ended}: {why}")

    def complete(self, summary: str | None = None) -> None:
        """End the run as `✓ Complete`; `summary` goes into the Results cell."""
        self.end(Status.COMPLETE, summary)

    def fail(self, summary: str | None = None) -> None:
        """End the run as `✗ Failed`: the work ended with a negative outcome."""
        self.end(Status.FAILED, summary)

    def error(self, summary: str | None = None) -> None:
        """End the run as `⚠️ Error`: the machinery broke."""
        self.end(Status.ERROR, summary)

    def cancel(self, summary: str | None = None) -> None:
        """End the run as `⚠️ Cancelled`: somebody stopped it."""
        self.end(Status.CANCELLED, summary)

    def end(
        self,
        status: str,
        summary: str | None = None,
        *,
        note: str | None = None,
        line: bool = True,
        exit_code: int | None = None,
    ) -> None:
        """End the run: its row moves to Completed, its log gets an end line and is closed.

        In a process that does not own the run (a forked or joined child) it goes on, and the summary is kept for its end.

        Args:
            status: A `Status`, its plain word ("complete"), or `⚠️` and any text.
            summary: What the Results cell shows; None shows the results file or the counters.
            note: Why it ended so, for the journal and the end line.
            line: False if the log already says that the run has ended.
            exit_code: The exit code of the program that did the work, for the results file; None if it goes on.

        Raises:
            ConfigurationError, RunEndedError: when the status is unknown; when the run has ended, which is final.
            JournalError: when the end could not be made durable.
        """
        status = end_status(status)
        text = summary_text(summary) if summary else self._summary
        if not self.owned:
            if text:
                self.record(Event.RESULT, summary=text)
            return
        with self._lock:
            self._refuse_if_ended("that is final")
            self._ended = status
        try:
            if self._latest().open:
                if status == Status.COMPLETE and (lacks := self._missing()):
                    self._ended = status = Status.OVERSTATED
                    note, line = "; ".join(filter(None, (note, *lacks))), True
                if self._at_end is not None and status != Status.CANCELLED:
                    self._at_end(self)
            if (known := self._latest()).open:  # still: both take their time
                results = self._results.finish(status, exit_code)
                self.record(Event.ENDED, status=status, summary=text, note=note, exit_code=exit_code, results=results)
            else:  # somebody has ended it by hand
                self.log("WARN", "end", f"{status} is ignored: the run was ended as {known.status} before")
                self._ended, line = known.status, False
        except BaseException:
            self._ended = None
            raise
        if line:
            self.write_end_line(status, f"{status}: {text}" if summary else status, note=note)
        self._close(Token.release)

    def let_go(self) -> None:
        """Leave the run open and to other processes."""
        self._owner = 0
        self._close(Token.abandon)

    def _close(self, leave: Callable[[Token], None]) -> None:
        if self._token is not None:
            leave(self._token)
        context.withdraw(self)
        self.lines.close()

    def reopen(self) -> None:
        """Let the run be ended again if a signal interrupted its end before it was recorded.

        Raises:
            OSError: when the journal cannot be read.
        """
        if self._ended is not None:
            state = self._known()
            if state is None or state.open:
                self._ended = None

    def _latest(self) -> RunState:
        """Return what is known of the run; the journal is read only if other processes have taken part in it."""
        return (self._known() if self._token is not None and self._token.shared else None) or self._state

    def _missing(self) -> list[str]:
        """Return which expectations of all processes that took part in the run a completion does not meet."""
        state = self._latest()
        counters = {**state.counters, **self._results.counters}
        if not (self._expected or state.expected or counters):
            return []
        from irl_logging.expectations import Expectation, missing  # as in expect

        expected = (*self._expected, *map(Expectation.read, state.expected))
        return missing(expected, self._layout, counters, partial(self.log, "WARN", "expect"))

    def write_end_line(self, status: str, message: str, *, note: str | None = None) -> None:
        """Write the line that says how the run ended, with who ran it and which run it was."""
        known = {"note": note, "truncated": self.lines.lift_budget(), **self.tracking.totals()}
        fields = {name: value for name, value in known.items() if value}
        fields |= {"duration": f"{self.tracking.seconds:.1f}s", "agent": self.agent, "run": self.id}
        self.lines.write(time.time(), *end_line(status), message, fields)

    def end_with(self, error: BaseException | None) -> None:
        """End the run as a block that was left with `error`, or normally (None); an ended run is left as it is.

        The exception is written to the log, as it may never be shown anywhere else.
        """
        if not self.owned:
            return
        if error is None:
            if not self.ended:
                self.end(Status.COMPLETE)
            return
        status, note = error_status(error)
        if status == Status.ERROR:
            self.log("ERROR", "error", render_exception(error))
        if not self.ended:
            self.end(status, note=note, exit_code=exit_code(error.code) if isinstance(error, SystemExit) else None)

    def environ(self) -> dict[str, str]:
        """Return the environment variables through which a child process joins this run."""
        return {RUN_VARIABLE: self.id, ROOT_VARIABLE: str(self._layout.root)}

    def __enter__(self) -> Self:
        if self.owned and not self.ended:
            context.export(self)
        self._context.append(context.enter(run=self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        context.leave(self._context.pop())
        try:
            self.end_with(error)
        except OSError as failure:
            if error is None:
                raise
            # What went wrong in the block is what its caller has to see.
            end_not_recorded(self.id, failure)

    def record(self, kind: Event, **details: Any) -> None:
        """Record a lifecycle event of this run, leaving out details that are None.

        Raises:
            JournalError: when it could not be made durable.
        """
        details = {name: value for name, value in details.items() if value is not None}
        self._emit({"event": str(kind), "run": self.id, "workflow": self.workflow, **details})
