"""`configure` and `shutdown`: the one line that makes an ordinary logging program leave its trail."""

from __future__ import annotations

import logging
import os
import sys
import threading
from pathlib import Path
from typing import Any, Unpack

from irl_logging import context, exits, records
from irl_logging.errors import IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.handler import WorkflowHandler
from irl_logging.notices import notice
from irl_logging.runs import RUN_VARIABLE, Run
from irl_logging.settings import SettingsArgs, load

_lock = threading.RLock()
_handler: WorkflowHandler | None = None


def configure(
    workflow: str | None = None,
    *,
    level: int | str | None = None,
    log_name: str | None = None,
    fields: dict[str, Any] | None = None,
    **settings: Unpack[SettingsArgs],
) -> Run:
    """Log everything from here on to a run of `workflow`, and end the run with the process.

    One handler is added to the root logger and nothing else of `logging` is touched. Called again, it changes nothing and
    returns the same run. In a child process of a run (`IRL_RUN` in the environment) the child joins that run. When the
    execution directory cannot be written, stderr says so once and the program goes on.

    Args:
        workflow: The workflow's name; None is the script's, without its ending.
        level: Level to give the root logger; None leaves it, and warns when it would swallow INFO.
        log_name: What `{log_name}` stands for in the log file's name.
        fields: Values that belong to the run, such as `{"integration": "finance_integration"}`.
        settings: Settings by name, see `settings.Settings`.

    Raises:
        ConfigurationError: when an argument is not known or not of its kind.
    """
    global _handler  # noqa: PLW0603 - the root logger is the process's, and so is its handler
    with _lock:
        current = context.process_run()
        if isinstance(current, Run) and _handler is not None:
            return current
        chosen = load(dict(settings))
        execution = Execution.of(chosen)
        name = workflow or _script_name()
        handler = WorkflowHandler(name, **settings)
        run = _joined(execution) or _started(execution, name, log_name, fields or {})
        handler.router.adopt(run)
        context.set_process_run(run)
        if run.owned:
            run.export()
        root = logging.getLogger()
        if level is not None:
            root.setLevel(level.upper() if isinstance(level, str) else level)
        root.addHandler(handler)
        _handler = handler
        if chosen.fast_records:
            records.use_fast()
        _warn_of_level(root)
        return run


def shutdown() -> None:
    """Undo `configure`: end its run as complete, take the handler and every hook away."""
    global _handler  # noqa: PLW0603 - as above
    with _lock:
        run = context.process_run()
        context.set_process_run(None)
        if isinstance(run, Run):
            try:
                run.end_with(None)
            except OSError as error:
                notice(f"end {run.id}", f"the end of run {run.id} could not be recorded: {error}")
        if _handler is not None:
            logging.getLogger().removeHandler(_handler)
            _handler.close()
            _handler = None
        records.use_ordinary()
        exits.unwatch_all()


def handler() -> WorkflowHandler | None:
    """Return the handler that `configure` added, or None."""
    return _handler


def _script_name() -> str:
    script = Path(sys.argv[0] if sys.argv and sys.argv[0] not in ("", "-c", "-m") else "python")
    return script.parent.name if script.stem == "__main__" else script.stem


def _joined(execution: Execution) -> Run | None:
    run_id = os.environ.get(RUN_VARIABLE)
    if not run_id:
        return None
    try:
        return execution.join(run_id)
    except (OSError, IrlLoggingError):
        return None  # the variable is left over from a run that has ended: this process has a run of its own


def _started(execution: Execution, name: str, log_name: str | None, fields: dict[str, Any]) -> Run:
    try:
        return execution.start(name, log_name=log_name, explicit=False, **fields)
    except OSError as error:
        notice(f"sink {execution.layout.logs}", f"run of {name} could not be started: {error}; the program goes on")
        return execution.unstarted(name)


def _warn_of_level(root: logging.Logger) -> None:
    if root.getEffectiveLevel() > logging.INFO:
        notice(
            "root level",
            f"the root logger's level is {logging.getLevelName(root.level)}, so logger.info(...) is not logged: "
            'call irl_logging.configure(..., level="INFO") or logging.basicConfig(level=logging.INFO)',
            every=None,
        )
