"""Log records at half the cost, for programs that opt in: no caller, no thread, no process.

What the lines do not show is not looked up. Other handlers see the usual attributes with empty values.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, Final

_SWITCHES: Final = {"logThreads": False, "logProcesses": False, "logMultiprocessing": False, "_srcfile": None}
"""The switches that the logging HOWTO names under "Optimization"."""


class FastRecord(logging.LogRecord):
    """A `LogRecord` that knows what was said, when and by which logger, and nothing of where."""

    def __init__(  # not super().__init__: its look-ups are what is saved
        self,
        name: str,
        level: int,
        _pathname: str,
        _lineno: int,
        msg: Any,
        args: Any,
        exc_info: Any,
        _func: str | None = None,
        sinfo: str | None = None,
        **_more: Any,
    ) -> None:
        created = time.time()
        attributes = _EMPTY.copy()
        attributes["name"] = name
        attributes["msg"] = msg
        # logging's own rule: a single mapping stands for named arguments.
        attributes["args"] = args[0] if args and len(args) == 1 and isinstance(args[0], Mapping) and args[0] else args
        attributes["levelno"] = level
        attributes["levelname"] = logging.getLevelName(level)
        attributes["exc_info"] = exc_info
        attributes["stack_info"] = sinfo
        attributes["created"] = created
        attributes["msecs"] = (created % 1) * 1000
        attributes["relativeCreated"] = (created - _START) * 1000
        self.__dict__ = attributes


_START: Final = time.time()
_EMPTY: Final = dict.fromkeys(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {
    "pathname": "",
    "filename": "",
    "module": "",
    "lineno": 0,
}

_before: dict[str, Any] = {}


def origin(record: logging.LogRecord) -> str:
    """Say where a record comes from: which logger and, as far as the record knows, which line of which file."""
    return f"logger {record.name}" + (f", {record.filename}:{record.lineno}," if record.lineno else "")


def code_attributes(record: logging.LogRecord) -> dict[str, Any]:
    """Return where a record comes from, named as OpenTelemetry's semantic conventions do, as far as it knows."""
    attributes = {
        "logger.name": record.name,
        "code.file.path": record.pathname,
        "code.line.number": record.lineno,
        "code.function.name": record.funcName,
        "process.pid": record.process,
        "thread.name": record.threadName,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def use_fast() -> None:
    """Let `logging` make fast records from here on."""
    if not _before:
        _before.update({name: getattr(logging, name) for name in _SWITCHES}, factory=logging.getLogRecordFactory())
        for name, value in _SWITCHES.items():
            setattr(logging, name, value)
        logging.setLogRecordFactory(FastRecord)


def use_ordinary() -> None:
    """Undo `use_fast`; a factory that the program has set since then stays."""
    if _before:
        factory = _before.pop("factory")
        if logging.getLogRecordFactory() is FastRecord:
            logging.setLogRecordFactory(factory)
        for name, value in _before.items():
            setattr(logging, name, value)
        _before.clear()
