"""Rules made ready to run: the gate, which is the automaton that says which rules may match, and their finders."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Collection, Mapping
from contextvars import ContextVar
from typing import Any, NamedTuple

from irl_logging.redaction import assignments, dress, manifests
from irl_logging.redaction.columns import HEADER, columns
from irl_logging.redaction.cookies import COOKIE, cookies
from irl_logging.redaction.finders import (
    RuleFinder,
    Span,
    anywhere,
    automaton,
    merged,
    occurrences,
)
from irl_logging.redaction.gate import Gate, Head
from irl_logging.redaction.keyblocks import FENCE, key_blocks
from irl_logging.redaction.literals import needed
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import Rule

_FEW = 256  # forms of values that are taken into the gate together at least
_PLANS = 1024  # ways of looking at a text that are kept; a program's lines have a few
_SHORT = 512  # bytes of what is left of a text, for it to be kept
_NOT_PLAIN = r"[^ -~]|\["
_BLANKS = Lazy(rb"\s+")
_NAME = Lazy(
    rb"(?:^|[^\s:=][ \n\t])[\w.-]{1,60}=\Z"
)  # before a value that is all that the name has, and no part of another's
_ALONE = frozenset(
    ("authorization", "authorization-plain", "bearer-token", "basic-credentials", "url-password", "url-password-slash")
)
_IN_URLS = frozenset(("url-password", "url-password-slash"))
_QUOTES = frozenset((b'"', b"'", b"`"))
_HOLD_WORDS = b"\"'`<"  # what a value of several words begins with
_OPEN = frozenset((b"", b" ", b"=", b"\n", b"\t"))
_SHUT = frozenset((b"", b" ", b"\n", b"\t", b"\r"))
_STOPS = frozenset((b",", b";", b")", b".", b"]", b"}", b'"', b"'", b"`"))
BUILT_IN = {
    "private-key-block": "a private key in PEM, OpenSSH or PGP armour",
    "password": "a value whose key name says that it is a password",
    "secret-key-value": "a value whose key name says that it is a token, key or other secret",
    "cookie": "the value of a cookie that holds a session or looks random",
    "registered": "a value that the program registered",
}


speaking: ContextVar[str] = ContextVar("irl_logging.redaction.speaking", default="")
"""The logger whose record is being redacted, where a redactor allows values by logger."""


class Step(NamedTuple):
    """One finder that is asked for one secret, and what it means for the others if it has one.

    Args:
        find: The finder.
        place: What `may_be` says of each text in which the finder may find something.
        rest: Says which of this step's and the later ones' places it would say of a text.
        words: Whether all from it on find nothing but words.
        named: Whether names are asked for after it.
    """

    find: Callable[..., list[Span]]
    place: int
    rest: Callable[[bytes], list[int]]
    words: bool
    named: bool


class Compiled:
    """The rules of one redactor and the values registered by then, compiled.

    What is in use stays as it is, since threads and signals may register values while a text is looked at: a copy learns
    them.

    Args:
        rules: What to look for; where two find the same text, the earlier one names it.
        allow: RE2 patterns of whole values that are never secrets.
        allow_loggers: Further such patterns by logger; each counts for the logger and those below it.
        allow_keys: Names, in lower case, that say nothing about their values.
        known: The registered values.
        disabled: Ids of the findings of `BUILT_IN` to leave out; rules among `rules` are all used.
        unused: Rules that are not used; what they match, general rules of tokens without a vendor leave alone too.
    """

    def __init__(
        self,
        rules: list[Rule],
        allow: Collection[str],
        allow_loggers: Mapping[str, Collection[str]],
        allow_keys: Collection[str],
        known: Registry,
        disabled: Collection[str] = (),
        unused: Collection[Rule] = (),
    ) -> None:
        self._known = known
        self._where = anywhere()
        self._allow = [
            (logger, _whole(patterns)) for logger, patterns in {"": allow, **allow_loggers}.items() if patterns
        ]
        self._allow_keys = frozenset(allow_keys)
        self._unused = [RuleFinder(rule) for rule in unused if not rule.general]
        self._general = frozenset(rule.id for rule in rules if rule.general)
        named = {"password", "secret-key-value"}.intersection(disabled)
        self._find_named = functools.partial(_without, named, self._named) if named else self._named
        self._finders: list[Callable[..., list[Span]]] = [RuleFinder(rule) for rule in rules]
        self._finders += [
            _nothing if "private-key-block" in disabled else key_blocks,
            _nothing if "cookie" in disabled else cookies,
            functools.partial(_without, named, columns) if named else columns,
            functools.partial(_without, named, manifests.manifests) if named else manifests.manifests,
            self._find_named,
        ]
        self._shaped = len(rules)
        self._alone = frozenset(i for i, rule in enumerate(rules) if _stands_alone(rule))
        self._worn = len(self._finders)
        self._plain_but = self._worn + 1  # found where a text is not of visible ASCII; by itself it means nothing
        self._value = self._worn + 2
        self.clean = [self._plain_but]
        self._naming = self._worn - 1
        self._alone |= {self._naming}
        self._many = frozenset(
            (*range(self._shaped, self._shaped + 4), self._worn, self._value)
        )  # key blocks, cookies, columns, manifests, clothes
        self._heads: list[Head] = [(rule.gate, rule.literals) for rule in rules]
        self._heads += [(head, needed(head)) for head in (FENCE, COOKIE, HEADER)]
        self._heads.append((manifests.HEAD, manifests.WORDS))
        self._heads.append((assignments.NAMED, needed(assignments.NAME, 2)))
        self._heads += [(dress.WORN, None), (_NOT_PLAIN, None)]
        self._ranks = {rule.id: rank for rank, rule in enumerate(rules)} | {"private-key-block": -1, "registered": 1000}
        self._registering = "registered" not in disabled
        self._name = functools.cache(_search_of_names)
        self._first_name = b"", 0
        self._take_in()

    def _take_in(self) -> None:
        """Compile the gate with all values that are registered now."""
        self.generation, self._forgotten = self._known.generation, self._known.forgotten  # before they are looked at
        self._in_gate = self._known.size if self._registering else 0
        values = self._known.pattern() if self._in_gate else ""
        self._gate = Gate([*self._heads, (values, None)] if values else self._heads, {self._naming: self._is_named})
        self._match = self._gate.match
        self._plan = functools.lru_cache(_PLANS)(functools.partial(self._plan_of, self._gate))
        self._spent: dict[bytes, Step] = {}
        self._values: list[Callable[..., Any]] = [automaton(values).Match] if values else []
        self._late: Any = None

    def learn(self) -> None:
        """Take in the values that are registered now; to be asked of a copy that is not in use yet.

        The gate holds them all, but compiling it takes some 20 ms: values that come later have an automaton of their
        own until they are as many as those in the gate.
        """
        generation = self._known.generation
        size = self._known.size if self._registering else 0
        if self._forgotten != self._known.forgotten or size - self._in_gate > max(_FEW, self._in_gate):
            self._take_in()
            return
        if size > self._in_gate:
            self._late = automaton(self._known.pattern(self._in_gate)).Match
            self._values = [*self._values[: bool(self._in_gate)], self._late]
        self.generation = generation

    def gate(self) -> tuple[Callable[[bytes], object], Callable[[Any, bytes], object]]:
        """Return what is true of bytes that may hold a secret, or anything but ASCII that can be seen and is no bracket.

        And what says from that, and from the bytes, whether it is so: true again, but equal to `clean` where the bytes hold
        no secret.
        """
        first, rest, late, where = self._gate.first, self._gate.rest, self._late, self._where
        if late is None:
            return first, rest

        def is_late(data: bytes) -> bool:
            return bool(late(where, data, 0, len(data))[0][0] >= 0)

        return lambda data: is_late(data) or first(data), lambda found, data: found is True or rest(found, data)

    def heads(self) -> list[Head]:
        """Return the patterns of which one is found in each text of ASCII that is not ordinary."""
        return self._heads[: self._plain_but]

    def may_be(self, data: bytes) -> list[int] | None:
        """Return which patterns are found in a text, or None where nothing in it can be a secret."""
        which = self._match(data)
        if (not which or which == self.clean) and not (self._values and self._has_more(data)):
            return None
        return which

    def _has_more(self, data: bytes) -> bool:
        """Say whether bytes that passed the gate may hold a registered value all the same: a late one, or one wrapped."""
        if self._late is not None and self._late(self._where, data, 0, len(data))[0][0] >= 0:
            return True
        if data.find(b"\n", 0, -1) < 0:
            return False
        squeezed = data.translate(None, dress.BLANKS)
        return any(search(self._where, squeezed, 0, len(squeezed))[0][0] >= 0 for search in self._values)

    def starts(self, data: bytes) -> list[int]:
        """Return the indices at which a form of a registered value may begin."""
        return [at for search in self._values for at, _ in occurrences(search, self._where, data, overlap=True)]

    def spans(self, data: bytes, which: list[int]) -> list[Span]:
        """Return the secrets of a text in order; none overlap.

        Args:
            data: The text.
            which: What `may_be` says of it.
        """
        found = self._look(data, which)
        if self._worn in which:
            for view in dress.views(data):
                found += [(*view.origin(start, end), rule) for start, end, rule in self._look(view.data)]
        if self._allow:
            found = [span for span in found if not self.allows(data[span[0] : span[1]])]
        if self._unused and not self._general.isdisjoint([rule for _, _, rule in found]):
            left = [span for find in self._unused for span in find(data)]
            found = [span for span in found if span[2] not in self._general or not _within(span, left)]
        return merged(found, self._rank) if len(found) > 1 else found

    def steps(self, data: bytes, which: list[int]) -> list[Step] | None:
        """Return what to ask in turn for one secret after the other, or None where all have to be asked at once.

        Args:
            data: The text.
            which: What `may_be` says of it.
        """
        return None if self._values and self._has_more(data) else self._plan(tuple(which))

    def still(self, data: bytes, steps: list[Step]) -> list[Step]:
        """Return the steps that may find something in what is left of a text.

        Often that is just what was left of another one, with another secret in it: where nothing may be found any more, it
        is remembered.
        """
        if self._spent.get(data) is steps[0]:
            return []
        if which := steps[0].rest(data):
            return [step for step in steps if step.place in which]
        if len(data) <= _SHORT:
            if len(self._spent) >= _PLANS:
                self._spent.clear()
            self._spent[data] = steps[0]
        return []

    def is_alone(self, data: bytes, found: Span, step: Step) -> bool:
        """Say whether a secret is a word by itself, as all are that may be found from its step on.

        Once it is gone the rest can be looked at alone: no rule that may match here takes in more than a word, or
        anything but fixed words around it. Nothing that was not found before can be found then.
        """
        return step.words and _is_alone(data, found, named=step.named) and not (step.named and self._names(data, found))

    def _names(self, data: bytes, found: Span) -> bool:
        """Say whether a secret may be a name itself, and what follows its value."""
        start, end, _ = found
        return end < len(data) and 0 <= self._name()(self._where, data, start, len(data))[0][0] < end

    def _plan_of(self, gate: Gate, which: tuple[int, ...]) -> list[Step] | None:
        """Return the steps, by what may be found; None where there is what takes more than asking each once.

        What stands before the one that finds something has found nothing: only those after it count.
        """
        if self._allow or self._unused or not self._many.isdisjoint(which):
            return None
        order = sorted(index for index in which if index < self._worn)
        return [
            Step(
                self._finders[index],
                index,
                gate.among(order[place:]),
                words=self._alone.issuperset(order[place:]),
                named=self._naming in order[place + 1 :],
            )
            for place, index in enumerate(order)
        ]

    def allows(self, value: bytes) -> bool:
        """Say whether a value is one that the caller has said is never secret."""
        name = speaking.get()
        return any(
            (not logger or name == logger or name.startswith(f"{logger}."))
            and search(self._where, value, 0, len(value))[0][0] >= 0
            for logger, search in self._allow
        )

    def _look(self, data: bytes, which: list[int] | None = None) -> list[Span]:
        found: list[Span] = []
        finders, shaped, last = self._finders, self._shaped, self._worn
        known = found if not self._allow else ()  # what is allowed hides nothing within it
        for index in sorted(self._match(data) if which is None else which):
            if index < shaped:
                found += finders[index](data, known)
            elif index < last:
                found += finders[index](data)
        if self._values:
            found += self._registered(data)
        return found

    def _is_named(self, data: bytes) -> list[int]:
        """Say for the gate whether there is a name with a value; where it stands is remembered for `_named`."""
        place = self._name()(self._where, data, 0, len(data))[0][0]
        self._first_name = data, place
        return [0] if place >= 0 else []

    def _named(self, data: bytes, *, once: bool = False) -> list[Span]:
        asked, place = self._first_name
        first = place if asked is data else None
        return assignments.spans(data, self._name(), self._where, self._allow_keys, once=once, first=first)

    def _registered(self, data: bytes) -> list[Span]:
        found = self._known_forms(data)
        if b"\n" in data and self._has_more(data) and (view := dress.unwrapped(data)) is not None:
            for start, end, rule in self._known_forms(view.data):
                first, last = view.origin(start, end)
                if all(b"\n" in blanks for blanks in _BLANKS.findall(data, first, last)):
                    found.append((first, last, rule))
        return found

    def _known_forms(self, data: bytes) -> list[Span]:
        ends = ((start, self._known.end_at(data, start)) for start in self.starts(data))
        return [(start, end, "registered") for start, end in ends if end > start]

    def _rank(self, rule: str) -> int:
        return self._ranks.get(rule, 2000)


def _search_of_names() -> Callable[..., Any]:
    match: Callable[..., Any] = automaton(assignments.NAMED).Match
    return match


def _whole(patterns: Collection[str]) -> Callable[..., Any]:
    """Return the search for values that match one of the patterns from end to end."""
    search: Callable[..., Any] = automaton(f"\\A(?:{'|'.join(f'(?:{one})' for one in patterns)})\\z").Match
    return search


def _within(span: Span, others: list[Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end, _ in others)


def _nothing(data: bytes) -> list[Span]:
    """Find nothing: stands for a finding that is disabled."""
    del data
    return []


def _without(
    disabled: Collection[str], find: Callable[..., list[Span]], data: bytes, *, once: bool = False
) -> list[Span]:
    """Leave out what is disabled among the findings of one finder."""
    found = [span for span in find(data) if span[2] not in disabled]
    return found[:1] if once else found


def _stands_alone(rule: Rule) -> bool:
    """Say whether a rule matches one word, or one with nothing but fixed words around it."""
    return rule.id in _ALONE or (bool(rule.edges) and not re.search(r"\\s|[ (](?!\?:)|\[\^", rule.pattern))


def _is_alone(data: bytes, found: Span, *, named: bool) -> bool:
    """Say whether a secret is a word by itself; where names stand in the text, also that it is no part of a longer value."""
    start, end, rule = found
    before = data[start - 1 : start]
    if before == b"=" and rule not in BUILT_IN and not _NAME.search(data, max(0, start - 64), start):
        return False
    if named:
        others = _HOLD_WORDS.replace(before, b"") if before in _QUOTES else _HOLD_WORDS
        if len(data.translate(None, others)) < len(data):  # a fifth of the price of looking for one after the other
            return False
    return _parted(before, data[end : end + 2]) or (rule in _IN_URLS and data.find(b"@", end + 1) < 0)


def _parted(before: bytes, after: bytes) -> bool:
    """Say whether what stands beside a secret is no part of a longer one."""
    if before in _QUOTES:
        return after[:1] == before
    return before in _OPEN and (after[:1] in _SHUT or (after[:1] in _STOPS and after[1:] in _SHUT))
