"""What is over a threshold: quarantine, approvals, baselines."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Final

from irl_logging.collectors import approvals, quarantine, registry
from irl_logging.execution import Execution
from irl_logging.line import parse_time

QUARANTINE: Final = 100
QUARANTINE_OF_ONE: Final = 50
"""Incidents that may wait, in all and of one integration."""

OLDEST_TARGET_HOURS: Final = 24
OLDEST_HOURS: Final = 48
"""Hours that an incident should wait at most, and may."""

RATE_NORMAL: Final = (0.7, 0.9)
RATE_LEAST: Final = 0.5
"""How much of what agents decide on in 24 hours is normally approved, and has to be."""

APPROVALS_A_DAY: Final = 50
"""Approvals by agents in 24 hours after which a person has to look."""

BASELINE_DAYS: Final = 60
BASELINE_DRIFT_DAYS: Final = 30
"""Days that a baseline may be old, and with incidents that wait."""

ALERT: Final = "alert"
WARNING: Final = "warning"

_Finding = tuple[str, str]


def collect(execution: Execution) -> dict[str, Any]:
    """Return what is over a threshold, alerts first, and how many alerts and warnings that makes."""
    waiting = list(quarantine.waiting(execution.repository / "quarantine"))
    now = time.time()
    found = [
        *_of_quarantine(waiting, now),
        *_of_approvals(approvals.collect(execution)),
        *_of_baselines(execution, {it.integration for it in waiting}, now),
    ]
    alerts = [text for level, text in found if level == ALERT]
    warnings = [text for level, text in found if level == WARNING]
    return {
        "healthy": not alerts,
        "alerts": len(alerts),
        "warnings": len(warnings),
        "over": [*(f"{ALERT}: {text}" for text in alerts), *(f"{WARNING}: {text}" for text in warnings)],
    }


def _of_quarantine(waiting: list[quarantine.Incident], now: float) -> Iterator[_Finding]:
    if len(waiting) > QUARANTINE:
        yield ALERT, f"{len(waiting)} incidents wait, more than {QUARANTINE}"
    by_integration: dict[str, int] = {}
    for incident in waiting:
        by_integration[incident.integration] = by_integration.get(incident.integration, 0) + 1
    for integration, count in sorted(by_integration.items()):
        if count > QUARANTINE_OF_ONE:
            yield ALERT, f"{count} incidents of {integration} wait, more than {QUARANTINE_OF_ONE}"
    if waiting:
        oldest = min(waiting, key=lambda it: (it.since, it.id))
        hours = (now - parse_time(oldest.since).timestamp()) / 3600
        if hours > OLDEST_TARGET_HOURS:
            # Since when, not for how long: what stays the same is not to look like news.
            which = f"incident {oldest.id} of {oldest.integration} has waited since {oldest.since}"
            yield (
                (ALERT, f"{which}, more than {OLDEST_HOURS} hours")
                if hours > OLDEST_HOURS
                else (WARNING, f"{which}, more than the target of {OLDEST_TARGET_HOURS} hours")
            )


def _of_approvals(numbers: dict[str, Any]) -> Iterator[_Finding]:
    rate = numbers["approval_rate_24h"]
    least, most = RATE_NORMAL
    if rate is not None and rate < RATE_LEAST:
        yield ALERT, f"agents approved {rate:.0%} in 24 hours, less than {RATE_LEAST:.0%}"
    elif rate is not None and not least <= rate <= most:
        yield WARNING, f"agents approved {rate:.0%} in 24 hours, {least:.0%} to {most:.0%} is normal"
    if numbers["approved_24h"] > APPROVALS_A_DAY:
        yield (
            ALERT,
            f"agents approved {numbers['approved_24h']} in 24 hours, after {APPROVALS_A_DAY} a person has to look",
        )


def _of_baselines(execution: Execution, drifting: set[str], now: float) -> Iterator[_Finding]:
    for baseline in sorted(registry.baselines(execution.repository / "registry"), key=lambda it: it.integration):
        days = (now - baseline.updated) / 86_400
        if days > BASELINE_DAYS:
            yield ALERT, f"the baseline of {baseline.integration} is older than {BASELINE_DAYS} days"
        elif days > BASELINE_DRIFT_DAYS and baseline.integration in drifting:
            yield (
                ALERT,
                f"the baseline of {baseline.integration} is older than {BASELINE_DRIFT_DAYS} days, and incidents wait",
            )
