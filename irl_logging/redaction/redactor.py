"""The redactor: text in, text without secrets out; fails closed.

An ordinary line costs one pass of one automaton, the gate, over its bytes. Only where the gate says that there may be
something are the rules asked, on the text and on each undressed view of it. Everything is compiled when it is first
needed: the first ordinary lines of a process are told from others without (`early`).
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import Any

from irl_logging.errors import RuleError
from irl_logging.forks import ThreadLock, first_use, renew_in_children
from irl_logging.redaction import finders, structure
from irl_logging.redaction.beginnings import begun
from irl_logging.redaction.compiled import BUILT_IN, Compiled, speaking
from irl_logging.redaction.early import Early
from irl_logging.redaction.gate import Gate
from irl_logging.redaction.patterns import Lazy, as_bytes
from irl_logging.redaction.registry import KNOWN, Registry
from irl_logging.redaction.rule import Rule, patterns_by_logger, rule_from, texts
from irl_logging.redaction.values import PLACEHOLDER

_NUL = 0  # a number is looked for in bytes at a fifth of the price of bytes
_MARK = Lazy(rb"\[REDACTED:[a-z0-9-]{1,80}\]|\x00")
_tally: ContextVar[Counter[str] | None] = ContextVar("irl_logging.redaction.tally", default=None)
_abandoned: list[Compiled | None] = []  # never finalized: RE2 may have been in the middle of changing them
_Looks = tuple[Callable[[bytes], list[int] | None], Compiled | None]  # what says what may be in a text, and its rules
_PASSES = 8  # a replacement may lay bare another secret; more passes than this have never been needed


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a secret is and which rule found it; never the secret.

    Args:
        rule: Id of the rule.
        start: Index of its first character in the text.
        end: Index after its last character.
    """

    rule: str
    start: int
    end: int


class Redactor:
    """Finds secrets by shape, by the name beside them and by value, and puts `[REDACTED:rule-id]` in their place.

    Args:
        disabled: Ids of rules that are not used, also `password`, `secret-key-value`, `cookie`, `private-key-block` and
            `registered`.
        rules: Further rules, which name a match before the built-in ones do: `Rule` objects, or tables as `rule_from`
            takes them.
        allow: RE2 patterns of whole values that are never secrets.
        allow_loggers: Such patterns by logger name; they count for records of that logger and those below it.
        allow_keys: Key names whose values are not judged by the name; shapes and registered values still count.
        known: Registered values; None means those that all redactors of the process share.

    Raises:
        RuleError: A rule is not well made, a pattern is not linear, an id is taken, or a disabled rule does not exist.
    """

    def __init__(
        self,
        *,
        disabled: Collection[str] = (),
        rules: Iterable[Rule | Mapping[str, Any]] = (),
        allow: Iterable[str] = (),
        allow_loggers: Mapping[str, Iterable[str]] | None = None,
        allow_keys: Iterable[str] = (),
        known: Registry | None = None,
    ) -> None:
        self._disabled = frozenset(texts("disabled", disabled))
        self._extra = tuple(map(rule_from, rules))
        self._allow_patterns = tuple(map(as_bytes, texts("allow", allow)))
        self.allow_loggers = patterns_by_logger(allow_loggers)
        self.allow_keys = frozenset(key.lower() for key in texts("allow_keys", allow_keys))
        self._known = KNOWN if known is None else known
        self._lock = ThreadLock()
        self._counts: Counter[str] = Counter()
        self._compiled: Compiled | None = None
        self._early = None if self._extra else Early(self._known)
        self._looks: _Looks = self._compile_and_look, None
        self.gate: tuple[Callable[[bytes], object], Callable[[Any, bytes], object]] = (
            self._compile_and_suspect,
            _as_said,
        )
        """`suspects` in two functions, for the way of a log line: one call of RE2, and what to ask if that says something.

        They may be others from call to call; what one of them says is for the other one of the pair.
        """
        self.clean: object = None  # what `suspects` says of bytes that are not plain, but hold no secret
        self._known.watch(self)
        renew_in_children(self)
        if self._extra or self._allow_patterns or self.allow_loggers or self._disabled:
            self._check()

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each rule has redacted something, by rule id."""
        return MappingProxyType(self._counts)

    def redact(self, text: str) -> str:
        """Return the text with a placeholder for each secret, or only a placeholder when anything goes wrong."""
        try:
            data = text.encode("utf-8", "surrogatepass")
            may_be, compiled = self._looks
            which = may_be(data)
            return text if which is None else self._redacted(text, data, which, compiled)
        except Exception:
            self.count("redactor-error")
            return structure.FAILED

    def redact_fields(self, fields: Mapping[Any, Any], *, document: bool = False) -> dict[Any, Any]:
        """Return a copy without secrets, however deep; what is harmless is kept, in a `document` as JSON knows it."""
        return structure.redact_mapping(self, fields, document=document)

    def redact_value(self, value: Any) -> Any:
        """Return a value of any type without secrets; the value itself where it is harmless."""
        return structure.redact_any(self, value)

    def is_clean(self, data: bytes) -> bool:
        """Say whether nothing in these UTF-8 bytes can need redaction; False means only that one has to look."""
        try:
            return self._looks[0](data) is None
        except Exception:
            return False

    def suspects(self, data: bytes) -> object:
        """Return what is true of bytes unless they are ASCII that can be seen, with no `[` and nothing to redact."""
        first, rest = self.gate
        found = first(data)
        return rest(found, data) if found else found

    def explain(self, text: str) -> list[Finding]:
        """Return what `redact` takes out of a text: where it is and by which rule, never what it is."""
        data = text.encode("utf-8", "surrogatepass")
        spans = finders.in_characters(text, data, self._secrets(data))
        return [Finding(rule, start, end) for start, end, rule in spans if rule]

    def redact_part(self, text: str, start: int, end: int) -> tuple[str, int]:
        """Redact a part of a text, knowing the whole.

        Args:
            text: The whole.
            start: Index of the part's first character; what stands before it has been given out already.
            end: Index after its last character, at best.

        Returns:
            The part without secrets, and the index after what it stands for: a secret is not cut, but left for the next
            part, or taken whole where the part begins with it.
        """
        try:
            found = self.explain(text)
        except Exception:
            self.count("redactor-error")
            return structure.FAILED, end
        end = next((one.end if one.start <= start else one.start for one in found if one.start < end < one.end), end)
        pieces: list[str] = []
        for one in found:
            if one.start < end and one.end > start:
                self.count(one.rule)
                pieces += (text[start : one.start], f"[REDACTED:{one.rule}]")
                start = one.end
        return "".join((*pieces, text[start:end])), end

    def begun(self, text: str) -> int:
        """Return the index at which a registered value may begin that goes on after the text; its length for none."""
        if not self._known.size or "registered" in self._disabled:
            return len(text)
        compiled = self._compiled
        if compiled is None or compiled.generation != self._known.generation:
            return begun(text, self._known)  # a few short texts need no rules
        return begun(text, self._known, compiled.starts)

    def spares(self, rule: str, value: bytes | None) -> bool:
        """Say whether a value that a rule found may stay: the rule is disabled, or the value allowed; None for any value."""
        allows = value is not None and bool(self._allow_patterns or self.allow_loggers)
        return rule in self._disabled or (value is not None and allows and self._ready().allows(value))

    def count(self, *rules: str) -> None:
        """Count one redaction by each of these rules, also for whoever is `counting`."""
        tally = _tally.get()
        with self._lock:
            for rule in rules:
                self._counts[rule] += 1
                if tally is not None:
                    tally[rule] += 1

    @contextmanager
    def speaking(self, logger: str) -> Iterator[None]:
        """Allow within the `with` block what `allow_loggers` allows to this logger."""
        before = speaking.set(logger)
        try:
            yield
        finally:
            speaking.reset(before)

    def forget(self) -> None:
        """Compile again before the next look: the registered values have changed."""
        with self._lock:
            self._looks = self._compile_and_look, None
            self.gate = self._compile_and_suspect, _as_said

    def renew(self) -> None:
        """Compile again in a forked child: another thread may have been inside one of RE2's own locks."""
        _abandoned.append(self._compiled)
        self._compiled = None
        self.forget()

    def _redacted(self, text: str, data: bytes, which: list[int], compiled: Compiled | None) -> str:
        """Put a placeholder in the place of each secret."""
        pieces: list[str] = []
        rules: list[str] = []
        last = 0
        for start, end, rule in finders.in_characters(text, data, self._secrets(data, which, compiled)):
            if rule:
                pieces.append(f"{text[last:start]}[REDACTED:{rule}]")
                rules.append(rule)
                last = end
        if not rules:
            return text
        self.count(*rules)
        pieces.append(text[last:])
        return "".join(pieces)

    def _secrets(
        self, data: bytes, which: list[int] | None = None, compiled: Compiled | None = None
    ) -> list[finders.Span]:
        """Look until nothing more is found; what was found stands as NUL while the rest is looked at.

        So a text that has been redacted looks the same to the rules as the one it came from, and stays as it is.
        Placeholders of an earlier redaction are among the spans, with an empty rule.

        Args:
            data: The text.
            which: What `may_be` says of it.
            compiled: Whose word that is; None where it is to be asked.
        """
        if compiled is None:
            compiled = self._ready()
            which = compiled.may_be(data)
        found: list[finders.Span] = []
        folded = data
        if _NUL in data or data.find(PLACEHOLDER) >= 0:
            found = [(*mark.span(), "") for mark in _MARK.finditer(data)]
            folded = finders.fold(data, found)
            which = compiled.may_be(folded)
        elif which is not None and (words := _one_by_one(compiled, data, which)) is not None:
            return words
        for _ in range(_PASSES):
            if which is None or not (spans := compiled.spans(folded, which)):
                return found
            found = finders.carried_back(spans, found)
            folded = finders.fold(data, found)
            which = compiled.may_be(folded)
        raise RecursionError("a secret after each replacement")

    def _is_early(self, data: bytes) -> bool:
        """Say whether a text holds no secret, as far as that can be said before anything is compiled."""
        return self._compiled is None and self._early is not None and self._early.is_ordinary(data)

    def _compile_and_look(self, data: bytes) -> list[int] | None:
        return None if self._is_early(data) else self._published().may_be(data)

    def _compile_and_suspect(self, data: bytes) -> object:
        if data.isascii() and b"[" not in data and data.decode("ascii").isprintable() and self._is_early(data):
            return []
        self._published()
        return self.suspects(data)

    def _published(self) -> Compiled:
        """Return the compiled rules, and let texts come to them without a detour until another value is registered.

        One may be at any moment, by another thread, or by a signal in the middle of this: what is known by then must not be
        replaced by what was known before.
        """
        while True:
            compiled = self._ready()
            with self._lock:
                if compiled.generation == self._known.generation:
                    self._looks = compiled.may_be, compiled
                    self.gate, self.clean = compiled.gate(), compiled.clean
            if compiled.generation == self._known.generation:
                return compiled

    def _ready(self) -> Compiled:
        """Return the compiled rules, compiling them where that has not been done for the values known now."""
        compiled = self._compiled
        if compiled is not None and compiled.generation == self._known.generation:
            return compiled
        with first_use("rules"), self._lock:
            if self._compiled is None:
                unused = [rule for rule in self._rules(everything=True) if rule.id in self._disabled]
                self._compiled = Compiled(
                    self._rules(),
                    self._allow_patterns,
                    self.allow_loggers,
                    self.allow_keys,
                    self._known,
                    self._disabled,
                    unused,
                )
            elif self._compiled.generation != self._known.generation:
                compiled = copy.copy(self._compiled)
                compiled.learn()
                self._compiled = compiled
            return self._compiled

    def _rules(self, *, everything: bool = False) -> list[Rule]:
        """Return the rules that are used, or also those that are disabled."""
        from irl_logging.redaction.rules import RULES  # here because hundreds of rules take 10 ms that few imports need

        taken = {rule.id for rule in RULES} | set(BUILT_IN)
        for rule in self._extra:
            if rule.id in taken:
                raise RuleError(f"rule id {rule.id!r} is taken; choose another")
            taken.add(rule.id)
        return [rule for rule in (*self._extra, *RULES) if everything or rule.id not in self._disabled]

    def _check(self) -> None:
        """Compile what the caller gave now, so that a mistake shows where it was made.

        Raises:
            RuleError: As of the class.
        """
        there = {rule.id for rule in self._rules(everything=True)} | set(BUILT_IN)
        for rule in self._extra:
            find = finders.RuleFinder(rule)
            try:
                find.compile()
                finders.automaton(rule.gate)
            except RuleError as error:
                raise RuleError(f"rule {rule.id!r}: {error}") from None
            for number, example in enumerate(rule.examples(), 1):
                data = example.encode("utf-8", "surrogatepass")
                if not find(data) or not Gate([(rule.gate, rule.literals)]).match(data):
                    raise RuleError(f"rule {rule.id!r} does not find its own example {number}; mend the pattern")
        for pattern in (*self._allow_patterns, *chain.from_iterable(self.allow_loggers.values())):
            finders.automaton(pattern)
        for unknown in sorted(self._disabled - there):
            raise RuleError(f"there is no rule {unknown!r} to disable{_instead(unknown, there)}")


@contextmanager
def counting(tally: Counter[str]) -> Iterator[None]:
    """Count in `tally` too, by rule, what this thread or task redacts within the `with` block."""
    before = _tally.set(tally)
    try:
        yield
    finally:
        _tally.reset(before)


def _as_said(found: object, _: bytes) -> object:
    return found


def _one_by_one(compiled: Compiled, data: bytes, which: list[int]) -> list[finders.Span] | None:
    """Return the secrets of a text whose secrets are words by themselves, or None where it is not sure that all are."""
    found: list[finders.Span] = []
    steps = compiled.steps(data, which)
    while steps and len(found) < _PASSES:
        some = steps[0].find(data, once=len(steps) > 1)
        if not some:
            steps = steps[1:]
            continue
        alone = not [span for span in some if not compiled.is_alone(data, span, steps[0])]
        if len(steps) > 1 and not alone:
            return None
        found = finders.carried_back(some, found) if found else some
        if len(steps) == 1 and alone:
            return found
        data = finders.fold(data, some)
        if not alone:
            return found if compiled.may_be(data) is None else None
        steps = compiled.still(data, steps)
    return None if steps is None or steps else found


def _instead(unknown: str, there: Collection[str]) -> str:
    from difflib import get_close_matches  # here because only a mistake needs it

    close = get_close_matches(unknown, there, 3) or sorted(name for name in there if unknown in name)[:3]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else "; `explain` names the rules that match"
