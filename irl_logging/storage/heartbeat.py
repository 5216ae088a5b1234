"""Signs of life for observers on other machines, to whom a lock of the kernel here says nothing.

A run counts up in its lock file, and an observer asks whether the count still moves, by its own clock: no two machines'
clocks are compared. The thread that counts is only there where other machines use the directory too, and only as long as
this process has runs; it keeps no process alive, and a forked child does not have it.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from irl_logging.forks import ThreadLock
from irl_logging.storage.files import discard, publish
from irl_logging.storage.liveness import Token, boot_id

BEAT_SECONDS: Final = 10.0
"""How often a run gives a sign of life."""

STALE_SECONDS: Final = 60.0
"""A run is stale when an observer has seen no sign of life for so long."""

_OLD_SECONDS: Final = 7 * 86_400.0

_beating: Final[set[Token]] = set()
_guard: Final = ThreadLock()
_thread: threading.Thread | None = None


def start(token: Token) -> None:
    """Give signs of life through the lock file of `token` from now on, until it is released."""
    global _thread  # noqa: PLW0603 - one thread counts for all runs of the process
    if not hasattr(os, "pwrite") or not token.beat():
        return
    with _guard:
        _beating.add(token)
        if _thread is None:
            thread = threading.Thread(target=_beat, name="irl-heartbeat", daemon=True)
            with suppress(RuntimeError):  # it is shutting down, or may have no more threads: the next run tries
                thread.start()
                _thread = thread


def _beat() -> None:
    global _thread  # noqa: PLW0603 - as above
    while True:
        time.sleep(BEAT_SECONDS)
        for token in list(_beating):
            if not token.beat():
                _beating.discard(token)
        with _guard:
            if not _beating:
                _thread = None
                return


def _forget_in_child() -> None:
    global _thread  # noqa: PLW0603 - as above
    _beating.clear()
    _thread = None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)


def beats(path: Path) -> int | None:
    """Return how often the run of lock file `path` has given a sign of life; None when it gives none."""
    try:
        lines = path.read_bytes().split(b"\n")
        return int(lines[1])
    except (OSError, IndexError, ValueError):
        return None


class Observations:
    """What observers on this machine have seen of runs on others, kept between looks in a file for each boot.

    Args:
        directory: Where the file is.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / f".observed-{boot_id()}.json"
        self._before = self._load()
        self._now: dict[str, list[Any]] = {}

    def see(self, run: str, sign: str, now: float) -> tuple[float, bool]:
        """Note a run's latest sign of life; return since when there was no other, and whether it is another than before.

        Args:
            run: The run's id.
            sign: Any text that is another one after each sign of life.
            now: Seconds of the monotonic clock.
        """
        last, since = self._before.get(run, (None, now))
        if last != sign or since > now:
            since = now
        self._now[run] = [sign, since]
        return since, last is not None and last != sign

    def keep(self) -> None:
        """Write down what was seen, if it is anything new.

        Raises:
            OSError: when it cannot be written.
        """
        if self._now == self._before:
            return
        if self._now:
            if not self._before:
                self._remove_old()
            publish(self._path, json.dumps(self._now).encode(), durable=False)
        else:
            discard(self._path)

    def _remove_old(self) -> None:
        """Remove what machines have seen in boots that are long gone; one that still looks on writes its file again."""
        for path in self._path.parent.glob(".observed-*.json"):
            with suppress(OSError):
                if path != self._path and time.time() - path.stat().st_mtime > _OLD_SECONDS:
                    path.unlink()

    def _load(self) -> Mapping[str, list[Any]]:
        try:
            found = json.loads(self._path.read_bytes())
            return {run: [str(sign), float(since)] for run, (sign, since) in found.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}
