"""The gate written down as text, for `irl_logging.ordinary`; as a program, writes that of the built-in rules."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from pathlib import Path

from irl_logging.ordinary import DESCRIPTION
from irl_logging.redaction.compiled import Compiled
from irl_logging.redaction.gate import Head
from irl_logging.redaction.literals import BEGIN, FOUR, LONGEST, RUN, folded, needed
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rules import RULES


def built_in() -> bytes:
    """Return the description of the built-in rules."""
    return described(Compiled(list(RULES), (), {}, (), Registry()).heads())


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
    words = {word: places[word] for word in sorted(places)}
    text = "\n".join(json.dumps(part, separators=(",", ":")) for part in (words, patterns))
    return zlib.compress(text.encode("ascii"), 9)  # and no scanner for secrets finds any in what looks for them


def _word(literal: str) -> str:
    """Return what of a literal is looked for: in lower case, as the text is then too; empty where that is every text."""
    kept = literal[:LONGEST]
    if FOUR in kept:
        return RUN
    return folded(kept) if kept.rfind(BEGIN) <= 0 else ""


if __name__ == "__main__":
    Path(DESCRIPTION).write_bytes(built_in())
