"""Any amount of bytes looked through in bounded memory: what is found where, and the same without secrets.

The bytes are text with whatever else is in between: what is not UTF-8 passes through unchanged. Which pieces no secret
crosses is known to `redaction.stream`; here they are only made of whole lines, however the bytes arrive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from irl_logging.redaction import Redactor, StreamRedactor

CHUNK: Final = 1 << 20
"""Bytes to read at once: a line that is shorter is never looked at in parts, wherever it begins."""

_SLICE: Final = 4_096  # bytes that are judged together: more makes a secret dear, fewer make clean text dear
_LONGEST: Final = 8 << 20  # bytes of a line that are waited for
_NOT_TEXT: Final = re.compile("[\udc80-\udcff]")

Read = Callable[[], bytes]
"""Returns the next bytes, `CHUNK` at most is best; none at the end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a secret begins, and which rule found it; never the secret.

    Args:
        line: Number of the line, from 1.
        column: Number of the character in its line, from 1; a byte that is not UTF-8 is one character.
        rule: Id of the rule.
    """

    line: int
    column: int
    rule: str


def redacted(read: Read, redactor: Redactor, found: Callable[[Place], None] | None = None) -> Iterator[bytes]:
    """Yield the bytes without secrets, as soon as they are certain.

    Args:
        read: Where they come from.
        redactor: The redactor whose rules apply.
        found: Is called with each place where something was taken out; None for nobody.
    """
    line, column = 1, 1
    for piece in _pieces(read, redactor):
        clean = redactor.redact(piece)
        if found is not None:
            if clean != piece:
                for place in _places(piece, redactor, line, column):
                    found(place)
            line, column = _behind(piece, len(piece), line, column)
        yield clean.encode("utf-8", "surrogateescape")


def places(read: Read, redactor: Redactor) -> list[Place]:
    """Return where secrets are, in order.

    Args:
        read: Where the bytes come from.
        redactor: The redactor whose rules apply.
    """
    found: list[Place] = []
    for _ in redacted(read, redactor, found.append):
        pass
    return found


def reader(data: bytes) -> Read:
    """Return what reads `data`."""
    rest = [data]
    return lambda: rest.pop() if rest else b""


class _Verbatim:
    """Stands for a redactor where only the pieces are wanted."""

    def __init__(self, redactor: Redactor) -> None:
        self.begun = redactor.begun

    def redact(self, text: str) -> str:
        return text

    def redact_part(self, text: str, start: int, end: int) -> tuple[str, int]:
        return text[start:end], end


def _pieces(read: Read, redactor: Redactor) -> Iterator[str]:
    """Yield the text in pieces that no secret crosses."""
    stream = StreamRedactor(cast("Redactor", _Verbatim(redactor)))
    for data in _slices(read):
        if piece := stream.feed(data.decode("utf-8", "surrogateescape")):
            yield piece
    if rest := stream.flush():
        yield rest


def _slices(read: Read) -> Iterator[bytes]:
    """Yield the bytes again, some whole lines at a time; only a line that is very long comes in parts."""
    held = b""
    while data := read():
        data = held + data if held else data
        end = data.rfind(b"\n") + 1
        if not end and len(data) >= _LONGEST:
            end = len(data)
        at = 0
        while at < end:
            cut = data.find(b"\n", at + _SLICE, end) + 1 or end
            yield data[at:cut]
            at = cut
        held = data[end:]
    if held:
        yield held


def _places(piece: str, redactor: Redactor, line: int, column: int) -> Iterator[Place]:
    """Yield the places in a piece that begins at `line` and `column`."""
    # One character for each byte that is not UTF-8, so that columns are right; the rules take either for a foreign letter.
    shown = piece if piece.isascii() else _NOT_TEXT.sub("\ufffd", piece)
    at = 0
    findings = redactor.explain(shown)
    for finding in findings:
        line, column = _behind(shown[at : finding.start], finding.start - at, line, column)
        at = finding.start
        yield Place(line, column, finding.rule)
    if not findings:
        # It was changed all the same: the redactor failed, and closed.
        yield Place(line, column, "redactor-error")


def _behind(text: str, size: int, line: int, column: int) -> tuple[int, int]:
    """Return line and column right behind a text of `size` characters that begins at these."""
    newlines = text.count("\n")
    if newlines:
        return line + newlines, size - text.rindex("\n")
    return line, column + size
