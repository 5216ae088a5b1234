"""The gate written down as text, and asked in that form: for a process that redacts few texts and ends."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable

from irl_logging.ordinary import Ordinary, may_hold
from irl_logging.redaction.gate import Head
from irl_logging.redaction.literals import BEGIN, LONGEST, RUN, folded, needed
from irl_logging.redaction.registry import Registry
from irl_logging.version import __version__


def described(heads: Iterable[Head]) -> bytes:
    """Return two lines of JSON, compressed: of each word that a match may need the places of its patterns, and the patterns.

    Args:
        heads: The patterns of the gate with their literals.
    """
    places: dict[str, list[int]] = {RUN: []}
    patterns: list[str] = []
    for pattern, literals in heads:
        for word in {_word(literal) for literal in literals or needed(pattern, 1) or ("",)}:
            places.setdefault(word, []).append(len(patterns))
        patterns.append(pattern)
    first = {"version": __version__, "words": places}
    text = "\n".join(json.dumps(part, separators=(",", ":")) for part in (first, patterns))
    return zlib.compress(text.encode("ascii"), 1)  # and no scanner for secrets finds any in what looks for them


def _word(literal: str) -> str:
    """Return what of a literal is looked for: in lower case, as the text is then too; empty where that is every text."""
    return folded(literal[:LONGEST]) if literal.rfind(BEGIN) <= 0 or literal == RUN else ""


def unless_ordinary(
    description: bytes,
    known: Registry,
    look: Callable[[bytes], list[int] | None],
    suspect: Callable[[bytes], object],
) -> tuple[Callable[[bytes], list[int] | None], Callable[[bytes], object]]:
    """Return `look` and `suspect` as they are for texts that are not surely ordinary, and as they need no rules for others.

    Args:
        description: What `described` made.
        known: The registered values.
        look: Returns None of a text in which nothing can be a secret.
        suspect: Returns what is false of visible ASCII without `[`, and without a secret.

    Raises:
        ValueError: when the description cannot be read, or is another version's.
    """
    ordinary = Ordinary(description)

    def is_ordinary(data: bytes) -> bool:
        text = data.decode("utf-8", "surrogatepass")
        try:
            return text.isprintable() and ordinary.has(text) and not may_hold(text, known.values)
        except (ValueError, LookupError):  # the description is damaged
            return False

    def may_be(data: bytes) -> list[int] | None:
        return None if is_ordinary(data) else look(data)

    def suspects(data: bytes) -> object:
        return [] if data.isascii() and b"[" not in data and is_ordinary(data) else suspect(data)

    return may_be, suspects
