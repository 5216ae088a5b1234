"""The JSON twin: each record once more, exact and with all its fields, as one JSON object per line.

Keys are those of OpenTelemetry's log data model (opentelemetry.io/docs/specs/otel/logs/data-model) and attribute names its
semantic conventions; python-json-logger does the encoding. Redacted like everything else.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.line import render_time
from irl_logging.redaction import Redactor
from irl_logging.redaction.flat import FlatFields
from irl_logging.storage.budget import Budget, LimitedFile
from irl_logging.storage.sink import LogFile, LogFiles

SEVERITY_NUMBERS: Final = {"DEBUG": 5, "INFO": 9, "WARN": 13, "ERROR": 17, "CRITICAL": 21}
"""The first number of each range of the data model's severities."""


class Twin:
    """Writes the JSON twin of one run's log.

    Args:
        files: The pool that the file belongs to.
        log: The log's path; the twin has the suffix `.jsonl`.
        attributes: What every record has: the workflow, the run, the agent.
        redactor: Redacts every text.
        budget: How much may be written, with the log; None for no limit.
    """

    def __init__(
        self,
        files: LogFiles,
        log: Path,
        attributes: Mapping[str, Any],
        redactor: Redactor,
        budget: Budget | None = None,
    ) -> None:
        from pythonjsonlogger.json import JsonFormatter  # slow to import, and needed only where a twin is written

        self.path = log.with_suffix(".jsonl")
        self._files = files
        self._formatter = JsonFormatter(json_serializer=_dumps, json_ensure_ascii=False)
        self._flat = FlatFields(redactor)
        self._attributes = redactor.redact_fields(attributes, document=True)
        self._redactor = redactor
        file = files.get(self.path, self._marker)
        self._file: LogFile | LimitedFile = file if budget is None else LimitedFile(file, budget, self._marker)

    def write(
        self,
        now: float,
        level: str,
        step: str | None,
        message: str,
        fields: Mapping[str, Any],
        attributes: Mapping[str, Any] | None,
    ) -> None:
        """Append one record; the arguments are those of `storage.log.RunLog.write`."""
        try:
            own = {**fields, **attributes} if attributes else fields
            line = self._encoded(now, level, step, message, own, together=len(fields) > 1)
        except Exception as error:
            line = self._encoded(now, level, step, f"(this record could not be encoded: {type(error).__name__})", {})
        self._file.write(line, now)

    def close(self) -> None:
        """Let the file go; another record opens it again."""
        self._files.close(self.path)

    def _encoded(
        self,
        now: float,
        level: str,
        step: str | None,
        message: str,
        fields: Mapping[str, Any],
        *,
        together: bool = False,
    ) -> bytes:
        """Return the record's line; `together` where its fields may tell of each other."""
        own = {"step": step, **fields} if step else fields
        record: dict[str, Any] = {
            "Timestamp": render_time(now, "microseconds"),
            "SeverityText": level,
            "SeverityNumber": SEVERITY_NUMBERS.get(level, 9),
            "Body": message,
            "Attributes": {**self._attributes, **own},
        }
        flat = self._flat(own)
        if flat is not None and self._redactor.redact(said := message + flat) == said:
            line = self._formatter.jsonify_log_record(record)
            if not together or self._redactor.redact(line) == line:
                return line.encode("utf-8", "backslashreplace") + b"\n"
        record = self._redactor.redact_fields(record, document=True)  # what is hidden leaves JSON behind
        return self._formatter.jsonify_log_record(record).encode("utf-8", "backslashreplace") + b"\n"

    def _marker(self, text: str) -> bytes:
        return self._encoded(time.time(), "WARN", "logging", text, {}).rstrip(b"\n")


def _dumps(record: Any, **options: Any) -> str:
    """`json.dumps`, with NaN and infinity, which are no JSON, as texts."""
    try:
        return json.dumps(record, allow_nan=False, **options)
    except ValueError:
        return json.dumps(_finite(record), **options)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, (list, tuple)) else value
