"""What is logged besides a message: the exception and the stack of a record of `logging` or of an event of structlog.

Text on its way to redaction, which is not done here.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from types import FrameType
from typing import Any, Final, NamedTuple

from irl_logging.tracebacks import render_exception, render_stack

EVENT_KEYS: Final = frozenset({"exc_info", "stack_info", "exception", "stack"})
"""Keys under which structlog's events have them, before and after they are rendered."""

_LOGGERS: Final = ("structlog", "irl_logging", "logging")


class Detail(NamedTuple):
    """An exception and a stack, each as text; empty for none."""

    exception: str = ""
    stack: str = ""
    error: BaseException | None = None
    """The exception itself, where there is more of it than its text."""

    def text(self) -> str:
        """Return what follows the message on lines of its own; empty for nothing."""
        return "\n".join(part for part in (self.exception, self.stack) if part)

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of the JSON twin, named as OpenTelemetry's semantic conventions name them."""
        named: dict[str, Any] = {}
        if self.error is not None:
            named["exception.type"] = type(self.error).__qualname__
            named["exception.message"] = _text(self.error)
        if self.exception:
            named["exception.stacktrace"] = self.exception
        if self.stack:
            named["code.stacktrace"] = self.stack
        return named


NOTHING: Final = Detail()


def of_record(record: logging.LogRecord) -> Detail:
    """Return the exception and the stack of a record, or those of the event that structlog handed over as its message."""
    event = of_event(record.msg) if isinstance(record.msg, dict) else NOTHING
    error = event.error
    if error is None and isinstance(record.exc_info, tuple):
        error = record.exc_info[1]
    # A record that came through a queue has lost its exception and kept its text.
    text = event.exception or (_text(record.exc_text) if error is None else render_exception(error))
    return Detail(text, event.stack or _text(record.stack_info), error)


def of_event(event_dict: Mapping[str, Any]) -> Detail:
    """Return the exception and the stack of an event of structlog, rendered already or not."""
    error = event_dict.get("exc_info")
    if error is True:
        error = sys.exception()
    elif isinstance(error, tuple):
        error = error[1]
    stack = event_dict.get("stack_info")
    if stack is True:
        stack = render_stack(_caller())
    if not isinstance(error, BaseException):
        return Detail(_text(event_dict.get("exception")), _text(stack or event_dict.get("stack")))
    return Detail(render_exception(error), _text(stack or event_dict.get("stack")), error)


def _text(value: object) -> str:
    try:
        return str(value) if value else ""
    except Exception as failure:
        return f"({type(value).__name__} has no text: {type(failure).__name__})"


def _caller() -> FrameType:
    """The innermost frame that belongs neither to structlog, nor to logging, nor to us."""
    frame = sys._getframe()  # noqa: SLF001 - documented in sys
    while frame.f_back is not None and frame.f_globals.get("__name__", "").split(".")[0] in _LOGGERS:
        frame = frame.f_back
    return frame
