"""The execution directory that a process uses when it names none.

That is the one `configure` opened, else the one found through environment, config file and working directory. The same
settings give the same object, so that all entry points of a process share its files and its runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from irl_logging.errors import ConfigurationError
from irl_logging.execution import Execution
from irl_logging.forks import ThreadLock
from irl_logging.redaction import Redactor
from irl_logging.redaction import default as default_redactor
from irl_logging.settings import Settings, load

_executions: dict[str, Execution] = {}
_configured: Execution | None = None
_lock = ThreadLock()


def execution_for(settings: Settings) -> Execution:
    """Return the process's own `Execution` for these settings, always the same object."""
    key = repr(settings)
    with _lock:
        if key not in _executions:
            _executions[key] = Execution(resolved=settings)
        return _executions[key]


def default(given: Mapping[str, Any] | None = None) -> Execution:
    """Return the `Execution` that `configure` opened, else the process's own for environment and config file.

    Args:
        given: Settings by name; if there are any, they are used on top of environment and config file.

    Raises:
        ConfigurationError: when one of them is wrong.
    """
    if _configured is not None and not any(value is not None for value in (given or {}).values()):
        return _configured
    return execution_for(load(given))


def given(execution: object) -> Execution | None:
    """Check the argument `execution` of a public call and return it.

    Raises:
        ConfigurationError: when it is something else, such as a path.
    """
    if execution is None or isinstance(execution, Execution):
        return execution
    raise ConfigurationError(f"execution is {execution!r}, expected an Execution, such as irl_logging.Execution('.')")


def set_default(execution: Execution | None) -> None:
    """Make `execution` the default; None goes back to the one that the surroundings name."""
    global _configured  # noqa: PLW0603 - what the process is configured to is the process's
    _configured = execution


def _in_use() -> Execution | None:
    """Return what `configure` opened, else the first that this process uses if all of them redact alike; else None."""
    if _configured is not None:
        return _configured
    used = list(_executions.values())
    alike = all(execution.settings.redaction == used[0].settings.redaction for execution in used)
    return used[0] if used and alike else None


def redactor() -> Redactor:
    """Return the redactor of what is in use, with the program's own rules; the built-in one if there is none."""
    execution = _in_use()
    return default_redactor() if execution is None else execution.redactor


def timespec() -> str:
    """Return how precise the times in lines are, by the settings of what is in use."""
    execution = _in_use()
    return "seconds" if execution is None else execution.settings.timespec


def forget() -> None:
    """Close every `Execution` that `execution_for` keeps and forget them, as in a process that has just started."""
    with _lock:
        for execution in _executions.values():
            execution.close()
        _executions.clear()
        set_default(None)
