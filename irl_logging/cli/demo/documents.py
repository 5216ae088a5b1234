"""The texts that `irl demo` lays out: the directive, and scripts that are not Python."""

from __future__ import annotations

from typing import Final

INCIDENT_HANDLING: Final = """\
# Incident handling

## Overview

A payload that does not fit its baseline waits in `quarantine/<integration>/<incident-id>/` for a decision: approved,
rejected, or flagged for a person.

## Prerequisites

- The repository is the working directory.
- The integration has a baseline in `registry/<integration>/`.

## Procedure

1. List what waits: `ls quarantine/*/`
2. Preview each incident: `payload.json`, `drift_report.json`, `proposed_patch.json`.
3. Decide:
   - **approve** a simple rename: one field added, one removed, the same meaning;
   - **flag** a `TYPE_MISMATCH`: only a person can know which side is wrong;
   - **reject** what loses a field.
4. Mark the folder (`-APPROVED`, `-REJECTED`) and add a line to `quarantine/<integration>/audit.log`.
5. Save the numbers and say how it went.

All of it at once: `python scripts/approve_incidents.py`

## Expected output

    [...] [INFO] [incident-approval] [complete] Summary: 8 approved, 2 flagged, 2 rejected

## Execution Logging

- Log: `execution/logs/incident-approval-<date>-<number>.log`
- Results: `execution/results/incident-approval-<date>.json` with `approved`, `rejected`, `flagged`
- Complete: when every incident has a decision. The row in `execution/README.md` moves by itself.

## Troubleshooting

- *Everything is flagged*: the integration's baseline is out of date; see the directive on baseline registration.
- *A run is `Crashed`*: its process was killed. Run it again; incidents that are decided are not looked at twice.

## Related SOPs

baseline-registration, health-monitoring, patch-generation
"""

HEALTH_CHECK: Final = """\
#!/bin/sh
# Count what waits for a decision. Knows nothing of irl_logging; run it as
#   irl run --workflow health-monitoring -- sh scripts/health_check.sh
set -eu
for integration in quarantine/*/; do
  waiting=$(find "$integration" -name payload.json | grep -c 'Z_[0-9]*/payload.json' || true)
  echo "$(basename "$integration"): $waiting incidents wait, the alert is at 50"
done
echo "Reporting to ${SLACK_WEBHOOK_URL:-nobody}"
sleep 2
echo "Reported"
"""

DEPLOY: Final = """\
#!/bin/sh
# A deployment whose smoke test fails; run it as
#   irl run --workflow deploy -- sh scripts/deploy.sh
set -eu
echo "Migrating ${DATABASE_URL:-no database}"
echo "Started the sidecar, asking for its health"
echo "smoke test: GET /health answered 503" >&2
exit 3
"""
