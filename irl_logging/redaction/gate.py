"""The gate: says which of many patterns are found in a text, for the price of one pass where there are none.

One automaton for all of them would have a state for each combination of what may be under way at once, and would make
these anew for each text whose like it has not seen: hundreds of microseconds a line, and hundreds of megabytes. So a
text is first looked through for literals alone, of which each match has one; these make a tree, whose automaton has as
many states as the tree has branches. Only where one stands are the patterns asked, in automata of their own by kind, so
that what is alike in one does not multiply with the rest; and those that a literal calls together stand together, as each
automaton asked is a call. Where the literals come from is `literals`'s work.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from string import ascii_lowercase, ascii_uppercase, digits
from types import MappingProxyType
from typing import Final

from irl_logging.redaction.finders import Which
from irl_logging.redaction.literals import BEGIN, BLANK, FOUR, LONGEST, QUOTE, RUN, Words
from irl_logging.redaction.patterns import Lazy

Head = tuple[str, Words | None]
"""A pattern, and the literals of which each match has one; None where it is to be asked of each text."""

_SPELT: Final = {code: f"\\x{code:02x}" for code in range(256)} | {
    **{ord(sign): sign for sign in ascii_uppercase + digits},
    **{ord(sign): f"[{sign}{sign.upper()}]" for sign in ascii_lowercase},
    ord(BEGIN): "(?:^|[^A-Za-z0-9])",
    ord(FOUR): "[A-Za-z0-9]{4}",
    ord(BLANK): r"[\t\n\f\r ]",
    ord(QUOTE): "[\"'`]",
}
"""The pattern of each sign of a literal."""
_TOGETHER: Final = 80
"""Patterns that are asked together: with 145 in one, texts of a new kind cost four times as much, with 16 hardly less."""
_SHARED: Final = 12
"""Patterns that have a literal alike, from which on it is a common name: a text that has it asks for all of them."""
_MANY: Final = 200
"""Literals of a pattern that is asked with others like it: words in many languages, of which few texts have one."""
_LOOP = Lazy(r"[*+]|\{\d+,\d*\}")
_CLASS = Lazy(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)

Ask = Callable[[bytes], list[int]]
Rest = Callable[[list[int], bytes], list[int]]
Asked = list[tuple[Ask | None, Sequence[int]]]
"""By what the first pass says: what to ask then, and the places of what it says; None where there is nothing to ask."""


class Gate:
    """Says which patterns are found in a text.

    Args:
        heads: The patterns, RE2 over bytes, with their literals.
        apart: What asks for those, by place, that are asked by themselves: their states would multiply with all others'.

    Attributes:
        first: Returns what is empty where none of the patterns is found in a text: one call of RE2.
        rest: Returns, from what `first` says of a text that is not empty, and the text, what `match` does.
        match: Returns the places, in what was given, of the patterns that are found in a text.
    """

    def __init__(self, heads: Sequence[Head], apart: Mapping[int, Ask] = MappingProxyType({})) -> None:
        counted = Counter(word for _, words in heads for word in words or ())
        kinds: dict[str, list[tuple[int, str, int]]] = {}
        for place, (head, words) in enumerate(heads):
            if words is not None and place not in apart:
                common = max((counted[word], word) for word in words)
                kinds.setdefault(_kind(head, words, common[0]), []).append((*common, place))
        alone = [place for place, (_, words) in enumerate(heads) if words is None]
        groups = [few for places in kinds.values() for few in _in_few(places)]
        self._asked: Asked = [
            (functools.partial(self._compile, index, places, [heads[place][0] for place in places]), places)
            for index, places in enumerate(groups)
        ]
        self._asked += [(ask, [place]) for place, ask in apart.items()]
        literals = [
            _of_literals({word for place in places for word in heads[place][1] or ()}) for _, places in self._asked
        ]
        self.first = Which([*literals, *(heads[place][0] for place in alone)]).match
        self._asked += [(None, [place]) for place in alone]
        self.rest = _asking(self._asked)
        self.match = _both(self.first, self.rest)
        self._index = {place: index for index, (_, places) in enumerate(self._asked) for place in places}

    def among(self, places: Iterable[int]) -> Ask:
        """Return what says which of some patterns are found, and need not know of any others.

        Where these are known to have been found a moment ago, their literals need not be looked for again.
        """
        asked = self._asked
        indexes = sorted({self._index[place] for place in places})
        if any(asked[index][0] is None for index in indexes):
            return self.match

        def match(data: bytes) -> list[int]:
            which: list[int] = []
            for index in indexes:
                ask, places = asked[index]
                if ask is not None and (more := ask(data)):
                    which += [places[one] for one in more]
            return which

        return match

    def _compile(self, index: int, places: Sequence[int], heads: list[str], data: bytes) -> list[int]:
        """Compile the patterns of a group when they are asked first, and ask them."""
        ask = Which(heads).match
        self._asked[index] = ask, places
        return ask(data)


def _both(first: Ask, rest: Rest) -> Ask:
    """Return the function that asks; a method would look both up for each line, which is a tenth of its price."""

    def match(data: bytes) -> list[int]:
        found = first(data)
        return rest(found, data) if found else found

    return match


def _asking(asked: Asked) -> Rest:
    def rest(found: list[int], data: bytes) -> list[int]:
        which: list[int] = []
        for index in found:
            ask, places = asked[index]
            if ask is None:
                which += places
            elif more := ask(data):
                which += [places[one] for one in more]
        return which

    return rest


def _kind(head: str, words: Words, common: int) -> str:
    """Return which patterns one is asked with; `common` is how many have its most common literal."""
    if any(RUN in word for word in words):
        return "run"
    if len(words) >= _MANY:
        return "languages"
    return "context" if common >= _SHARED or _LOOP.search(_CLASS.sub("x", head)) else "token"


def _in_few(places: list[tuple[int, str, int]]) -> Iterator[Sequence[int]]:
    """Yield places in groups small enough for their states to stay few.

    Args:
        places: How many patterns have the most common literal of each one's, that literal, and the place. Those that have
            it alike come together: where it stands in a text, all of them have to be asked.
    """
    ordered = [place for _, _, place in sorted(places, reverse=True)]
    yield from (ordered[at : at + _TOGETHER] for at in range(0, len(ordered), _TOGETHER))


def _of_literals(words: set[str]) -> str:
    """Return the pattern that finds literals, begun alike as one."""
    return _spelled(sorted({word[:LONGEST] for word in words}), 0)


def _spelled(words: list[str], at: int) -> str:
    """Return the pattern of what words, which are in order, go on with from one of their signs on."""
    if len(words) == 1:
        return words[0][at:].translate(_SPELT)
    if len(words[0]) == at:
        return ""  # the others begin with this one
    branches = [sign.translate(_SPELT) + _spelled(list(few), at + 1) for sign, few in groupby(words, itemgetter(at))]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
