"""Secrets that parts of a structure tell only together: `{"field": "password", "new": ...}`, a Secret of Kubernetes.

Each part has been judged by itself and by its own name; here the whole is judged as the JSON text that it is or would
be. How a structure is walked through is `structure`'s work.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from irl_logging.redaction.keynames import Verdict, classify


class Found(Protocol):
    """Where a secret is in a text, and which rule found it."""

    @property
    def rule(self) -> str:
        """Id of the rule."""

    @property
    def start(self) -> int:
        """Index of its first character."""

    @property
    def end(self) -> int:
        """Index after its last character."""


class Explains(Protocol):
    """The part of a redactor that this module uses."""

    def explain(self, text: str) -> Sequence[Found]:
        """Return which rules find something in a text, and where."""

    def count(self, rule: str) -> None:
        """Count one redaction."""


_KNOWN_BETTER = frozenset(("jwk-private",))  # by the walk, which sees whether a key's type stands beside its parts


class _Leaf(NamedTuple):
    """A text or a number of a structure: where it stands in its JSON, and whether its own name has been asked."""

    start: int
    end: int
    named: bool


def judged_together(redactor: Explains, value: dict[Any, Any]) -> dict[Any, Any]:
    """Return a mapping without the secrets that its parts tell only together; itself where there are none.

    Args:
        redactor: Finds them.
        value: Mappings and sequences whose parts hold no secret by themselves; not changed.
    """
    leaves: list[_Leaf] = []
    pieces: list[str] = []
    _write(value, pieces, leaves, 0)
    found = [one for one in redactor.explain("".join(pieces)) if one.rule not in _KNOWN_BETTER]
    if not found:
        return value
    hidden = _hidden(redactor, found, leaves)
    if not hidden:
        return value
    numbers = iter(range(len(leaves)))
    changed: dict[Any, Any] = _without(value, hidden, numbers)
    return changed


def _write(value: Any, pieces: list[str], leaves: list[_Leaf], at: int, *, named: bool = False) -> int:
    """Write a value as JSON from index `at` on, note where its leaves stand, and return where it ends."""
    if isinstance(value, (Mapping, list, tuple)):
        parts = value.items() if isinstance(value, Mapping) else ((None, item) for item in value)
        opened, closed = "{}" if isinstance(value, Mapping) else "[]"
        before = opened
        for key, item in parts:
            if key is not None:
                before += f"{json.dumps(str(key), ensure_ascii=False)}: "
            pieces.append(before)
            told = named if key is None else classify(str(key)) is not Verdict.NO
            at = _write(item, pieces, leaves, at + len(before), named=told)
            before = ", "
        pieces.append(closed if value else opened + closed)
        return at + len(pieces[-1])
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, (str, int, float, type(None))) else "{}"
    pieces.append(text)
    if _is_leaf(value):
        leaves.append(_Leaf(at, at + len(text), named))
    return at + len(text)


def _is_leaf(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _hidden(redactor: Explains, found: Sequence[Found], leaves: Sequence[_Leaf]) -> dict[int, str]:
    """Return the placeholder for each leaf that holds something of what was found, by its number."""
    hidden: dict[int, str] = {}
    spans = iter(found)
    span = next(spans, None)
    for number, leaf in enumerate(leaves):
        while span is not None and span.end <= leaf.start:
            span = next(spans, None)
        if span is None:
            break
        if span.start < leaf.end and not leaf.named:
            hidden[number] = f"[REDACTED:{span.rule}]"
            redactor.count(span.rule)
    return hidden


def _without(value: Any, hidden: Mapping[int, str], numbers: Iterator[int]) -> Any:
    """Return a value with placeholders in the place of what is hidden; what holds nothing of that is itself."""
    if isinstance(value, Mapping):
        return {key: _without(item, hidden, numbers) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [_without(item, hidden, numbers) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return type(value)(*items) if hasattr(value, "_fields") else type(value)(items)
    return hidden.get(next(numbers), value) if _is_leaf(value) else value
