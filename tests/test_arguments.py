"""Arguments that are not of their kind: each public call says what it found and what it expects, and has done nothing."""

from __future__ import annotations

import pathlib

import pytest

import irl_logging
from irl_logging import ConfigurationError, Execution, arguments


@pytest.fixture
def execution():
    return Execution("execution")


@pytest.fixture
def run(execution):
    return execution.start("deploy")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"fields": 3}, "fields is 3, expected a mapping of names to values, or None"),
        ({"fields": {3: 4}}, "fields is {3: 4}, expected a mapping of names to values, or None"),
        ({"after": print}, "after is <built-in function print>, expected a list of functions"),
        ({"after": ["tell"]}, "after is ['tell'], expected a list of functions"),
        ({"snapshots": "registry"}, "snapshots is 'registry', expected a list of names"),
        ({"snapshots": None}, "snapshots is None, expected a list of names"),
    ],
)
def test_a_start(arguments, said, execution):
    with pytest.raises(ConfigurationError) as caught:
        execution.start("deploy", **arguments)
    assert str(caught.value) == said
    assert execution.runs() == []


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda run: run.end(3), "status '3' is not known: expected one of "),
        (lambda run: run.result(data=["a"]), "data is ['a'], expected a mapping of names to values, or None"),
        (lambda run: run.decision("", "incident"), "outcome is '', expected a text that is not empty"),
        (lambda run: run.decision("approved", None), "subject is None, expected a text that is not empty"),
        (lambda run: run.expect(file=3), "expected file is 3, expected a path"),
        (lambda run: run.expect(file=" "), "expected file is ' ', expected a path"),
        (lambda run: run.expect(command=3), "expected command is 3, expected a list such as ['pytest', '-q']"),
        (lambda run: run.expect(command=["true"], limit=0), "limit is 0, expected a number of seconds above 0"),
        (lambda run: run.expect(command=["true"], limit=-1), "limit is -1, expected a number of seconds above 0"),
        (lambda run: run.expect(command=["true"], limit="1"), "limit is '1', expected a number of seconds above 0"),
        (lambda run: run.expect(total=1.5), "total is 1.5, expected a whole number or the name of a counter"),
        (lambda run: run.expect(total=3, of=3), "of is 3, expected a list of names"),
    ],
)
def test_a_call_of_a_run(call, said, run, execution):
    with pytest.raises(ConfigurationError) as caught:
        call(run)
    assert str(caught.value).startswith(said)
    assert [state.status for state in execution.runs()] == ["Running"]
    run.complete()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda it: Execution(3), "root is 3, expected a path"),
        (lambda it: Execution("a\0b"), "root is 'a\\x00b', expected a path"),
        (lambda it: Execution("\ud800"), "root is '\\ud800', expected a path"),
        (lambda it: irl_logging.configure(root="a\0b"), "root is 'a\\x00b', expected a path"),
        (lambda it: it.snapshot(3), "snapshots is (3,), expected a list of names"),
        (lambda it: it.sync("now"), "limit is 'now', expected a number of seconds"),
        (lambda it: it.sync(float("inf")), "limit is inf, expected a number of seconds"),
        (lambda it: it.state("queue", limit=-1), "limit is -1, expected a number of seconds"),
        (lambda it: it.state("queue").update(3), "mapping is 3, expected a mapping of names to values, or None"),
        (lambda it: it.state("queue").replace("a"), "mapping is 'a', expected a mapping of names to values, or None"),
        (lambda it: it.state("queue").checkpoint(3), "date 3 is not a date: expected one such as 2026-02-08"),
        (lambda it: irl_logging.workflow("deploy", execution="."), "execution is '.', expected an Execution, such as "),
        (
            lambda it: irl_logging.workflow("deploy", after=print),
            "after is <built-in function print>, expected a list ",
        ),
        (lambda it: irl_logging.workflow("deploy", snapshots="registry"), "snapshots is 'registry', expected a list "),
        (lambda it: irl_logging.doctor("."), "execution is '.', expected an Execution, such as "),
        (lambda it: irl_logging.ManifestUpdater("."), "execution is '.', expected an Execution, such as "),
        (
            lambda it: irl_logging.structlog_config(before=print),
            "before is <built-in function print>, expected a list ",
        ),
        (lambda it: irl_logging.structlog_config(after=[3]), "after is [3], expected a list of functions"),
        (lambda it: irl_logging.structlog_config(level=60), "level is 60, expected a number up to 50 or a name "),
        (lambda it: irl_logging.WorkflowHandler(step=["a"]), "step is ['a'], expected a name, or None"),
        (
            lambda it: irl_logging.register_secret("long enough", None),
            "a secret is of type NoneType, expected text or ",
        ),
        (lambda it: irl_logging.register_secret(12), "a secret is of type int, expected text or bytes"),
    ],
)
def test_other_calls(call, said, execution, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        call(execution)
    assert str(caught.value).startswith(said)
    assert not (tmp_path / "execution" / "logs").exists()


def test_what_can_be_said_in_words_is(run, tmp_path):
    """A step and a message may be anything that has a text: a line is not lost for that."""
    run.log("INFO", ["a", "b"], 3)
    other = Execution("execution").start("other", message=ValueError("begun"))
    other.complete()
    run.complete()
    assert "[deploy] [a-b] 3\n" in (tmp_path / "execution" / run.log_file).read_text()
    assert "[other] [start] begun " in (tmp_path / "execution" / other.log_file).read_text()


@pytest.mark.parametrize(("level", "shown"), [(0, 5), (3, 5), (15, 4), (20, 4), (31, 2), (50, 1)])
def test_a_level_between_two_of_structlog_is_the_next(level, shown, tmp_path):
    import structlog

    structlog.configure(**irl_logging.structlog_config(workflow="deploy", level=level, cache=False))
    logger = structlog.get_logger()
    for method in ("debug", "info", "warning", "error", "critical"):
        getattr(logger, method)("said")
    (log,) = (tmp_path / "execution" / "logs").iterdir()
    assert log.read_text().count(" said\n") == shown


def test_what_is_right_comes_back():
    assert arguments.mapping("it", None) == {}
    assert arguments.mapping("it", {"a": 1}) == {"a": 1}
    assert arguments.names("it", iter(["a", "b"])) == ("a", "b")
    assert arguments.functions("it", [print]) == (print,)
    assert arguments.seconds("it", 0) == 0
    assert arguments.seconds("it", 1.5, none=False) == 1.5
    assert arguments.path("it", pathlib.Path("a")) == "a"
