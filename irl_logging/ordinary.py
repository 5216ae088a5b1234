"""Whether a text is surely ordinary, without loading the rules of redaction: for a process that writes one line and ends.

Loading all rules takes ten thousand times as long as asking them. What the first pass over a text would ask stands in a
file of the package, as text (`redaction.described` writes it): words of which each match of a pattern has one, and the
patterns. Few texts have such words, and only the patterns of those are compiled. Nothing slow is imported here.
"""

from __future__ import annotations

import binascii
import json
import os
import re
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Final

RUN: Final = "\1\1\1"
"""The word that stands for twelve letters and digits in a row."""

BEGIN: Final = "\0"
"""A word that begins with this has no letter or digit before it."""

DESCRIPTION: Final = os.path.join(os.path.dirname(__file__), "ordinary.bin")
"""Path of the description of the built-in rules."""

SHORTEST_VALUE: Final = 6
"""Bytes of a value that are worth looking for; the same as for registered values."""

_FOLDED: Final = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\n\f\r'`", b'abcdefghijklmnopqrstuvwxyz    ""')
_IN_URLS: Final = bytes.maketrans(b"+/", b"-_")
_RUN: Final = re.compile(b"[A-Za-z0-9]{12}")
_ESCAPED: Final = re.compile(r"[\\&]|%[0-9A-Fa-f]{2}|'\"")


class Ordinary:
    """Says of texts whether they are surely ordinary.

    Args:
        description: What `redaction.described` made of the rules; None means that of the built-in ones.

    Raises:
        ValueError: when it cannot be read.
        OSError: when it is not there.
    """

    def __init__(self, description: bytes | None = None) -> None:
        if description is None:
            with open(DESCRIPTION, "rb") as file:
                description = file.read()
        try:
            first, _, self._second = zlib.decompress(description).partition(b"\n")
            self._words: dict[str, list[int]] = json.loads(first)
        except zlib.error as error:
            raise ValueError(f"the description of the rules cannot be read: {error}") from None
        self._patterns: list[str] | None = None
        self._searches: dict[int, Callable[[bytes], object]] = {}

    def has(self, text: str) -> bool:
        """Return whether no built-in rule would find anything in a text.

        Raises:
            ValueError: when the text has lone surrogates, or the description cannot be read to its end.
            LookupError: when something is missing in the description.
        """
        data = text.encode()
        return not any(self._search(place)(data) for place in self._asked(data))

    def _search(self, place: int) -> Callable[[bytes], object]:
        """Return what looks for one of the patterns, compiled when it is asked first."""
        search = self._searches.get(place)
        if search is None:
            if self._patterns is None:
                self._patterns = json.loads(self._second)
            search = self._searches[place] = _search_for(self._patterns[place])
        return search

    def _asked(self, data: bytes) -> set[int]:
        """Return the places of the patterns that may be found in a text."""
        folded = data.translate(_FOLDED).decode("latin-1")
        asked = set(self._words[RUN]) if _RUN.search(data) else set()
        for word, places in self._words.items():
            if word.lstrip(BEGIN) in folded and (word[:1] != BEGIN or _begins_with(word[1:], folded)):
                asked.update(places)
        return asked


def _begins_with(word: str, text: str) -> bool:
    """Return whether `word` stands in `text` where no letter or digit of ASCII is before it."""
    at = text.find(word)
    while at > 0 and text[at - 1].isascii() and text[at - 1].isalnum():
        at = text.find(word, at + 1)
    return at >= 0


def _search_for(pattern: str) -> Callable[[bytes], object]:
    import re2  # a third of what all the rest costs, and few texts need it

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True
    options.log_errors = False
    try:
        search: Callable[[bytes], object] = re2.compile(pattern.encode("latin-1"), options).search
    except re2.error as error:
        raise ValueError(f"the description of the rules cannot be read: {error}") from None
    return search


def may_hold(text: str, values: Iterable[str]) -> bool:
    """Return whether one of these values may be in a text, as it is or as `redaction.registry` would find it.

    Args:
        text: The text.
        values: Any values, such as those of all variables of the environment.
    """
    data = text.encode()
    if _ESCAPED.search(text):
        return True  # it may be any of them
    for value in values:
        whole = os.fsencode(value)
        for part in {whole, whole.strip(), *(line.strip() for line in whole.splitlines())}:
            if SHORTEST_VALUE <= len(part) <= len(data) and any(form in data for form in _forms(part)):
                return True
    return False


def _forms(value: bytes) -> Iterator[bytes]:
    yield value
    yield value.replace(b" ", b"+")
    for digits in (value.hex(), value.hex(":")):
        yield digits.encode()
        yield digits.upper().encode()
    for comma in (",", ", "):
        yield comma.join(map(str, value)).encode()
    for shift in range(3):
        # What does not depend on what stands before and after it.
        text = binascii.b2a_base64(b"\0" * shift + value, newline=False)
        core = text[(shift * 8 + 5) // 6 : (shift + len(value)) * 8 // 6]
        yield core
        yield core.translate(_IN_URLS)
