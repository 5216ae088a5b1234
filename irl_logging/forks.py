"""Locks between threads that a forked child gets free, whoever held them in the parent.

A child has only the thread that forked. A lock that another thread held at that moment would be held for ever, and the
child would hang at its first line or event. What a lock guards has to be put right by its owner.
"""

from __future__ import annotations

import os
import threading
import weakref
from types import TracebackType


class ThreadLock:
    """A re-entrant lock between the threads of one process, for `with`."""

    __slots__ = ("__weakref__", "_lock")

    def __init__(self) -> None:
        self._lock = threading.RLock()
        _locks.add(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def renew(self) -> None:
        """Be free again; for the only thread of a forked child."""
        self._lock = threading.RLock()


_locks: weakref.WeakSet[ThreadLock] = weakref.WeakSet()


def _renew_all() -> None:
    for lock in list(_locks):
        lock.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_all)
