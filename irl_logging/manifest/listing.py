"""The content of `active/workflows.json`: the open runs, for programs. Publishing it is `store`'s."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from irl_logging.lifecycle import RunState

SCHEMA_VERSION: Final = 1
"""Value of `version` in `active/workflows.json`."""


def listed(running: Iterable[RunState]) -> list[dict[str, Any]]:
    """Return the entries for these open runs, in the order in which they started."""
    return [_workflow(run) for run in sorted(running, key=lambda run: (run.started, run.id))]


def standing(path: Path) -> list[dict[str, Any]] | None:
    """Return the content of the file; None if it is missing or of another version."""
    try:
        document = json.loads(path.read_bytes())
        workflows = document["workflows"] if document["version"] == SCHEMA_VERSION else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return workflows if isinstance(workflows, list) else None


def _workflow(run: RunState) -> dict[str, Any]:
    return {
        "run": run.id,
        "workflow": run.workflow,
        "title": run.title,
        "agent": run.agent,
        "started": run.started,
        "status": str(run.status),
        "step": run.steps[-1] if run.steps else None,
        "log": run.log,
        "pid": run.pid,
        "host": run.host,
        "parent": run.parent,
        "fields": dict(run.fields),
    }
