"""Literals read from patterns: short texts of which each match of a pattern has one, for the gate to look for first.

A reader of RE2's syntax that knows as much of it as that takes; what it does not know it leaves open. What becomes of the
literals is `gate`'s work.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase
from typing import Final, NamedTuple

from irl_logging.redaction.patterns import Lazy

BEGIN: Final = "\0"
"""Stands in a literal for the beginning of a word: the text's, or a character that is neither letter nor digit."""
BLANK: Final = " "
"""Stands for any blank, or end of a line."""
QUOTE: Final = '"'
"""Stands for any quotation mark of ASCII, the backquote included."""
FOUR: Final = "\1"
"""Stands for four letters and digits."""
RUN: Final = FOUR * 3
"""Stands for twelve letters and digits in a row, which may be all of a literal."""
_RUN_LENGTH = 12
_ENOUGH = 5  # characters of a literal that need no run beside them
LONGEST: Final = 9
"""Characters of a literal that are kept: more tell hardly more."""
_MOST = 160  # literals that one stretch of a pattern may stand for
_WIDE = 9  # characters of a class at most that is not too wide for a literal: ten digits are
_PART = Lazy(
    r"(?P<space>\(\?:\^\|\[\^A-Za-z0-9\]\))|(?P<open>\((?:\?(?:[a-zA-Z-]*:|P?<\w+>))?)|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<times>[*+?]\??|\{(?P<least>\d+)(?P<more>,\d*)?\}\??)|(?P<start>\^)|(?P<edge>\\[bBAz]|\$)"
    r"|(?P<text>[\w ,;:=<>&%#@!~/'\"-]{2,}(?![*+?{]))"
    r"|(?P<one>\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\\x[0-9a-fA-F]{2}|\\[^x]|[^\\])",
    re.DOTALL,
)
_BEYOND = Lazy(r"\(\?[a-zA-Z-]*\)|\\[QpPC]|\\x\{|\\[0-7]")  # what is not read here; people's own rules may have it
_MEMBER = Lazy(r"\\x[0-9a-fA-F]{2}|\\.|[^\\]", re.DOTALL)
_OF_A_RUN = Lazy(r"\[(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9]|[A-Za-z0-9])+\]\Z")
_FOLDED = str.maketrans(ascii_uppercase + "\t\n\f\r'`", ascii_lowercase + BLANK * 4 + QUOTE * 2)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a"}

Words = frozenset[str]
_NOTHING: Words = frozenset([""])
_BEGINS: Words = frozenset([BEGIN])
_RUNS: Words = frozenset([RUN])


class _Found(NamedTuple):
    """What a part of a pattern says: all texts it stands for, if they are few, and literals that each match has."""

    all: Words | None
    needed: Words | None


def needed(pattern: str, least: int = 3) -> Words | None:
    """Return literals of which each match of a pattern has at least one, as `folded` has them.

    Args:
        pattern: An RE2 pattern over bytes, each byte as one character.
        least: Characters of a literal that are worth looking for.

    Returns:
        The literals, which may begin with `BEGIN` and hold `RUN`; None where there are none, or none that are worth it.
    """
    if _BEYOND.search(pattern):
        return None
    words = _read(_PART.finditer(pattern)).needed
    return words if words and worth(words)[0] >= least else None


def _read(parts: Iterator[re.Match[str]]) -> _Found:
    """Read a pattern, or a group of one to its end."""
    alternatives: list[_Found] = []
    branch = _Branch()
    last: tuple[_Found, str] | None = None  # what a number of times may follow, and its source
    for part in parts:
        kind = part.lastgroup
        if kind in ("times", "least", "more"):
            if last:
                branch.add(*last, *_times(part))
            last = None
            continue
        if last:
            branch.add(*last, 1, 1)
            last = None
        if kind == "close":
            break
        if kind == "bar":
            alternatives.append(branch.done())
            branch = _Branch()
        elif kind == "space":
            last = _Found(_BEGINS, None), ""
        elif kind == "start":
            branch.start()
        elif kind == "open":
            last = _read(parts), ""
        elif kind == "text":
            branch.follow(frozenset([folded(part[0])]))
        elif kind == "one":
            last = _Found(_of_one(part[0]), None), part[0]
    if last:
        branch.add(*last, 1, 1)
    return _joined([*alternatives, branch.done()])


def _times(part: re.Match[str]) -> tuple[int, int | None]:
    """Return how often at least and at most; None is without end."""
    if part["least"]:
        least = int(part["least"])
        return least, None if part["more"] else least
    return (0 if part[0][0] in "*?" else 1), (1 if part[0][0] == "?" else None)


class _Branch:
    """One alternative, as it is read from left to right."""

    def __init__(self) -> None:
        self._best: Words | None = None
        self._run = _NOTHING
        self._whole = True

    def add(self, found: _Found, source: str, least: int, most: int | None) -> None:
        """Take in the next part, which stands there so many times."""
        if found.all is not None and most == least <= 4:
            for _ in range(least):
                self.follow(found.all)
        elif found.all is not None and most == 1:
            self.follow(found.all | _NOTHING)
        else:
            begun = found.all if least and found.all is not None else _NOTHING
            if least >= _RUN_LENGTH and _OF_A_RUN.match(source):
                begun = _RUNS
            if begun is not _RUNS or min(map(len, self._run)) < _ENOUGH:
                self.follow(begun)
            self._cut(begun)
            if least and found.needed is not None:
                self._offer(found.needed)

    def start(self) -> None:
        """Take in that the text or a line begins here."""
        if self._run == _NOTHING:
            self._run = _BEGINS

    def done(self) -> _Found:
        """Return what the branch says."""
        whole = self._run if self._whole else None
        self._offer(self._run)
        return _Found(whole, self._best)

    def follow(self, words: Words) -> None:
        """Take in what stands there once."""
        if self._run != _NOTHING and any(word.startswith(BEGIN) for word in words):
            self._cut(words)  # BEGIN takes a character that may be the last of the run
        elif len(self._run) * len(words) <= _MOST:
            self._run = frozenset([before + word for before in self._run for word in words])
        else:
            self._cut(words)

    def _cut(self, begun: Words) -> None:
        """End the stretch of literals, and begin the next."""
        self._offer(self._run)
        self._run, self._whole = begun, False

    def _offer(self, words: Words) -> None:
        if "" not in words and (self._best is None or worth(words) > worth(self._best)):
            self._best = words


def _joined(alternatives: list[_Found]) -> _Found:
    everything: set[str] = set()
    needs: set[str] = set()
    for one in alternatives:
        everything.update(one.all or ())
        needs.update(one.needed or ())
    whole = all(one.all is not None for one in alternatives) and len(everything) <= _MOST
    return _Found(
        frozenset(everything) if whole else None,
        frozenset(needs) if all(one.needed for one in alternatives) else None,
    )


def worth(words: Words) -> tuple[int, bool, int]:
    """Return how much literals tell: the length of the shortest, whether it is more than a blank, and how few they are."""
    least = min(LONGEST, *(len(word) - word.startswith(BEGIN + RUN) for word in words))  # a run begins in any case
    return least, BLANK not in words, -len(words)


@functools.cache
def _of_one(source: str) -> Words | None:
    """Return the characters, in lower case, that one atom stands for; None where they are many."""
    if source == "." or source.startswith("[^") or "[:" in source[1:]:
        return None
    members = _MEMBER.findall(source[1:-1]) if source[0] == "[" else [source]
    out = ""
    while members:
        first = _of_member(members.pop(0))
        if first and members[:1] == ["-"] and len(members) > 1:
            last = _of_member(members[1])
            del members[:2]
            first = "".join(map(chr, range(ord(first[0]), ord(last[-1]) + 1))) if last else ""
        if not first or len(out) > _WIDE:
            return None
        out += first
    return frozenset(folded(out)) if len(out) <= _WIDE and FOUR not in out else None


def _of_member(source: str) -> str:
    """Return the characters that a character or an escape stands for; empty where they are many."""
    if source[0] != "\\":
        return source
    if source[1] == "x":
        return chr(int(f"0{source[1:]}", 0))
    if source[1] == "s":
        return BLANK
    return _CONTROLS.get(source[1], "" if source[1].isalnum() else source[1])


def folded(text: str) -> str:
    """Return a text as a literal has it: letters of ASCII in lower case, which stands for either, one blank, one quote."""
    return text.translate(_FOLDED)
