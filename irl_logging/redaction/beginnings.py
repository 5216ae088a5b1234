"""Where, at the end of a text, a registered value may begin whose rest is still to come.

Output comes in pieces, and a program wraps what it encodes: what may be a beginning is kept back until it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from irl_logging.redaction import dress
from irl_logging.redaction.registry import Registry

Starts = Callable[[bytes], Iterable[int]]
"""Returns the indices at which a form of a value may begin; more than needed do no harm."""

_WRAPPED = 1.25  # bytes of a wrapped value to one of the value, with blanks before each line
_AROUND = 256  # bytes more, for a short one


def begun(text: str, known: Registry, starts: Starts = lambda data: range(len(data))) -> int:
    """Return the index at which a value may begin that goes on after the text; the text's length for none.

    Args:
        text: What has come so far.
        known: The values.
        starts: Where to look; anywhere unless told, which is slow for long texts.
    """
    first = max(0, len(text) - int(known.longest * _WRAPPED) - _AROUND)
    data = text[first:].encode("utf-8", "surrogatepass")
    at = _begun(data, known, starts)
    if b"\n" in data:
        bare = data.translate(None, dress.BLANKS)
        place = _begun(bare, known, starts)
        if place < len(bare) and (view := dress.unwrapped(data)) is not None:
            at = min(at, view.origin(place, place + 1)[0])
    if at == len(data):
        return len(text)
    # A value that is no text may begin within a character, which is then a part of it.
    return first + len(data[:at].decode("utf-8", "ignore"))


def _begun(data: bytes, known: Registry, starts: Starts) -> int:
    short = len(data) - known.begun(data)
    return min(short, *(at for at in starts(data) if known.goes_on(data, at)), len(data))
