"""The values under State Snapshots, measured on two branches, made one: of two measurements the later one counts.

Pure. They stand in neighbouring lines and change with every measurement, which is a conflict to whoever merges lines. Only
the specification's bullets are values; whatever else stands there is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_VALUE: Final = re.compile(rb"[ \t]*(?:[-*+][ \t]+)?\*\*([^*:]+):?\*\*:?[ \t]*(.*?)[ \t]*\r?\n?\Z")
_LABELS: Final = frozenset(
    {
        b"total incidents",
        b"oldest incident",
        b"top integration",
        b"registered integrations",
        b"last baseline update",
        b"24h approval rate",
        b"success rate",
    }
)
_UPDATED: Final = b"last updated"
_TIME: Final = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z")
_STAMP: Final = re.compile(rb"%s|[_*]\([^()]*\)[_*]" % _TIME.pattern)

Values = dict[tuple[bytes, int], int]
"""Indexes of the lines that show a value, by its label and how many of that label stand before it."""


def agree(base: list[bytes], ours: list[bytes], theirs: list[bytes]) -> None:
    """Give all three documents, in place, the same line for each value that both sides show, where a side changed it.

    Args:
        base: The lines of the document that both sides started from.
        ours: Those of one side.
        theirs: Those of the other side.
    """
    before, mine, other = (_values(lines) for lines in (base, ours, theirs))
    newer_is_ours = _updated(ours, mine) >= _updated(theirs, other)
    for key in mine.keys() & other.keys():
        one, two = ours[mine[key]], theirs[other[key]]
        origin = base[before[key]] if key in before else None
        mine_counts = one != origin and (two == origin or newer_is_ours)
        chosen = one if mine_counts else two
        ours[mine[key]] = theirs[other[key]] = chosen
        if key in before:
            base[before[key]] = chosen


def _values(lines: Sequence[bytes]) -> Values:
    found: Values = {}
    for index, line in enumerate(lines):
        if b"**" not in line:
            continue
        value = _VALUE.match(line)
        label = value[1].strip().lower() if value else b""
        if label in _LABELS or (value and label == _UPDATED and _STAMP.fullmatch(value[2])):
            found[label, sum(name == label for name, _ in found)] = index
    return found


def _updated(lines: Sequence[bytes], values: Values) -> bytes:
    """Return when the values were last measured; empty when it is not said, which is before any time."""
    stamps = [_VALUE.sub(rb"\2", lines[index]) for (label, _), index in values.items() if label == _UPDATED]
    return max((stamp for stamp in stamps if _TIME.fullmatch(stamp)), default=b"")
