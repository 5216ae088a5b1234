"""Known secret values, process-wide, and their encodings."""

from __future__ import annotations

import re
import weakref
from typing import Protocol

from irl_logging.errors import ConfigurationError
from irl_logging.forks import ThreadLock

SHORTEST = 6
_WINDOW = 8
_TELLING = 4  # bytes of the beginning of a value that may tell something of it


def encodings(value: bytes) -> set[bytes]:
    """Return the forms in which a value may appear in a log: itself, escaped, quoted, and encoded."""
    out = {value}
    text = value.decode("utf-8", "surrogateescape")
    for form in {text, *_escaped(text)}:
        # A byte that is not UTF-8 is one in what a command writes, and a lone surrogate in a text of Python's.
        out |= {form.encode("utf-8", "surrogateescape"), form.encode("utf-8", "surrogatepass")}
    for digits in (value.hex(), value.hex(":")):
        out |= {digits.encode(), digits.upper().encode()}
    for comma in (",", ", "):
        out.add(comma.join(map(str, value)).encode())
    for shift in range(3):
        out |= _base64(value, shift)
    return {form for form in out if len(form) >= SHORTEST}


def _encoded(text: str) -> bytes:
    """Return the bytes that a variable or a file had as `text`; a text that can be neither has its surrogates encoded."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _escaped(text: str) -> set[str]:
    import json  # here, as those below: 10 ms that a program without registered values need not pay
    import urllib.parse

    once = json.dumps(text)[1:-1]
    plain = json.dumps(text, ensure_ascii=False)[1:-1]
    percent = urllib.parse.quote(text, safe="", errors="surrogateescape")
    plus = urllib.parse.quote_plus(text, errors="surrogateescape")
    lower = re.sub("%[0-9A-F]{2}", lambda m: m.group().lower(), percent)
    return {
        once,
        plain,
        json.dumps(once)[1:-1],
        json.dumps(json.dumps(text))[3:-3],
        repr(text)[1:-1],
        ascii(text)[1:-1],
        repr(text.encode("utf-8", "surrogateescape"))[2:-1],
        percent,
        plus,
        lower,
        urllib.parse.quote(percent, safe=""),
        urllib.parse.quote(text, errors="surrogateescape"),
        _in_markup(text, '"', "'"),
        _in_markup(text, "&quot;", "&apos;"),
        _in_markup(text, "&#34;", "&#39;"),
        _in_markup(text, "&quot;", "&#x27;"),
        text.replace('"', '\\"'),
        text.replace("'", "'\"'\"'"),
        text.replace("'", "'\\''"),
        re.sub(r"([^A-Za-z0-9_@%+=:,./-])", r"\\\1", text),
    }


def _in_markup(text: str, double: str, single: str) -> str:
    """Return a text as XML or HTML write it, which differ in how they write quotes."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', double).replace("'", single)


def _base64(value: bytes, shift: int) -> set[bytes]:
    """Return the part of a value's base64 that does not depend on what stands before and after it."""
    import base64  # as in _escaped

    text = base64.b64encode(b"\0" * shift + value)
    first = (shift * 8 + 5) // 6
    last = (shift + len(value)) * 8 // 6
    core = text[first:last]
    return {core, core.translate(bytes.maketrans(b"+/", b"-_"))}


class Watcher(Protocol):
    """Something to be told when values are added."""

    def forget(self) -> None:
        """Drop what was compiled for the values known so far."""


class Registry:
    """The values that must never appear, shared by all redactors of the process."""

    def __init__(self) -> None:
        self._lock = ThreadLock()
        self._values: set[bytes] = set()
        self._settled: set[bytes] = set()
        self._needles: dict[bytes, list[bytes]] = {}
        self._windows: list[bytes] = []
        self._beginnings: set[bytes] = set()
        self._begun = 0  # windows whose beginnings are among them
        self.longest = 0
        """How many bytes the longest form of a value has."""
        self._watchers: weakref.WeakSet[Watcher] = weakref.WeakSet()
        self.generation = self.forgotten = 0

    def watch(self, watcher: Watcher) -> None:
        """Tell a redactor from now on when values are added."""
        self._watchers.add(watcher)

    def add(self, *values: str | bytes) -> None:
        """Register values; each line of a value with several lines counts by itself too.

        Raises:
            ConfigurationError: when one is neither text nor bytes; none is registered then.
        """
        fresh: set[bytes] = set()
        for value in values:
            if not isinstance(value, str | bytes | bytearray | memoryview):  # a number would be so many zero bytes
                raise ConfigurationError(f"a secret is of type {type(value).__name__}, expected text or bytes")
            raw = _encoded(value) if isinstance(value, str) else bytes(value)
            for part in {raw, raw.strip(), *(line.strip() for line in raw.splitlines())}:
                if len(part) >= SHORTEST:
                    fresh.add(part)
        fresh -= self._settled
        if not fresh:
            return
        needles = {needle for value in fresh for needle in encodings(value)}
        with self._lock:
            self._values |= fresh
            for needle in needles:
                window = needle[:_WINDOW]
                alike = self._needles.setdefault(window, [])
                if not alike:
                    self._windows.append(window)
                if needle not in alike:
                    alike.append(needle)
            self.longest = max(self.longest, *map(len, needles))
            self.generation += 1
        for watcher in list(self._watchers):
            watcher.forget()
        self._settled |= fresh  # last: what is interrupted before is done again, and nothing is harmed by that

    def forget(self) -> None:
        """Know no value any more, as in a process that has just started."""
        with self._lock:
            self._values, self._settled, self._needles, self._windows = set(), set(), {}, []
            self._beginnings, self._begun, self.longest = set(), 0, 0
            self.generation += 1
            self.forgotten += 1
        for watcher in list(self._watchers):
            watcher.forget()

    @property
    def values(self) -> list[str]:
        """The values that are known."""
        return [value.decode("utf-8", "surrogateescape") for value in tuple(self._values)]  # others may add some

    @property
    def size(self) -> int:
        """How many different beginnings of forms of values there are; it grows until all are forgotten."""
        return len(self._windows)

    def pattern(self, since: int = 0) -> str:
        """Pattern of the first bytes of every form of every value, from the `since`th on; empty where there is none."""
        return "|".join(re.escape(window.decode("latin-1")) for window in self._windows[since:])

    def end_at(self, data: bytes, at: int) -> int:
        """Return where the longest known form that starts at `at` ends, or `at` itself."""
        longest = at
        for size in range(SHORTEST, _WINDOW + 1):
            for needle in self._needles.get(data[at : at + size], ()):
                if data.startswith(needle, at):
                    longest = max(longest, at + len(needle))
        return longest

    def goes_on(self, data: bytes, at: int) -> bool:
        """Say whether all that stands from `at` on is the beginning of a form, and not the whole of it."""
        begun = data[at:]
        return any(
            len(needle) > len(begun) and needle.startswith(begun) for needle in self._needles.get(begun[:_WINDOW], ())
        )

    def begun(self, data: bytes) -> int:
        """Return how many bytes at the end may begin a form: fewer than are looked for, but so many that they tell something.

        0 for none.
        """
        windows = self._windows
        self._beginnings.update(window[:_TELLING] for window in windows[self._begun :])
        self._begun = len(windows)
        sizes = range(_WINDOW - 1, _TELLING - 1, -1)
        return next((size for size in sizes if len(data) >= size and data[-size:][:_TELLING] in self._beginnings), 0)


KNOWN = Registry()
