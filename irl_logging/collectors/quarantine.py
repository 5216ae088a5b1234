"""What waits in `quarantine/<integration>/<incident-id>/` for a decision."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from irl_logging.execution import Execution
from irl_logging.line import parse_time, render_time

_DECIDED: Final = ("-APPROVED", "-REJECTED")
_ID: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)(?:-\d+)?Z(?:_.*)?")


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident that is waiting for a decision.

    Attributes:
        integration: The integration it belongs to.
        id: Its directory's name.
        since: Since when it has been waiting, ISO 8601 UTC in seconds: from its id, else the time of its directory.
    """

    integration: str
    id: str
    since: str


def collect(execution: Execution) -> dict[str, Any]:
    """Return how many incidents wait, which one for longest, and how many of each integration."""
    incidents = list(waiting(execution.repository / "quarantine"))
    oldest = min(incidents, key=lambda it: (it.since, it.id), default=None)
    counts = sorted(Counter(it.integration for it in incidents).items(), key=lambda it: (-it[1], it[0]))
    top, most = counts[0] if counts else (None, None)
    return {
        "total_incidents": len(incidents),
        "oldest_incident": oldest.since if oldest else None,
        "oldest_incident_id": oldest.id if oldest else None,
        "oldest_incident_integration": oldest.integration if oldest else None,
        "top_integration": top,
        "top_integration_incidents": most,
        # Not by name: a name such as `api_token` would have its number taken for a secret.
        "integrations": [{"integration": name, "incidents": count} for name, count in counts],
    }


def waiting(quarantine: Path) -> Iterator[Incident]:
    """Yield the incidents below `quarantine` that nobody has decided on.

    Raises:
        OSError: when a directory cannot be read; that there is none means that nothing waits.
    """
    for integration in directories(quarantine):
        for incident in directories(Path(integration.path)):
            if not incident.name.endswith(_DECIDED):
                yield Incident(integration.name, incident.name, _since(incident))


def directories(path: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the directories in `path` that are not hidden; none when it is not there.

    Raises:
        OSError: when it cannot be read.
    """
    try:
        with os.scandir(path) as entries:
            yield from (it for it in entries if not it.name.startswith(".") and it.is_dir(follow_symlinks=False))
    except FileNotFoundError:
        return


def _since(incident: os.DirEntry[str]) -> str:
    found = _ID.fullmatch(incident.name)
    if found:
        since = f"{found[1]}:{found[2]}:{found[3]}Z"
        with suppress(ValueError):  # a day that no month has
            parse_time(since)
            return since
    return render_time(incident.stat(follow_symlinks=False).st_mtime)
