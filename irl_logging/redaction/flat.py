"""Fields that can be judged by their rendered text, which is far cheaper than value by value.

So it is when they are flat and no key says that its value is secret: then whatever there is to find is in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from irl_logging.redaction.redactor import Redactor

_SCALARS: Final = frozenset({str, int, float, bool, type(None)})
_KEYS_KNOWN: Final = 1_000
_PROBE: Final = "q7-Vw2x"
"""A value that only a key that names a secret makes one."""


class FlatFields:
    """Says of fields whether they are flat and their keys harmless; each key is asked for once.

    Args:
        redactor: Knows which keys name secrets.
    """

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._harmless: dict[Any, bool] = {}

    def __call__(self, fields: Mapping[str, Any]) -> bool:
        """Return whether the rendered text of `fields` says all there is to know of them."""
        keys = self._harmless
        for key, value in fields.items():
            if type(value) not in _SCALARS:
                return False
            harmless = keys.get(key)
            if harmless is None:
                harmless = self._ask(key)
            if not harmless:
                return False
        return True

    def _ask(self, key: Any) -> bool:
        if len(self._harmless) >= _KEYS_KNOWN:
            self._harmless.clear()
        answer = type(key) is str and self._redactor.redact_fields({key: _PROBE}) == {key: _PROBE}
        self._harmless[key] = answer
        return answer
