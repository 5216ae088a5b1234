"""Which integrations have a baseline in `registry/<integration>/baseline.json`, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from irl_logging.collectors.quarantine import directories
from irl_logging.errors import DocumentError
from irl_logging.execution import Execution
from irl_logging.line import parse_time, render_time
from irl_logging.storage.documents import read_document

_SAID: Final = ("updated", "updated_at", "registered", "registered_at", "timestamp", "created", "created_at")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A registered baseline.

    Attributes:
        integration: The integration it belongs to.
        updated: When it was registered last, seconds since 1970: what the file says, else the time of the file.
    """

    integration: str
    updated: float


def collect(execution: Execution) -> dict[str, Any]:
    """Return how many integrations are registered, and which baseline was registered last."""
    known = sorted(baselines(execution.repository / "registry"), key=lambda it: it.integration)
    last = max(known, key=lambda it: it.updated, default=None)
    return {
        "registered_integrations": len(known),
        "last_baseline_update": render_time(last.updated) if last else None,
        "last_baseline_update_integration": last.integration if last else None,
        "integrations": [{"integration": it.integration, "updated": render_time(it.updated)} for it in known],
    }


def baselines(registry: Path) -> Iterator[Baseline]:
    """Yield the baselines below `registry`.

    Raises:
        OSError: when one cannot be read; that there is no registry means that nothing is registered.
    """
    for integration in directories(registry):
        path = Path(integration.path) / "baseline.json"
        if path.is_file():
            yield Baseline(integration.name, _updated(path))


def _updated(path: Path) -> float:
    """When a baseline was registered. After a checkout the file's own time says when that was."""
    try:
        content = read_document(path) or {}
    except DocumentError:
        content = {}
    for key in _SAID:
        try:
            return parse_time(str(content[key])).timestamp()
        except (KeyError, ValueError, OverflowError):
            continue
    return path.stat().st_mtime
