"""The short ways of handler, structlog chain and redactor do what the long ways do, whatever is logged wherever."""

from __future__ import annotations

import logging
import re
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import irl_logging
from irl_logging import context
from irl_logging.execution import Execution
from irl_logging.handler import WorkflowHandler
from irl_logging.redaction import Redactor, assignments
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import sample
from irl_logging.redaction.rules import RULES

TIME = re.compile(rb"^\[[^]]*\] ", re.MULTILINE)
PASSWORD = "hunt" + "er2-Vx9q"
TEXTS = st.sampled_from(
    [
        "",
        "Listed 12",
        "two\nlines",
        "ünï\u202ecode",
        "[INFO] [x] y",
        f"password={PASSWORD}",
        "100 %",
        "\ud800",
        "x" * 300,
    ]
)
VALUES = st.one_of(
    TEXTS,
    st.integers(-5, 10**12),
    st.sampled_from([None, True, 1.5, float("nan"), [1, {"password": PASSWORD}], {"a": b"\xff"}, (), Path("a/b")]),
)
STEPS = st.sampled_from(["list", "two words", "-", "", "start", "complete", "error", None, 7])
NAMES = st.sampled_from(["count", "db_password", "_hidden", "message", "asctime", "a b", "token", "x-1"])
LIFE = {"start", "complete", "error"}
EXTRA = st.tuples(
    st.dictionaries(NAMES, VALUES, max_size=3),
    st.fixed_dictionaries({}, optional={"step": STEPS, "workflow": st.just("other"), "run": st.just("no-such-run")}),
).map(lambda both: both[0] | both[1])
# A record that names its workflow and a step of its life starts or ends a run, which can be done just once.
EXTRA = EXTRA.filter(lambda extra: "workflow" not in extra or extra.get("step") not in LIFE)
CALLS = st.sampled_from(
    [("done", ()), ("%d of %s", (3, f"token={PASSWORD}")), ("%(a)s", ({"a": "b"},)), ("%d", ("x",))]
)
VALUE_DICTS = st.dictionaries(st.sampled_from(["who", "api_key", "step"]), VALUES, max_size=2)
VARIABLES = st.sampled_from([{}, {}, {"tenant": "x"}, {"step": "from variables"}])
AROUND = st.sets(st.sampled_from(["run", "step", "fields"]))
DRAWN = st.sampled_from(
    ["<alnum 32>", "<alnum 16>", "<alnum 6>!<digit 2>x", "<hex 40>", "<alnum 9>@<digit 3>", "<digit 8>"]
)
PIECES = st.one_of(
    DRAWN.map(sample),
    st.sampled_from([rule.examples()[0] for rule in RULES]),
    st.sampled_from(["password", "api_token", "db.secretKey", "tokens-", "--token", "-p", "x-api-key", "GITHUB_TOKEN"]),
    st.sampled_from(
        ["Authorization: Bearer ", "Bearer ", "https://jane:", "@db.example.com", "/app", "login as jane "]
    ),
    st.sampled_from(["md5", "true", "$HOME1", "your-key-here", "function()", "1.2.3", "hunter2", "[REDACTED:jwt]"]),
)
SIGNS = st.sampled_from(
    ["=", ": ", ":", " ", " ", '"', '="', '", "', '": "', ", ", ",", ";", "&", "\n", " = ", "|", ")", ""]
)


class OtherRecord(logging.LogRecord):
    """A program's own class, of which nothing can be taken for granted."""


@pytest.fixture
def run():
    with irl_logging.workflow("around") as run:
        yield run


@pytest.fixture
def handlers():
    """Makes handlers, one at a time: with several open none of them takes the short way."""
    with ExitStack() as made:
        yield lambda *args: made.enter_context(closing(WorkflowHandler(*args, fsync=False)))


@contextmanager
def within(names, run):
    """Be in what a program may be in: a run, a step, a block with bound fields."""
    with ExitStack() as stack:
        token = context.scope.set(context.EMPTY)
        stack.callback(context.scope.reset, token)
        if "run" in names:
            stack.callback(context.leave, context.enter(run=run))
        if "step" in names:
            stack.callback(context.leave, context.enter(step="inner step"))
        if "fields" in names:
            stack.enter_context(irl_logging.bound(batch=4, key=PASSWORD))
        yield


class Logs:
    """What has been added to the logs since they were last looked at, by file, without times."""

    def __init__(self):
        self.seen = {}
        self.added()

    def added(self):
        now = {path.name: path.read_bytes() for path in Path("execution", "logs").rglob("*.log")}
        new = {name: text[len(self.seen.get(name, b"")) :] for name, text in now.items() if text != self.seen.get(name)}
        self.seen = now
        return {name: TIME.sub(b"", text) for name, text in new.items()}


thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("workflow", [None, "deploy"])
def test_of_the_handler(run, handlers, workflow):
    handler = handlers(workflow, "own step" if workflow else None)
    with within((), run):
        for extra in ({}, {"workflow": "other"}):
            handler.handle(logging.makeLogRecord({"msg": "the runs have begun", "levelno": 20, **extra}))
    logs = Logs()

    @thorough
    @given(CALLS, EXTRA, AROUND, st.sampled_from([10, 20, 30, 35]))
    def check(call, extra, names, level):
        written = []
        with within(names, run):
            for kind in (logging.LogRecord, OtherRecord):
                record = kind("app", level, "a.py", 1, *call, None)
                record.__dict__.update(extra)
                handler.handle(record)
                written.append(logs.added())
        assert written[0] == written[1] != {}

    check()


@pytest.mark.parametrize("workflow", [None, "deploy"])
def test_of_the_structlog_chain(run, workflow):
    """A processor of the program's own, which changes nothing, makes the long way of it."""
    own = {"workflow": workflow, "step": "own step" if workflow else None, "fsync": False}
    chains = [
        irl_logging.structlog_config(**own, after=after) for after in ((), (lambda _logger, _name, event: event,))
    ]
    loggers = [
        structlog.wrap_logger(chain.pop("logger_factory")(), chain.pop("processors"), **chain) for chain in chains
    ]
    with within((), run):
        for extra in ({}, {"workflow": "other"}):
            loggers[0].info("the runs have begun", **extra)
    logs = Logs()

    @thorough
    @given(
        TEXTS,
        VALUE_DICTS,
        EXTRA,
        AROUND,
        st.sampled_from(["debug", "info", "warning", "error", "fatal", "msg"]),
        VARIABLES,
    )
    def check(event, bound, extra, names, method, variables):
        written = []
        with within(names, run), structlog.contextvars.bound_contextvars(**variables):
            for logger in loggers:
                getattr(logger.bind(**bound), method)(event, **extra)
                written.append(logs.added())
        assert written[0] == written[1]
        assert written[0] or method == "debug"

    check()


def test_of_the_redactor(monkeypatch):
    """Values that are allowed make the redactor ask all rules at once; without `PLAIN` it reads each value after its name."""
    ways = [Redactor(known=Registry()), Redactor(known=Registry(), allow=["never such a value"])]
    quick, none = assignments.PLAIN, Lazy(rb"(?!)")

    @settings(thorough, max_examples=500)
    @given(st.lists(st.tuples(PIECES, SIGNS), min_size=1, max_size=5).map(lambda pairs: "".join(map("".join, pairs))))
    def check(text):
        found = []
        for plain in (quick, none):
            monkeypatch.setattr(assignments, "PLAIN", plain)
            found += [way.explain(text) for way in ways]
        assert found[1:] == found[:1] * 3

    check()


def test_an_event_that_cannot_be_filled_in_is_shown_as_it_is():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    logger = structlog.get_logger()
    logger.info("%d of %s", 3, "four", count=1)
    logger.info("%(a)s", {"a": "b"})
    logger.info("%d", "password=" + PASSWORD)
    (path,) = Path("execution", "logs").glob("deploy-*.log")
    assert [line.partition("] [-] ")[2] for line in path.read_text().splitlines()[1:]] == [
        "3 of four count=1",
        "b",
        "(an event could not be rendered: TypeError) %d",
    ]


def test_a_step_of_the_end_is_still_the_summary(handlers):
    """It names no workflow, so it ends nothing; what it says is what the run's end shows."""
    logger = logging.getLogger("app")
    logger.addHandler(handlers())
    logger.setLevel(logging.INFO)
    structlog.configure(**irl_logging.structlog_config())
    with irl_logging.workflow("one"):
        logger.info("12 of 14 approved", extra={"step": "complete"})
    with irl_logging.workflow("two"):
        structlog.get_logger().info("3 of 4 approved", step="complete")
    assert {run.workflow: run.summary for run in Execution(fsync=False).runs()} == {
        "one": "12 of 14 approved",
        "two": "3 of 4 approved",
    }
