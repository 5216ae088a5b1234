"""Redaction of output that arrives in pieces: a secret across two writes is still one secret.

Text is held back until its line is complete, a private key block until its end or a line that is none of it, and what
may be the beginning of a registered value until that has come; what is given back is redacted. Of a line that is too
long to hold, parts are given out: cut where no secret is, and each redacted together with what stands around it.
"""

from __future__ import annotations

from irl_logging.redaction.keyblocks import open_block
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.redactor import Redactor

_LONGEST = 65_536  # characters held back before a line without an end is given out in parts
_OVERLAP = 4_096  # characters of it that are looked at with the part before and the part after
_HANGING = Lazy(r"(?:[:=]|name[\"']?\s*[:=]\s*[\"']?[\w.-]+[\"']?,?)[ \t]*\r?\n\Z")


class StreamRedactor:
    """Redacts a stream of text piece by piece.

    Args:
        redactor: Whose rules to use.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._held = ""
        self._given = 0  # characters of it that have been given out; kept for what they say of those after them

    @property
    def held(self) -> str:
        """What has been taken and not yet given back, as it came: not redacted."""
        return self._held[self._given :]

    def feed(self, text: str) -> str:
        """Take the next piece and return what is now certain, redacted."""
        self._held += text
        cut = self._certain()
        if cut <= self._given:
            return self._part() if len(self._held) - self._given > _LONGEST else ""
        return self._give(cut)

    def flush(self) -> str:
        """Return the rest, redacted; the stream has ended."""
        return self._give(len(self._held))

    def _give(self, cut: int) -> str:
        """Give out all there is up to the end of a line."""
        if not self._given:
            ready, self._held = self._held[:cut], self._held[cut:]
            return self._redactor.redact(ready)
        ready, _ = self._redactor.redact_part(self._held[:cut], self._given, cut)
        self._held, self._given = self._held[cut:], 0
        return ready

    def _part(self) -> str:
        """Give out a part of a line that is too long, up to a blank if there is one, and never half a secret."""
        limit = len(self._held) - _OVERLAP
        blank = max(self._held.rfind(" ", self._given, limit), self._held.rfind("\n", self._given, limit)) + 1
        ready, cut = self._redactor.redact_part(self._held, self._given, blank or limit)
        kept = max(0, cut - _OVERLAP)
        self._held, self._given = self._held[kept:], cut - kept
        return ready

    def _certain(self) -> int:
        """Return how many of the held characters no later text can make part of a secret."""
        held, cut = self._held, self._held.rfind("\n") + 1
        last = -1
        while cut not in (0, last):
            last = cut
            if "BEGIN " in held and (opened := open_block(held, cut)) >= 0:
                cut = held.rfind("\n", 0, opened) + 1
            if cut and (begun := self._redactor.begun(held[:cut])) < cut:
                cut = held.rfind("\n", 0, begun) + 1
            while cut and _HANGING.search(held, max(0, cut - 200), cut):
                cut = held.rfind("\n", 0, cut - 1) + 1
        return cut
