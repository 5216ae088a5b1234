"""`with irl_logging.workflow("deploy") as run:` - one run around a block, or around each call of a function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TypeVar

from irl_logging import arguments, context
from irl_logging.configured import default, given
from irl_logging.context import Block
from irl_logging.errors import ConfigurationError
from irl_logging.execution import Execution
from irl_logging.notices import end_not_recorded
from irl_logging.recording import Processor
from irl_logging.runs import Run
from irl_logging.settings import NAMES
from irl_logging.steps import Step

F = TypeVar("F", bound=Callable[..., Any])


class Workflow(Block[Run]):
    """What `workflow` returns: a context manager (also `async with`) and a decorator."""

    def __init__(self, name: str | None, execution: Execution | None, options: dict[str, Any]) -> None:
        if name is not None and not isinstance(name, str):
            raise ConfigurationError(
                f"workflow name is {name!r}, expected a text; a decorator is written @workflow() or @workflow('name')"
            )
        self._name = name
        self._execution = given(execution)
        self._options = options
        self._entered: list[Run] = []

    def __enter__(self) -> Run:
        run = self._start()
        self._entered.append(run)
        return run.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        run = self._leave()
        try:
            run.__exit__(kind, error, traceback)
        except OSError as failure:
            end_not_recorded(run.id, failure)

    def __call__(self, function: F) -> F:
        """Return a function that makes each call of `function` a run.

        Raises:
            ConfigurationError: for a generator function, whose call returns before its work begins.
        """
        import inspect  # slow to import, and only decorators need it

        name = self._name or function.__name__
        if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
            raise ConfigurationError(
                f"{name} is a generator function, whose call ends before its work begins: "
                "write `with irl_logging.workflow(...):` inside it, or decorate what consumes it"
            )

        def again() -> Workflow:
            return Workflow(name, self._execution, self._options)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def run_async(*args: Any, **kwargs: Any) -> Any:
                async with again():
                    return await function(*args, **kwargs)

            return run_async  # type: ignore[return-value]  # wraps keeps the signature, mypy does not see it

        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            with again():
                return function(*args, **kwargs)

        return run  # type: ignore[return-value]  # as above

    def _leave(self) -> Run:
        """Remove and return the run of the block being left; several threads or tasks may share one `Workflow`."""
        run = context.scope.get().run
        if run not in self._entered:
            run = self._entered[-1]
        self._entered.remove(run)
        return run  # type: ignore[no-any-return]  # a scope may hold any object, `_entered` only runs

    def _start(self) -> Run:
        execution = self._execution or default()
        name = self._name or "workflow"
        try:
            return execution.start(name, explicit=False, **self._options)
        except OSError as error:
            return execution.unstarted(name, error)


def workflow(
    name: str | None = None,
    *,
    agent: str | None = None,
    log_name: str | None = None,
    execution: Execution | None = None,
    after: Iterable[Processor] = (),
    snapshots: Iterable[str] = (),
    **fields: Any,
) -> Workflow:
    """Return a context manager (also `async with`) and decorator that makes its block, or each call, one run.

    Inside, the run is the current one: every `logger.info` is a line of it. It ends with the block: complete, error on an
    exception (which goes on), failed on `sys.exit(1)`, cancelled on Ctrl-C and on a cancelled task.

    Args:
        name: The workflow's name; None means the decorated function's.
        agent: Who runs it; None detects it.
        log_name: What `{log_name}` stands for in the log file's name.
        execution: The execution directory; None means the one found through environment, config file and working directory.
        after: Processors that get this run's lifecycle events after all others.
        snapshots: Names of snapshots to take when the run ends, see `Execution.snapshot`.
        fields: Values that belong to the run, such as `integration="finance_integration"`.

    Raises:
        ConfigurationError: when an argument is of the wrong type, or a field has the name of a setting; on entering, when a
            setting is wrong or the log file's pattern needs a field not given.
    """
    if settings := ", ".join(name for name in fields if name in NAMES):
        raise ConfigurationError(
            f"{settings} is not a field of a run but a setting of its directory: give it to irl_logging.configure(...), or "
            f"write irl_logging.workflow(..., execution=irl_logging.Execution({settings.partition(',')[0]}=...))"
        )
    options = {
        "agent": agent,
        "log_name": log_name,
        "after": arguments.functions("after", after),
        "fields": fields,
        "snapshots": arguments.names("snapshots", snapshots),
    }
    return Workflow(name, execution, options)


def step(name: str) -> Step:
    """Return a context manager (also `async with`) for a named part of the current run; without a run it names the step."""
    return Step(name)


def current_run() -> Run | None:
    """Return the run that lines belong to here, or None."""
    run = context.current()
    return run if isinstance(run, Run) else None
