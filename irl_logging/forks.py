"""What a forked child must not inherit as it is: locks between threads, and other state that threads share.

A child has only the thread that forked. A lock that another thread held at that moment would be held for ever, and the
child would hang at its first line or event. The owner of a lock must repair what it guards.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Protocol


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
    """Something that a forked child can reset."""

    def renew(self) -> None:
        """Reset everything that another thread may have been in the middle of."""


def renew_in_children(thing: Renewable) -> None:
    """From now on, call `thing.renew()` in each forked child whose parent had other threads; `thing` is not kept alive."""
    _shared.add(thing)


@contextmanager
def first_use(what: str) -> Iterator[None]:
    """Let no other thread fork within the block, until a block of this name has finished once in this process.

    For what imports modules when it is first used: one that is half imported by another thread stays locked in a child for
    ever, and nobody can free that lock but the interpreter. Also a decorator.

    Args:
        what: A name for the block.
    """
    if what in _used:
        yield
        return
    with _importing:
        yield
    _used.add(what)


_PATIENCE: Final = 5.0
"""Seconds that a fork waits for other threads' first use of something; they are some tenths of a second."""

_importing = threading.RLock()
_used: set[str] = set()
_waited = False
_locks: weakref.WeakSet[ThreadLock] = weakref.WeakSet()
_shared: weakref.WeakSet[Renewable] = weakref.WeakSet()
_threads = 1


def _before_fork() -> None:
    global _threads, _waited  # noqa: PLW0603 - the child cannot count the threads that it does not have
    _threads = threading.active_count()
    _waited = _importing.acquire(timeout=_PATIENCE)


def _in_parent() -> None:
    if _waited:
        _importing.release()


def _in_child() -> None:
    global _importing  # noqa: PLW0603 - a thread that the child does not have cannot free it
    if _waited:
        _importing.release()
    else:
        _importing = threading.RLock()
    for lock in list(_locks):
        lock.renew()
    if _threads > 1:
        for thing in list(_shared):
            thing.renew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child)
