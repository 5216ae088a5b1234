"""The `logging` side: a handler, a formatter and a filter.

The handler takes no lock, changes nothing else of `logging`, never raises into the program and never loses a record
silently. What a record belongs to is decided in `routing`, how its line is written in `storage.log`.
"""

from __future__ import annotations

import logging
import sys
import time
import weakref
from collections.abc import Mapping
from logging import LogRecord
from typing import Any, ClassVar, Final, Literal, TypeAlias, Unpack

from irl_logging import configured, context, details
from irl_logging.details import Detail
from irl_logging.errors import ConfigurationError
from irl_logging.line import level_word
from irl_logging.notices import notice
from irl_logging.records import FastRecord, code_attributes, origin
from irl_logging.redaction.structure import FAILED
from irl_logging.routing import LIFE_STEPS, NO_WORKFLOW, Router
from irl_logging.runs import Run
from irl_logging.settings import SettingsArgs, load
from irl_logging.storage.log import whole_line

_PLAIN: Final = tuple(logging.LogRecord("", 0, "", 0, "", (), None).__dict__)
_PLAIN_SIZE: Final = len(_PLAIN)
_LAST: Final = _PLAIN[-1]
# What formatters and our own filter add to a record, and what `extra` uses to say where a record belongs.
_NOT_FIELDS: Final = frozenset(_PLAIN) | {"message", "asctime", "taskName", "workflow", "step", "run", "irl_stamped"}
_SEEN: Final = "_irl_seen"
_scope: Final = context.scope.get
_Said: TypeAlias = tuple[str, dict[str, Any], Detail]
"""A record's message, its fields, and its exception and stack."""


class _Words(dict[int, str]):
    """Level words by level number, each looked for once."""

    def __missing__(self, levelno: int) -> str:
        word = level_word(levelno)
        if len(self) < _LEVELS_KNOWN:
            self[levelno] = word
        return word


_LEVELS_KNOWN: Final = 256
_WORDS: Final = _Words()


class WorkflowHandler(logging.Handler):
    """Writes each record as a line of its workflow's log, redacted.

    Everything is a plain keyword argument and may be text, so that dictConfig, fileConfig and hand-made set-ups work alike;
    nothing is opened before the first record. The run of a given workflow starts with the first record and ends with the
    process, as with `configure`. Records of several workflows may come through one handler.

    Args:
        workflow: The workflow of records that do not name one; None leaves it to context, routes and the file of records
            without a run.
        step: The step of records that do not name one.
        routes: Workflow by pattern of logger names, e.g. `{"incident.*": "incident-approval"}`.
        level: Least level of the handler, a number or a name.
        settings: Settings by name, see `settings.Settings`.

    Raises:
        ConfigurationError: when an argument is not known or not of its kind.
    """

    _all: ClassVar[weakref.WeakSet[WorkflowHandler]] = weakref.WeakSet()
    _several: ClassVar[bool] = False

    def __init__(
        self,
        workflow: str | None = None,
        step: str | None = None,
        *,
        routes: Mapping[str, str] | None = None,
        level: int | str = logging.NOTSET,
        **settings: Unpack[SettingsArgs],
    ) -> None:
        # First what may refuse: `logging` knows the handler, and flushes it at exit, once its own part is done.
        self.router = Router(dict(settings), workflow=workflow, step=step, routes=routes)
        try:
            super().__init__(level)
        except (TypeError, ValueError) as error:
            raise ConfigurationError(
                f"level is {level!r}, expected a number or one of DEBUG, INFO, WARNING, ERROR, CRITICAL"
            ) from error
        self._failed = 0
        self._plain = False
        WorkflowHandler._all.add(self)
        _decide_all()

    def __repr__(self) -> str:
        return f"<WorkflowHandler {self.router.workflow or '-'} in {self.router.settings.root}>"

    def createLock(self) -> None:  # noqa: N802 - the name is logging's
        """Have no lock: one write is whole by itself, and a lock around it is what hurts with threads."""
        self.lock = None

    def setFormatter(self, fmt: logging.Formatter | None) -> None:  # noqa: N802 - the name is logging's
        """Let `fmt` make the message of each line; None leaves it as it was logged.

        So does a `WorkflowFormatter`, and the format that `basicConfig` gives to whoever asked for none.
        """
        # There is no other way to ask; a formatter need not be logging's, it only has to format.
        ours = isinstance(fmt, WorkflowFormatter) or getattr(fmt, "_fmt", None) == logging.BASIC_FORMAT
        super().setFormatter(None if ours else fmt)
        self._decide()

    def handle(self, record: logging.LogRecord) -> bool:
        """Write `record` unless a filter refuses it; never raises."""
        try:
            if self.filters:
                kept: Any = self.filter(record)
                if not kept:
                    return False
                if isinstance(kept, logging.LogRecord):
                    record = kept  # from Python 3.12 on a filter may give another record
            # The plain record, which nearly all are, takes the short way; `emit` would do the same with it. What makes
            # a record's attributes a dict comes last: they are slower to read from then on.
            if self._plain and record.exc_info is None and record.exc_text is None and record.stack_info is None:
                now, level = record.created, _WORDS[record.levelno]
                message, arguments, kind = record.msg, record.args, type(record)
                router, scope = self.router, _scope()
                lines = (router.own if scope.run is None else scope.run.lines) or router.of_process()
                step, bound = scope.step or router.step, scope.fields
                if lines is not None and (kind is LogRecord or kind is FastRecord) and type(message) is str:
                    # What LogRecord.getMessage does; a record class of the program's own may do otherwise.
                    text = message % arguments if arguments else message
                    attributes = record.__dict__
                    if len(attributes) == _PLAIN_SIZE and not bound:
                        lines.say(now, level, step, text)
                        return True
                    named = attributes.get("step", "")
                    if (
                        type(named) is str
                        and named not in LIFE_STEPS
                        and "workflow" not in attributes
                        and "run" not in attributes
                    ):
                        fields = _fields(attributes)
                        lines.write(now, level, named or step, text, {**bound, **fields} if bound else fields)
                        return True
            self.emit(record)
        except Exception as error:
            self._placeholder(record, error)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Write `record` where it belongs."""
        attributes = record.__dict__
        if WorkflowHandler._several and self._is_written(attributes):
            return
        if "allow_loggers" in self.router.settings.redaction:
            with self.router.execution.redactor.speaking(record.name):
                self._emit_in_full(record, attributes)
        else:
            self._emit_in_full(record, attributes)

    def stats(self) -> dict[str, Any]:
        """Return counts of lines (`written`, `late`, `dropped`, `held`), of values `redacted`, of records that `failed`.

        `rules` says how many values each rule redacted.

        A line that is not in its file counts as dropped; as long as it is held in memory it is written late when the
        file can be written again. A record fails when it cannot be rendered; a line says that it was there.
        """
        return {**self.router.execution.stats(), "failed": self._failed}

    def flush(self) -> None:
        """Try at once to write what is held; nothing else is ever buffered."""
        self.router.execution.logs.files.flush()

    def close(self) -> None:
        """Write what is held and take the handler out of `logging`'s lists."""
        self.flush()
        WorkflowHandler._all.discard(self)
        _decide_all()
        super().close()

    def reopen(self) -> None:
        """Be one of `logging`'s handlers again after `close`: whoever sets `logging` up anew closes what was there."""
        with logging._lock:  # type: ignore[attr-defined]  # noqa: SLF001 - as Handler.__init__ and close do
            self._closed = False
        WorkflowHandler._all.add(self)
        _decide_all()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Count a record that could not be written and say so once; `logging.raiseExceptions` does not matter."""
        self._failed += 1
        why = type(sys.exception()).__name__
        notice(f"record {record.name}", f"a record of {origin(record)} could not be logged as it is: {why}")

    def _decide(self) -> None:
        """Settle what `emit` need not ask of each record."""
        settings = self.router.settings
        self._plain = not (
            WorkflowHandler._several or self.formatter or settings.json or "allow_loggers" in settings.redaction
        )

    def _is_written(self, attributes: dict[str, Any]) -> bool:
        """Say whether another of our handlers on the way from logger to root has the record in the same log, and mark it."""
        root, own = str(self.router.settings.root), self.router.workflow
        if "irl_stamped" not in attributes and ("workflow" in attributes or "run" in attributes):
            own = None  # the record says itself where it belongs
        if _scope().run is not None:
            own = None
        seen: tuple[tuple[str, str | None], ...] = attributes.get(_SEEN, ())
        if (root, own) in seen or (own is None and any(other == root for other, _ in seen)):
            return True
        attributes[_SEEN] = (*seen, (root, own))
        return False

    def _emit_in_full(self, record: logging.LogRecord, attributes: dict[str, Any]) -> None:
        message, fields, detail = self._text(record, attributes)
        get = attributes.get
        stamped = "irl_stamped" in attributes
        self.router.write(
            record.created,
            _WORDS[record.levelno],
            message,
            workflow=fields.pop("workflow", None) or (None if stamped else get("workflow")),
            step=fields.pop("step", None) or (None if stamped else get("step")),
            run=fields.pop("run", None) or (None if stamped else get("run")),
            fields=fields,
            logger=record.name,
            attributes=code_attributes(record) | detail.attributes() if self.router.settings.json else None,
            detail=detail.text(),
        )

    def _text(self, record: logging.LogRecord, attributes: dict[str, Any]) -> _Said:
        if self.formatter is None:
            return _said(record, attributes)
        fields = _fields(attributes) if len(attributes) > _PLAIN_SIZE else {}
        return self.formatter.format(record), fields, details.NOTHING

    def _placeholder(self, record: logging.LogRecord, error: Exception) -> None:
        """Write that a record was here, with nothing of its arguments: they may be what broke."""
        try:
            self.handleError(record)
            text = f"(a record of {origin(record)} could not be rendered: {type(error).__name__}) "
            text += record.msg if isinstance(record.msg, str) else f"message of type {type(record.msg).__name__}"
            get = record.__dict__.get
            workflow, step = get("workflow"), get("step")
            self.router.write(
                record.created,
                level_word(record.levelno),
                text,
                workflow=workflow if isinstance(workflow, str) else None,
                step=step if isinstance(step, str) else None,
                run=get("run"),
                logger=record.name,
            )
        except Exception as second:
            notice("placeholder", f"a record could not be logged at all: {type(second).__name__}")


_EVENT_NOT_FIELDS: Final = details.EVENT_KEYS | {"event", "level", "timestamp"}


def _decide_all() -> None:
    handlers = list(WorkflowHandler._all)  # noqa: SLF001 - the same module
    WorkflowHandler._several = len(handlers) > 1  # noqa: SLF001 - as above
    for handler in handlers:
        handler._decide()  # noqa: SLF001 - as above


def _outside_runs(logger: str) -> str | None:
    """Return the workflow that the only handler of ours gives to records of `logger` outside any run; None for none."""
    handlers = list(WorkflowHandler._all)  # noqa: SLF001 - as above
    return handlers[0].router.outside_runs(logger) if len(handlers) == 1 else None


class WorkflowFormatter(logging.Formatter):
    """Renders a record as the same line that `WorkflowHandler` writes, redacted, for any other handler.

    Args:
        fmt, datefmt, style, validate: What `logging.config` passes; the format is fixed, so `fmt` and `datefmt` are None.
        workflow: The workflow of records outside any run; None is the one that the `WorkflowHandler` gives them, if there is
            just one such handler.
        timespec: "seconds" or "milliseconds"; None is the setting of what this process logs to.
        max_line_bytes: Where a line is cut, in bytes; 0 never cuts.

    Raises:
        ConfigurationError: when another format is asked for.
    """

    def __init__(
        self,
        fmt: str | None = None,
        datefmt: str | None = None,
        style: Literal["%", "{", "$"] = "%",
        validate: bool = True,
        *,
        workflow: str | None = None,
        timespec: str | None = None,
        max_line_bytes: int | str = 65_536,
    ) -> None:
        if fmt or datefmt:
            raise ConfigurationError(
                f"format is {fmt or datefmt!r}, but WorkflowFormatter has just one: [TIMESTAMP] [LEVEL] [WORKFLOW] [STEP] "
                "message; leave format and datefmt out, or use logging.Formatter"
            )
        super().__init__(None, None, style, validate)
        settings = load({"timespec": timespec, "max_line_bytes": max_line_bytes})
        self._workflow = workflow
        self._timespec = timespec and settings.timespec
        self._limit = settings.max_line_bytes

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of `record` without a line feed at its end.

        Never raises: `logging` would print the record as it is.
        """
        attributes = record.__dict__
        named = (attributes.get("workflow"), attributes.get("step"))
        try:
            return self._line(record.created, record.levelno, record.name, *named, _said(record, attributes))
        except Exception:
            # Whatever broke, only what is surely text is used.
            workflow, step = (name if type(name) is str else None for name in named)
            said: _Said = (FAILED, {}, details.NOTHING)
            return self._line(time.time(), record.levelno, str(record.name), workflow, step, said)

    def _line(self, now: float, levelno: int, logger: str, workflow: Any, step: Any, said: _Said) -> str:
        message, fields, detail = said
        run, scope = context.current(), context.scope.get()
        workflow = workflow or fields.get("workflow") or (run.workflow if run is not None else self._workflow)
        return whole_line(
            configured.redactor(),
            now,
            level_word(levelno),
            str(workflow or _outside_runs(logger) or NO_WORKFLOW),
            str(step or fields.get("step") or scope.step or ""),
            message,
            {**scope.fields, **{name: value for name, value in fields.items() if name not in _NOT_FIELDS}},
            detail.text(),
            timespec=self._timespec or configured.timespec(),
            max_line_bytes=self._limit,
        )


class WorkflowFilter(logging.Filter):
    """Stamps records with the current `workflow`, `step` and `run`, for other handlers' format strings.

    What a record has already is kept; what there is not is `-`. It lets every record pass.

    Args:
        name: As `logging.Filter`: only loggers below this name; empty for all.
        workflow: The workflow outside any run; None as in `WorkflowFormatter`.
    """

    def __init__(self, name: str = "", *, workflow: str | None = None) -> None:
        super().__init__(name)
        self._workflow = workflow

    def filter(self, record: logging.LogRecord) -> bool:
        """Stamp `record` and say whether its logger is below the filter's name."""
        attributes = record.__dict__
        if "workflow" not in attributes and "step" not in attributes and "run" not in attributes:
            record.irl_stamped = True
        run, scope = context.current(), context.scope.get()
        workflow = run.workflow if isinstance(run, Run) else self._workflow
        attributes.setdefault("workflow", workflow or _outside_runs(record.name) or "-")
        attributes.setdefault("step", scope.step or "-")
        attributes.setdefault("run", run.id if isinstance(run, Run) else "-")
        return super().filter(record) is not False


def _said(record: logging.LogRecord, attributes: dict[str, Any]) -> _Said:
    """The record's message, its fields, and its exception and stack; the record is left as it is."""
    fields = _fields(attributes) if len(attributes) > _PLAIN_SIZE else {}
    event = record.msg
    if isinstance(event, dict) and "event" in event and not record.args:
        # structlog's `wrap_for_formatter` hands the event dict over as the message.
        fields |= {key: value for key, value in event.items() if key not in _EVENT_NOT_FIELDS}
        message = str(event["event"])
    else:
        message = record.getMessage()
    return message, fields, details.of_record(record)


def _fields(attributes: dict[str, Any]) -> dict[str, Any]:
    """What `extra` and filters have added to a record, but for what says where it belongs."""
    names = [*attributes]
    # It stands behind the record's own, unless somebody has taken one of those out.
    if len(names) >= _PLAIN_SIZE and names[_PLAIN_SIZE - 1] == _LAST:
        names = names[_PLAIN_SIZE:]
    fields = {}
    for name in names:
        if name not in _NOT_FIELDS and not name.startswith("_"):
            fields[name] = attributes[name]
    return fields
