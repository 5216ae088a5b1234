"""Fields that can be judged by their rendered text, which is far cheaper than value by value.

So it is when they are flat and no key says that its value is secret: then whatever there is to find is in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from irl_logging.line import render_key, render_value
from irl_logging.redaction.redactor import Redactor
from irl_logging.redaction.structure import redact_mapping

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_KEYS_KNOWN: Final = 1_000
_PROBE: Final = "q7-Vw2x"
"""A value that only a key that names a secret makes one."""


class FlatFields:
    """Renders fields that are flat and whose keys are harmless; each key is asked for once.

    Args:
        redactor: Knows which keys name secrets.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._probed = _Uncounted(redactor)
        self._names: dict[Any, str] = {}

    def __call__(self, fields: Mapping[str, Any]) -> str | None:
        """Return ` key=value` for each field, as it follows a message, or None where that text says not all there is."""
        names, text = self._names, ""
        for key, value in fields.items():
            kind = type(value)
            if kind not in _SCALARS:
                return None
            name = names.get(key)
            if name is None:
                name = self._ask(key)
            if not name:
                return None
            text += name + (str(value) if kind is int else render_value(value))
        return text

    def _ask(self, key: Any) -> str:
        """Return what stands before the value of a harmless key; empty for any other."""
        if len(self._names) >= _KEYS_KNOWN:
            self._names.clear()
        harmless = type(key) is str and redact_mapping(self._probed, {key: _PROBE}) == {key: _PROBE}
        self._names[key] = name = f" {render_key(key)}=" if harmless else ""
        return name


class _Uncounted:
    """A redactor to ask: that a key names a secret is no redaction, and does not count as one."""

    def __init__(self, redactor: Redactor) -> None:
        self.allow_keys = redactor.allow_keys
        self.redact = redactor.redact
        self.explain = redactor.explain
        self._redactor = redactor

    def spares(self, rule: str, _: bytes | None) -> bool:
        """Say whether no value goes for that rule; which ones are allowed says nothing of a key."""
        return self._redactor.spares(rule, None)

    def count(self, rule: str) -> None:
        """Count nothing."""
