"""Names that are safe in a line's brackets and in a file name: slugs, and patterns of log file names.

Pure. Nothing from outside can name an existing file or leave the directory: a slug holds neither separators nor a
leading dot, and a pattern's placeholders are filled with slugs only.
"""

from __future__ import annotations

import functools
import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from irl_logging.errors import ConfigurationError

DEFAULT_LOG_PATTERN: Final = "{log_name}-{date}-{seq}.log"
"""The specification's own naming: `deploy-2026-02-08-001.log`."""

DEFAULT_AUDIT_PATTERN: Final = "agent-approvals-{date}.log"
"""The specification's name of an audit trail: `agent-approvals-2026-02-08.log`."""

MAX_SLUG: Final = 64
"""Characters of a slug at most."""

_UNNAMED: Final = "unnamed"
_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WINDOWS_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")
_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_PIECE: Final = re.compile(
    r"(?P<log>.+?\.(?:log|jsonl))(?:\.(?P<stamp>\d{8}T\d{6}\.\d{6}Z)|\.(?P<number>\d{1,4})|-(?P<date>\d{8}))?(?P<packed>\.gz)?"
)
_PARTS: Final = {
    "seq": r"\d{3,}",
    "date": r"\d{4}-\d\d-\d\d",
    "timestamp": r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-\d+)?",
}


@functools.lru_cache(maxsize=1024)
def slug(text: str) -> str:
    """Return `text` as a slug: `[A-Za-z0-9][A-Za-z0-9._-]{0,63}`; never empty.

    Accents are taken off, every run of other characters becomes one `-`, a name of a Windows device gets a `-`.
    """
    if _SLUG.fullmatch(text) and not _WINDOWS_DEVICES.match(text) and ".." not in text:
        return text
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    plain = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._-]+", "-", plain))
    plain = re.sub(r"-{2,}", "-", plain).lstrip("._-")[:MAX_SLUG].rstrip("._-")
    if _WINDOWS_DEVICES.match(plain):
        plain = re.sub(r"^([^.]+)", r"\1-", plain)[:MAX_SLUG]
    return plain or _UNNAMED


def clean_slug(text: str, redact: Callable[[str], str]) -> str:
    """Return `text` as a slug without secrets, also such as only the slug shows.

    A character that cannot be seen, or a letter in a form of its own, hides a token from every rule; the slug has neither.

    Args:
        text: Any text.
        redact: Takes the secrets out of a text.
    """
    name = redact(text)
    plain = slug(name)
    return plain if plain == name else slug(redact(plain))


def rotated_name(name: str, now: float) -> str:
    """Return what the log file `name` is called once it is rotated: names sort by the time of it.

    Args:
        name: For example `deploy-2026-02-08-001.log`.
        now: Seconds since 1970.
    """
    return f"{name}.{time.strftime('%Y%m%dT%H%M%S', time.gmtime(now))}.{int(now % 1 * 1_000_000):06d}Z"


@dataclass(frozen=True, slots=True)
class Piece:
    """A file name as one of those that a log may have come to stand in.

    Attributes:
        log: The name of the log, or of its JSON twin, while it is written.
        place: What sorts the pieces of one log, oldest first.
        rotated: True when nobody opens a file of this name to write to it.
        packed: True when it is compressed.
        by_others: True when the name is one that logrotate gives and counts on.
    """

    log: str
    place: tuple[int, str]
    rotated: bool
    packed: bool
    by_others: bool = False

    @classmethod
    def of(cls, name: str) -> Piece | None:
        """Return what `name` is: a log, a log that we or logrotate rotated, or one of these compressed; None for others."""
        found = _PIECE.fullmatch(name)
        if found is None:
            return None
        stamp, number, date = found["stamp"], found["number"], found["date"]
        when = stamp or date or (f"{9999 - int(number):04d}" if number else "")  # logrotate counts backwards
        packed = found["packed"] is not None
        place = (0 if when else 1 if packed else 2, when)
        return cls(found["log"], place, bool(when) or packed, packed, by_others=bool(number or date))


class LogPattern:
    """A pattern of log file names, checked once and filled for each run.

    Placeholders: `{workflow}`, `{log_name}`, `{date}` (UTC start date), `{timestamp}` (UTC start time,
    `2026-02-08T00-45-00Z`), `{seq}` (a number that makes the name new, three digits at least) and any field bound to the
    run, such as `{integration}`. A pattern without `{seq}` and `{timestamp}` names one file that several runs share.

    Args:
        pattern: For example `incident-{integration}-{timestamp}.log`.

    Raises:
        ConfigurationError: when the pattern is not a plain file name ending in `.log`, or has stray braces.
    """

    def __init__(self, pattern: str = DEFAULT_LOG_PATTERN) -> None:
        rest = _PLACEHOLDER.sub("", pattern)
        if not pattern.endswith(".log") or re.search(r"[/\\\x00-\x1f{}]", rest) or pattern.startswith((".", "_")):
            raise ConfigurationError(
                f"log_pattern {pattern!r} is not usable: expected a plain file name that ends in .log, with placeholders "
                f"such as {{workflow}}, {{log_name}}, {{date}}, {{timestamp}}, {{seq}} or a bound field, "
                f"e.g. {DEFAULT_LOG_PATTERN!r}"
            )
        self.pattern = pattern
        self.fields = tuple(dict.fromkeys(_PLACEHOLDER.findall(pattern)))
        self.shared = not {"seq", "timestamp"} & set(self.fields)

    def __repr__(self) -> str:
        return f"LogPattern({self.pattern!r})"

    def fill(self, values: Mapping[str, Any], number: int) -> str:
        """Return the file name for one run.

        Args:
            values: Texts for the placeholders; everything but `date` and `timestamp` is slugged.
            number: Which try this is, from 1: the `{seq}`, or from 2 on the end of a `{timestamp}` that is taken.

        Raises:
            ConfigurationError: when the run has no value for a placeholder.
        """

        def value(found: re.Match[str]) -> str:
            name = found[1]
            if name == "seq":
                return f"{number:03d}"
            if values.get(name) is None:
                raise ConfigurationError(
                    f"log_pattern {self.pattern!r} needs {{{name}}}, and this run has only "
                    f"{', '.join(sorted(values))}: give {name}=... where the run starts, "
                    f"to configure as fields={{{name!r}: ...}}"
                )
            text = str(values[name])
            if name == "timestamp":
                return text if number == 1 or "seq" in self.fields else f"{text}-{number}"
            return text if name == "date" else slug(text)

        return _PLACEHOLDER.sub(value, self.pattern)

    def match(self, name: str) -> dict[str, str] | None:
        """Return the placeholders' values when `name` is one that this pattern could have made, else None."""
        regex, end = "", 0
        seen: set[str] = set()
        for found in _PLACEHOLDER.finditer(self.pattern):
            regex += re.escape(self.pattern[end : found.start()])
            part = found[1]
            body = _PARTS.get(part, r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
            regex += f"(?P={part})" if part in seen else f"(?P<{part}>{body})"
            seen.add(part)
            end = found.end()
        matched = re.fullmatch(regex + re.escape(self.pattern[end:]), name)
        return matched.groupdict() if matched else None
