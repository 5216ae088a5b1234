"""How this process ends, and what that says of the runs that are still open in it.

Watches the doors that Python has: `sys.exit`, unhandled exceptions in the main and in other threads, SIGINT and SIGTERM, and
the end of the main program. Whatever was there before is still called. `os._exit` and SIGKILL pass by all of them: the run
stays open, and whoever looks next finds its lock free (see `execution.Execution.reap`).
"""

from __future__ import annotations

import atexit
import opcode
import os
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any, Final, NoReturn

from irl_logging.lifecycle import Status
from irl_logging.notices import notice
from irl_logging.runs import Run, exit_status
from irl_logging.tracebacks import render_exception

UNSEEN: Final = "⚠️ Ended, exit code not seen"
"""Status after a `raise SystemExit(...)` that did not go through `sys.exit`: Python shows its code to nobody."""

_RETURNS: Final = frozenset(opcode.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in opcode.opmap)
_NOT_CALLED: Final = object()


class _Watch:
    """The hooks of this process, and the runs that they end."""

    def __init__(self) -> None:
        self.runs: dict[str, tuple[Run, bool]] = {}
        self._pid = os.getpid()
        self._exit_code: Any = _NOT_CALLED
        self._signal: int | None = None
        self._error: BaseException | None = None
        self._main_frame = _outermost_frame()
        self._exit = sys.exit
        self._excepthook = sys.excepthook
        self._thread_excepthook = threading.excepthook
        self._handlers: dict[int, Any] = {}

    def install(self) -> None:
        sys.exit = self._on_exit
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        atexit.register(self._at_exit)
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGTERM)
            # None: a handler that was not made by Python, which could not be called again.
            if before is not None and before is not signal.SIG_IGN:
                self._handlers[signal.SIGTERM] = before
                signal.signal(signal.SIGTERM, self._on_signal)

    def remove(self) -> None:
        """Take the hooks away again where they are still ours."""
        atexit.unregister(self._at_exit)
        if sys.exit == self._on_exit:
            sys.exit = self._exit
        if sys.excepthook == self._on_exception:
            sys.excepthook = self._excepthook
        if threading.excepthook == self._on_thread_exception:
            threading.excepthook = self._thread_excepthook
        for number, before in self._handlers.items():
            if signal.getsignal(number) == self._on_signal:
                signal.signal(number, before)
        self._handlers.clear()

    def _on_exit(self, code: Any = None, /) -> NoReturn:
        self._exit_code = code
        self._exit(code)

    def _on_exception(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        self._error = error
        self._log_error(error)
        self._excepthook(kind, error, traceback)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            self._error = self._error or args.exc_value
            self._log_error(args.exc_value)
        self._thread_excepthook(args)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._signal = number
        before = self._handlers.get(number, signal.SIG_DFL)
        if callable(before):
            # The program has its own way to stop; how the runs end is decided when it has.
            before(number, frame)
            return
        self._end_all()
        signal.signal(number, before)
        os.kill(os.getpid(), number)

    def _at_exit(self) -> None:
        self._end_all()

    def _log_error(self, error: BaseException) -> None:
        if os.getpid() != self._pid or isinstance(error, KeyboardInterrupt):
            return
        for run, _ in list(self.runs.values()):
            if not run.ended:
                run.log("ERROR", "error", render_exception(error))

    def _end_all(self) -> None:
        if os.getpid() != self._pid:
            return  # a forked child never ends its parent's run
        for run, explicit in list(self.runs.values()):
            if run.ended or not run.owned:
                continue
            status, summary, note = self._verdict(explicit=explicit)
            try:
                run.end(status, summary, note=note)
            except Exception as error:
                notice(f"end {run.id}", f"the end of run {run.id} could not be recorded: {error}")
        self.runs.clear()

    def _verdict(self, *, explicit: bool) -> tuple[str, str | None, str | None]:
        """Return status, summary and note for a run that is open while the process ends."""
        if self._signal is not None:
            return Status.CANCELLED, None, signal.Signals(self._signal).name
        if isinstance(self._error, KeyboardInterrupt):
            return Status.CANCELLED, None, "KeyboardInterrupt"
        if self._error is not None:
            return Status.ERROR, None, f"{type(self._error).__name__}: {self._error}"
        if _returned(self._main_frame):
            if explicit:
                return Status.ERROR, None, "the process ended without ending the run"
            return Status.COMPLETE, None, None
        if self._exit_code is not _NOT_CALLED:
            return *exit_status(self._exit_code), None
        return UNSEEN, None, "raise SystemExit(...) hides its code: use sys.exit(...)"


def _outermost_frame() -> FrameType | None:
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 - documented in sys
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _returned(frame: FrameType | None) -> bool:
    """Return whether the main program ran to its end: the last thing that its frame did was to return.

    A `sys.exit` that somebody caught on the way is so told from one that ended the program.
    """
    if frame is None or frame.f_lasti < 0:
        return True
    return frame.f_code.co_code[frame.f_lasti] in _RETURNS


_watch: _Watch | None = None
_lock = threading.RLock()


def watch(run: Run, *, explicit: bool) -> None:
    """End `run` with this process, as the process ends.

    Args:
        run: A run that this process owns.
        explicit: True for a run that its program said it would end itself: a clean end of the process is an error then.
    """
    global _watch  # noqa: PLW0603 - the hooks are the process's, so there is one set of them
    with _lock:
        if _watch is None or _watch._pid != os.getpid():  # noqa: SLF001 - the same module
            if _watch is not None:
                _watch.remove()
            _watch = _Watch()
            _watch.install()
        for ended in [name for name, (other, _) in _watch.runs.items() if other.ended]:
            del _watch.runs[ended]
        _watch.runs[run.id] = (run, explicit)


def unwatch_all() -> None:
    """Take every hook away; the open runs are left to their owners."""
    global _watch  # noqa: PLW0603 - as above
    with _lock:
        if _watch is not None:
            _watch.remove()
            _watch = None
