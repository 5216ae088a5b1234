"""How much one run may write: a limit that leaves a line when it is reached, so that no run fills a disk unnoticed."""

from __future__ import annotations

from collections.abc import Callable

from irl_logging.forks import ThreadLock
from irl_logging.storage.sink import LogFile


class Budget:
    """The bytes that one run may write in this process, to its log and to the JSON twin together.

    Args:
        most: Bytes.

    Attributes:
        left: Bytes that may still be written; less than 0 once it is spent.
        refused: Lines that were not written.
        lifted: True when everything may be written: the run ends.
    """

    def __init__(self, most: int) -> None:
        self.left = most
        self.refused = 0
        self.lifted = False
        self.said = f"Truncated: max_run_bytes allows {most} bytes; from here on lines are counted and not written"
        self.lock = ThreadLock()


class LimitedFile:
    """A log file for as long as the budget lasts; a line in it says when that was.

    Args:
        file: The log file.
        budget: What every line is taken from.
        marker: Makes the line that says that the budget is spent, without a line feed.
    """

    def __init__(self, file: LogFile, budget: Budget, marker: Callable[[str], bytes]) -> None:
        self._file = file
        self._budget = budget
        self._marker = marker
        self._marked = False

    def write(self, line: bytes, now: float) -> None:
        """Append `line`, or count it; the arguments are those of `storage.sink.LogFile.write`."""
        budget = self._budget
        budget.left -= len(line)
        if budget.left >= 0 or budget.lifted:
            self._file.write(line, now)
            return
        with budget.lock:
            budget.refused += 1
            self._file.truncated += 1
            first, self._marked = not self._marked, True
        if first:
            self._file.write(self._marker(budget.said) + b"\n", now)
