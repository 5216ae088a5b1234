"""Rules made ready to run: the gate, the automaton that says which rules may match, and their finders."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from irl_logging.redaction import assignments, dress
from irl_logging.redaction.finders import (
    PEM_BEGIN,
    RuleFinder,
    Span,
    Which,
    automaton,
    merged,
    occurrences,
    pem_blocks,
)
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import Rule

_BLANKS = re.compile(rb"(?:\s|\\[nrt])+")
BUILT_IN = {
    "private-key-block": "a private key in PEM, OpenSSH or PGP armour",
    "password": "a value whose key name says that it is a password",
    "secret-key-value": "a value whose key name says that it is a token, key or other secret",
    "authorization": "the credentials of an Authorization header",
    "cookie": "the value of a cookie that holds a session",
    "registered": "a value that the program registered",
}


class Compiled:
    """The rules of one redactor, compiled; `learn` takes in the values registered since."""

    def __init__(
        self,
        rules: Iterable[Rule],
        allow: Iterable[str],
        allow_keys: Collection[str],
        known: Registry,
        disabled: Collection[str],
    ) -> None:
        self._known = known
        self._disabled = frozenset(disabled)
        self._allow = tuple(automaton(f"\\A(?:{pattern})\\z").Match for pattern in allow)
        self._allow_keys = frozenset(allow_keys)
        finders: list[tuple[str, Callable[[bytes], Iterable[Span]]]] = [(rule.gate, RuleFinder(rule)) for rule in rules]
        finders.append((PEM_BEGIN, pem_blocks))
        finders.append((assignments.IDENTIFIER + assignments.NEXT, self._named))
        self._finders = [find for _, find in finders]
        self._ranks = {rule.id: 0 for rule in rules} | {"private-key-block": 0, "registered": 1, "authorization": 2}
        heads = [head for head, _ in finders]
        self._heads = "|".join(f"(?:{head})" for head in (*heads, dress.WORN))
        self._which = Which(heads).match
        self._identifier = automaton(assignments.IDENTIFIER).Match
        self._values: Any = None
        self.generation = -1
        self.gate: Any = None

    def learn(self) -> None:
        """Compile the gate, with the values that are registered now."""
        self.generation = self._known.generation
        values = self._known.pattern()
        self._values = automaton(values).Match if values else None
        self.gate = automaton(f"{self._heads}|{values}" if values else self._heads).Match

    def spans(self, data: bytes) -> list[Span]:
        """Return the secrets of a text in order; none overlap."""
        found = self._look(data)
        for view in dress.views(data):
            found += [(*view.origin(start, end), rule) for start, end, rule in self._look(view.data)]
        if not found:
            return found
        return [span for span in merged(found, self._rank) if not self._allowed(data[span[0] : span[1]])]

    def _look(self, data: bytes) -> list[Span]:
        found: list[Span] = []
        for index in self._which(data):
            found.extend(self._finders[index](data))
        if self._values is not None:
            found.extend(self._registered(data))
        return found

    def _named(self, data: bytes) -> Iterable[Span]:
        return assignments.spans(data, occurrences(self._identifier, data), self._allow_keys)

    def _registered(self, data: bytes) -> Iterable[Span]:
        for start, _ in occurrences(self._values, data):
            end = self._known.end_at(data, start)
            if end > start:
                yield start, end, "registered"

    def _rank(self, rule: str) -> int:
        return self._ranks.get(rule, 3)

    def _allowed(self, value: bytes) -> bool:
        from irl_logging.redaction.finders import anywhere

        return any(match(anywhere(), value, 0, len(value))[0][0] >= 0 for match in self._allow)
