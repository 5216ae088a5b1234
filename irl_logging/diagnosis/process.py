"""This process: whether its records still reach us, and what could not be written."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from irl_logging import config
from irl_logging.diagnosis.finding import Finding, Level
from irl_logging.execution import Execution
from irl_logging.handler import WorkflowHandler
from irl_logging.notices import counted


def look(execution: Execution) -> Iterator[Finding]:
    """Yield how this process logs."""
    yield from _handler()
    counts = execution.stats()
    held, lost = counts["held"], counts["dropped"] - counts["held"]
    if lost:
        text = f"{counted(lost, 'line')} of this process are lost"
        yield Finding(
            Level.PROBLEM, "lines", text, "the log says why in a line of its own when it can be written again"
        )
    if held:
        text = f"{counted(held, 'line')} of this process wait in memory for a file that cannot be written"
        yield Finding(Level.WARN, "lines", text, "stderr has said why; they are tried again every second")
    if not held and not lost:
        yield Finding(Level.OK, "lines", f"{counted(counts['written'], 'line')} of this process written, none lost")


def _handler() -> Iterator[Finding]:
    root = logging.getLogger()
    configured = config.handler()
    if configured is not None and configured not in root.handlers:
        text = "another logging set-up has removed our handler from the root logger"
        yield Finding(Level.PROBLEM, "logging", text, "call irl_logging.configure() again after it")
        return
    if configured is None and not any(map(_is_ours, (root, *root.manager.loggerDict.values()))):
        text = "no logger of this process has a WorkflowHandler"
        yield Finding(
            Level.WARN, "logging", text, 'irl_logging.configure("name") adds one, unless structlog is all you use'
        )
        return
    if root.manager.disable >= logging.INFO:
        text = "logging.disable(...) suppresses logger.info(...)"
        yield Finding(Level.WARN, "logging", text, "logging.disable(logging.NOTSET) lets it pass")
    elif _is_ours(root) and root.level > logging.INFO:
        text = f"logger.info(...) is not logged: the root logger's level is {logging.getLevelName(root.level)}"
        yield Finding(Level.WARN, "logging", text, 'irl_logging.configure(..., level="INFO") changes it')
    else:
        yield Finding(Level.OK, "logging", "our handler is in place")


def _is_ours(logger: object) -> bool:
    return any(isinstance(handler, WorkflowHandler) for handler in getattr(logger, "handlers", ()))
