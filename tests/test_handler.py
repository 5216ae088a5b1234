"""The handler, the formatter and the filter: one line in its place, whatever is logged however."""

from __future__ import annotations

import logging
import logging.config
import logging.handlers
import queue
import re
import sys
import threading
import weakref
from pathlib import Path

import pytest

import irl_logging
from irl_logging.errors import ConfigurationError
from irl_logging.handler import WorkflowFilter, WorkflowFormatter, WorkflowHandler

HEAD = re.compile(r"^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] (.*)$", re.DOTALL)


@pytest.fixture
def logger():
    logger = logging.getLogger("app")
    logger.setLevel(logging.DEBUG)
    return logger


def lines(path):
    """The file's physical lines, without times."""
    return [HEAD.sub(r"\1", line) for line in Path(path).read_text("utf-8").split("\n")[:-1]]


def log_of(root="execution", name="deploy"):
    (path,) = Path(root, "logs").glob(f"{name}-????-??-??-001.log")
    return path


def own_lines(path):
    """The lines but the start and end lines of the run."""
    return [line for line in lines(path) if " agent=" not in line]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workflw": "deploy"}, "argument 'workflw' is not known: did you mean 'workflow'?"),
        ({"level": "LOUD"}, "level is 'LOUD', expected a number or one of DEBUG"),
    ],
)
def test_a_handler_that_could_not_be_made_is_not_known_to_logging(arguments, message):
    """It would be flushed at exit, with a traceback below that of the mistake."""
    known = set(logging._handlerList)
    with pytest.raises(ConfigurationError, match=re.escape(message)) as raised:
        WorkflowHandler(**arguments)
    assert set(logging._handlerList) <= known
    del raised  # whose traceback has kept the handler until here


def test_nothing_is_opened_before_the_first_record(logger, tmp_path):
    logger.addHandler(WorkflowHandler("deploy"))
    assert list(tmp_path.iterdir()) == []
    logger.info("now")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] now"]


@pytest.mark.parametrize("step", ["start", "list"])
def test_the_first_record_is_not_before_the_start_of_its_run(logger, step):
    """Starting takes a while; the log begins at the time of the record that made it."""
    logger.addHandler(WorkflowHandler("deploy", timespec="milliseconds"))
    record = logger.makeRecord("app", 20, __file__, 1, "first", (), None, extra={"step": step})
    record.created = 1_770_511_645.25
    logger.handle(record)
    times = [line.split("] ")[0] for line in log_of().read_text("utf-8").splitlines()]
    assert times == ["[2026-02-08T00:47:25.250Z"] * 2


def test_a_line_is_in_the_file_when_the_call_returns(logger):
    logger.addHandler(WorkflowHandler("deploy", "build"))
    for number in range(3):
        logger.warning("line %d", number)
        assert own_lines(log_of())[-1] == f"[WARN] [deploy] [build] line {number}"


def test_extra_names_workflow_and_step_and_the_rest_are_fields(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    logger.info("Listed", extra={"workflow": "incident-approval", "step": "list", "count": 12, "who": "a b"})
    assert own_lines(log_of(name="incident-approval")) == [
        '[INFO] [incident-approval] [list] Listed count=12 who="a b"'
    ]


def test_routes_by_logger_name(logger):
    logger.addHandler(WorkflowHandler(routes={"app.incident.*": "incident-approval", "app.*": "other"}))
    logging.getLogger("app.incident.list").info("one")
    logging.getLogger("app.incident").info("two")
    logging.getLogger("app.x").info("three")
    assert own_lines(log_of(name="incident-approval")) == [
        "[INFO] [incident-approval] [-] one",
        "[INFO] [incident-approval] [-] two",
    ]
    assert own_lines(log_of(name="other")) == ["[INFO] [other] [-] three"]


def test_a_filter_that_raises_costs_neither_the_program_nor_the_line(logger, capsys):
    handler = WorkflowHandler("deploy")
    logger.addHandler(handler)
    handler.addFilter(lambda _: 1 / 0)
    logger.info("said %s", "all the same")
    (line,) = own_lines(log_of())
    assert line.startswith("[INFO] [deploy] [-] (a record of logger app, test_handler.py:")
    assert line.endswith("could not be rendered: ZeroDivisionError) said %s")
    assert "could not be logged as it is: ZeroDivisionError" in capsys.readouterr().err


def test_handlers_of_two_workflows_on_one_way_both_have_the_record(logger):
    """But in a run, or where a record says itself where it belongs, there is just one log for it."""
    inner = logging.getLogger("app.shop")
    inner.addHandler(WorkflowHandler("deploy"))
    logger.addHandler(WorkflowHandler("audit"))
    inner.info("for both")
    inner.info("for billing", extra={"workflow": "billing"})
    with irl_logging.workflow("night"):
        inner.info("for the run")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] for both"]
    assert own_lines(log_of(name="audit")) == ["[INFO] [audit] [-] for both"]
    assert own_lines(log_of(name="billing")) == ["[INFO] [billing] [-] for billing"]
    assert own_lines(log_of(name="night")) == ["[INFO] [night] [-] for the run"]


def test_a_handler_without_a_workflow_leaves_out_what_one_below_it_has_written(logger):
    inner = logging.getLogger("app.shop")
    inner.addHandler(WorkflowHandler("deploy"))
    logger.addHandler(WorkflowHandler())
    inner.info("for deploy")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] for deploy"]
    assert not list(Path("execution/logs").glob("_unrouted-*.log"))


def test_what_belongs_to_no_run_goes_to_the_fallback_file(logger):
    logger.addHandler(WorkflowHandler())
    logger.info("lost?")
    (path,) = Path("execution/logs").glob("_unrouted-*.log")
    assert lines(path) == ["[INFO] [unrouted] [-] lost? logger=app"]


def test_the_context_comes_before_the_handlers_own_workflow(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    with irl_logging.workflow("inner") as run, run.step("list"):
        logger.info("inside")
    logger.info("outside")
    assert own_lines(log_of(name="inner")) == ["[INFO] [inner] [list] inside"]
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] outside"]


def test_plain_calls_drive_the_life_cycle(logger):
    logger.addHandler(WorkflowHandler())
    extra = {"workflow": "incident-approval"}
    logger.info("Starting", extra={**extra, "step": "start"})
    logger.info("Listed 12", extra={**extra, "step": "list"})
    logger.info("Summary: 8 approved, 2 flagged", extra={**extra, "step": "complete"})
    path = log_of(name="incident-approval")
    assert [re.sub(r" agent=.*", "", line) for line in lines(path)] == [
        "[INFO] [incident-approval] [start] Starting",
        "[INFO] [incident-approval] [list] Listed 12",
        "[INFO] [incident-approval] [complete] Summary: 8 approved, 2 flagged",
    ]
    readme = Path("execution/README.md").read_text("utf-8")
    assert re.search(r"\| incident-approval \| \S+ \| ✓ Complete \| 8 approved, 2 flagged \|", readme)
    logger.info("Starting again", extra={**extra, "step": "start"})
    assert len(list(Path("execution/logs").glob("incident-approval-*.log"))) == 2


@pytest.mark.parametrize(("step", "status"), [("fail", "✗ Failed"), ("error", "⚠️ Error")])
def test_plain_calls_end_badly_too(logger, step, status):
    logger.addHandler(WorkflowHandler("deploy"))
    logger.error("it broke", extra={"workflow": "deploy", "step": step})
    assert f"| {status} | it broke |" in Path("execution/README.md").read_text("utf-8")


def test_a_step_without_a_workflow_ends_nothing_but_gives_the_summary(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    with irl_logging.workflow("inner"):
        logger.error("only a line", extra={"step": "error"})
        logger.info("Summary: 3 services", extra={"step": "complete"})
    assert "| ✓ Complete | 3 services |" in Path("execution/README.md").read_text("utf-8")


def test_an_exception_stands_in_one_record(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logger.exception("failed", stack_info=True)
    physical = own_lines(log_of())
    assert physical[0] == "[ERROR] [deploy] [-] failed"
    assert all(line.startswith("\t") for line in physical[1:])
    assert "\tValueError: two" in physical
    assert "\tStack (most recent call last):" in physical
    assert not any("^^^" in line for line in physical)


def test_an_exception_that_is_known_as_text_only_stays(logger, no_handlers):
    """As after a queue or a socket: `exc_info` is gone."""
    logger.addHandler(WorkflowHandler("deploy"))
    for word in ("first", "again"):  # the first record opens the log, and goes another way
        logger.handle(logging.makeLogRecord({"msg": word, "levelno": 40, "exc_text": f"ValueError: {word}"}))
    assert own_lines(log_of()) == [
        "[ERROR] [deploy] [-] first",
        "\tValueError: first",
        "[ERROR] [deploy] [-] again",
        "\tValueError: again",
    ]


def test_hostile_texts_stay_one_record_inside_the_directory(logger, tmp_path):
    logger.propagate = False  # pytest keeps what is logged, and its workers cannot send a lone surrogate home
    logger.addHandler(WorkflowHandler())
    evil = "a\nb [2026-02-08T00:47:25Z] [INFO] [x] [y] forged | `c` \x1b[31m \u202e ../../etc/passwd \ud800"
    logger.info(evil, extra={"workflow": evil, "step": evil})
    logger.info("x" * 1_000_000, extra={"workflow": evil, "step": evil})
    files = sorted(path.name for path in (tmp_path / "execution" / "logs").iterdir())
    assert len(files) == 1
    assert re.fullmatch(r"a-b-2026-02-08T00-47-25Z[A-Za-z0-9._-]*\.log", files[0])
    text = (tmp_path / "execution" / "logs" / files[0]).read_text("utf-8")
    records = list(irl_logging.line.parse(text))
    assert len(records) == 3
    assert records[1].message.startswith(
        "a\nb \\x5b2026-02-08T00:47:25Z] [INFO] [x] [y] forged | `c` \\x1b[31m \\u202e"
    )
    assert records[2].message.endswith("...(+934464 bytes)")
    assert not (tmp_path.parent / "etc").exists()


def test_a_record_that_cannot_be_rendered_leaves_a_line(logger, capsys, monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])  # pytest's own handlers raise what they cannot render
    handler = WorkflowHandler("deploy")
    logger.addHandler(handler)

    class Rude:
        def __str__(self):
            raise RuntimeError("no " + "text")

    logger.info("Listed %d", "twelve")
    logger.info("%s", Rude())
    here, there = (f"test_handler.py:{sys._getframe().f_lineno - back}" for back in (2, 1))
    assert own_lines(log_of()) == [
        f"[INFO] [deploy] [-] (a record of logger app, {here}, could not be rendered: TypeError) Listed %d",
        f"[INFO] [deploy] [-] (a record of logger app, {there}, could not be rendered: RuntimeError) %s",
    ]
    assert handler.stats()["failed"] == 2
    assert (
        capsys.readouterr().err
        == f"irl_logging: a record of logger app, {here}, could not be logged as it is: TypeError\n"
    )


def test_filters_and_levels_hold(logger):
    handler = WorkflowHandler("deploy", level="WARNING")
    handler.addFilter(lambda record: "no" not in record.getMessage())
    logger.addHandler(handler)
    logger.info("too low")
    logger.warning("yes")
    logger.warning("no")
    assert own_lines(log_of()) == ["[WARN] [deploy] [-] yes"]


def test_two_handlers_on_one_way_write_a_line_once(logger):
    logging.getLogger().addHandler(WorkflowHandler("deploy"))
    logger.addHandler(WorkflowHandler("deploy"))
    logger.info("once")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] once"]


def test_two_handlers_with_two_directories_write_both(logger):
    logger.addHandler(WorkflowHandler("deploy", root="one"))
    logger.addHandler(WorkflowHandler("deploy", root="two"))
    logger.info("twice")
    assert own_lines(log_of("one/execution")) == own_lines(log_of("two/execution")) == ["[INFO] [deploy] [-] twice"]


def test_a_queue_in_between_changes_nothing(logger):
    handler = WorkflowHandler("deploy")
    records = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(records, handler)
    logger.addHandler(logging.handlers.QueueHandler(records))
    listener.start()
    try:
        raise ValueError("over there")
    except ValueError:
        logger.exception("failed %d", 1, extra={"count": 2})
    listener.stop()
    text = "\n".join(own_lines(log_of()))
    assert text.startswith("[ERROR] [deploy] [-] failed 1")
    assert "ValueError: over there" in text
    assert "count=2" in text


def test_a_users_formatter_makes_the_message(logger):
    handler = WorkflowHandler("deploy")
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.info("hello")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] app: hello"]


def test_a_formatter_only_has_to_format(logger):
    class Formatter:
        def format(self, record):
            return f"shown: {record.getMessage()}"

    handler = WorkflowHandler("deploy")
    handler.setFormatter(Formatter())
    logger.addHandler(handler)
    logger.info("hello")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] shown: hello"]


def test_basic_config_adds_nothing_to_the_line():
    logging.root.handlers.clear()
    logging.basicConfig(level=logging.INFO, handlers=[WorkflowHandler("deploy")])
    logging.getLogger("app").info("hello")
    assert own_lines(log_of()) == ["[INFO] [deploy] [-] hello"]


@pytest.fixture
def no_handlers(monkeypatch):
    """Those of other tests may not have been collected yet."""
    monkeypatch.setattr(WorkflowHandler, "_all", weakref.WeakSet())


def test_the_formatter_gives_the_same_line_elsewhere(logger, capsys, no_handlers):
    handler = WorkflowHandler("deploy")
    stream = logging.StreamHandler()
    stream.setFormatter(WorkflowFormatter())
    logger.addHandler(handler)
    logger.addHandler(stream)
    logger.info("two\nlines", extra={"step": "list", "count": 1})
    assert capsys.readouterr().err.split("] ", 1)[1] == "\n".join(own_lines(log_of())) + "\n"


@pytest.mark.parametrize(
    ("handlers", "own", "shown"),
    [
        ([{"workflow": "deploy all"}], None, "deploy-all"),
        ([{"routes": {"test_*": "routed"}}], None, "routed"),
        ([{"routes": {"other.*": "routed"}}], None, "unrouted"),
        ([{"workflow": "deploy"}], "console", "console"),
        ([{"workflow": "deploy"}, {"workflow": "backup"}], None, "unrouted"),
        ([], None, "unrouted"),
    ],
)
def test_the_formatter_and_the_filter_know_the_workflow_of_the_only_handler(handlers, own, shown, no_handlers):
    """Its records belong to that workflow, although no run is current for them; of several handlers none can be meant."""
    there = [WorkflowHandler(**arguments) for arguments in handlers]
    record = logging.makeLogRecord({"name": "test_records", "msg": "hello", "levelno": 20})
    assert f"[{shown}] [-] hello" in WorkflowFormatter(workflow=own).format(record)
    WorkflowFilter(workflow=own).filter(record)
    assert record.workflow == ("-" if shown == "unrouted" else shown)
    assert len(there) == len(handlers)


def test_a_handler_that_is_closed_says_nothing_of_other_lines(no_handlers):
    WorkflowHandler("deploy").close()
    assert "[unrouted] [-] hello" in WorkflowFormatter().format(logging.makeLogRecord({"msg": "hello", "levelno": 20}))


@pytest.mark.parametrize("others", [0, 1])
def test_the_formatter_writes_what_the_handler_writes(others, logger, no_handlers, capsys):
    """The program's own rules and the precision of times hold on the terminal too, without `configure`."""
    own = {"rules": [{"id": "acme-key", "pattern": "acme_[a-z0-9]{12}"}]}
    for number in range(others):
        logger.addHandler(WorkflowHandler(f"other-{number}", redaction=own, json=True))
    logger.addHandler(WorkflowHandler("deploy", redaction=own, timespec="milliseconds"))
    stream = logging.StreamHandler()
    stream.setFormatter(WorkflowFormatter(timespec="milliseconds" if others else None))
    logger.addHandler(stream)
    logger.warning("key acme_%s", "x7" * 6, extra={"workflow": "deploy"})
    shown = capsys.readouterr().err
    assert "key [REDACTED:acme-key]" in shown
    assert re.match(r"\[\S+\.\d{3}Z\] ", shown)


def test_the_formatter_has_the_built_in_rules_where_handlers_disagree(no_handlers):
    token = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
    handlers = [WorkflowHandler("deploy", redaction={"allow": [token]}), WorkflowHandler("backup")]
    record = logging.makeLogRecord({"msg": token, "levelno": 20})
    assert token not in WorkflowFormatter().format(record)
    assert len(handlers) == 2


def test_the_filter_stamps_records_and_drives_nothing(logger, capsys):
    stream = logging.StreamHandler()
    stream.addFilter(WorkflowFilter())
    stream.setFormatter(logging.Formatter("%(workflow)s/%(step)s %(message)s"))
    logger.addHandler(stream)
    logger.addHandler(WorkflowHandler())
    with irl_logging.workflow("deploy") as run:
        with run.step("complete"):
            logger.info("inside")
        assert not run.ended
    assert capsys.readouterr().err == "deploy/complete inside\n"


def test_threads_write_whole_lines(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    barrier = threading.Barrier(8)

    def work(number):
        barrier.wait()
        for count in range(200):
            logger.info("thread %d line %d", number, count)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = {f"[INFO] [deploy] [-] thread {number} line {count}" for number in range(8) for count in range(200)}
    written = own_lines(log_of())
    assert set(written) == expected
    assert len(written) == 1600


def test_milliseconds_and_the_cut_are_settings(logger):
    logger.addHandler(WorkflowHandler("deploy", timespec="milliseconds", max_line_bytes="10"))
    logger.info("0123456789abc")
    assert re.search(
        r"(?m)^\[\S+\.\d{3}Z\] \[INFO\] \[deploy\] \[-\] 0123456789\.\.\.\(\+3 bytes\)$", log_of().read_text()
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"levle": 1}, r"argument 'levle' is not known: did you mean 'level'\?"),
        ({"colour": 1}, r"setting 'colour' is not known: expected one of root, agent"),
        ({"log_patern": "x.log"}, r"did you mean 'log_pattern'\?"),
        ({"level": "LOUD"}, r"level is 'LOUD', expected a number or one of DEBUG"),
        ({"log_pattern": "../x"}, r"log_pattern '\.\./x' is not usable"),
        ({"timespec": "hours"}, r"timespec is 'hours', expected 'seconds' or 'milliseconds'"),
        ({"fsync": "maybe"}, r"fsync is 'maybe', expected true or false"),
        ({"completed_rows": "many"}, r"completed_rows is 'many', expected a whole number or 'all'"),
        ({"routes": ["x"]}, r"routes is \['x'\], expected a mapping"),
    ],
)
def test_bad_arguments_are_named_with_what_is_expected(arguments, message):
    with pytest.raises(ConfigurationError, match=message):
        WorkflowHandler("deploy", **arguments)


def test_what_cannot_be_written_is_held_counted_and_written_late(logger, capsys, tmp_path):
    Path("execution").write_text("in the way")
    handler = WorkflowHandler("deploy")
    logger.addHandler(handler)
    for number in range(5):
        logger.info("line %d", number)
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert error.startswith("irl_logging: ")
    assert handler.stats()["dropped"] == handler.stats()["held"] == 5
    Path("execution").unlink()
    handler.flush()
    (path,) = Path("execution/logs").glob("_unrouted-*.log")
    written = lines(path)
    assert written[:5] == [f"[INFO] [deploy] [-] line {number}" for number in range(5)]
    assert re.fullmatch(
        r"\[WARN\] \[deploy\] \[logging\] 5 lines could not be written between \S+ and \S+: 5 written late, "
        r"0 dropped: Not a directory",
        written[5],
    )
    assert handler.stats()["dropped"] == 0
    assert handler.stats()["late"] == 5


def test_a_record_may_name_its_run_by_id(logger):
    logger.addHandler(WorkflowHandler())
    execution = irl_logging.Execution("execution")
    first, second = execution.start("first"), execution.start("second")
    handler = WorkflowHandler(root="execution")
    logger.handlers[:] = [handler]
    handler.router.execution = execution
    with second:
        logger.info("by id", extra={"run": first.id})
    first.complete()
    assert own_lines(log_of(name="first")) == ["[INFO] [first] [-] by id"]


def test_what_comes_after_the_end_belongs_to_what_has_ended(logger):
    logger.addHandler(WorkflowHandler())
    audit = {"workflow": "audit"}
    logger.info("Starting", extra={**audit, "step": "start"})
    logger.error("broke", extra={**audit, "step": "fail"})
    logger.info("closing", extra=audit)
    logger.error("broke twice", extra={**audit, "step": "fail"})
    assert own_lines(log_of(name="audit")) == ["[INFO] [audit] [-] closing", "[ERROR] [audit] [fail] broke twice"]
    assert Path("execution/README.md").read_text("utf-8").count("| audit |") == 1


def test_a_step_of_any_type_is_its_text(logger):
    logger.addHandler(WorkflowHandler("deploy"))
    logger.info("important", extra={"step": ["x"], "n": 1})
    assert own_lines(log_of()) == ["[INFO] [deploy] [x] important n=1"]


class Unusable:
    """As an array of numbers: it has no truth value; and no text."""

    def __bool__(self):
        raise RuntimeError("ambiguous")

    def __str__(self):
        raise RuntimeError("no text")


@pytest.mark.parametrize(
    "broken",
    [
        {"step": Unusable()},
        {"workflow": Unusable()},
        {"created": float("nan")},
        {"name": ["list"]},
        {"args": ("one", "two")},
    ],
    ids=lambda attributes: next(iter(attributes)),
)
def test_the_formatter_never_raises(broken, no_handlers, capsys):
    """`logging` would print the record's message and arguments as they are, and the line would be lost."""
    token = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
    stream = logging.StreamHandler()
    stream.setFormatter(WorkflowFormatter())
    stream.handle(logging.makeLogRecord({"msg": f"%s {token}", "args": ("one",), "levelno": 20, **broken}))
    shown = capsys.readouterr().err
    assert re.fullmatch(r"\[\S+Z\] \[INFO\] \[unrouted\] \[-\] [^\n]+\n", shown)
    assert token not in shown


def test_the_formatter_renders_what_structlog_hands_over_as_the_handler_does(no_handlers):
    record = logging.makeLogRecord({"msg": {"event": "Listed", "step": "list", "count": 12}, "levelno": 20})
    assert WorkflowFormatter().format(record).endswith("[INFO] [unrouted] [list] Listed count=12")
