"""From rules to spans: one automaton says which rules may match a text, then only those look."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from irl_logging.errors import RuleError
from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.rule import LONGEST_RUN, Rule
from irl_logging.redaction.values import as_random_as, is_placeholder, is_secret, mixed

Span = tuple[int, int, str]
_ALNUM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_BACKSLASH = ord("\\")
_NUL = 0  # a number is looked for in bytes at a fifth of the price of bytes
_NO = Verdict.NO  # a member looked up in its class costs 0.1 µs
_REST = Lazy(rb"[A-Za-z0-9_.~+/=%-]*")
_DIGEST = Lazy(
    rb"(?:sha(?:1|224|256|384|512)|md5|blake[23][bs]?)[=:-][A-Za-z0-9+/_-]{0,16}\Z"
)  # where a digest has begun
_IN_DIGEST = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-=:")  # what it ends in
_DIGEST_HEAD = 28  # bytes of one that are looked at
_JOINS = frozenset((b"_", b"-", b".", b"%"))  # between two runs of one token
_MORE = Lazy(rb"(?:%[0-9A-F]{2}|[_.-])([A-Za-z0-9]{20,})(?![A-Za-z0-9_/-])")
_FEW = 16  # findings of other rules that a match is compared with at most: keeps a long text linear
_MEMORY = 64 << 20  # bytes that an automaton's states may take before RE2 drops them and starts again


def automaton(pattern: str, *, groups: bool = False) -> Any:
    """Compile a pattern over bytes to its raw RE2 object.

    Raises:
        RuleError: The pattern is not one that RE2 can run in linear time.
    """
    import re2  # here because it costs 10 ms, which a program that logs nothing need not pay

    compiled = re2._re2.RE2(pattern.encode("latin-1"), _options(re2, never_capture=not groups))  # noqa: SLF001 - the wrapper costs 4 µs a call
    if not compiled.ok():
        why = compiled.error().decode("latin-1")
        raise RuleError(f"pattern {pattern!r} is not a linear-time RE2 pattern: {why}")
    return compiled


def _options(re2: Any, *, never_capture: bool) -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = never_capture
    options.max_mem = _MEMORY
    options.log_errors = False
    return options


@functools.cache
def anywhere() -> Any:
    """Return RE2's name for a search that is not anchored."""
    import re2  # as in automaton

    return re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001 - as in automaton


class Which:
    """Says in one pass which of many patterns are found in a text."""

    def __init__(self, patterns: Iterable[str]) -> None:
        import re2  # as in automaton

        chosen = re2._re2.Set(anywhere(), _options(re2, never_capture=True))  # noqa: SLF001 - as in automaton
        for pattern in patterns:
            if chosen.Add(pattern.encode("latin-1")) < 0:
                raise RuleError(f"pattern {pattern!r} is not a linear-time RE2 pattern")
        if not chosen.Compile():
            raise RuleError("the rules together are too large for one automaton")
        self.match: Callable[[bytes], list[int]] = chosen.Match


class RuleFinder:
    """Finds the matches of one rule."""

    __slots__ = ("_allow", "_anywhere", "_edges", "_grouped", "_search", "_whole", "rule")

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._edges = _bytes_of(rule.edges)
        self._anywhere = anywhere()
        self._search: Callable[..., Any] = self._compile_and_search
        self._grouped = False
        self._allow: Callable[..., Any] | None = None
        self._whole: Any = None

    def compile(self) -> None:
        """Compile the rule's patterns; otherwise the first text that may match does it."""
        compiled = automaton(self.rule.pattern, groups=not self.rule.last_word)
        if self.rule.allow:
            self._allow = automaton("|".join(f"(?:{pattern})" for pattern in self.rule.allow)).Match
            self._whole = _both()
        self._grouped = compiled.NumberOfCapturingGroups() > 0 or self.rule.last_word
        self._search = compiled.Match

    def _compile_and_search(self, *where: Any) -> Any:
        self.compile()
        return self._search(*where)

    def __call__(self, data: bytes, known: Sequence[Span] = (), *, once: bool = False) -> list[Span]:
        """Return start, end and rule id of each secret of this rule.

        Args:
            data: The text.
            known: What rules before this one have found; what lies within is not looked at again.
            once: Whether the first is enough.
        """
        out: list[Span] = []
        rule = self.rule
        at, size, edges, where = 0, len(data), self._edges, self._anywhere
        while at < size:
            found = self._search(where, data, at, size)
            start, end = found[0]
            if start < 0:
                break
            at = end if end > start else end + 1
            says = rule.says
            if rule.last_word:
                start = end - len(data[start:end].replace(b"\v", b"-").split()[-1])  # to RE2 that is no blank
            elif self._grouped:
                start, end = found[1]
                if start < 0:
                    start, end = next((span for span in found[2:] if span[0] >= 0), found[0])
                if rule.named:
                    says = _told_by(data[start:end])
                    start, end = next(span for span in reversed(found) if span[0] >= 0)
            elif start and data[start - 1] in edges and self._joined(data, start - 1, start - 2):
                at = start + 1
                continue
            if at - start > LONGEST_RUN and end == at and edges:
                end = at = self._run_end(data, end)
            elif not self._grouped and end < size and data[end] in edges and self._joined(data, end, end + 1):
                at = start + 1
                continue
            if 0 < len(known) <= _FEW and any(first <= start and end <= last for first, last, _ in known):
                continue
            if (
                not self._grouped
                and start
                and data[start - 1] in _IN_DIGEST
                and _DIGEST.search(data, max(0, start - _DIGEST_HEAD), start)
            ):
                continue
            if self._holds(data[start:end], says):
                if data[end : end + 1] in _JOINS and not self._grouped and edges:
                    end = at = _goes_on(data, end)
                out.append((start, end, rule.id))
                if once:
                    break
        return out

    def _run_end(self, data: bytes, end: int) -> int:
        """Return where a run ends that is longer than a pattern follows it."""
        rest = _REST.match(data, end)
        return rest.end() if rest else end

    def _joined(self, data: bytes, beside: int, beyond: int) -> bool:
        """Say whether the byte beside a match makes it part of a longer word: a full stop does not end one."""
        if data[beside] in _ALNUM or data[beside] == _BACKSLASH:
            return True
        return 0 <= beyond < len(data) and data[beyond] in _ALNUM

    def _holds(self, value: bytes, says: Verdict | None) -> bool:
        """Say whether a match passes the rule's other checks."""
        rule = self.rule
        if not value or says is _NO or (_NUL in value and says is None):
            return False
        if rule.floor and not as_random_as(value, rule.floor):
            return False
        if rule.mixed and not mixed(value):
            return False
        if is_placeholder(value) if says is None else not is_secret(says, value, quoted=rule.quoted):
            return False
        return self._allow is None or bool(self._allow(self._whole, value, 0, len(value))[0][0] < 0)


def _goes_on(data: bytes, end: int) -> int:
    """Return where a token ends that is longer than its format says: after one more run like its own."""
    more = _MORE.match(data, end)
    return more.end() if more and mixed(more[1]) else end


def _told_by(name: bytes) -> Verdict:
    """Say how much a name says of its value; headers are other rules' business."""
    verdict = classify(name.decode("utf-8", "replace"))
    return verdict if verdict <= Verdict.PASSWORD else Verdict.NO


@functools.cache
def _bytes_of(edges: str) -> frozenset[int]:
    return frozenset(edges.encode("latin-1"))  # the same few for all rules


def _both() -> Any:
    import re2  # as in automaton

    return re2._re2.RE2.Anchor.ANCHOR_BOTH  # noqa: SLF001 - as in automaton


def occurrences(search: Callable[..., Any], where: Any, data: bytes, *, overlap: bool = False) -> list[tuple[int, int]]:
    """Return the span of each match of a raw RE2 search, left to right; also of those that overlap, if asked."""
    out = []
    at, size = 0, len(data)
    while at < size:
        start, end = search(where, data, at, size)[0]
        if start < 0:
            break
        out.append((start, end))
        at = start + 1 if overlap else max(end - 1, start + 1)
    return out


def merged(spans: Iterable[Span], rank: Callable[[str], int]) -> list[Span]:
    """Join spans that overlap; the rule of the lowest rank names the joint one."""
    out: list[Span] = []
    for start, end, rule in sorted(spans):
        if out and start < out[-1][1]:
            first, last, named = out[-1]
            out[-1] = (first, max(last, end), rule if rank(rule) < rank(named) else named)
        else:
            out.append((start, end, rule))
    return out


def fold(data: bytes, spans: list[Span]) -> bytes:
    """Return a text with one NUL in place of each span."""
    if len(spans) == 1:
        start, end, _ = spans[0]
        return data[:start] + b"\0" + data[end:]
    pieces = []
    last = 0
    for start, end, _ in spans:
        pieces.append(data[last:start])
        last = end
    pieces.append(data[last:])
    return b"\0".join(pieces)


def carried_back(spans: list[Span], folded: list[Span]) -> list[Span]:
    """Return spans of a folded text, and those that were folded, as spans of the text; what lies within another is gone.

    Args:
        spans: Of the folded text, in order.
        folded: What stands as NUL there, as spans of the text, in order.
    """
    out: list[Span] = []
    shift = at = 0
    for start, end, rule in spans:
        while at < len(folded) and folded[at][0] - shift < start:
            out.append(folded[at])
            shift += folded[at][1] - folded[at][0] - 1
            at += 1
        first = start + shift
        while at < len(folded) and folded[at][0] - shift < end:
            shift += folded[at][1] - folded[at][0] - 1
            at += 1
        out.append((first, end + shift, rule))
    return out + folded[at:]


def in_characters(text: str, data: bytes, spans: list[Span]) -> list[Span]:
    """Return spans of a text's UTF-8, which are in order, as spans of its characters."""
    if len(text) == len(data):
        return spans
    out = []
    index = last = 0
    for start, end, rule in spans:
        first = index + len(data[last:start].decode("utf-8", "surrogatepass"))
        index = first + len(data[start:end].decode("utf-8", "surrogatepass"))
        out.append((first, index, rule))
        last = end
    return out
