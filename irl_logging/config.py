"""`configure` and `shutdown`: the one line that gives an ordinary program its run log."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Unpack

from irl_logging import arguments, context, exits, records
from irl_logging.configured import execution_for, set_default
from irl_logging.context import RUN_VARIABLE
from irl_logging.errors import ConfigurationError, IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.forks import ThreadLock
from irl_logging.handler import WorkflowHandler
from irl_logging.naming import clean_slug
from irl_logging.notices import end_not_recorded, notice
from irl_logging.redaction import register_environment
from irl_logging.runs import Run
from irl_logging.settings import NAMES, SettingsArgs, check_arguments, load, nearest

_lock = ThreadLock()
_handler: WorkflowHandler | None = None
_execution: Execution | None = None


def configure(
    workflow: str | None = None,
    *,
    level: int | str | None = None,
    log_name: str | None = None,
    fields: dict[str, Any] | None = None,
    **settings: Unpack[SettingsArgs],
) -> Run:
    """Log everything from here on to a run of `workflow`, and end the run with the process.

    One handler is added to the root logger; nothing else in `logging` is touched. Called again, it changes nothing (and
    says so if it names another workflow) and returns the same run, but puts the handler back if another `logging` setup
    has removed it since. In a child process of a run (`IRL_RUN` in the environment) the child joins that run. When the
    execution directory cannot be written, stderr says so once and the program goes on.

    Args:
        workflow: The workflow's name; None means the script's name without its extension.
        level: Level to set on the root logger; None leaves it, and warns if it would suppress INFO.
        log_name: What `{log_name}` stands for in the log file's name.
        fields: Values that belong to the run, such as `{"integration": "finance_integration"}`.
        settings: Settings by name, see `settings.Settings`.

    Raises:
        ConfigurationError: when an argument is unknown or of the wrong type; then nothing has been done.
    """
    global _handler, _execution
    with _lock:
        current = context.process_run()
        if isinstance(current, Run) and _handler is not None:
            _put_back(_handler)
            _warn_of_another(current, workflow)
            return current
        _check(workflow, fields, settings)
        number = _level(level)
        chosen = load(dict(settings))
        register_environment()
        execution = execution_for(chosen)
        name = workflow or _script_name()
        run = _joined(execution) or _started(execution, name, log_name, fields)
        handler = _RootHandler(name, **settings)
        handler.router.adopt(run)
        context.set_process_run(run)
        if run.owned:
            context.export(run)
        root = logging.getLogger()
        if number is not None:
            root.setLevel(number)
        root.addHandler(handler)
        _handler, _execution = handler, execution
        set_default(execution)
        if chosen.fast_records:
            records.use_fast()
        _warn_of_level(root)
        return run


def shutdown() -> None:
    """Undo `configure`: end its run as complete, remove the handler and every hook."""
    global _handler, _execution  # noqa: PLW0603 - as above
    with _lock:
        run = context.process_run()
        context.set_process_run(None)
        if isinstance(run, Run):
            try:
                run.end_with(None)
            except OSError as error:
                end_not_recorded(run.id, error)
            context.withdraw(run)
            exits.unwatch(run)
        ours, _handler = _handler, None
        if ours is not None:
            logging.getLogger().removeHandler(ours)
            ours.close()
            records.use_ordinary()
        if _execution is not None:
            _execution.close()
        _execution = None
        set_default(None)


def handler() -> WorkflowHandler | None:
    """Return the handler that `configure` added, or None."""
    return _handler


class _RootHandler(WorkflowHandler):
    """The handler that `configure` adds; nobody else has a reason to close it while its run is open."""

    def close(self) -> None:
        """Close the handler, and warn if it is another logging setup that closes it."""
        super().close()
        run = context.process_run()
        if self is _handler and isinstance(run, Run) and run.owned and not run.ended:
            notice(
                "handler closed",
                "another logging set-up (dictConfig, fileConfig, basicConfig(force=True)) has closed the handler of "
                "irl_logging.configure: call configure again behind it, or what is logged from here on is not in the log",
                every=None,
            )


def _put_back(ours: WorkflowHandler) -> None:
    """Add our handler again if a `dictConfig` or `basicConfig(force=True)` has closed and removed it since."""
    root = logging.getLogger()
    if ours not in root.handlers:
        ours.reopen()
        root.addHandler(ours)


def _check(workflow: object, fields: object, settings: Mapping[str, Any]) -> None:
    if workflow is not None and not isinstance(workflow, str):
        raise ConfigurationError(f"workflow is {workflow!r}, expected a name, or None for the script's")
    arguments.mapping("fields", fields)
    check_arguments(settings, ("workflow", "level", "log_name", "fields"))
    for name in settings:
        if name not in NAMES and not nearest(name, NAMES):
            expected = f"fields={{{name!r}: ...}} for a value of the run, or a setting: {', '.join(NAMES)}"
            raise ConfigurationError(f"argument {name!r} is not known: expected {expected}")


def _level(level: object) -> int | None:
    """Return the number of a level, given as number or name."""
    number = logging.getLevelNamesMapping().get(level.strip().upper()) if isinstance(level, str) else level
    if level is not None and (isinstance(number, bool) or not isinstance(number, int)):
        known = ", ".join(logging.getLevelNamesMapping())
        raise ConfigurationError(f"level is {level!r}, expected a number or one of {known}")
    return number if isinstance(number, int) else None


def _script_name() -> str:
    first = sys.argv[0] if getattr(sys, "argv", None) else ""  # an embedding program may have set none
    script = Path(first if first not in ("", "-", "-c", "-m") else "python")
    return script.parent.name if script.stem == "__main__" else script.stem


def _joined(execution: Execution) -> Run | None:
    run_id = os.environ.get(RUN_VARIABLE)
    if not run_id:
        return None
    try:
        return execution.join(run_id)
    except (OSError, IrlLoggingError):
        return None  # the variable is left over from a run that has ended: this process has a run of its own


def _started(execution: Execution, name: str, log_name: str | None, fields: Mapping[str, Any] | None) -> Run:
    try:
        return execution.start(name, log_name=log_name, explicit=False, fields=fields)
    except OSError as error:
        return execution.unstarted(name, error)


def _warn_of_another(current: Run, workflow: str | None) -> None:
    """Warn that a second call has not started another run: `configure` gives a process one run at a time."""
    if not isinstance(workflow, str) or not current.owned or _execution is None:
        return
    name = _execution.redactor.redact(workflow)
    if current.ended or clean_slug(workflow, _execution.redactor.redact) != current.workflow:
        notice(
            f"configured {name}",
            f"configure({name!r}) changes nothing: this process logs to the run of {current.workflow}"
            f"{', which has ended' if current.ended else ''}; call irl_logging.shutdown() before it, or use "
            f"with irl_logging.workflow({name!r})",
            every=None,
        )


def _warn_of_level(root: logging.Logger) -> None:
    if root.getEffectiveLevel() > logging.INFO:
        notice(
            "root level",
            f"the root logger's level is {logging.getLevelName(root.level)}, so logger.info(...) is not logged: "
            'call irl_logging.configure(..., level="INFO") or logging.basicConfig(level=logging.INFO)',
            every=None,
        )
