"""The package's own messages: one line on stderr, redacted, and not repeated for a while.

Logging never raises into the host program and never loses silently; this is how it reports what went wrong. It must not
fail itself, whatever state the process is in.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from irl_logging.forks import ThreadLock
from irl_logging.redaction import redact

REPEAT_SECONDS: Final = 60.0
"""The same notice is given again only after this time."""

_KEYS: Final = 1_000
_given: dict[str, float] = {}
_lock = ThreadLock()


def notice(key: str, text: str, *, every: float | None = REPEAT_SECONDS) -> None:
    """Write `irl_logging: text` to stderr, redacted, unless the same `key` was given lately.

    Args:
        key: What the notice is about; notices with the same key are repeats.
        text: One sentence for people.
        every: Seconds until it may be given again; None for once per process.
    """
    try:
        now = time.monotonic()
        with _lock:
            last = _given.get(key)
            if last is not None and (every is None or now - last < every):
                return
            _given[key] = now
            if len(_given) > _KEYS:
                del _given[next(iter(_given))]
        # sys.stderr is None in a process without streams, and may be closed at teardown.
        if sys.stderr is not None:
            sys.stderr.write(f"irl_logging: {redact(text)}\n".replace("\x1b", "\\x1b"))
    except Exception:
        return


def end_not_recorded(run: str, error: Exception) -> None:
    """Give the notice that the end of the run with this id is not in the journal."""
    notice(f"end {run}", f"the end of run {run} could not be recorded: {error}")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, e.g. `1 file`, `2 files`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def forget() -> None:
    """Let every notice be given again, as in a process that has just started."""
    with _lock:
        _given.clear()
