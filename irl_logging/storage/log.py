"""The lines of one run: rendered, redacted, capped, and handed to the run's file in one write.

This is the hot path of the package: every door (handler, structlog chain, `Run.log`, captured output) ends here. Whatever
can be known before a line comes is decided at construction; the head of a line is made once a second.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.forks import ThreadLock
from irl_logging.line import NO_STEP, cap, escape, render_fields, render_head, render_time
from irl_logging.naming import clean_slug
from irl_logging.redaction import Redactor, counting
from irl_logging.redaction.flat import FlatFields
from irl_logging.redaction.structure import FAILED
from irl_logging.storage.budget import Budget, LimitedFile
from irl_logging.storage.sink import LogFile, LogFiles
from irl_logging.storage.twin import Twin

_COUNTED: Final = ("WARN", "ERROR", "CRITICAL")


class RunLog:
    """Writes the lines of one workflow to one log file.

    Args:
        files: The pool that the file belongs to.
        path: The log file.
        workflow: What stands in the third bracket, a slug.
        redactor: What every text goes through.
        timespec: "seconds" or "milliseconds".
        max_line_bytes: Where a line is cut; 0 never cuts.
        twin: The JSON twin, which gets the parts of each record as well; None for none.
        budget: How much may be written; None for no limit.

    Attributes:
        counts: How many lines of WARN, ERROR and CRITICAL this object wrote.
    """

    __slots__ = (
        "_budget",
        "_counting",
        "_file",
        "_files",
        "_heads",
        "_last",
        "_limit",
        "_plain_limit",
        "_redactor",
        "_tick",
        "_timespec",
        "counts",
        "flat",
        "path",
        "redacted",
        "twin",
        "workflow",
    )

    def __init__(
        self,
        files: LogFiles,
        path: Path,
        workflow: str,
        redactor: Redactor,
        *,
        timespec: str = "seconds",
        max_line_bytes: int = 65_536,
        twin: Twin | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.path = path
        self.workflow = workflow
        self._files = files
        self._redactor = redactor
        self.redacted: Counter[str] = Counter()
        """How many values each rule redacted in this run's lines, by this process."""
        self._timespec = timespec
        # With milliseconds in it no head is good for another line. Floats, as comparing those with each other is cheap.
        self._tick = 1.0 if timespec == "seconds" else 0.0
        self._limit = max_line_bytes or (1 << 62)
        # With a twin beside it no record is as plain as `say` would have it.
        self._plain_limit = self._limit if twin is None else -1
        self.twin = twin
        file = files.get(path, self._marker)
        self._file: LogFile | LimitedFile = file if budget is None else LimitedFile(file, budget, self._marker)
        self._budget = budget
        self.counts = dict.fromkeys(_COUNTED, 0)
        self._counting = ThreadLock()
        self.flat = FlatFields(redactor)
        # When the tick of the heads began, and the heads by level and step; and the last one with the time it is good for.
        # Both are replaced whole, so that no lock is needed.
        self._heads: tuple[float, dict[tuple[str, str | None], bytes]] = (0.0, {})
        self._last: tuple[float, float, str, str | None, bytes] = (0.0, 0.0, "", None, b"")

    def say(self, now: float, level: str, step: str | None, message: str) -> None:
        """Append one record that is nothing but a message: `write` for the lines that nearly all lines are.

        Args:
            now: When it happened, in seconds since 1970.
            level: DEBUG, INFO, WARN, ERROR or CRITICAL.
            step: Any text, slugged; None or empty for no step.
            message: Any text.
        """
        since, until, for_level, for_step, head = self._last
        if level is not for_level or step is not for_step or not since <= now < until:
            head = self._head(now, level, step)
        suspicion: object = None
        try:
            body = message.encode()
            if len(body) <= self._plain_limit:
                suspects, is_so = self._redactor.gate
                suspicion = suspects(body)
                if not suspicion or not (suspicion := is_so(suspicion, body)):
                    self._file.write(head + body + b"\n", now)
                    return
        except UnicodeEncodeError:
            pass  # a lone surrogate: escaped on the long way
        self._write(head, now, level, step, message, suspicion=suspicion)

    def write(
        self,
        now: float,
        level: str,
        step: str | None,
        message: str,
        fields: Mapping[str, Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
        detail: str = "",
    ) -> None:
        """Append one record; when this returns it is in the file.

        Args:
            now: When it happened, in seconds since 1970.
            level: DEBUG, INFO, WARN, ERROR or CRITICAL.
            step: Any text, slugged; None or empty for no step.
            message: Any text.
            fields: What follows the message as `key=value`; a key that names a secret hides its value.
            attributes: What only the JSON twin shows: the logger, the place in the code, the exception.
            detail: Text that follows on lines of its own: a traceback, a stack.
        """
        # As in `say`: to call for the head of every line would cost 0.2 µs.
        since, until, for_level, for_step, head = self._last
        if level is not for_level or step is not for_step or not since <= now < until:
            head = self._head(now, level, step)
        self._write(head, now, level, step, message, fields, attributes, detail)

    def _write(
        self,
        head: bytes,
        now: float,
        level: str,
        step: str | None,
        message: str,
        fields: Mapping[str, Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
        detail: str = "",
        suspicion: object = None,
    ) -> None:
        plain: str | None = message
        if fields:
            flat = self.flat(fields)
            plain = None if flat is None else message + flat
        if plain is None or detail or not self._write_plain(head, plain, now, suspicion):
            self._file.write(head + self._body(message, fields, detail) + b"\n", now)
        if self.twin is not None:
            self.twin.write(now, level, step, message, fields or {}, attributes)

    def _write_plain(self, head: bytes, text: str, now: float, suspicion: object = None) -> bool:
        """Write a text that needs no redaction and no escaping as it is, or say that this is not one.

        Args:
            head: Of its line.
            text: The text.
            now: When it happened, in seconds since 1970.
            suspicion: What the redactor suspects in it, if it has been asked.
        """
        try:
            body = text.encode()
        except UnicodeEncodeError:
            return False  # a lone surrogate
        suspicion = suspicion or self._redactor.suspects(body)
        # Beyond ASCII it takes a second look: what can be seen and quotes no line may stand as it is.
        if suspicion and not (suspicion == self._redactor.clean and text.isprintable() and "] [" not in text):
            return False
        if len(body) > self._limit:
            return False
        self._file.write(head + body + b"\n", now)
        return True

    def lift_budget(self) -> int:
        """Let everything be written that comes now, as the run ends, and return how many lines were not written."""
        if self._budget is None:
            return 0
        self._budget.lifted = True
        return self._budget.refused

    def close(self) -> None:
        """Let the file go; another line opens it again."""
        self._files.close(self.path)
        if self.twin is not None:
            self.twin.close()

    def _head(self, now: float, level: str, step: str | None) -> bytes:
        """The head of a line, made once for each tick, level and step; a line that counts is counted."""
        since, heads = self._heads
        if not since <= now < since + self._tick:
            since, heads = (now // 1 if self._tick else now), {}
            self._heads = since, heads
        head = heads.get((level, step))
        if head is None:
            shown = _shown_step(self._redactor, step)
            head = render_head(render_time(now, self._timespec), level, self.workflow, shown).encode("ascii")
            heads[level, step] = head
        if level in _COUNTED:
            # Such lines are few: they come this way each time, so that the others need not be looked at.
            with self._counting:
                self.counts[level] += 1
            return head
        self._last = since, since + self._tick, level, step, head
        return head

    def _body(self, message: str, fields: Mapping[str, Any] | None, detail: str) -> bytes:
        with counting(self.redacted):
            return _body(self._redactor, message, fields, detail, self._limit)

    def _marker(self, text: str) -> bytes:
        return self._head(time.time(), "WARN", "logging") + escape(self._redactor.redact(text)).encode()


def whole_line(
    redactor: Redactor,
    now: float,
    level: str,
    workflow: str,
    step: str | None,
    message: str,
    fields: Mapping[str, Any] | None = None,
    detail: str = "",
    *,
    timespec: str,
    max_line_bytes: int,
) -> str:
    """Return the line that a `RunLog` would write, without its line feed, for whoever writes it somewhere else.

    The arguments are those of `RunLog` and of `RunLog.write`, but for the workflow, which may be any text.
    """
    body = _body(redactor, message, fields, detail, max_line_bytes).decode()
    name = clean_slug(workflow, redactor.redact)
    return render_head(render_time(now, timespec), level, name, _shown_step(redactor, step)) + body


def _shown_step(redactor: Redactor, step: str | None) -> str | None:
    return clean_slug(step, redactor.redact) if step and step != NO_STEP else None


def _body(
    redactor: Redactor, message: str, fields: Mapping[str, Any] | None, detail: str, max_line_bytes: int
) -> bytes:
    """Return what follows the head of a line: redacted, escaped and capped, or a placeholder when anything goes wrong."""
    try:
        text = message
        if fields:
            # Key by key first, as a name like `password` says more in a mapping than it does in a text.
            text = f"{text} {render_fields(redactor.redact_fields(fields))}".lstrip(" ")
        text = redactor.redact(f"{text}\n{detail}" if detail else text)
        return cap(escape(text).encode("utf-8", "backslashreplace"), max_line_bytes)
    except Exception:
        return FAILED.encode()
