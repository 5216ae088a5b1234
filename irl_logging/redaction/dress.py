"""Decoding a text's layers of disguise: colour codes, written-out escapes, percent-encoding, character references.

A secret is looked for in the text itself and in each decoded view of it; if it is found in a view, the span is mapped
back to the text. Each view is one pass over the bytes; there are at most `_DEEPEST`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from irl_logging.redaction.patterns import Lazy

_DEEPEST = 4
_COLOUR = r"\[[0-9;:?]*[ -/]*[@-~]"
WORN = (  # RE2 and re: what makes a text worth undressing
    r"[\x0e\x0f\x1b]|\^\[\[[0-9;]*m|%[0-9A-Fa-f]{2}|\\[nrtbfux0e\"'/\\ ]|&(?:quot|apos|amp|lt|gt|#[0-9xX]);?"
)
_ENCODED = r"%(?![A-Za-z_]\w*%(?![0-9A-Fa-f]{2}))[0-9A-Fa-f]{2}"  # but `%DB_HOST%` is a variable of Windows
_CLOTHES = Lazy(
    (
        rf"\x1b(?:{_COLOUR}|\][^\x07\x1b\n]{{0,512}}(?:\x07|\x1b\\)|[()*+./-][0-9A-Za-z]|[@-Z\\^_78=>])"
        r"|[\x0e\x0f]"  # a character set is chosen with these, in the codes that `tput sgr0` prints
        rf"|\\(?:x1[bB]|u001[bB]|033|e){_COLOUR}|\^\[\[[0-9;]*m"
        r"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[nrtbf0\"'/\\ ]"
        rf"|{_ENCODED}"
        r"|&(?:quot|apos|amp|lt|gt|#[0-9]{1,6}|#[xX][0-9a-fA-F]{1,6});"
    ).encode("latin-1")
)
_SIGNS = (b"\\", b"%", b"&", b"\x1b", b"^[[", b"\x0e", b"\x0f")  # no clothes without one of these
_BLANKS = Lazy(rb"[ \t\r\n]+")
BLANKS = b" \t\r\n"
_SIMPLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"0": b"\0"}


class View:
    """A text with one layer decoded, and the mapping back to the text it was made from."""

    __slots__ = ("_at", "_begins", "_ends", "data", "under")

    def __init__(self, data: bytes, at: list[int], begins: list[int], ends: list[int], under: View | None) -> None:
        self.data = data
        self._at = at  # where each piece begins in this view
        self._begins = begins  # where it begins in the text below
        self._ends = ends  # where it ends there, for a piece that was worn; 0 for one copied as it stood
        self.under = under

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Map a span of this view back to the outermost text."""
        piece = bisect_right(self._at, start) - 1
        first = self._begins[piece] + (0 if self._ends[piece] else start - self._at[piece])
        piece = bisect_right(self._at, end - 1) - 1
        last = self._ends[piece] or self._begins[piece] + end - self._at[piece]
        return self.under.origin(first, last) if self.under else (first, last)


def views(data: bytes) -> Iterator[View]:
    """Yield the views of a text from the outermost layer inwards, while there is something to decode."""
    under: View | None = None
    for _ in range(_DEEPEST):
        view = _undress(data, under)
        if view is None:
            return
        yield view
        data, under = view.data, view


def unwrapped(data: bytes) -> View | None:
    """Return the view of a text of several lines without blanks between its words."""
    return _taken_off(_BLANKS, data, None, _as_nothing)


def without_prefix(data: bytes, prefix: Lazy[bytes]) -> View | None:
    """Return the view of a text without what lines begin with; None where none does."""
    return _taken_off(prefix, data, None, _as_nothing)


def _undress(data: bytes, under: View | None) -> View | None:
    """Decode one layer; None if there is none."""
    if not any(sign in data for sign in _SIGNS):
        return None
    return _taken_off(_CLOTHES, data, under, _bare)


def _taken_off(what: Lazy[bytes], data: bytes, under: View | None, bare: Callable[[bytes], bytes]) -> View | None:
    """Replace what is found by what it stands for, and remember where everything was."""
    out: list[bytes] = []
    at: list[int] = []
    begins: list[int] = []
    ends: list[int] = []
    size = last = 0
    for found in what.finditer(data):
        start, end = found.span()
        if start > last:
            out.append(data[last:start])
            at.append(size)
            begins.append(last)
            ends.append(0)
            size += start - last
        for byte in (shown := bare(found.group())):
            del byte
            at.append(size)
            begins.append(start)
            ends.append(end)
            size += 1
        out.append(shown)
        last = end
    if not last:
        return None
    at.append(size)
    begins.append(last)
    ends.append(0)
    out.append(data[last:])
    return View(b"".join(out), at, begins, ends, under)


def _as_nothing(_: bytes) -> bytes:
    return b""


def _bare(worn: bytes) -> bytes:
    """Return what one escape stands for; nothing for a colour code."""
    first = worn[:1]
    if first == b"%":
        return bytes.fromhex(worn[1:].decode())
    if first == b"&":
        import html  # here because its table of names takes 3 ms that few programs need

        return html.unescape(worn.decode("latin-1")).encode("utf-8", "replace")
    if first in (b"\x1b", b"\x0e", b"\x0f") or (worn.endswith(b"m") and b"[" in worn):
        return b""
    kind = worn[1:2]
    if kind == b"u" and len(worn) == 6:
        return bytes.fromhex(worn[2:].decode()).decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
    if kind == b"x" and len(worn) == 4:
        return bytes.fromhex(worn[2:].decode())
    if len(worn) > 2:
        return b""
    return _SIMPLE.get(kind, kind)
