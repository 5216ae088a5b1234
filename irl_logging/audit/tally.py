"""Decisions, chosen and added up: how many were approved, rejected and flagged, by whom, for what, on which day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

from irl_logging.audit.decisions import APPROVED, FLAGGED, REJECTED, RecordedDecision

GROUPS: Final = ("agent", "integration", "workflow", "day")
"""What decisions can be added up by."""

_COUNTED: Final = (APPROVED, REJECTED, FLAGGED)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many decisions there were of each outcome.

    Attributes:
        counts: By outcome, in small letters, most frequent first.
    """

    counts: dict[str, int]

    @classmethod
    def of(cls, decisions: Iterable[RecordedDecision]) -> Tally:
        """Count the outcomes of decisions."""
        return cls(dict(Counter(decision.outcome.lower() for decision in decisions).most_common()))

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def success_rate(self) -> float | None:
        """The specification's `approved / (approved + rejected + flagged)`; None when there is none of these."""
        all_three = sum(self.counts.get(outcome, 0) for outcome in _COUNTED)
        return self.counts.get(APPROVED, 0) / all_three if all_three else None

    def as_mapping(self) -> dict[str, Any]:
        """Return it as JSON can hold it: the three outcomes, others when there are any, total and rate."""
        counts = {outcome: self.counts.get(outcome, 0) for outcome in _COUNTED}
        rate = self.success_rate
        return {**counts, **self.counts, "total": self.total, "success_rate": None if rate is None else round(rate, 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which decisions are meant; None means any.

    Attributes:
        by: Pattern of who decided, such as `agent-*`; upper and lower case count.
        outcome: Outcome, in any case.
        workflow: Pattern of workflows.
        integration: Pattern of integrations.
        subject: Pattern of what was decided on.
    """

    by: str | None = None
    outcome: str | None = None
    workflow: str | None = None
    integration: str | None = None
    subject: str | None = None

    def has(self, decision: RecordedDecision) -> bool:
        """Return whether `decision` is one of them."""
        pairs = (
            (self.by, decision.by),
            (self.workflow, decision.workflow),
            (self.integration, decision.integration or ""),
            (self.subject, decision.subject),
        )
        if self.outcome is not None and self.outcome.lower() != decision.outcome.lower():
            return False
        return all(pattern is None or fnmatchcase(value, pattern) for pattern, value in pairs)


def grouped(decisions: Iterable[RecordedDecision], group: str) -> dict[str, Tally]:
    """Return a tally for each agent, integration, workflow or day, in alphabetic order; `-` is where it is not known.

    Args:
        decisions: What is added up.
        group: One of `GROUPS`.
    """
    members: dict[str, list[RecordedDecision]] = {}
    for decision in decisions:
        members.setdefault(_key(decision, group), []).append(decision)
    return {key: Tally.of(members[key]) for key in sorted(members)}


def _key(decision: RecordedDecision, group: str) -> str:
    match group:
        case "agent":
            return decision.by
        case "integration":
            return decision.integration or "-"
        case "workflow":
            return decision.workflow
        case _:
            return decision.time.strftime("%Y-%m-%d")
