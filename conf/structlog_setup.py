"""Import this module once, before the first event: `import structlog_setup`.

Each event becomes a line of its run's log, redacted; warnings also go to the terminal, as the same lines. The run of
`WORKFLOW` starts with the first event and ends with the process.
"""

from __future__ import annotations

import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

import irl_logging
from irl_logging.processors import add_context, render_line

WORKFLOW = "deploy"
_SHOWN = {"warn", "warning", "error", "exception", "critical", "fatal"}


def show_warnings(logger: Any, method: str, event_dict: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Write what is a warning or worse to stderr, and pass every event on."""
    if method in _SHOWN:
        shown = add_context(logger, method, {**event_dict})
        print(render_line(logger, method, {"workflow": WORKFLOW, **shown}), file=sys.stderr)
    return event_dict


structlog.configure(**irl_logging.structlog_config(workflow=WORKFLOW, level="INFO", after=[show_warnings]))
