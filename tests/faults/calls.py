"""Something happens right before a call of the operating system: a kill, or a refusal.

Seen through the interpreter's profiler, so that nothing of the package is replaced. It sees what Python calls by name; the one
call that goes through ctypes, the swap of two files, is seen by `test_calls.py` with strace.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

Which = Callable[[str, Any], bool]
"""Does this profiler event, of this function, count?"""

NO_FILE_CALLS = frozenset({"getpid", "fspath", "urandom", "register_at_fork", "_exit", "fsencode"})
FILE_METHODS = frozenset({"read", "readall", "write"})
CHANGING = frozenset(
    {"open", "write", "mkdir", "rename", "replace", "unlink", "remove", "rmdir", "link", "fchmod", "fchown", "setxattr"}
)
"""Before any other call a kill leaves what it leaves before the next of these."""


def is_file_call(event: str, function: Any) -> bool:
    """Does this profiler event announce a call of the operating system that may fail?"""
    if event != "c_call":
        return False
    module = getattr(function, "__module__", None)
    if module in ("posix", "fcntl"):
        return function.__name__ not in NO_FILE_CALLS
    if module in ("io", "_io"):
        return function.__name__ == "open"
    return type(getattr(function, "__self__", None)).__module__ == "_io" and function.__name__ in FILE_METHODS


def is_change(event: str, function: Any) -> bool:
    """Is the call one after which the files may be others?"""
    return is_file_call(event, function) and function.__name__ in CHANGING


@contextlib.contextmanager
def before_call(number: int, do: Callable[[], object], which: Which = is_file_call) -> Iterator[None]:
    """Do `do` right before the call of this number that is made in the block, of those that count."""
    left = number

    def look(_frame: FrameType, event: str, function: Any) -> None:
        nonlocal left
        if which(event, function):
            left -= 1
            if left == -1:
                do()

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)


def count_calls(work: Callable[[], object], which: Which = is_file_call) -> int:
    """Return how many calls that count `work` makes."""
    count = 0

    def look(_frame: FrameType, event: str, function: Any) -> None:
        nonlocal count
        count += which(event, function)

    sys.setprofile(look)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Calls in this block are the test's own."""
    profile = sys.getprofile()
    sys.setprofile(None)
    try:
        yield
    finally:
        sys.setprofile(profile)
