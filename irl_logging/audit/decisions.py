"""One decision as a value and as a line of the audit trail: rendered, and read back.

Pure. A line is `[TIMESTAMP] [LEVEL] [WORKFLOW] [STEP] Decision: OUTCOME SUBJECT reason=... agent=... run=...`, so that
`grep` finds who decided what; outcome and subject are quoted like a field's value where they are more than one word.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from irl_logging.line import NO_STEP, LogLine, cap, escape, parse, render_fields, render_head, render_time, render_value
from irl_logging.naming import clean_slug
from irl_logging.redaction import Redactor

APPROVED: Final = "approved"
REJECTED: Final = "rejected"
FLAGGED: Final = "flagged"

_FOR_A_PERSON: Final = frozenset({FLAGGED, "flag", "escalated"})
_VALUE: Final = r'(?:"(?:[^"\\]|\\.)*"|[^\s"=]+)'
_HEAD: Final = re.compile(rf"Decision: ({_VALUE}) ({_VALUE})(?= )")
_TAIL: Final = re.compile(rf" agent=({_VALUE}) run=({_VALUE})$")
_FIELD: Final = re.compile(rf" ([^\s=\"]+)=({_VALUE})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that was decided.

    Attributes:
        outcome: `approved`, `rejected`, `flagged` or another word.
        subject: What was decided on, e.g. an incident id.
        by: Who decided.
        run: Id of the run in which it was decided.
        workflow: That run's workflow, a slug.
        step: The step it was decided in.
        reason: Why; None when nothing was said.
        evidence: What it rests on; None when nothing was said.
        integration: Which integration it is about; None when that is not known.
    """

    outcome: str
    subject: str
    by: str
    run: str
    workflow: str
    step: str
    reason: str | None = None
    evidence: Any = None
    integration: str | None = None

    @property
    def level(self) -> str:
        """WARN for a decision that a person has to look at, else INFO."""
        return "WARN" if self.outcome.lower() in _FOR_A_PERSON else "INFO"

    @property
    def message(self) -> str:
        """The text of its line, without the fields."""
        return f"Decision: {render_value(self.outcome)} {render_value(self.subject)}"

    @property
    def details(self) -> dict[str, Any]:
        """The optional details that were given."""
        said = {"reason": self.reason, "evidence": self.evidence, "integration": self.integration}
        return {name: value for name, value in said.items() if value is not None}

    def redacted(self, redactor: Redactor) -> Decision:
        """Return it with secrets redacted."""
        clean = redactor.redact_fields(self.details)
        texts = {name: redactor.redact(getattr(self, name)) for name in ("outcome", "subject", "by", "step")}
        return replace(self, **texts, **clean)

    def render(self, now: float, redactor: Redactor, *, timespec: str, limit: int) -> bytes:
        """Return the line for the audit trail, redacted, without a line feed.

        Args:
            now: When it was decided, seconds since 1970.
            redactor: Redacts every text.
            timespec: "seconds" or "milliseconds".
            limit: Bytes after which the details are cut, so that who decided still stands at the end; 0 never cuts.
        """
        shown = clean_slug(self.step, redactor.redact) if self.step and self.step != NO_STEP else None
        head = render_head(render_time(now, timespec), self.level, self.workflow, shown)
        details = redactor.redact_fields(self.details)
        said = redactor.redact(f"{self.message} {render_fields(details)}".rstrip())
        who = redactor.redact(render_fields({"agent": self.by, "run": self.run}))
        text = cap(escape(said).encode("utf-8", "backslashreplace"), limit)
        return head.encode() + text + b" " + escape(who).encode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDecision(Decision):
    """A decision as it was read from an audit trail.

    Attributes:
        time: When, in UTC.
        trail: The file, as the manifest writes paths; for one that was moved or packed, where it is now.
        line: Its line there, from 1.
        chain: Its link in the chain.
    """

    time: dt.datetime
    trail: str
    line: int
    chain: str

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON can hold it."""
        names = ("outcome", "subject", "by", "reason", "evidence", "integration", "workflow", "step", "run")
        stamp = self.time.isoformat().replace("+00:00", "Z")
        where = {"trail": self.trail, "line": self.line, "chain": self.chain}
        return {"time": stamp, **{name: getattr(self, name) for name in names}, **where}


def read_decision(body: bytes, *, trail: str, line: int, chain: str) -> RecordedDecision | None:
    """Return the decision that a line of an audit trail says; None when it says none.

    Args:
        body: The line without its link.
        trail: The file, see `RecordedDecision`.
        line: Its line there, from 1.
        chain: Its link, as text.
    """
    record: LogLine | None = next(parse(body.decode("utf-8", "replace")), None)
    if record is None:
        return None
    head, tail = _HEAD.match(record.message), _TAIL.search(record.message)
    if head is None or tail is None:
        return None
    said: Mapping[str, str] = dict(_fields(record.message[head.end() : tail.start()]))
    return RecordedDecision(
        outcome=_unquoted(head[1]),
        subject=_unquoted(head[2]),
        by=_unquoted(tail[1]),
        run=_unquoted(tail[2]),
        workflow=record.workflow,
        step=record.step or "",
        reason=said.get("reason"),
        evidence=_value(said["evidence"]) if "evidence" in said else None,
        integration=said.get("integration"),
        time=record.time,
        trail=trail,
        line=line,
        chain=chain,
    )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for found in _FIELD.finditer(text):
        yield found[1], _unquoted(found[2])


def _unquoted(text: str) -> str:
    if text.startswith('"'):
        try:
            return str(json.loads(text))
        except ValueError:
            pass  # something in it was made visible or cut
    return text


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
