"""Per-workflow run logs, redaction and a truthful README manifest for agent-run repositories, from one logging line.

    import irl_logging
    irl_logging.configure("incident-approval")

The names below are all that most programs need. They are loaded when first used, so that importing the package
costs next to nothing.
"""

from __future__ import annotations

from irl_logging.version import __version__ as __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from irl_logging.config import configure, shutdown
    from irl_logging.context import bound, context_executor, in_context
    from irl_logging.diagnosis.doctor import doctor
    from irl_logging.diagnosis.finding import Finding
    from irl_logging.errors import (
        ArchiveError,
        BusyError,
        ConfigurationError,
        DocumentError,
        IrlLoggingError,
        JournalError,
        ManifestDeferred,
        MissingExtraError,
        RuleError,
        RunAliveError,
        RunEndedError,
        UnknownRunError,
    )
    from irl_logging.execution import Execution
    from irl_logging.handler import WorkflowFilter, WorkflowFormatter, WorkflowHandler
    from irl_logging.lifecycle import RunState, Status
    from irl_logging.processors import ManifestUpdater, structlog_config
    from irl_logging.redaction import redact, redact_fields, register_secret
    from irl_logging.runs import Run
    from irl_logging.workflows import current_run, step, workflow

_HOMES = {
    "config": ("configure", "shutdown"),
    "context": ("bound", "context_executor", "in_context"),
    "diagnosis.doctor": ("doctor",),
    "diagnosis.finding": ("Finding",),
    "errors": (
        "ArchiveError",
        "BusyError",
        "ConfigurationError",
        "DocumentError",
        "IrlLoggingError",
        "JournalError",
        "ManifestDeferred",
        "MissingExtraError",
        "RuleError",
        "RunAliveError",
        "RunEndedError",
        "UnknownRunError",
    ),
    "execution": ("Execution",),
    "handler": ("WorkflowFilter", "WorkflowFormatter", "WorkflowHandler"),
    "lifecycle": ("RunState", "Status"),
    "processors": ("ManifestUpdater", "structlog_config"),
    "redaction": ("redact", "redact_fields", "register_secret"),
    "runs": ("Run",),
    "workflows": ("current_run", "step", "workflow"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


__all__ = [
    "ArchiveError",
    "BusyError",
    "ConfigurationError",
    "DocumentError",
    "Execution",
    "Finding",
    "IrlLoggingError",
    "JournalError",
    "ManifestDeferred",
    "ManifestUpdater",
    "MissingExtraError",
    "RuleError",
    "Run",
    "RunAliveError",
    "RunEndedError",
    "RunState",
    "Status",
    "UnknownRunError",
    "WorkflowFilter",
    "WorkflowFormatter",
    "WorkflowHandler",
    "bound",
    "configure",
    "context_executor",
    "current_run",
    "doctor",
    "in_context",
    "redact",
    "redact_fields",
    "register_secret",
    "shutdown",
    "step",
    "structlog_config",
    "workflow",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # as it and `typing` cost half of what importing the package does

    with import_module(f"{__name__}.forks").first_use(home):
        value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
