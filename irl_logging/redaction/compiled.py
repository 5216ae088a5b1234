"""Rules made ready to run: the gate, the automaton that says which rules may match, and their finders."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from typing import Any

from irl_logging.redaction import assignments, dress
from irl_logging.redaction.cookies import COOKIE, cookies
from irl_logging.redaction.finders import (
    PEM_BEGIN,
    RuleFinder,
    Span,
    Which,
    anywhere,
    automaton,
    merged,
    occurrences,
    pem_blocks,
)
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import LONG_RUN, Rule

_FEW = 256  # forms of values that are taken into the gate together at least
_NOT_PLAIN = r"[^ -~]|\["
_BLANKS = Lazy(rb"\s+")
BUILT_IN = {
    "private-key-block": "a private key in PEM, OpenSSH or PGP armour",
    "password": "a value whose key name says that it is a password",
    "secret-key-value": "a value whose key name says that it is a token, key or other secret",
    "cookie": "the value of a cookie that holds a session or looks random",
    "registered": "a value that the program registered",
}


class Compiled:
    """The rules of one redactor, compiled; `learn` takes in the values registered since.

    Args:
        rules: What to look for; where two find the same text, the earlier one names it.
        allow: RE2 patterns of whole values that are never secrets.
        allow_keys: Names, in lower case, that say nothing about their values.
        known: The registered values.
        disabled: Ids of the findings of `BUILT_IN` to leave out; rules among `rules` are all used.
    """

    def __init__(
        self,
        rules: list[Rule],
        allow: Iterable[str],
        allow_keys: Collection[str],
        known: Registry,
        disabled: Collection[str] = (),
    ) -> None:
        self._known = known
        self._disabled = frozenset(disabled) & frozenset(BUILT_IN)
        self._where = anywhere()
        self._allow = tuple(automaton(f"\\A(?:{pattern})\\z").Match for pattern in allow)
        self._allow_keys = frozenset(allow_keys)
        telling = [rule for rule in rules if rule.gate != LONG_RUN]
        self._finders: list[Callable[[bytes], list[Span]]] = [RuleFinder(rule) for rule in telling]
        self._finders += [pem_blocks, cookies, self._named, self._in_long_runs]
        untelling = [rule for rule in rules if rule.gate == LONG_RUN]
        self._untelling = [RuleFinder(rule) for rule in untelling]
        self._untelling_gate = "|".join(f"(?:{rule.pattern})" for rule in untelling)
        self._may_be_untelling: Callable[..., Any] | None = None
        heads = [*(rule.gate for rule in telling), PEM_BEGIN, COOKIE, assignments.NAMED, LONG_RUN]
        self._heads = "|".join(f"(?:{head})" for head in (*heads, dress.WORN))
        self._heads_apart = heads
        self._ranks = {rule.id: rank for rank, rule in enumerate(rules)} | {"private-key-block": -1, "registered": 1000}
        self._values: list[Callable[..., Any]] = []
        self._late: Any = None
        self._in_gate = 0
        self._gates: dict[str, Callable[..., Any]] = {}
        self.generation = -1

    def learn(self) -> None:
        """Take in the values that are registered now.

        The gates hold them all, but compiling one takes some 20 ms: values that come later have an automaton of their
        own until they are as many as those in the gates.
        """
        first, size = self.generation < 0, self._known.size
        self.generation = self._known.generation
        if first or size - self._in_gate > max(_FEW, self._in_gate):
            values = self._known.pattern()
            self._all_heads = f"{self._heads}|{values}" if values else self._heads
            self._gates.clear()
            self._in_gate = size
            self._values = [automaton(values).Match] if values else []
            self._late = None
        elif size > self._in_gate:
            if self._late is not None:
                self._values.pop()
            self._late = automaton(self._known.pattern(self._in_gate)).Match
            self._values.append(self._late)

    def gate(self) -> Callable[..., Any]:
        """Return the search for anything that may be a secret; compiled when it is first asked for."""
        if "text" not in self._gates:
            self._gates["text"] = automaton(self._all_heads).Match
        return self._gates["text"]

    def line_gate(self) -> Callable[[bytes], object]:
        """Return what is true of bytes that may hold a secret, or anything but ASCII that can be seen and is no bracket."""
        if "line" not in self._gates:
            self._gates["line"] = Which([f"{self._all_heads}|{_NOT_PLAIN}"]).match
        plain, late = self._gates["line"], self._late
        if late is None:
            return plain
        return lambda data: plain(data) or late(self._where, data, 0, len(data))[0][0] >= 0

    @functools.cached_property
    def _which(self) -> Callable[[bytes], list[int]]:
        return Which(self._heads_apart).match

    @functools.cached_property
    def _name(self) -> Callable[..., Any]:
        match: Callable[..., Any] = automaton(assignments.NAMED).Match
        return match

    def has_more(self, data: bytes) -> bool:
        """Say whether bytes that passed the gate may hold a registered value all the same: a late one, or one wrapped."""
        if self._late is not None and self._late(self._where, data, 0, len(data))[0][0] >= 0:
            return True
        if data.find(b"\n", 0, -1) < 0:
            return False
        squeezed = data.translate(None, dress.BLANKS)
        return any(search(self._where, squeezed, 0, len(squeezed))[0][0] >= 0 for search in self._values)

    def spans(self, data: bytes) -> list[Span]:
        """Return the secrets of a text in order; none overlap."""
        found = self._look(data)
        for view in dress.views(data):
            found += [(*view.origin(start, end), rule) for start, end, rule in self._look(view.data)]
        if self._disabled:
            found = [span for span in found if span[2] not in self._disabled]
        if self._allow:
            found = [span for span in found if not self._allowed(data[span[0] : span[1]])]
        return merged(found, self._rank) if len(found) > 1 else found

    def _look(self, data: bytes) -> list[Span]:
        found: list[Span] = []
        for index in self._which(data):
            found += self._finders[index](data)
        if self._values:
            found += self._registered(data)
        return found

    def _in_long_runs(self, data: bytes) -> list[Span]:
        """Try the rules whose formats have too little fixed text for the gate, where a word has the look of one."""
        if self._may_be_untelling is None:
            self._may_be_untelling = automaton(f"(?:^|[^A-Za-z0-9])(?:{self._untelling_gate})(?:[^A-Za-z0-9]|$)").Match
        if self._may_be_untelling(self._where, data, 0, len(data))[0][0] < 0:
            return []
        return [span for find in self._untelling for span in find(data)]

    def _named(self, data: bytes) -> list[Span]:
        return assignments.spans(data, self._name, self._where, self._allow_keys)

    def _registered(self, data: bytes) -> list[Span]:
        found = self._known_forms(data)
        if b"\n" in data and self.has_more(data) and (view := dress.unwrapped(data)) is not None:
            for start, end, rule in self._known_forms(view.data):
                first, last = view.origin(start, end)
                if all(b"\n" in blanks for blanks in _BLANKS.findall(data, first, last)):
                    found.append((first, last, rule))
        return found

    def _known_forms(self, data: bytes) -> list[Span]:
        found: list[Span] = []
        for search in self._values:
            for start, _ in occurrences(search, self._where, data, overlap=True):
                end = self._known.end_at(data, start)
                if end > start:
                    found.append((start, end, "registered"))
        return found

    def _rank(self, rule: str) -> int:
        return self._ranks.get(rule, 2000)

    def _allowed(self, value: bytes) -> bool:
        return any(match(self._where, value, 0, len(value))[0][0] >= 0 for match in self._allow)
