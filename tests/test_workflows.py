"""`workflow`, `step` and `current_run`: a run around a block or each call of a function."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

import irl_logging
from irl_logging import ConfigurationError, Execution, bound, context_executor, current_run, in_context, step, workflow

logger = logging.getLogger("app")


@pytest.fixture
def execution(tmp_path):
    """The execution directory that `workflow` finds from here; its handler is on the root logger."""
    logging.getLogger().addHandler(irl_logging.WorkflowHandler(fsync=False, agent="agent-x"))
    logging.getLogger().setLevel(logging.INFO)
    return Execution(tmp_path / "execution", fsync=False, agent="agent-x")


def statuses(execution):
    return sorted((state.workflow, str(state.status)) for state in execution.runs())


def lines(execution, name):
    """Step and message of each line of the one log of a workflow, without start and end."""
    (path,) = (execution.layout.logs).glob(f"{name}-*.log")
    return [line.split("] ", 3)[3] for line in path.read_text().splitlines()][1:-1]


def test_what_breaks_after_the_end_stands_in_the_log(execution):
    """The end is final; the traceback is nowhere else where somebody looks for it, and what is no error is left out."""

    def break_late(error):
        with workflow("deploy", execution=execution, log_name=type(error).__name__) as run:
            run.complete("all done")
            raise error

    for error in (LookupError("too " + "late"), SystemExit(3)):
        with pytest.raises(type(error)):
            break_late(error)
    assert statuses(execution) == [("deploy", "✓ Complete")] * 2
    first, second = (path.read_text() for path in sorted(execution.layout.logs.glob("*.log")))
    end, _, traceback = first.partition("✓ Complete: all done")
    assert "] [ERROR] [deploy] [error] Traceback (most recent call last):\n" in traceback
    assert traceback.endswith("\tLookupError: too late\n")
    assert "Traceback" not in end + second


def test_a_block_is_a_run(execution):
    """Lines inside are its lines, with the step around them and the fields that are bound."""
    with workflow("deploy", execution=execution, agent="agent-y") as run:
        assert current_run() is run
        with step("build"), bound(image="web"):
            logger.info("built")
        logger.info("pushed")
    assert current_run() is None
    assert lines(execution, "deploy") == ["[build] built image=web", "[-] pushed"]
    assert statuses(execution) == [("deploy", "✓ Complete")]


def test_runs_inside_runs(execution):
    """The inner one knows the outer one, has its own log, and the outer one is current again after it."""
    with workflow("outer", execution=execution) as outer, step("first"):
        with workflow("inner", execution=execution) as inner:
            logger.info("inside")
            assert current_run() is inner
        assert current_run() is outer
        logger.info("outside")
    assert lines(execution, "inner") == ["[-] inside"]
    assert lines(execution, "outer") == ["[first] outside"]
    parents = {state.workflow: state.parent for state in execution.runs()}
    assert parents == {"outer": None, "inner": outer.id}


def test_decorated_functions(execution):
    """Each call is a run, named after the function; arguments, result and signature are the function's."""

    @workflow(execution=execution)
    def deploy(count, *, fail=False):
        """Deploy it."""
        if fail:
            raise KeyError(count)
        return current_run().workflow, count

    assert (deploy(3), deploy.__doc__, deploy.__name__) == (("deploy", 3), "Deploy it.", "deploy")
    with pytest.raises(KeyError):
        deploy(4, fail=True)
    assert statuses(execution) == [("deploy", "⚠️ Error"), ("deploy", "✓ Complete")]


def test_decorated_coroutines_side_by_side(execution):
    """Parallel tasks have a run each, and their lines do not mix."""
    meet, all_here = [], asyncio.Event()

    @workflow("fetch", execution=execution, log_name="fetch")
    async def fetch(number):
        meet.append(number)
        if len(meet) == 3:
            all_here.set()
        await all_here.wait()
        logger.info("number %d", number)
        return current_run().id

    async def main():
        return await asyncio.gather(*(fetch(number) for number in range(3)))

    assert len(set(asyncio.run(main()))) == 3
    logs = sorted(path.read_text().splitlines()[1].split("] ")[-1] for path in execution.layout.logs.iterdir())
    assert logs == ["number 0", "number 1", "number 2"]


def test_a_task_that_is_cancelled(execution):
    """Its run is cancelled, and so is the task."""

    async def main():
        started = asyncio.Event()

        async def work():
            async with workflow("work", execution=execution), step("wait"):
                started.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(work())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert statuses(execution) == [("work", "⚠️ Cancelled")]
    assert execution.runs()[0].note == "CancelledError"


def test_one_workflow_object_in_several_tasks(execution):
    """Blocks of one object that overlap end each its own run."""
    shared = workflow("shared", execution=execution)

    expected = {}

    async def first(entered, left):
        async with shared as run:
            expected[run.id] = "✓ Complete"
            await entered.wait()
        left.set()

    async def second(entered, left):
        async with shared as run:
            expected[run.id] = "⚠️ Error"
            entered.set()
            await left.wait()
            raise ValueError("boom")

    async def main():
        events = asyncio.Event(), asyncio.Event()
        await asyncio.gather(first(*events), second(*events), return_exceptions=True)

    asyncio.run(main())
    assert {state.id: str(state.status) for state in execution.runs()} == expected


@pytest.mark.parametrize("kind", ["generator", "async generator"])
def test_generator_functions_are_refused(kind):
    """Their call ends before the work begins; the error says what to write."""

    def generator():
        yield

    async def async_generator():
        yield

    with pytest.raises(ConfigurationError, match=r"is a generator function.*write `with irl_logging.workflow"):
        workflow("deploy")(generator if kind == "generator" else async_generator)


def test_a_decorator_without_brackets_is_explained():
    """`@workflow` gives the function as the name."""
    with pytest.raises(ConfigurationError, match=r"expected a text; a decorator is written @workflow\(\)"):

        @workflow
        def deploy():
            pass


def test_threads_get_the_run_they_are_given(execution):
    """A bare thread has no run, one started with `in_context` has, and so have the tasks of `context_executor`."""
    seen = {}

    def look(name):
        seen[name] = (current_run().workflow if current_run() else None, irl_logging.context.scope.get().step)

    with workflow("deploy", execution=execution), step("push"), context_executor(2) as pool:
        for target in (look, in_context(look)):
            thread = threading.Thread(target=target, args=("bare" if target is look else "given",))
            thread.start()
            thread.join()
        pool.submit(look, "submitted").result()
        list(pool.map(look, ["mapped"]))
    here = ("deploy", "push")
    assert seen == {"bare": (None, None), "given": here, "submitted": here, "mapped": here}


def test_a_step_outside_any_run_names_the_lines(execution):
    """Without a run there is no event, and the file of lines without a run has the step."""
    with step("tidy"):
        logger.info("swept")
    (path,) = execution.layout.logs.iterdir()
    assert path.read_text().endswith("] [INFO] [unrouted] [tidy] swept logger=app\n")


def test_fields_may_have_any_name(execution):
    """What is no argument of `workflow` is a field of the run."""
    with workflow("deploy", execution=execution, explicit=1, message="m", step="s"):
        pass
    assert dict(execution.runs()[0].fields) == {"explicit": 1, "message": "m", "step": "s"}


def test_wrong_settings_are_said_on_entering(execution, monkeypatch):
    """A pattern that needs a field which is not given, and a variable that is wrong."""
    monkeypatch.setenv("IRL_LOG_PATTERN", "{integration}.log")
    with pytest.raises(ConfigurationError, match=r"needs \{integration\}"), workflow("deploy"):
        pass
    monkeypatch.setenv("IRL_LOG_PATTERN", "no-ending")
    with pytest.raises(ConfigurationError, match=r"IRL_LOG_PATTERN 'no-ending' is not usable"), workflow("deploy"):
        pass


def test_a_setting_is_no_field():
    """Taken for a field, `root` would be a word in the start line and the log stand somewhere else."""
    with pytest.raises(
        ConfigurationError,
        match=r"^root, json is not a field of a run but a setting of its directory: give it to irl_logging\.configure\(\.\.\.\), "
        r"or write irl_logging\.workflow\(\.\.\., execution=irl_logging\.Execution\(root=\.\.\.\)\)$",
    ):
        irl_logging.workflow("deploy", root="elsewhere", json=True, integration="finance")
