"""How this process ends, and what that means for the runs still open in it.

Watches Python's ways out: `sys.exit`, `exit` and `quit`, from Python 3.12 on every other `SystemExit`, unhandled
exceptions in the main and in other threads, SIGINT and SIGTERM, and the end of the main program or of a `multiprocessing`
worker. Whatever was there before is still called. `os._exit` and SIGKILL pass by all of them: the run stays open, and
whoever looks next finds its lock free (see `execution.Execution.reap`).
"""

from __future__ import annotations

import atexit
import builtins
import opcode
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import CodeType, FrameType, ModuleType, TracebackType
from typing import Any, Final

from irl_logging.endings import described, exit_code, exit_status
from irl_logging.forks import ThreadLock
from irl_logging.lifecycle import Status
from irl_logging.notices import end_not_recorded
from irl_logging.runs import Run
from irl_logging.storage import sink
from irl_logging.tracebacks import render_exception

UNSEEN: Final = "⚠️ Ended, exit code not seen"
"""Status after a `raise SystemExit(...)` that went through none of the functions: Python 3.11 shows its code to nobody."""

_HIDDEN: Final = "raise SystemExit(...) did not show its code, as sys.exit(...) and exit(...) do"
_RETURNS: Final = frozenset(opcode.opmap[name] for name in ("RETURN_VALUE", "RETURN_CONST") if name in opcode.opmap)
_NOT_CALLED: Final = object()
_WORKERS: Final = {"_launch": ("multiprocessing.popen_fork",), "_serve_one": ("multiprocessing.forkserver",)}
_EXITS: Final = ((sys, "exit"), (builtins, "exit"), (builtins, "quit"))
_FREE_TOOLS: Final = (3, 4)
"""Numbers that `sys.monitoring` has for tools which are neither debugger, nor coverage, profiler or optimizer."""


class _Exit:
    """Wraps a function that ends the program, to see its exit code."""

    def __init__(self, home: Any, name: str, note: Callable[[Any], None]) -> None:
        self._home, self._name, self._note = home, name, note
        self._before: Any = getattr(home, name, None)  # `python -S` has neither exit nor quit
        if self._before is not None:
            setattr(home, name, self)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self._note(args[0] if args else kwargs.get("code"))
        return self._before(*args, **kwargs)

    def __repr__(self) -> str:
        return repr(self._before)  # what `exit` alone says at the prompt

    def remove(self) -> None:
        if getattr(self._home, self._name, None) is self:
            setattr(self._home, self._name, self._before)


class _Watch:
    """The hooks of this process, and the runs that they end."""

    def __init__(self) -> None:
        self.runs: dict[str, tuple[Run, bool]] = {}
        self.pid = os.getpid()
        self._exit_code: Any = _NOT_CALLED
        self._signal: int | None = None
        self._error: BaseException | None = None
        # What ended a thread, by the run that was open then. Text, as an exception keeps all that its frames had.
        self.broken: dict[str, str] = {}
        self._ending = False
        self._postponed: int | None = None
        self._main_frame = _outermost_frame()
        self._main_code = self._main_frame.f_code if self._main_frame is not None else None
        self._exits = [_Exit(home, name, self._on_exit) for home, name in _exit_functions()]
        self._tool = self._watch_unwinding()
        self._excepthook, sys.excepthook = sys.excepthook, self._on_exception
        self._thread_excepthook, threading.excepthook = threading.excepthook, self._on_thread_exception
        self._handlers: dict[int, Any] = {}
        self._finalizer = self._at_worker_end()
        atexit.register(self._at_exit)

    def remove(self) -> None:
        """Take the hooks away again where they are still ours."""
        atexit.unregister(self._at_exit)
        if self._finalizer is not None:
            self._finalizer.cancel()
        for function in self._exits:
            function.remove()
        if sys.version_info >= (3, 12) and self._tool is not None:
            sys.monitoring.set_events(self._tool, sys.monitoring.events.NO_EVENTS)
            sys.monitoring.register_callback(self._tool, sys.monitoring.events.PY_UNWIND, None)
            sys.monitoring.free_tool_id(self._tool)
        if sys.excepthook == self._on_exception:
            sys.excepthook = self._excepthook
        if threading.excepthook == self._on_thread_exception:
            threading.excepthook = self._thread_excepthook
        if threading.current_thread() is threading.main_thread():
            for number, before in self._handlers.items():
                if signal.getsignal(number) == self._on_signal:
                    signal.signal(number, before)
            self._handlers.clear()

    def watch_signals(self) -> None:
        """Install our handler in front of that for SIGTERM; only the main thread can."""
        if self._handlers or threading.current_thread() is not threading.main_thread():
            return
        before = signal.getsignal(signal.SIGTERM)
        # None: a handler that was not made by Python, which could not be called again.
        if before is not None and before is not signal.SIG_IGN:
            self._handlers[signal.SIGTERM] = before
            signal.signal(signal.SIGTERM, self._on_signal)

    def _watch_unwinding(self) -> int | None:
        """Have Python report each exception that leaves a function; return our tool id, None if there is none left.

        It costs 0.1 µs for each of them, and nothing else. Python 3.11 could only report every call.
        """
        if sys.version_info >= (3, 12):
            for tool in _FREE_TOOLS:
                if sys.monitoring.get_tool(tool) is None:
                    sys.monitoring.use_tool_id(tool, "irl_logging")
                    sys.monitoring.register_callback(tool, sys.monitoring.events.PY_UNWIND, self._on_unwind)
                    sys.monitoring.set_events(tool, sys.monitoring.events.PY_UNWIND)
                    return tool
        return None

    def _at_worker_end(self) -> Any:
        """A `multiprocessing` worker ends by `os._exit`, after its own callbacks only."""
        process = sys.modules.get("multiprocessing.process")
        if process is None or process.parent_process() is None:
            return None
        from multiprocessing.util import Finalize  # loaded in every worker, and only there

        return Finalize(None, self._on_worker_end, exitpriority=-100)

    def _on_worker_end(self) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, SystemExit):
            self._exit_code = error.code
        elif error is not None:
            self._error = error
            self._log_error(error)
        else:
            self._main_frame = None
        self._end_all()
        sink.give_up()

    def _on_exit(self, code: Any) -> None:
        if threading.current_thread() is threading.main_thread():  # in another one it ends the thread
            self._exit_code = code

    def _on_unwind(self, code: CodeType, offset: int, error: BaseException) -> None:
        del offset
        if code is self._main_code and isinstance(error, SystemExit):
            self._on_exit(error.code)

    def _on_exception(self, kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        if not hasattr(sys, "ps1"):  # at the prompt the process goes on
            self._error = error
        self._log_error(error)
        self._excepthook(kind, error, traceback)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            for name in list(self.runs):
                self.broken.setdefault(name, described(args.exc_value))
            self._log_error(args.exc_value)
        self._thread_excepthook(args)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self._ending:
            self._postponed = number  # it would cut off what the first one, or the end of the program, is writing
            return
        self._signal = number
        before = self._handlers.get(number, signal.SIG_DFL)
        if callable(before):
            # The program has its own way to stop; how the runs end is decided when it has.
            before(number, frame)
            return
        for run, _ in list(self.runs.values()):
            with suppress(OSError):
                run.reopen()  # the process dies here, in the middle of an end that is under way
        self._end_all()
        signal.signal(number, before)
        os.kill(os.getpid(), number)

    def _at_exit(self) -> None:
        self._end_all()
        self._main_frame = None  # it would keep the program's own objects from being finalized

    def _log_error(self, error: BaseException) -> None:
        if isinstance(error, KeyboardInterrupt):
            return
        for run, _ in list(self.runs.values()):
            if not run.ended:
                run.log("ERROR", "error", render_exception(error))

    def _end_all(self) -> None:
        self._ending = True
        try:
            for run, explicit in list(self.runs.values()):
                if run.owned and not run.ended:  # a forked child owns none of its parent's
                    self._end(run, explicit=explicit)
            self.runs.clear()
        finally:
            self._ending = False
            number, self._postponed = self._postponed, None
            if number is not None:
                self._on_signal(number, None)

    def _end(self, run: Run, *, explicit: bool) -> None:
        status, note, code = self._verdict(self.broken.get(run.id), explicit=explicit)
        for _ in range(2):
            try:
                run.end(status, note=note, exit_code=code)
            except KeyboardInterrupt:
                continue  # Ctrl-C, while the process is ending anyway: the end is still to be recorded
            except Exception as error:
                end_not_recorded(run.id, error)
            return

    def _verdict(self, broken: str | None, *, explicit: bool) -> tuple[str, str | None, int | None]:
        """Return status, note and exit code for a run that is open while the process ends."""
        error, returned = self._error, _returned(self._main_frame)
        # A program that has its own way to stop, and then fails at something else, has failed.
        if self._signal is not None and not broken and (error is None or isinstance(error, KeyboardInterrupt)):
            return Status.CANCELLED, signal.Signals(self._signal).name, 128 + self._signal
        if error is None and not returned and self._exit_code is _NOT_CALLED:
            error = _last_error()  # an exception hook that was set after ours may not have called it
        if isinstance(error, KeyboardInterrupt):
            return Status.CANCELLED, "KeyboardInterrupt", 128 + signal.SIGINT
        if error is not None:
            return Status.ERROR, described(error), 1
        if broken is not None:
            code = None if self._exit_code is _NOT_CALLED else exit_code(self._exit_code)
            return Status.ERROR, broken, 0 if returned else code
        if returned:
            if explicit:
                return Status.ERROR, "the process ended without ending the run", 0
            return Status.COMPLETE, None, 0
        if self._exit_code is not _NOT_CALLED:
            return *exit_status(self._exit_code), exit_code(self._exit_code)
        code = _worker_code()
        if code is not None:
            return *((Status.ERROR, "an exception ended the worker") if code else (Status.COMPLETE, None)), code
        return UNSEEN, _HIDDEN, None


def _exit_functions() -> list[tuple[ModuleType, str]]:
    """Return where functions that end the program are found, including the main program's own `from sys import exit`."""
    main = sys.modules.get("__main__")
    imported = [] if main is None else [(main, name) for name, value in list(vars(main).items()) if value is sys.exit]
    return [*_EXITS, *imported]


def _outermost_frame() -> FrameType | None:
    frame = sys._current_frames().get(threading.main_thread().ident or 0)  # noqa: SLF001 - documented in sys
    while frame is not None and frame.f_back is not None:
        frame = frame.f_back
    return frame


def _returned(frame: FrameType | None) -> bool:
    """Return whether the main program ran to its end: the last thing that its frame did was to return.

    This tells a `sys.exit` that was caught on the way from one that ended the program.
    """
    if frame is None or frame.f_lasti < 0:
        return True
    return frame.f_code.co_code[frame.f_lasti] in _RETURNS


def _worker_code() -> int | None:
    """Return the exit code of a `multiprocessing` worker, where such workers run `atexit` callbacks: from Python 3.13 on.

    The worker has handled the exception by then, so the code is all there is to see.
    """
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - documented in sys
    while frame is not None:
        if frame.f_code.co_name in _WORKERS and frame.f_globals.get("__name__") in _WORKERS[frame.f_code.co_name]:
            code = frame.f_locals.get("code")
            return code if isinstance(code, int) else None
        frame = frame.f_back
    return None


def _last_error() -> BaseException | None:
    """Return the exception that Python last gave to the exception hook, whichever hook that was."""
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)  # the older name is that of Python 3.11
    return error if isinstance(error, BaseException) else None


_watch: _Watch | None = None
_lock = ThreadLock()


def watch(run: Run, *, explicit: bool) -> None:
    """End `run` with this process, as the process ends.

    Args:
        run: A run; one owned by another process only gets lines about what goes wrong here.
        explicit: True for a run that its program said it would end itself: a clean end of the process is an error then.
    """
    global _watch  # noqa: PLW0603 - the hooks are the process's, so there is one set of them
    with _lock:
        if _watch is None or _watch.pid != os.getpid():
            if _watch is not None:
                _watch.remove()
            _watch = _Watch()
        _watch.watch_signals()
        _forget_ended(_watch)
        _watch.runs[run.id] = (run, explicit)


def unwatch(run: Run) -> None:
    """Stop watching `run`; with the last open run, every hook is removed."""
    with _lock:
        if _watch is not None:
            _watch.runs.pop(run.id, None)
            _forget_ended(_watch)
            if not _watch.runs:
                unwatch_all()


def unwatch_all() -> None:
    """Remove every hook; open runs are left to their owners."""
    global _watch  # noqa: PLW0603 - as above
    with _lock:
        if _watch is not None:
            _watch.remove()
            _watch = None


def _forget_ended(watch: _Watch) -> None:
    for name in [name for name, (run, _) in watch.runs.items() if run.ended]:
        del watch.runs[name]
        watch.broken.pop(name, None)
