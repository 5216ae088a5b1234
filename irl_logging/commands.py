"""External commands under a time limit: snapshot collectors, evidence that a completion needs.

Their output goes to files rather than pipes, so that a command never waits for us and we never wait for processes that it
leaves running. When its time is over, it is killed with everything that it started.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self

_PATIENCE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended.

    Attributes:
        code: Its exit code, or the negative number of the signal that ended it; None when it ran out of time.
        out: The end of what it wrote to stdout.
        err: The end of what it wrote to stderr.
    """

    code: int | None
    out: bytes
    err: bytes

    @property
    def last_words(self) -> str:
        """The last line of its output, preferably of stderr; empty if there was none."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return lines[-1].decode("utf-8", "replace").strip() if lines else ""


class Command:
    """A command that runs in the background until `outcome` is called; a context manager that leaves no process behind.

    Args:
        argv: The command and its arguments.
        directory: Where it runs.
        limit: Seconds it may take, from now on.
        environ: Its environment; None means ours.

    Raises:
        OSError: when it cannot be started.
    """

    def __init__(
        self, argv: Sequence[str], *, directory: Path, limit: float, environ: Mapping[str, str] | None = None
    ) -> None:
        self._deadline = time.monotonic() + limit
        self._out = tempfile.TemporaryFile()  # noqa: SIM115 - closed at the end of the block that this object makes
        self._err = tempfile.TemporaryFile()  # noqa: SIM115 - as above
        try:
            self._process = subprocess.Popen(
                argv,
                cwd=directory,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=self._err,
                start_new_session=True,  # a group of its own, which can be killed as a whole
            )
        except BaseException:
            self._close()
            raise

    def outcome(self, most: int = 1 << 16) -> Outcome:
        """Wait until the command has ended or its time is over, and return how it ended.

        Args:
            most: Bytes of its output that are returned, from the end.
        """
        code = None
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(max(0.0, self._deadline - time.monotonic()))
        self._kill()
        return Outcome(code, _end(self._out, most), _end(self._err, most))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._kill()
        self._close()

    def _kill(self) -> None:
        """Kill a command that still runs, with what it started; a process that hangs in the kernel is left there."""
        if self._process.poll() is not None:
            return  # its number may be another process's by now
        with suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)

    def _close(self) -> None:
        self._out.close()
        self._err.close()


def _end(file: IO[bytes], most: int) -> bytes:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - most))
    return file.read(most)
