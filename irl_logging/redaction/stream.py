"""Redaction of output that arrives in pieces: a secret across two writes is still one secret.

Text is held back until its line is complete, and a private key block until its end or a line that is none of it;
what is given back is redacted.
"""

from __future__ import annotations

from collections import deque

from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.redactor import Redactor

_LONGEST = 65_536  # characters held back before a line without an end is given out in parts
_OVERLAP = 4_096  # characters of it kept back, so that no secret is cut where it is parted
_OPEN = Lazy(r"-----BEGIN [A-Z0-9 ]{0,40}(?:PRIVATE|SECRET) KEY[A-Z ]{0,10}-----")
_BODY_LINE = Lazy(  # a line that a key block can have, or the rest of its first line
    r"\W{0,40}+(?:(?:Proc-Type|DEK-Info|Version|Comment|Hash|Charset|MessageID): [^\n]*"
    r"|(?:[A-Za-z0-9+/=]|\\+[nr])*+)\W{0,40}\Z"
)
_HANGING = Lazy(r"(?:[:=]|name[\"']?\s*[:=]\s*[\"']?[\w.-]+[\"']?,?)[ \t]*\r?\n\Z")


class StreamRedactor:
    """Redacts a stream of text piece by piece.

    Args:
        redactor: Whose rules to use.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = ""

    @property
    def held(self) -> str:
        """What has been taken and not yet given back, as it came: not redacted."""
        return self._held

    def feed(self, text: str) -> str:
        """Take the next piece and return what is now certain, redacted."""
        self._held += text
        cut = self._certain()
        if not cut:
            return ""
        ready, self._held = self._held[:cut], self._held[cut:]
        return self._redactor.redact(ready)

    def flush(self) -> str:
        """Return the rest, redacted; the stream has ended."""
        ready, self._held = self._held, ""
        return self._redactor.redact(ready) if ready else ""

    def _certain(self) -> int:
        """Return how many of the held characters no later text can make part of a secret."""
        held = self._held
        cut = held.rfind("\n") + 1
        if cut and "-----BEGIN" in held and (opened := _open_block(held, cut)) >= 0:
            cut = held.rfind("\n", 0, opened) + 1
        while cut and _HANGING.search(held, max(0, cut - 200), cut):
            cut = held.rfind("\n", 0, cut - 1) + 1
        if cut == 0 and len(held) > _LONGEST:
            limit = len(held) - _OVERLAP
            cut = max(held.rfind(" ", 0, limit), held.rfind("\n", 0, limit)) + 1 or limit
        return cut


def _open_block(text: str, end: int) -> int:
    """Return where a private key block begins whose end may still come, or -1: a line that is none of a key ends it too."""
    last = next(iter(deque(_OPEN.finditer(text, 0, end), maxlen=1)), None)
    if last is None or text.find("-----END ", last.end(), end) >= 0:
        return -1
    lines = text[last.end() : end].split("\n")
    return last.start() if all(_BODY_LINE.match(line) for line in lines) else -1
