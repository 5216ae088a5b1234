"""Arguments of public calls: what is not of its kind is told to the caller, before anything is done with it.

For what a caller is likely to mix up (one name in place of a list of them, a path in place of an object), and for what
would break later, in the middle of somebody's work.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from irl_logging.errors import ConfigurationError


def mapping(name: str, value: object) -> dict[str, Any]:
    """Return what `value` maps texts to; nothing for None.

    Raises:
        ConfigurationError: when it is no mapping, or a key is no text.
    """
    if value is None:
        return {}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return dict(value)
    raise ConfigurationError(f"{name} is {value!r}, expected a mapping of names to values, or None")


def names(name: str, value: object) -> tuple[str, ...]:
    """Return the names that `value` lists.

    Raises:
        ConfigurationError: when it is no list of texts: one text alone is none.
    """
    listed = _listed(value)
    if listed is None or not all(isinstance(item, str) for item in listed):
        raise ConfigurationError(f"{name} is {value!r}, expected a list of names")
    return listed


def functions(name: str, value: object) -> tuple[Callable[..., Any], ...]:
    """Return the functions that `value` lists.

    Raises:
        ConfigurationError: when it is no list of what can be called.
    """
    listed = _listed(value)
    if listed is None or not all(callable(item) for item in listed):
        raise ConfigurationError(f"{name} is {value!r}, expected a list of functions")
    return listed


def seconds(name: str, value: Any, *, none: bool = True) -> float:
    """Return the seconds that `value` says.

    Args:
        name: The argument's name.
        value: What was given.
        none: Whether 0 may be said.

    Raises:
        ConfigurationError: when it is no number, negative, or more than the system can wait.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 <= value <= threading.TIMEOUT_MAX and (value or none):
        return float(value)
    raise ConfigurationError(f"{name} is {value!r}, expected a number of seconds{'' if none else ' above 0'}")


def path(name: str, value: object) -> str:
    """Return the path that `value` says.

    Raises:
        ConfigurationError: when it is none that a file system could have.
    """
    if isinstance(value, str | os.PathLike) and isinstance(found := os.fspath(value), str) and found.strip():
        try:
            if b"\0" not in os.fsencode(found):
                return found
        except UnicodeEncodeError:
            pass  # a lone surrogate
    raise ConfigurationError(f"{name} is {value!r}, expected a path")


def _listed(value: object) -> tuple[Any, ...] | None:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else None
