"""A command as a child process: its output in pipes, its end, and the signals that are passed on to it.

The child stays in our process group, so a terminal gives it Ctrl-C, a hang-up and a new size itself, pipelines keep
their terminal, and job control works as without us. What a process sends to us is passed on; what the kernel sends on
behalf of the terminal is not, because the child has had it already.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Final, Self

_FORWARDED: Final = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGWINCH")
    if hasattr(signal, name)
)
# Python ignores these; a command expects them as they are by default.
_DEFAULT_IN_CHILD: Final = tuple(
    getattr(signal, name) for name in ("SIGPIPE", "SIGXFSZ", "SIGXFZ") if hasattr(signal, name)
)
_SHELL: Final = "/bin/sh"

supported: Final = hasattr(os, "posix_spawnp") and hasattr(signal, "pthread_sigmask")
"""Whether this system can run a child this way; Windows cannot."""


class Child:
    """A running command; a context manager that forwards signals inside its block.

    Args:
        argv: The command and its arguments.
        environ: Its environment.

    Attributes:
        stdout, stderr: Descriptors that its output is read from; the caller closes them.
        ended: A descriptor that reads as ended when the command has.

    Raises:
        FileNotFoundError: when there is no such command.
        OSError: when it cannot be executed.
    """

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
        self._code: int | None = None
        pipes: list[int] = []
        try:
            for _ in range(3):
                pipes += os.pipe()
            self.stdout, out, self.stderr, err, self.ended, self._still_runs = pipes
            self._pid = _spawn(argv, environ, out, err, self._before)
        except BaseException:
            for descriptor in pipes:
                os.close(descriptor)
            signal.pthread_sigmask(signal.SIG_SETMASK, self._before)
            raise
        os.close(out)
        os.close(err)
        self._waiting = threading.Thread(target=self._wait, name="irl-wait", daemon=True)
        self._forwarding = threading.Thread(target=self._forward, name="irl-signals", daemon=True)

    def __enter__(self) -> Self:
        self._waiting.start()
        self._forwarding.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._waiting.join()
        # To the thread alone, which sees that the child has ended.
        signal.pthread_kill(self._forwarding.ident or 0, _FORWARDED[0])
        self._forwarding.join()
        os.close(self.ended)
        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)

    @property
    def code(self) -> int:
        """The exit code, or the negative number of the signal that killed it; waits for the end."""
        self._waiting.join()
        return -signal.SIGKILL if self._code is None else self._code

    def _wait(self) -> None:
        _, status = os.waitpid(self._pid, 0)
        self._code = os.waitstatus_to_exitcode(status)
        os.close(self._still_runs)

    def _forward(self) -> None:
        while True:
            number, sent_by_process = _next_signal()
            if self._code is not None:
                return
            if sent_by_process:
                with suppress(ProcessLookupError):
                    os.kill(self._pid, number)


def _spawn(argv: Sequence[str], environ: Mapping[str, str], out: int, err: int, mask: set[int]) -> int:
    # posix_spawn and not subprocess: it gives the child its own signal mask without running Python code in a fork, and
    # lets descriptors through that the shell opened for the command.
    def spawn(command: str, arguments: list[str]) -> int:
        actions = [(os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)]
        return os.posix_spawnp(
            command, arguments, environ, file_actions=actions, setsigmask=mask, setsigdef=_DEFAULT_IN_CHILD
        )

    try:
        return spawn(argv[0], [*argv])
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            raise
        # A script without a first line that says who reads it is the shell's, as in every shell.
        return spawn(_SHELL, [_SHELL, shutil.which(argv[0]) or argv[0], *argv[1:]])


def _next_signal() -> tuple[int, bool]:
    """Wait for a signal and return it, with whether a process sent it and not the terminal."""
    if hasattr(signal, "sigwaitinfo"):
        info = signal.sigwaitinfo(_FORWARDED)
        return info.si_signo, info.si_code <= 0
    number = signal.sigwait(_FORWARDED)
    return number, not (_in_foreground() and number in (signal.SIGINT, signal.SIGQUIT, signal.SIGWINCH))


def _in_foreground() -> bool:
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return False  # stdin is no terminal
