"""The first texts of a process: those that are surely ordinary need no rules, and most processes redact few others.

Loading the rules and compiling the gate takes as long as looking through hundreds of texts for words; from then on the
gate looks through each of them a hundred times as fast.
"""

from __future__ import annotations

from typing import Final

from irl_logging.ordinary import Ordinary, may_hold
from irl_logging.redaction.registry import Registry

FEW: Final = 200
"""Texts that are looked through for words: together they take half as long as loading the rules."""

_LONGEST: Final = 65_536  # bytes of a text; where they are more, the rules are worth their price


class Early:
    """Says of the first texts of a process whether they are surely ordinary; of later ones it says nothing.

    Args:
        known: The registered values.
    """

    def __init__(self, known: Registry) -> None:
        self._known = known
        self._left = FEW
        self._ordinary: Ordinary | None = None
        self._seen: tuple[int, set[bytes]] = (
            known.generation,
            set(),
        )  # ordinary texts, by what was known: the same few names come again and again

    def is_ordinary(self, data: bytes) -> bool:
        """Return whether neither a built-in rule nor a registered value is in a text; False where that is not sure."""
        generation, seen = self._seen
        if generation != self._known.generation:  # what was ordinary may be a value now
            _, seen = self._seen = self._known.generation, set()
        if data in seen:
            return True
        if self._left <= 0 or len(data) > _LONGEST:
            return False
        self._left -= 1
        try:
            if self._ordinary is None:
                self._ordinary = Ordinary()
            text = data.decode()
            values = self._known.values
            if values and (b"\n" in data or may_hold(text, values)):  # a value may be wrapped
                return False
            ordinary = self._ordinary.has(text)
        except (OSError, ValueError, LookupError):  # no description of the rules, or a damaged one, or no text
            return False
        if ordinary:
            seen.add(data)
        return ordinary
