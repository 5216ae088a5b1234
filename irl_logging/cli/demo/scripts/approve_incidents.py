"""Decide on what waits in quarantine/, as directives/incident-handling.md says.

An ordinary script with `logging`. What makes it a run with a log of its own, without secrets and with a row in
execution/README.md, is the one line that calls `configure`; `run.result` saves the numbers.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from pathlib import Path

import irl_logging

AGENT = "agent-auto-approver"
QUARANTINE = Path("quarantine")
STEPS = {"APPROVED": "approve", "FLAGGED": "flag", "REJECTED": "reject"}
MARKS = {"APPROVED": "✓", "FLAGGED": "⚠️", "REJECTED": "✗"}

logger = logging.getLogger("incidents")


def main() -> None:
    """List, preview and decide; what is simple is approved, what is not goes to a person."""
    run = irl_logging.configure("incident-approval", agent=AGENT, level="INFO")

    waiting = [path.parent for path in sorted(QUARANTINE.glob("*/*/payload.json")) if path.parent.name[-1].isdigit()]
    logger.info("Listed %d quarantined incidents", len(waiting), extra={"step": "list"})
    counts = dict.fromkeys(STEPS, 0)
    for incident in waiting:
        payload = json.loads((incident / "payload.json").read_text("utf-8"))
        logger.info("Analyzing incident %s: %s", incident.name, payload, extra={"step": "preview"})
        verdict, reason = decide(json.loads((incident / "drift_report.json").read_text("utf-8")))
        log = logger.warning if verdict == "FLAGGED" else logger.info
        what = f"{MARKS[verdict]} {verdict.capitalize()}"
        log("%s incident %s (%s)", what, incident.name, reason, extra={"step": STEPS[verdict]})
        record(incident, verdict)
        counts[verdict] += 1

    approved, flagged, rejected = counts.values()
    run.result(approved=approved, rejected=rejected, flagged=flagged)
    summary = "Summary: %d approved, %d flagged, %d rejected"
    logger.info(summary, approved, flagged, rejected, extra={"step": "complete"})


def decide(drift: list[dict[str, str]]) -> tuple[str, str]:
    """Return the verdict on a drift report and the reason for it."""
    changes = sorted(change["changeType"] for change in drift)
    if "TYPE_MISMATCH" in changes:
        return "FLAGGED", "TYPE_MISMATCH, needs a person"
    if changes == ["FIELD_ADDED", "FIELD_REMOVED"]:
        return "APPROVED", "simple field rename"
    return "REJECTED", "a field is lost"


def record(incident: Path, verdict: str) -> None:
    """Mark the incident's folder and add a line to the integration's audit log; what is flagged stays as it is."""
    now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with (incident.parent / "audit.log").open("a", encoding="utf-8") as audit:
        audit.write(f"[{now}] {verdict} incident {incident.name} by {AGENT}\n")
    if verdict != "FLAGGED":
        incident.rename(incident.with_name(f"{incident.name}-{verdict}"))


if __name__ == "__main__":
    main()
