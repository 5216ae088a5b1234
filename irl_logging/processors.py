"""The structlog side: processors, each a plain `(logger, method_name, event_dict)` callable that is usable alone.

`structlog_config` puts them into one chain that writes straight to the run's file. Which run an event belongs to is
decided in `routing`, as for `logging`, so the same event gives the same line either way.
"""

from __future__ import annotations

import contextvars
import time
from collections.abc import Iterable, Mapping, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, Unpack

from irl_logging import arguments, configured, context, details
from irl_logging.details import Detail
from irl_logging.errors import ConfigurationError, IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.line import as_level
from irl_logging.notices import notice
from irl_logging.redaction import Redactor
from irl_logging.routing import END_STEPS, LIFE_STEPS, NO_WORKFLOW, START_STEP, Router
from irl_logging.runs import Run
from irl_logging.settings import SettingsArgs
from irl_logging.storage.log import whole_line

EventDict = MutableMapping[str, Any]

_METHOD_LEVELS: Final = {
    "debug": "DEBUG",
    "info": "INFO",
    "msg": "INFO",
    "log": "INFO",
    "warn": "WARN",
    "warning": "WARN",
    "err": "ERROR",
    "error": "ERROR",
    "exception": "ERROR",
    "failure": "ERROR",
    "critical": "CRITICAL",
    "fatal": "CRITICAL",
}
_BOUND_METHODS: Final = {
    "debug": "debug",
    "info": "info",
    "msg": "info",
    "warning": "warning",
    "warn": "warning",
    "error": "error",
    "critical": "critical",
    "fatal": "critical",
}
"""Methods of structlog's filtering logger, and the name by which processors know each."""

_LEVEL_NUMBERS: Final = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40, "CRITICAL": 50}

_STRUCTLOG: Final = "structlog_"
"""What the names of structlog's context variables begin with."""

_NOT_FIELDS: Final = details.EVENT_KEYS | {"event", "level", "timestamp", "workflow", "step", "run", "logger"}
_LONGEST_LINE: Final = 65_536  # bytes
_ASK_MORE: Final = _NOT_FIELDS - {"event", "step"}
_now: Final = time.time
_scope: Final = context.scope.get
_OURS_ALONE: Final = 2
"""Processors of a chain without the program's own: structlog's that merges the context variables, and the one that writes."""


def add_context(_logger: Any, _method: str, event_dict: EventDict) -> EventDict:
    """Add `workflow`, `step`, `run` and bound fields of the current context where the event does not have them."""
    run, scope = context.current(), context.scope.get()
    if isinstance(run, Run):
        event_dict.setdefault("workflow", run.workflow)
        event_dict.setdefault("run", run.id)
    if scope.step:
        event_dict.setdefault("step", scope.step)
    for name, value in scope.fields.items():
        event_dict.setdefault(name, value)
    return event_dict


def redact(_logger: Any, _method: str, event_dict: EventDict) -> EventDict:
    """Replace every secret in the event's keys and values, at any depth, with its placeholder.

    An exception (`exc_info`) and a stack (`stack_info`) are rendered for that and go on as texts, `exception` and `stack`:
    whatever renders them later would show them as they are.
    """
    redactor = configured.redactor()
    if "exc_info" in event_dict or "stack_info" in event_dict:
        detail = details.of_event(event_dict)
        event_dict = {key: value for key, value in event_dict.items() if key not in ("exc_info", "stack_info")}
        if detail.error is not None:
            event_dict["exception"] = detail.exception
        if detail.stack:
            event_dict["stack"] = detail.stack
    with _speaking(redactor, event_dict):
        return redactor.redact_fields(event_dict)


def render_line(_logger: Any, method: str, event_dict: EventDict) -> str:
    """Return the event as the line that the log file would have, redacted; the last processor of a chain."""
    message, fields, detail = _text(event_dict)
    redactor = configured.redactor()
    run, scope = context.current(), context.scope.get()
    workflow = event_dict.get("workflow") or (run.workflow if run is not None else NO_WORKFLOW)
    step = event_dict.get("step") or scope.step
    with _speaking(redactor, event_dict):
        return whole_line(
            redactor,
            time.time(),
            _level(method, event_dict),
            str(workflow),
            str(step or ""),
            message,
            fields,
            detail.text(),
            timespec=configured.timespec(),
            max_line_bytes=_LONGEST_LINE,
        )


class EmitLifecycle:
    """Starts and ends runs by events that name their `workflow` and a `step` of `start`, `complete`, `fail` or `error`.

    For chains that render somewhere else; the chain of `structlog_config` does this by itself. The event goes on as it is,
    with the run's id as `run`.

    Args:
        execution: The execution directory; None is the one that environment and config file name.

    Raises:
        ConfigurationError: when it is something else.
    """

    def __init__(self, execution: Execution | None = None) -> None:
        self._execution = configured.given(execution)

    def __call__(self, _logger: Any, _method: str, event_dict: EventDict) -> EventDict:
        """Start or end a run if the event says so."""
        workflow, step = event_dict.get("workflow"), event_dict.get("step")
        if not isinstance(workflow, str) or (step != START_STEP and step not in END_STEPS) or "run" in event_dict:
            return event_dict
        try:
            message = str(event_dict.get("event", ""))
            execution = self._execution or configured.default()
            run, _ = execution.implicit.run_for(workflow, message)
            event_dict["run"] = run.id
            if step in END_STEPS:
                run.end(END_STEPS[step], message)
        except (OSError, IrlLoggingError) as error:
            notice(f"lifecycle {workflow}", f"step {step} of {workflow} was not recorded: {error}")
        return event_dict


class ManifestUpdater:
    """Brings `README.md` and `workflows.json` up to date after lifecycle events.

    Usable alone in any chain: an event that is not in the journal yet (it has no `seq`) is recorded first.

    Args:
        execution: The execution directory; None is the one that environment and config file name.

    Raises:
        ConfigurationError: when it is something else.
    """

    def __init__(self, execution: Execution | None = None) -> None:
        self._emit = EmitLifecycle(execution)
        self._execution = execution

    def __call__(self, logger: Any, method: str, event_dict: EventDict) -> EventDict:
        """Pass the event on, with the tables up to date."""
        if "seq" not in event_dict:
            event_dict = self._emit(logger, method, event_dict)
        if "run" in event_dict and ("seq" in event_dict or event_dict.get("step") in {START_STEP, *END_STEPS}):
            try:
                (self._execution or configured.default()).update_manifest()
            except (OSError, IrlLoggingError) as error:
                notice("manifest", f"README.md is not up to date: {error}")
        return event_dict


class WriteLine:
    """Writes the event to its run's log; the last processor of `structlog_config`.

    Args:
        router: Where events belong.
    """

    def __init__(self, router: Router) -> None:
        self.router = router

    def __call__(self, _logger: Any, method: str, event_dict: EventDict) -> tuple[tuple[()], dict[str, Any]]:
        """Write the event and return no arguments: the logger at the end of the chain has nothing left to do."""
        self.write(method, event_dict.pop("event", ""), event_dict)
        return (), {}

    def write(self, method: str, event: object, values: Mapping[str, Any]) -> None:
        """Write one event; never raises.

        Args:
            method: The name of the logger's method, which says its level.
            event: What happened.
            values: What the event has besides.
        """
        try:
            router = self.router
            scope = _scope()
            lines = (router.own if scope.run is None else scope.run.lines) or router.of_process()
            step, bound = scope.step or router.step, scope.fields
            chosen = values.get("step", "")
            if lines is not None and _ASK_MORE.isdisjoint(values) and type(chosen) is str and chosen not in LIFE_STEPS:
                # The plain event, which nearly all are, takes the short way; the long one would do the same with it.
                level, message, step = _METHOD_LEVELS.get(method, "INFO"), str(event), chosen or step
                if bound or "step" in values:
                    values = {**bound, **values}
                    values.pop("step", None)
                flat = lines.flat(values) if values else ""
                if flat is None or lines.twin is not None:
                    lines.write(_now(), level, step, message, values)
                else:
                    lines.say(_now(), level, step, message + flat)
                return
            message, fields, detail = _text({**values, "event": event})
            with _speaking(router.execution.redactor, values):
                router.write(
                    _now(),
                    _level(method, values),
                    message,
                    workflow=values.get("workflow"),
                    step=values.get("step"),
                    run=values.get("run"),
                    fields=fields,
                    logger=str(values.get("logger", "")),
                    attributes=detail.attributes() if router.settings.json else None,
                    detail=detail.text(),
                )
        except Exception as error:
            self.placeholder(method, error, event)

    def placeholder(self, method: str, error: Exception, event: object) -> None:
        """Write that an event was here, with nothing of its values: they may be what broke."""
        try:
            text = f"(an event could not be rendered: {type(error).__name__})"
            notice("structlog event", text)
            text = f"{text} {event}" if isinstance(event, str) else text
            self.router.write(time.time(), _METHOD_LEVELS.get(method, "INFO"), text)
        except Exception as second:
            notice("placeholder", f"an event could not be logged at all: {type(second).__name__}")


class _Written:
    """The logger at the end of the chain, which has nothing left to do: the event has been written."""

    def __getattr__(self, name: str) -> Any:
        return _nothing


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


_WRITTEN: Final = _Written()
for _name in (*_METHOD_LEVELS, "trace", "notice"):
    setattr(_WRITTEN, _name, _nothing)


def structlog_config(
    *,
    workflow: str | None = None,
    step: str | None = None,
    routes: Mapping[str, str] | None = None,
    before: Iterable[Any] = (),
    after: Iterable[Any] = (),
    level: int | str = "INFO",
    cache: bool = True,
    **settings: Unpack[SettingsArgs],
) -> dict[str, Any]:
    """Return the keyword arguments for `structlog.configure` that write events straight to their run's file.

    Args:
        workflow: The workflow of events outside any run; its run starts with the first of them and ends with the process.
        step: The step of events that name none.
        routes: Workflow by pattern of logger names, for events that have a `logger` key.
        before: Your own processors, run first: they see the event as it was logged.
        after: Your own processors, run last before the line is written: they see it with the context variables merged.
        level: Lowest level, a number or a name.
        cache: Keep each logger's assembled chain, which is faster; without it a later `structlog.configure` reaches
            loggers that were used already.
        settings: Settings by name, see `settings.Settings`.

    Raises:
        ConfigurationError: when an argument is unknown or of the wrong type.
    """
    import structlog  # slow to import, and only programs that use it come here

    least = _level_number(level)
    write = WriteLine(Router(dict(settings), workflow=workflow, step=step, routes=routes))
    before, after = arguments.functions("before", before), arguments.functions("after", after)
    processors = [*before, structlog.contextvars.merge_contextvars, *after, write]
    return {
        "processors": processors,
        "wrapper_class": _bound_logger(structlog.make_filtering_bound_logger(least), least, processors, write),
        "context_class": dict,
        "logger_factory": lambda *_args: _WRITTEN,
        "cache_logger_on_first_use": cache,
    }


def _bound_logger(ordinary: Any, least: int, processors: list[Any], write: WriteLine) -> Any:
    """Return structlog's bound logger with methods that never raise, and a fast path for a chain that only writes.

    Args:
        ordinary: structlog's own, made for the lowest level.
        least: The lowest level's number.
        processors: The chain.
        write: Its last.
    """
    usual = [*processors] if len(processors) == _OURS_ALONE else None
    methods = {}
    for name, known_as in _BOUND_METHODS.items():
        if _LEVEL_NUMBERS[_METHOD_LEVELS[name]] >= least:
            methods[name] = _method(known_as, getattr(ordinary, name), usual, write)
    return type("WorkflowBoundLogger", (ordinary,), methods)


def _method(level: str, in_full: Any, usual: list[Any] | None, write: WriteLine) -> Any:
    """Return a method that does what structlog's own does, and calls that if there is more to do than write."""

    def method(self: Any, event: str, *args: Any, **values: Any) -> Any:
        if args:
            try:
                named = len(args) == 1 and isinstance(args[0], Mapping) and args[0]
                event = event % (named or args)
            except Exception as error:
                return write.placeholder(level, error, event)
        if self._processors == usual and _no_variables():
            return write.write(level, event, {**self._context, **values} if self._context else values)
        try:
            return in_full(self, event, **values)
        except Exception as error:  # of a processor before ours
            return write.placeholder(level, error, event)

    method.__name__ = method.__qualname__ = level
    return method


def _no_variables() -> bool:
    """Return whether structlog knows nothing by context variables, whatever others keep there."""
    variables = contextvars.copy_context()
    return len(variables) == (context.scope in variables) or not any(
        variable.name.startswith(_STRUCTLOG) for variable in variables
    )


def _level_number(level: int | str) -> int:
    if isinstance(level, str):
        return _LEVEL_NUMBERS[as_level(level)]
    if not isinstance(level, int) or isinstance(level, bool) or level > _LEVEL_NUMBERS["CRITICAL"]:
        raise ConfigurationError(f"level is {level!r}, expected a number up to 50 or a name such as 'INFO'")
    return min(number for number in (0, *_LEVEL_NUMBERS.values()) if number >= level)  # structlog has no others


def _level(method: str, event_dict: Mapping[str, Any]) -> str:
    level = event_dict.get("level")
    if isinstance(level, str):
        try:
            return as_level(level)
        except ConfigurationError:
            pass  # a level word of the program's own: the method it was logged with says enough
    return _METHOD_LEVELS.get(method, "INFO")


def _speaking(redactor: Redactor, event_dict: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Allow within the `with` block what `allow_loggers` allows to the event's `logger`."""
    name = event_dict.get("logger")
    return redactor.speaking(name) if redactor.allow_loggers and isinstance(name, str) else nullcontext()


def _text(event_dict: Mapping[str, Any]) -> tuple[str, dict[str, Any], Detail]:
    """The event's message, its fields, and its exception and stack."""
    fields = {key: value for key, value in event_dict.items() if key not in _NOT_FIELDS}
    message = str(event_dict.get("event", ""))
    if len(fields) == len(event_dict) - 1:
        return message, fields, details.NOTHING  # nothing but the event and its fields
    return message, fields, details.of_event(event_dict)
