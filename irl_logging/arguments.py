"""Checks on the arguments of public calls, so that a caller's mistake is reported before anything is done with it.

For what callers are likely to mix up (one name for a list of names, a path for an object), and for what would otherwise
fail later, in the middle of somebody's work.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from irl_logging.errors import ConfigurationError


def mapping(name: str, value: object) -> dict[str, Any]:
    """Return `value` as a dict; None gives an empty one.

    Raises:
        ConfigurationError: when it is not a mapping, or a key is not text.
    """
    if value is None:
        return {}
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return dict(value)
    raise ConfigurationError(f"{name} is {value!r}, expected a mapping of names to values, or None")


def names(name: str, value: object) -> tuple[str, ...]:
    """Return `value`, a list of names, as a tuple.

    Raises:
        ConfigurationError: when it is not a list of texts; a single text is not one either.
    """
    listed = _listed(value)
    if listed is None or not all(isinstance(item, str) for item in listed):
        raise ConfigurationError(f"{name} is {value!r}, expected a list of names")
    return listed


def functions(name: str, value: object) -> tuple[Callable[..., Any], ...]:
    """Return `value`, a list of functions, as a tuple.

    Raises:
        ConfigurationError: when it is not a list of callables.
    """
    listed = _listed(value)
    if listed is None or not all(callable(item) for item in listed):
        raise ConfigurationError(f"{name} is {value!r}, expected a list of functions")
    return listed


def seconds(name: str, value: Any, *, none: bool = True) -> float:
    """Return `value`, a number of seconds, as a float.

    Args:
        name: The argument's name.
        value: What was given.
        none: Whether 0 is allowed.

    Raises:
        ConfigurationError: when it is not a number, is negative, or is more than the system can wait.
    """
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and 0 <= value <= threading.TIMEOUT_MAX and (value or none):
        return float(value)
    raise ConfigurationError(f"{name} is {value!r}, expected a number of seconds{'' if none else ' above 0'}")


def path(name: str, value: object) -> str:
    """Return `value`, a path, as text.

    Raises:
        ConfigurationError: when no file system could have such a path.
    """
    if isinstance(value, str | os.PathLike) and isinstance(found := os.fspath(value), str) and found.strip():
        try:
            if b"\0" not in os.fsencode(found):
                return found
        except UnicodeEncodeError:
            pass  # a lone surrogate
    raise ConfigurationError(f"{name} is {value!r}, expected a path")


def text(name: str, value: object) -> str:
    """Return `value` as text.

    Raises:
        ConfigurationError: when that is empty.
    """
    if found := "" if value is None else str(value).strip():
        return found
    raise ConfigurationError(f"{name} is {value!r}, expected a text that is not empty")


def _listed(value: object) -> tuple[Any, ...] | None:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str | bytes) else None
