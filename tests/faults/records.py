"""A journal as it stands in the files, read without the package's own reader, so that the two can disagree."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any


def events(root: Path) -> list[dict[str, Any]]:
    """Return the events of all whole records of an execution directory."""
    found = []
    for segment in sorted((root / "active" / "journal").glob("*.jsonl")):
        for line in segment.read_bytes().split(b"\n"):
            checksum, _, text = line.partition(b" ")
            if len(checksum) == 8 and checksum == b"%08x" % zlib.crc32(text):
                found.append(json.loads(text))
    return found


def summaries(root: Path) -> dict[str, str | None]:
    """Return all runs by id, with what they were ended with: the summary, or the status; None for one that is open."""
    runs: dict[str, str | None] = {}
    for event in events(root):
        if event["event"] == "run.started":
            runs.setdefault(event["run"], None)
        elif event["event"] == "run.ended":
            runs[event["run"]] = event.get("summary") or event["status"]
    return runs
