"""The lines of one run: rendered, redacted, capped, and handed to the run's file in one write.

This is the hot path of the package: every door (handler, structlog chain, `Run.log`, captured output) ends here. Whatever
can be known before a line comes is decided at construction; the head of a line is made once a second.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.line import NO_STEP, cap, escape, render_fields, render_head, render_time
from irl_logging.naming import slug
from irl_logging.redaction import Redactor
from irl_logging.storage.sink import LogFiles
from irl_logging.storage.twin import Twin

FAILED: Final = "[REDACTED:redactor-error]"
"""What is written in place of a text whose redaction failed."""


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
    """

    __slots__ = (
        "_clean",
        "_file",
        "_files",
        "_heads",
        "_limit",
        "_redactor",
        "_tick",
        "_timespec",
        "path",
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
    ) -> None:
        self.path = path
        self.workflow = workflow
        self._files = files
        self._redactor = redactor
        self._clean = redactor.is_clean
        self._timespec = timespec
        self._tick = 1_000 if timespec == "milliseconds" else 1
        self._limit = max_line_bytes or (1 << 62)
        self.twin = twin
        self._file = files.get(path, self._marker)
        # The tick that the heads are of, and the heads by level and step: replaced whole, so that no lock is needed.
        self._heads: tuple[int, dict[tuple[str, str | None], bytes]] = (-1, {})

    def write(
        self,
        now: float,
        level: str,
        step: str | None,
        message: str,
        fields: Mapping[str, Any] | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> None:
        """Append one record; when this returns it is in the file.

        Args:
            now: When it happened, in seconds since 1970.
            level: DEBUG, INFO, WARN, ERROR or CRITICAL.
            step: Any text, slugged; None or empty for no step.
            message: Any text.
            fields: What follows the message as `key=value`; a key that names a secret hides its value.
            attributes: What only the JSON twin shows: the logger, the place in the code, the exception.
        """
        tick, heads = self._heads
        if tick != int(now * self._tick):
            heads = {}
            self._heads = (int(now * self._tick), heads)
        try:
            head = heads[level, step]
        except KeyError:
            head = heads[level, step] = self._head(now, level, step)
        # Printable text has no lone surrogate, so encoding cannot fail; without a bracket it can quote no line.
        if (
            fields is None
            and message.isprintable()
            and "[" not in message
            and self._clean(body := message.encode())
            and len(body) <= self._limit
        ):
            self._file.write(b"%b%b\n" % (head, body), now)
        else:
            self._file.write(b"%b%b\n" % (head, self._body(message, fields)), now)
        if self.twin is not None:
            self.twin.write(now, level, step, message, fields or {}, attributes)

    def close(self) -> None:
        """Let the file go; another line opens it again."""
        self._files.close(self.path)
        if self.twin is not None:
            self.twin.close()

    def _head(self, now: float, level: str, step: str | None) -> bytes:
        name = self._redactor.redact(step) if step else ""
        shown = slug(name) if name and name != NO_STEP else None
        return render_head(render_time(now, self._timespec), level, self.workflow, shown).encode("ascii")

    def _body(self, message: str, fields: Mapping[str, Any] | None) -> bytes:
        try:
            text = message
            if fields:
                # Key by key first, as a name like `password` says more in a mapping than it does in a text.
                text = f"{text} {render_fields(self._redactor.redact_fields(fields))}".lstrip(" ")
            text = self._redactor.redact(text)
            return cap(escape(text).encode("utf-8", "backslashreplace"), self._limit)
        except Exception:
            return FAILED.encode()

    def _marker(self, text: str) -> bytes:
        return self._head(time.time(), "WARN", "logging") + escape(self._redactor.redact(text)).encode()
