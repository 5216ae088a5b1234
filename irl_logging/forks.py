"""What a forked child must not take over as it is: locks between threads, and what else several threads work with.

A child has only the thread that forked. A lock that another thread held at that moment would be held for ever, and the
child would hang at its first line or event. What a lock guards has to be put right by its owner.
"""

from __future__ import annotations

import os
import threading
import weakref
from types import TracebackType
from typing import Protocol


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
        """Be free again, for the only thread of a forked child; what that holds itself, as it has forked inside, it keeps."""
        if self._lock.acquire(blocking=False):
            self._lock.release()
        else:
            self._lock = threading.RLock()


class Renewable(Protocol):
    """What can be made anew."""

    def renew(self) -> None:
        """Let go of all that another thread may have been in the middle of."""


def renew_in_children(thing: Renewable) -> None:
    """Call `thing.renew()` in each forked child, from here on, whose parent had other threads; `thing` is not kept alive."""
    _shared.add(thing)


_locks: weakref.WeakSet[ThreadLock] = weakref.WeakSet()
_shared: weakref.WeakSet[Renewable] = weakref.WeakSet()
_threads = 1


def _before_fork() -> None:
    global _threads  # noqa: PLW0603 - the child cannot count the threads that it does not have
    _threads = threading.active_count()


def _in_child() -> None:
    for lock in list(_locks):
        lock.renew()
    if _threads > 1:
        for thing in list(_shared):
            thing.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_in_child)
