"""The current run, step and bound fields: where a line belongs when it does not say so itself.

Held in one context variable as an immutable scope, so that threads, tasks and callbacks each have their own and a lookup
costs one read. A process can also have a run of its own (the one `configure` starts), which every thread sees. Child
processes find their run through the environment.
"""

from __future__ import annotations

import contextvars
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from irl_logging.forks import ThreadLock

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")

RUN_VARIABLE: Final = "IRL_RUN"
ROOT_VARIABLE: Final = "IRL_ROOT"
"""Names of the environment variables by which child processes find the run of their parent."""


class Block(AbstractContextManager[T], AbstractAsyncContextManager[T]):
    """Works with `with` and `async with` alike: nothing here awaits, so both do the same."""

    async def __aenter__(self) -> T:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, traceback)


_NO_FIELDS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Scope:
    """What is current in one thread or task.

    Attributes:
        run: The run, or None; any object that has the workflow's slug as `workflow`.
        step: The innermost step's name, or None.
        fields: Values that are bound to every line.
    """

    run: Any = None
    step: str | None = None
    fields: Mapping[str, Any] = field(default_factory=lambda: _NO_FIELDS)


EMPTY: Final = Scope()
"""The scope outside all blocks."""

scope: contextvars.ContextVar[Scope] = contextvars.ContextVar("irl_logging_scope", default=EMPTY)
"""The current scope."""

_process_run: Any = None
_exported: Final[dict[Any, Any]] = {}  # run -> the exported run around it
_outside: Final[dict[str, str | None]] = {}  # the variables as they were before the first run was exported
_lock: Final = ThreadLock()


def process_run() -> Any:
    """Return the run that is the process's own, or None."""
    return _process_run


def set_process_run(run: Any) -> None:
    """Make `run` the process's own; None for none."""
    global _process_run  # noqa: PLW0603 - one run is the process's own: that is what is modelled
    _process_run = run


def current() -> Any:
    """Return the run of this thread or task, else the process's own, else None."""
    run = scope.get().run
    return _process_run if run is None else run


def enter(*, run: Any = None, step: str | None = None) -> contextvars.Token[Scope]:
    """Make `run` and `step` current and return the token for `leave`; None keeps what is current.

    A new run starts without the step of the one around it.
    """
    around = scope.get()
    if run is not None:
        return scope.set(Scope(run, step, around.fields))
    return scope.set(Scope(around.run, step or around.step, around.fields))


def leave(token: contextvars.Token[Scope]) -> None:
    """Put back what was current before `enter` gave this token.

    A block that is left in a different context than it was entered in (an async generator closed by another task) has
    nothing to put back there. Generators' blocks can be left in any order: a run that has ended meanwhile is not put back.
    """
    try:
        scope.reset(token)
    except ValueError:
        return
    around = scope.get()
    if around.run is not None and around.run.ended:
        scope.set(Scope(None, None, around.fields) if around.fields else EMPTY)


def export(run: Any) -> None:
    """Let child processes started from now on find `run`, until `withdraw`.

    If two runs are open side by side, children could belong to either; so they find the run around both, or what was in
    the environment before us.
    """
    with _lock:
        if run in _exported:
            return
        before = _nested_run()
        if not _exported:
            _outside.update({name: os.environ.get(name) for name in run.environ()})
        around = current()
        _exported[run] = around if around in _exported else None
        _update_environment(before)


def withdraw(run: Any) -> None:
    """Take `run` out of the environment again and put back what was exported, or was there, before it."""
    with _lock:
        if run in _exported:
            before = _nested_run()
            around = _exported.pop(run)
            _exported.update({inner: around for inner, outer in _exported.items() if outer is run})
            _update_environment(before)


def _nested_run() -> Any:
    """Return the innermost exported run that encloses, is inside, or is the same as every other; None if there is none."""
    lines = {run: _run_and_those_around(run) for run in _exported}
    return next(
        (run for run in reversed(lines) if all(run in line or other in lines[run] for other, line in lines.items())),
        None,
    )


def _run_and_those_around(run: Any) -> list[Any]:
    """The run and those around it, innermost first."""
    line = []
    while run is not None:
        line.append(run)
        run = _exported.get(run)
    return line


def _update_environment(before: Any) -> None:
    """Update the environment to the run that children should find now, unless the program has changed it itself."""
    if os.environ.get(RUN_VARIABLE) != (_outside[RUN_VARIABLE] if before is None else before.id):
        return
    now = _nested_run()
    for name, value in (_outside if now is None else now.environ()).items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


@contextmanager
def bound(**fields: Any) -> Iterator[None]:
    """Bind `fields` to every line of this thread or task inside the block."""
    around = scope.get()
    token = scope.set(Scope(around.run, around.step, MappingProxyType({**around.fields, **fields})))
    try:
        yield
    finally:
        leave(token)


def in_context(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that runs `function` in the context of this call, for threads started by hand.

    `threading.Thread(target=in_context(work)).start()` logs to the run that is current here. Each call runs in its own
    copy of the context.
    """
    captured = contextvars.copy_context()

    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return captured.copy().run(function, *args, **kwargs)

    return call


def context_executor(max_workers: int | None = None, **options: Any) -> ThreadPoolExecutor:
    """Return a `ThreadPoolExecutor` whose tasks run in the context in which they were submitted.

    Args:
        max_workers: Threads at most; None lets the executor choose.
        options: Further arguments of `ThreadPoolExecutor`.
    """
    from concurrent.futures import Future, ThreadPoolExecutor  # slow to import, and not everybody's

    class ContextExecutor(ThreadPoolExecutor):
        def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
            return super().submit(in_context(fn), *args, **kwargs)

    return ContextExecutor(max_workers, **options)
