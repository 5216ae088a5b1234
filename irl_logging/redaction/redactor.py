"""The redactor: text in, text without secrets out; fails closed.

An ordinary line costs one pass of one automaton, the gate, over its bytes. Only where the gate says that there may be
something are the rules asked, on the text and on each undressed view of it. Everything is compiled at the first use.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from irl_logging.errors import RuleError
from irl_logging.redaction import finders, structure
from irl_logging.redaction.compiled import BUILT_IN, Compiled
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.registry import KNOWN, Registry
from irl_logging.redaction.rule import Rule, rule_from, texts
from irl_logging.redaction.values import PLACEHOLDER

FAILED = "[REDACTED:redactor-error]"
_MARK = Lazy(rb"\[REDACTED:[a-z0-9-]{1,80}\]|\x00")
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


def fold(data: bytes) -> tuple[bytes, list[bytes]]:
    """Replace each placeholder, and each NUL, by one NUL, and return what stood there in order."""
    if PLACEHOLDER not in data and b"\0" not in data:
        return data, []
    marks = _MARK.findall(data)
    return _MARK.sub(b"\0", data), marks


def unfold(folded: bytes, marks: list[bytes]) -> bytes:
    """Put back what `fold` took out."""
    if not marks:
        return folded
    pieces = folded.split(b"\0")
    return b"".join(part for pair in zip(pieces, [*marks, b""], strict=True) for part in pair)


class Redactor:
    """Finds secrets by shape, by the name beside them and by value, and puts `[REDACTED:rule-id]` in their place.

    Args:
        disabled: Ids of rules that are not used, also `password`, `secret-key-value`, `cookie`, `private-key-block` and
            `registered`.
        rules: Further rules, which name a match before the built-in ones do: `Rule` objects, or tables as `rule_from`
            takes them.
        allow: RE2 patterns of whole values that are never secrets.
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
        allow_keys: Iterable[str] = (),
        known: Registry | None = None,
    ) -> None:
        self._disabled = frozenset(texts("disabled", disabled))
        self._extra = tuple(map(rule_from, rules))
        self._allow_patterns = texts("allow", allow)
        self.allow_keys = frozenset(key.lower() for key in texts("allow_keys", allow_keys))
        self._known = KNOWN if known is None else known
        self._lock = threading.RLock()
        self._counts: Counter[str] = Counter()
        self._compiled: Compiled | None = None
        self._may_be: Callable[[bytes], list[int] | None] = self._compile_and_look
        self.suspects: Callable[[bytes], object] = self._compile_and_suspect
        """True of bytes unless they are ASCII that can be seen, hold no `[`, and nothing in them can need redaction.

        As raw as it can be, one call of RE2, for the way of a log line; it may be another function from call to call.
        """
        self._known.watch(self)
        if self._extra or self._allow_patterns or self._disabled:
            self._check()

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each rule has redacted something, by rule id."""
        return MappingProxyType(self._counts)

    def redact(self, text: str) -> str:
        """Return the text with a placeholder for each secret, or only a placeholder when anything goes wrong."""
        try:
            data = text.encode("utf-8", "surrogatepass")
            which = self._may_be(data)
            return text if which is None else self._redacted(text, data, which)
        except Exception:
            self._counts["redactor-error"] += 1
            return FAILED

    def redact_fields(self, fields: Mapping[Any, Any]) -> dict[Any, Any]:
        """Return a copy of the mapping without secrets, however deep; what is harmless keeps its value and type."""
        return structure.redact_mapping(self, fields)

    def redact_value(self, value: Any) -> Any:
        """Return a value of any type without secrets; the value itself where it is harmless."""
        return structure.redact_any(self, value)

    def is_clean(self, data: bytes) -> bool:
        """Say whether nothing in these UTF-8 bytes can need redaction; False means only that one has to look."""
        try:
            return self._may_be(data) is None
        except Exception:
            return False

    def explain(self, text: str) -> list[Finding]:
        """Return where secrets are and by which rule, never what they are."""
        data = text.encode("utf-8", "surrogatepass")
        blank = _MARK.sub(lambda mark: b"\0" * len(mark.group()), data)
        found = []
        compiled = self._ready()
        which = compiled.may_be(blank)
        for start, end, rule in compiled.spans(blank, which) if which is not None else ():
            first = len(data[:start].decode("utf-8", "replace"))
            found.append(Finding(rule, first, first + len(data[start:end].decode("utf-8", "replace"))))
        return found

    def spares(self, rule: str, value: bytes) -> bool:
        """Say whether a value that a rule found may stay: the rule is disabled, or the value allowed."""
        return rule in self._disabled or (bool(self._allow_patterns) and self._ready().allows(value))

    def count(self, rule: str) -> None:
        """Count one redaction by a rule."""
        with self._lock:
            self._counts[rule] += 1

    def forget(self) -> None:
        """Compile again before the next look: the registered values have changed."""
        self._may_be = self._compile_and_look
        self.suspects = self._compile_and_suspect

    def _redacted(self, text: str, data: bytes, which: list[int]) -> str:
        """Put placeholders in until nothing more is found; they stand as NUL while the rest is looked at.

        So a text that has been redacted looks the same to the rules as the one it came from, and stays as it is.
        """
        compiled = self._ready()
        folded, marks = fold(data)
        again: list[int] | None = compiled.may_be(folded) if marks else which
        for _ in range(_PASSES):
            if again is None or not (spans := compiled.spans(folded, again)):
                break
            folded, marks = self._replaced(folded, marks, spans)
            again = compiled.may_be(folded)
        else:
            return FAILED
        if folded is data:
            return text
        out = unfold(folded, marks)
        return text if out == data else out.decode("utf-8", "surrogatepass")

    def _replaced(self, folded: bytes, marks: list[bytes], spans: list[finders.Span]) -> tuple[bytes, list[bytes]]:
        """Put a NUL in place of each span, and its placeholder among the marks."""
        kept: list[bytes] = []
        new_marks: list[bytes] = []
        last = used = 0
        for start, end, rule in spans:
            piece = folded[last:start]
            kept.append(piece)
            if marks:
                standing = used + piece.count(0)
                new_marks += marks[used:standing]
                used = standing + folded.count(0, start, end)
            new_marks.append(b"[REDACTED:%s]" % rule.encode())
            last = end
        kept.append(folded[last:])
        with self._lock:
            for _, _, rule in spans:
                self._counts[rule] += 1
        return b"\0".join(kept), new_marks + marks[used:]

    def _compile_and_look(self, data: bytes) -> list[int] | None:
        compiled = self._ready()
        with self._lock:
            self._may_be = compiled.may_be
        return compiled.may_be(data)

    def _compile_and_suspect(self, data: bytes) -> object:
        compiled = self._ready()
        with self._lock:
            suspects = self.suspects = compiled.gate()
        return suspects(data)

    def _ready(self) -> Compiled:
        """Return the compiled rules, compiling them where that has not been done for the values known now."""
        compiled = self._compiled
        if compiled is not None and compiled.generation == self._known.generation:
            return compiled
        with self._lock:
            if self._compiled is None:
                self._compiled = Compiled(
                    self._rules(), self._allow_patterns, self.allow_keys, self._known, self._disabled
                )
            self._compiled.learn()
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
            find.compile()
            finders.automaton(rule.gate)
            for number, example in enumerate(rule.examples(), 1):
                data = example.encode("utf-8", "surrogatepass")
                if not find(data) or not finders.Which([rule.gate]).match(data):
                    raise RuleError(f"rule {rule.id!r} does not find its own example {number}; mend the pattern")
        for pattern in self._allow_patterns:
            finders.automaton(pattern)
        for unknown in sorted(self._disabled - there):
            raise RuleError(f"there is no rule {unknown!r} to disable{_instead(unknown, there)}")


def _instead(unknown: str, there: Collection[str]) -> str:
    from difflib import get_close_matches  # here because only a mistake needs it

    close = get_close_matches(unknown, there, 3) or sorted(name for name in there if unknown in name)[:3]
    return f"; did you mean {' or '.join(map(repr, close))}?" if close else "; `explain` names the rules that match"
