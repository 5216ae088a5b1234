"""Patterns of Python's `re` that are compiled when they are first used: importing redaction compiles none.

Compiling all that redaction reads values with takes 50 ms, which a program that logs nothing secret need not pay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, AnyStr, Generic


class Lazy(Generic[AnyStr]):
    """A pattern with the methods of `re.Pattern` that redaction uses; compiled at the first call.

    Args:
        pattern: As `re.compile` takes it.
        flags: As `re.compile` takes them.
    """

    match: Callable[..., re.Match[AnyStr] | None]
    search: Callable[..., re.Match[AnyStr] | None]
    fullmatch: Callable[..., re.Match[AnyStr] | None]
    findall: Callable[..., list[Any]]
    finditer: Callable[..., Iterator[re.Match[AnyStr]]]
    sub: Callable[..., AnyStr]

    def __init__(self, pattern: AnyStr, flags: int = 0) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile; from then on the methods are the compiled pattern's own, which cost no detour."""
        if name not in Lazy.__annotations__:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        for method in Lazy.__annotations__:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def as_bytes(text: str) -> str:
    """Return a text as patterns over bytes want it: each byte of its UTF-8 as one character."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
