"""One thing that was examined, and its state."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check.

    Attributes:
        level: `ok`; `warn` for what may be meant or can wait; `problem` for what loses something or shows what is not so.
        topic: What it is about, one word.
        text: What was found, one line, redacted.
        remedy: What to do; empty if nothing.
    """

    level: Level
    topic: str
    text: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.level} {self.topic}: {self.text}" + (f" - {self.remedy}" if self.remedy else "")


def sized(size: int) -> str:
    """Return a number of bytes in readable form, e.g. `3.4 MB`."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} B"
