"""Private key blocks: where one stands in a text, whole, cut off, or behind what a program puts before each line.

What a block is made of is known here alone; `stream` asks whether one is still open.
"""

from __future__ import annotations

import re
from collections import deque

from irl_logging.redaction import dress
from irl_logging.redaction.finders import Span
from irl_logging.redaction.patterns import Lazy

FENCE = (
    r"-----(?:BEGIN|END) [A-Z0-9 ]{0,40}(?:PRIVATE|SECRET) KEY[A-Z ]{0,10}-----"
    r"|---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----"
)
_FENCE = Lazy(FENCE.encode())
_BODY = Lazy(
    rb"(?:(?:\\+[nrt]|[\s\"'`,>|+#*\xe2\x94\x82-]|[bu]['\"]){0,40}"
    rb"(?:[A-Za-z0-9+/]{24,}={0,2}|(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): [^\n\\]{0,100}"
    rb"|[A-Za-z0-9+/]{1,76}={1,2}"
    rb"|(?<=[\nnr \t>#*|])(?=[A-Za-z0-9+/]*(?:[0-9+/]|[a-z][A-Z]))[A-Za-z0-9+/]{8,23}(?=[ \t\r]*\n|\\+[nr])))*+"
    rb"(?:(?:\\+[nrt]|\s)[ \t]*(?:[A-Za-z0-9+/]{1,76}(?=\s*\Z|\.{3}|\xe2\x80\xa6|[\"'`]|[ \t]?[\[<(])"
    rb"|(?=[A-Za-z]*[0-9+/])[A-Za-z0-9+/]{1,76}(?=[ \t\r]*\n)))?"
)
_LINE_ENDS = rb"={0,2}[ \t\r]*\n[^A-Za-z0-9+/\n]{0,12}\Z"
_FULL_LINE = Lazy(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{56,76}" + _LINE_ENDS)
_LAST_LINE = Lazy(rb"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{1,76}" + _LINE_ENDS)
_WIDEST = 128  # bytes of a line with what frames it
_FURTHEST = 32768
_QUOTES = frozenset((b'"', b"'", b"`"))
_FRAMED = Lazy(rb"[A-Za-z0-9+/]{16,76}={0,2}[ \t\r]*(?:\n|\Z)|(?:Proc-Type|Version|Comment): ")  # a line beside a fence
_LONGEST = 160  # characters of what lines of a block begin with
_PREFIXES = 8  # ways in which lines of blocks begin in one text, at most: keeps a hostile one linear
_OPEN = Lazy(r"----[- ]BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE|SECRET) KEY[A-Z ]{0,10}----")
_END = Lazy(r"----[- ]END ")
_BODY_LINE = Lazy(  # a line that a key block can have, or the rest of its first line
    r"\W{0,40}+(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): [^\n]*"
    r"|(?:[A-Za-z0-9+/=]|\\+[nr])*+)\W{0,40}\Z"
)


def key_blocks(data: bytes) -> list[Span]:
    """Return the private key blocks: as far as base64 goes on without their end line, and back without their begin.

    Each line may have a prefix, such as a time or a container's name.
    """
    out = _blocks(data)
    for pattern in _prefixes(data):
        if (view := dress.without_prefix(data, Lazy(pattern, re.MULTILINE))) is not None:
            out += [(*view.origin(start, end), rule) for start, end, rule in _blocks(view.data)]
    return out


def open_block(text: str, end: int) -> int:
    """Return where a block begins that may go on after `text[:end]`, or -1: a line that is none of a key ends it too.

    Args:
        text: What has been written so far.
        end: Index after its last complete line.
    """
    last = next(iter(deque(_OPEN.finditer(text, 0, end), maxlen=1)), None)
    if last is None or _END.search(text, last.end(), end):
        return -1
    begins = text.rfind("\n", 0, last.start()) + 1
    prefix = re.compile(_like(text[begins : last.start()] if last.start() - begins <= _LONGEST else ""))
    is_open = all(
        _BODY_LINE.match(line) or ((found := prefix.match(line)) and _BODY_LINE.match(line, found.end()))
        for line in text[last.end() : end].split("\n")
    )
    return last.start() if is_open else -1


def _prefixes(data: bytes) -> set[bytes]:
    """Return patterns of what the lines of key blocks begin with."""
    prefixes: set[bytes] = set()
    for fence in _FENCE.finditer(data):
        start, end = fence.span()
        begins = data.rfind(b"\n", 0, start) + 1
        beside = data.find(b"\n", end) + 1 if b"BEGIN" in fence[0] else data.rfind(b"\n", 0, max(0, begins - 1)) + 1
        if 0 < start - begins <= _LONGEST and _FRAMED.match(data, beside + start - begins):
            prefixes.add(_like(data[begins:start].decode("latin-1")).encode("latin-1"))
            if len(prefixes) == _PREFIXES:
                break
    return prefixes


def _like(prefix: str) -> str:
    """Return the pattern of what lines begin with where one begins with `prefix`: letters and digits may be others.

    An empty line may have lost the blanks in which it ends.
    """
    shown = prefix.rstrip(" ")
    signs = ("[A-Za-z0-9]" if sign.isascii() and sign.isalnum() else re.escape(sign) for sign in shown)
    return f"^{''.join(signs)}(?:{prefix[len(shown) :]}|$)"


def _blocks(data: bytes) -> list[Span]:
    """Return the blocks whose lines have no prefix but signs."""
    out: list[Span] = []
    at = 0
    while found := _FENCE.search(data, at):
        floor, (start, at) = at, found.span()
        if data.startswith(b"-----END", start):
            if (begins := _begins(data, floor, start)) < start:
                out.append((begins, at, "private-key-block"))
            continue
        fence = data[start : start + 5]  # five dashes, or the four and a blank of SSH2
        body = _BODY.match(data, at)
        empty = body is None or body.end() == at
        begin = data.find(fence + b"BEGIN ", at)
        end = data.find(fence + b"END ", at, min(begin if begin >= 0 else len(data), at + _FURTHEST))
        if empty and (end < 0 or data[at : at + 1] in _QUOTES):
            continue  # a text about such a line, or a program that looks for it
        if end >= 0:
            dashes = fence.rstrip()
            close = data.find(dashes, end + 9, end + 80)
            at = close + len(dashes) if close >= 0 else end + 9
        elif body is not None:
            at = body.end()
        out.append((start, at, "private-key-block"))
    return out


def _begins(data: bytes, floor: int, end: int) -> int:
    """Return where the lines of base64 begin that stand before an end line whose begin line is lost; `end` for none."""
    last = _LAST_LINE.search(data, max(floor, end - _WIDEST), end)
    at = first = last.start() if last else end
    while line := _FULL_LINE.search(data, max(floor, at - _WIDEST), at):
        at = line.start()
    return at if at < first or end - at > _WIDEST // 2 else end
