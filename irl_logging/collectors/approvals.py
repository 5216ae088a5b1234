"""The approval rates of agents, from results and decisions."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from irl_logging.audit.decisions import APPROVED, FLAGGED, REJECTED
from irl_logging.errors import DocumentError
from irl_logging.execution import Execution
from irl_logging.line import parse_time
from irl_logging.results import OURS
from irl_logging.storage.documents import read_document

DAYS: Final = 90
"""So far back goes the success rate; results are kept for as long."""

_OUTCOMES: Final = (APPROVED, REJECTED, FLAGGED)
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Count:
    """A number of agents' decisions with one outcome.

    Attributes:
        time: When, seconds since 1970.
        outcome: One of the three.
        number: How many.
    """

    time: float
    outcome: str
    number: int


def collect(execution: Execution) -> dict[str, Any]:
    """Return what agents decided in the last 24 hours, how much of it was approved, and how much in the last 90 days."""
    now = time.time()
    found = list(counts(execution, now))
    lately = {it: _total(found, now - _DAY, it) for it in _OUTCOMES}
    in_all = {it: _total(found, now - DAYS * _DAY, it) for it in _OUTCOMES}
    return {
        "approval_rate_24h": _rate(lately),
        "success_rate": _rate(in_all),
        **{f"{outcome}_24h": number for outcome, number in lately.items()},
        **in_all,
        "success_rate_days": DAYS,
    }


def counts(execution: Execution, now: float) -> Iterator[Count]:
    """Yield what agents decided in the last 90 days: what results say, and the decisions of runs without results.

    Raises:
        OSError: when a results file or an audit trail cannot be read.
    """
    since = dt.datetime.fromtimestamp(now - DAYS * _DAY, dt.UTC)
    told = set()
    for path in execution.layout.results.glob("[!.]*.json"):
        try:
            content = read_document(path) or {}
            when = parse_time(str(content["timestamp"])).timestamp()
        except (DocumentError, KeyError, ValueError):
            continue  # `irl state check` says so
        numbers = {it: content[it] for it in _OUTCOMES if type(content.get(it)) is int}
        ours = content.get(OURS)
        ours = ours if isinstance(ours, dict) else {}
        if numbers:
            told.add(ours.get("run"))
        if numbers and _by_agent(str(ours.get("agent", ""))):
            yield from (Count(when, outcome, number) for outcome, number in numbers.items())
    for decision in execution.audit.decisions(since):
        if decision.run not in told and decision.outcome.lower() in _OUTCOMES and _by_agent(decision.by):
            yield Count(decision.time.timestamp(), decision.outcome.lower(), 1)


def _by_agent(who: str) -> bool:
    return not who.startswith("human:")


def _total(found: list[Count], since: float, outcome: str) -> int:
    return sum(it.number for it in found if it.outcome == outcome and it.time >= since)


def _rate(numbers: dict[str, int]) -> float | None:
    decided = sum(numbers.values())
    return round(numbers[APPROVED] / decided, 4) if decided else None
