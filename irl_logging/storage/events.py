"""One lifecycle event as one record of the journal: made to fit, encoded, decoded.

A record is `crc32 SPACE compact-JSON LF`. An event must never fail for what a caller has put into it: what JSON does not
have becomes text, and what is too long is cut with a note of how much is missing. The log's lines have the rest.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

MAX_RECORD_BYTES: Final = 16_384
"""Bytes of a record at most; what is longer belongs into a results file."""

# Characters of a text, and items of a list or mapping, that are kept; the first pair that makes the record fit is taken.
_CUTS: Final = ((4_096, 512), (1_024, 128), (256, 32), (64, 16), (32, 8))
_DEEPEST: Final = 12
# What a record starts with. No text inside a record has it: its quotes are escaped there.
_START: Final = re.compile(rb"[0-9a-f]{8} \{\"")


def encode(event: Mapping[str, Any]) -> bytes:
    """Return the record of `event`: checksum, blank, compact JSON, line feed; never longer than `MAX_RECORD_BYTES`."""
    try:
        record = _record(event)
        if len(record) <= MAX_RECORD_BYTES:
            return record
    except (ValueError, TypeError, RecursionError):
        pass  # something in it is not valid JSON
    for characters, items in _CUTS:
        record = _record({name: _fitted(value, characters, items, 0) for name, value in event.items()})
        if len(record) <= MAX_RECORD_BYTES:
            break
    return record


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the event of one record without its line feed; None when its checksum is wrong or it is not a record."""
    checksum, _, text = line.partition(b" ")
    try:
        if len(checksum) != 8 or int(checksum, 16) != zlib.crc32(text):
            return None
        event = json.loads(text.decode("ascii"))  # for bytes it would guess the encoding
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None


def salvaged(line: bytes) -> Iterator[tuple[bytes, dict[str, Any]]]:
    """Yield the records, with their events, that stand whole in a line that is none: a damaged line feed joins two."""
    for start in _START.finditer(line, 1):
        for record in (line[: start.start() - 1], line[start.start() :]):
            event = decode(record)
            if event is not None:
                yield record, event


def _record(event: Mapping[str, Any]) -> bytes:
    text = json.dumps(event, separators=(",", ":"), allow_nan=False, default=_text).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def _fitted(value: Any, characters: int, items: int, depth: int) -> Any:
    """Return `value` as JSON can hold it, with long texts and collections cut."""
    if value is None or isinstance(value, bool) or (isinstance(value, int) and value.bit_length() < 64):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, (Mapping, list, tuple, AbstractSet)) and depth < _DEEPEST:
        rest = len(value) - items
        if isinstance(value, Mapping):
            pairs = list(value.items())[:items]
            kept = {_cut(_text(name), characters): _fitted(item, characters, items, depth + 1) for name, item in pairs}
            return {**kept, "...": f"(+{rest} items)"} if rest > 0 else kept
        listed = [_fitted(item, characters, items, depth + 1) for item in list(value)[:items]]
        return [*listed, f"...(+{rest} items)"] if rest > 0 else listed
    return _cut(_text(value), characters)


def _cut(text: str, characters: int) -> str:
    rest = len(text) - characters
    return f"{text[:characters]}...(+{rest} characters)" if rest > 0 else text


def _text(value: Any) -> str:
    try:
        return str(value)
    except Exception:
        return f"({type(value).__name__} that cannot be shown)"
