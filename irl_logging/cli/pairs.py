"""Values as people give them on a command line: `KEY=VALUE`, where a value that is JSON is taken as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import click


def pairs_of(texts: Iterable[str]) -> dict[str, Any]:
    """Return the keys and values that `KEY=VALUE` texts name: a value that is valid JSON as that, any other as text.

    Raises:
        click.UsageError: when one of them is no such text.
    """
    return dict(map(_pair, texts))


def value_of(text: str) -> Any:
    """Return the value that `text` is as JSON, else the text itself."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text


def _pair(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise click.UsageError(f"{text!r} sets nothing: expected KEY=VALUE")
    return key, value_of(value)


def _no_constant(constant: str) -> None:
    raise ValueError(constant)
