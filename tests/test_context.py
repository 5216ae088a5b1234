"""The current run, step and fields: each thread and task has its own, and children find theirs in the environment."""

from __future__ import annotations

import contextvars
import os
import threading

import pytest

from irl_logging import context


class Named:
    """What the context knows of a run."""

    def __init__(self, name):
        self.id = self.workflow = name
        self.ended = False

    def environ(self):
        return {"IRL_RUN": self.id, "IRL_ROOT": f"/srv/{self.id}/execution"}


@pytest.fixture
def runs():
    """Four runs; what they exported is taken back."""
    named = [Named(name) for name in ("a", "b", "c", "d")]
    yield named
    for run in named:
        context.withdraw(run)


def test_inside_out():
    """A step keeps the run, a run starts without the step around it, and leaving puts back what was."""
    run, other = Named("run"), Named("other")
    assert context.scope.get() is context.EMPTY
    outer = context.enter(run=run)
    step = context.enter(step="list")
    with context.bound(user="x"), context.bound(item=1):
        inner = context.enter(run=other)
        scope = context.scope.get()
        assert (scope.run, scope.step, dict(scope.fields)) == (other, None, {"user": "x", "item": 1})
        context.leave(inner)
        assert (context.scope.get().run, context.scope.get().step) == (run, "list")
    assert dict(context.scope.get().fields) == {}
    context.leave(step)
    context.leave(outer)
    assert context.scope.get() is context.EMPTY


def test_the_process_has_a_run_of_its_own():
    """Every thread sees it, and a run of the thread itself comes first."""
    mine, everybodys = Named("mine"), Named("everybody's")
    context.set_process_run(everybodys)
    try:
        seen = []
        thread = threading.Thread(target=lambda: seen.append(context.current()))
        thread.start()
        thread.join()
        token = context.enter(run=mine)
        assert (seen, context.current()) == ([everybodys], mine)
        context.leave(token)
    finally:
        context.set_process_run(None)
    assert context.current() is None


def test_leaving_in_another_context_changes_nothing_there():
    """An async generator may be closed by another task than the one that began it."""
    token = contextvars.copy_context().run(context.enter, run=Named("elsewhere"))
    here = context.enter(step="here")
    context.leave(token)
    assert context.scope.get().step == "here"
    context.leave(here)


def test_an_ended_run_does_not_come_back():
    """Blocks that are left in the order they were entered: what is put back is no run that has ended; fields stay."""
    first, second = Named("first"), Named("second")
    one = context.enter(run=first)
    with context.bound(user="x"):
        two = context.enter(run=second)
        first.ended = True
        context.leave(two)
        scope = context.scope.get()
        assert (scope.run, dict(scope.fields)) == (None, {"user": "x"})
    context.leave(one)
    assert context.scope.get() is context.EMPTY


def test_the_environment_shows_the_innermost_run(runs):
    """Whatever the order in which they end, nobody finds a run that was withdrawn."""
    a, b, c, d = runs
    os.environ["IRL_RUN"] = "of our parent"
    context.export(a)
    for around, run in ((a, b), (b, c)):
        token = context.enter(run=around)
        context.export(run)
        context.leave(token)
        assert os.environ["IRL_RUN"] == run.id
    context.export(d)  # beside them, not inside
    assert (os.environ["IRL_RUN"], os.environ.get("IRL_ROOT")) == ("of our parent", None)
    context.withdraw(d)
    assert (os.environ["IRL_RUN"], os.environ["IRL_ROOT"]) == ("c", "/srv/c/execution")
    context.withdraw(b)
    assert os.environ["IRL_RUN"] == "c"
    context.withdraw(c)
    assert os.environ["IRL_RUN"] == "a"
    context.withdraw(a)
    assert (os.environ["IRL_RUN"], os.environ.get("IRL_ROOT")) == ("of our parent", None)


def test_beside_each_other_two_runs_show_the_one_around_both(runs):
    a, b, c, _ = runs
    context.export(a)
    token = context.enter(run=a)
    for run in (b, c):
        context.export(run)
    context.leave(token)
    assert os.environ["IRL_RUN"] == "a"
    context.withdraw(b)
    assert os.environ["IRL_RUN"] == "c"


def test_what_somebody_else_puts_there_stays(runs):
    """A program that sets the variable itself knows why."""
    context.export(runs[0])
    os.environ["IRL_RUN"] = "theirs"
    context.withdraw(runs[0])
    assert os.environ["IRL_RUN"] == "theirs"
