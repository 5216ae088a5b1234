"""structlog in all its arrangements: the same event gives the same line, once."""

from __future__ import annotations

import asyncio
import logging
import re
from pathlib import Path

import pytest
import structlog

import irl_logging
from irl_logging import processors
from irl_logging.errors import ConfigurationError
from irl_logging.execution import Execution
from irl_logging.handler import WorkflowHandler


def lines(name="deploy", number=1):
    """The lines of a run's log without times, and without its start and end."""
    (path,) = Path("execution/logs").glob(f"{name}-????-??-??-{number:03d}.log")
    return [line.split("] ", 1)[1] for line in path.read_text("utf-8").split("\n")[:-1] if " agent=" not in line]


def through_logging(message, **extra):
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)
    handler = WorkflowHandler("deploy", root="reference")
    logger.addHandler(handler)
    logger.info(message, extra=extra)
    logger.removeHandler(handler)
    handler.close()
    (path,) = Path("reference/execution/logs").glob("deploy-*.log")
    return [line.split("] ", 1)[1] for line in path.read_text("utf-8").split("\n")[:-1] if " agent=" not in line]


def test_an_event_is_the_line_that_logging_writes():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    structlog.get_logger().info("Listed", step="list", count=12, who="a b", ok=True, nothing=None)
    assert lines() == through_logging("Listed", step="list", count=12, who="a b", ok=True, nothing=None)
    assert lines() == ['[INFO] [deploy] [list] Listed count=12 who="a b" ok=true nothing=null']


@pytest.mark.parametrize(
    ("method", "word"),
    [("debug", "DEBUG"), ("info", "INFO"), ("warning", "WARN"), ("error", "ERROR"), ("critical", "CRITICAL")],
)
def test_methods_are_levels(method, word):
    structlog.configure(**irl_logging.structlog_config(workflow="deploy", level="DEBUG"))
    getattr(structlog.get_logger(), method)("said")
    assert lines() == [f"[{word}] [deploy] [-] said"]


def test_what_is_below_the_level_is_not_written():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy", level="warning"))
    logger = structlog.get_logger()
    logger.info("low")
    logger.warning("high")
    assert lines() == ["[WARN] [deploy] [-] high"]


def test_bound_and_context_values_are_fields():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    logger = structlog.get_logger().bind(user="samson")
    with structlog.contextvars.bound_contextvars(request=7), irl_logging.bound(region="eu"):
        logger.info("one")
    logger.info("two")
    assert lines() == ["[INFO] [deploy] [-] one region=eu user=samson request=7", "[INFO] [deploy] [-] two user=samson"]


def test_the_current_run_and_step_come_first():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    with irl_logging.workflow("inner") as run, run.step("list"):
        structlog.get_logger().info("inside")
    assert lines("inner") == ["[INFO] [inner] [list] inside"]


def test_an_exception_reads_as_through_logging():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    try:
        raise ValueError("bad")
    except ValueError:
        structlog.get_logger().exception("failed", count=1)
    (path,) = Path("execution/logs").glob("deploy-*.log")
    record = path.read_text("utf-8").split("[deploy] [-] ")[1].split("\n[")[0].rstrip("\n").split("\n")
    assert record[:2] == ["failed count=1", "\tTraceback (most recent call last):"]
    assert record[-1] == "\tValueError: bad"


def test_a_stack_ends_at_the_caller():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    structlog.get_logger().info("here", stack_info=True)
    (path,) = Path("execution/logs").glob("deploy-*.log")
    assert "in test_a_stack_ends_at_the_caller\n" in path.read_text()


def test_async_methods_keep_the_context():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))

    async def main():
        async with irl_logging.workflow("inner") as run, run.step("list"):
            await structlog.get_logger().ainfo("inside", count=1)

    asyncio.run(main())
    assert lines("inner") == ["[INFO] [inner] [list] inside count=1"]


def test_events_drive_the_life_cycle():
    structlog.configure(**irl_logging.structlog_config())
    logger = structlog.get_logger().bind(workflow="incident-approval")
    logger.info("Starting", step="start")
    logger.info("Listed", step="list", count=12)
    logger.info("Summary: 8 approved, 2 flagged", step="complete")
    assert lines("incident-approval") == ["[INFO] [incident-approval] [list] Listed count=12"]
    assert re.search(
        r"\| incident-approval \| \S+ \| ✓ Complete \| 8 approved, 2 flagged \|",
        Path("execution/README.md").read_text("utf-8"),
    )


def test_ones_own_processors_are_kept_before_and_after():
    def first(_logger, _method, event_dict):
        return {**event_dict, "seen": sorted(event_dict)}

    def last(_logger, _method, event_dict):
        event_dict["event"] = event_dict["event"].upper()
        return event_dict

    structlog.configure(**irl_logging.structlog_config(workflow="deploy", before=[first], after=[last]))
    with structlog.contextvars.bound_contextvars(request=7):
        structlog.get_logger().info("hello", n=1)
    assert lines() == [r'[INFO] [deploy] [-] HELLO n=1 seen="[\"event\",\"n\"]" request=7']


def test_an_event_that_cannot_be_rendered_leaves_a_line(capsys):
    class Rude:
        def __str__(self):
            raise RuntimeError("no")

    structlog.configure(**irl_logging.structlog_config(workflow="deploy"))
    structlog.get_logger().info(Rude())
    assert lines() == ["[INFO] [deploy] [-] (an event could not be rendered: RuntimeError)"]
    assert capsys.readouterr().err == "irl_logging: (an event could not be rendered: RuntimeError)\n"


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_processor_that_fails_leaves_a_line_and_the_program_goes_on(place, capsys):
    """Whose logging fails has work to do; an event that a processor drops is dropped without a word."""

    def broken(_logger, _method, event):
        raise structlog.DropEvent if event["event"] == "noise" else ValueError("boom")

    structlog.configure(**irl_logging.structlog_config(workflow="deploy", **{place: [broken]}))
    structlog.get_logger().warning("noise")
    structlog.get_logger().warning("Pushed", version=3)
    assert lines()[-1] == "[WARN] [deploy] [-] (an event could not be rendered: ValueError) Pushed"
    assert "could not be rendered: ValueError" in capsys.readouterr().err
    assert not any("noise" in line for line in lines())


def test_bad_arguments_are_named():
    with pytest.raises(ConfigurationError, match="argument 'workflw' is not known: did you mean 'workflow'"):
        irl_logging.structlog_config(workflw="deploy")
    with pytest.raises(ConfigurationError, match="level 'LOUD' is not known"):
        irl_logging.structlog_config(level="LOUD")


# The other arrangements of structlog's documentation


def test_rendering_within_logging():
    """`render_to_log_kwargs` hands the event to `logging`, and our handler writes it."""
    logging.getLogger().addHandler(WorkflowHandler("deploy"))
    logging.getLogger().setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    structlog.get_logger("app").info("Listed", step="list", count=12)
    logging.getLogger("foreign").info("Plain", extra={"step": "list", "count": 12})
    assert lines() == ["[INFO] [deploy] [list] Listed count=12", "[INFO] [deploy] [list] Plain count=12"]


def test_rendering_within_a_processor_formatter_and_foreign_records():
    """`wrap_for_formatter` hands the event dict over; our handler knows it, and foreign records pass beside it."""
    logging.getLogger().addHandler(WorkflowHandler("deploy"))
    logging.getLogger().setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    structlog.get_logger("app").info("Listed", step="list", count=12)
    logging.getLogger("foreign").info("Plain")
    assert lines() == ["[INFO] [deploy] [list] Listed count=12", "[INFO] [deploy] [-] Plain"]


@pytest.mark.parametrize(
    "more",
    [(), (structlog.processors.StackInfoRenderer(), structlog.processors.format_exc_info)],
    ids=["as they are", "rendered before"],
)
def test_what_wrap_for_formatter_hands_over_keeps_exception_and_stack(more):
    logging.getLogger().addHandler(WorkflowHandler("deploy"))
    logging.getLogger().setLevel(logging.INFO)
    structlog.configure(
        processors=[*more, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logger = structlog.get_logger("app")
    try:
        raise ValueError("bad")
    except ValueError as error:
        logger.exception("one")
        logger.error("two", exc_info=True)  # noqa: G201 - structlog's other way to say it
        logger.warning("three", exc_info=error)
    logger.info("four", stack_info=True)
    (path,) = Path("execution/logs").glob("deploy-*.log")
    *raised, stacked = list(irl_logging.line.parse(path.read_text("utf-8")))[1:]
    assert [record.message.split("\n")[0] for record in raised] == ["one", "two", "three"]
    assert [record.message.split("\n")[-1] for record in raised] == ["ValueError: bad"] * 3
    assert [record.message.count("Traceback") for record in raised] == [1] * 3
    assert "in test_what_wrap_for_formatter_hands_over_keeps_exception_and_stack" in stacked.message.split("\n")[-2]


@pytest.mark.parametrize("arguments", [{"exc_info": True}, {"stack_info": True}], ids=lambda given: next(iter(given)))
@pytest.mark.parametrize("foreign", [False, True], ids=["structlog", "foreign"])
def test_redact_reaches_what_is_rendered_after_it(foreign, arguments, capsys):
    """Exception and stack go on as texts; an exception itself would be rendered with its secrets, and so would its source."""
    console = logging.StreamHandler()
    console.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                processors.redact,
                structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            ]
        )
    )
    logging.getLogger().addHandler(console)
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logger = logging.getLogger("app") if foreign else structlog.get_logger("app")
    word = "vivid otter" + " meadow"
    irl_logging.register_secret(word)
    irl_logging.register_secret("Shown by the stack, too")
    try:
        raise ValueError(f"no entry with {word}")
    except ValueError:
        logger.error("Failed", **arguments)  # Shown by the stack, too
    shown = capsys.readouterr().err
    assert "Traceback" in shown or "Stack (most recent call last)" in shown
    assert "[REDACTED:registered]" in shown
    assert word not in shown
    assert "Shown by the stack" not in shown


def test_a_processor_formatter_on_our_handler_makes_the_message():
    handler = WorkflowHandler("deploy")
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processor=structlog.processors.KeyValueRenderer(["event"]))
    )
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)
    structlog.configure(
        processors=[structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    structlog.get_logger("app").info("Listed", count=12)
    assert lines() == ["[INFO] [deploy] [-] count=12 event='Listed'"]


def test_rendering_inside_structlog(capsys):
    """`render_line` as the last processor gives the line to any logger, here the standard output."""
    structlog.configure(
        processors=[processors.add_context, processors.redact, processors.render_line],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    with irl_logging.workflow("deploy") as run, run.step("build"):
        structlog.get_logger().warning("two\nlines", count=1, password="hunter" + "2")
    out = capsys.readouterr().out
    assert re.fullmatch(
        r"\[\S+Z\] \[WARN\] \[deploy\] \[build\] two\n\tlines count=1 password=\S*\[REDACTED:[a-z-]+\]\S*\n", out
    )


# Each processor alone


def test_add_context_adds_what_is_not_there():
    assert processors.add_context(None, "info", {"event": "x"}) == {"event": "x"}
    with irl_logging.workflow("deploy") as run, run.step("build"), irl_logging.bound(region="eu"):
        assert processors.add_context(None, "info", {"event": "x", "step": "mine"}) == {
            "event": "x",
            "step": "mine",
            "workflow": "deploy",
            "run": run.id,
            "region": "eu",
        }


def test_redact_hides_values_by_their_keys_and_changes_nothing_given():
    given = {"event": "x", "deep": {"api_key": "q7Vw2x" + "Zz81"}}
    shown = processors.redact(None, "info", given)
    assert re.fullmatch(r"\[REDACTED:[a-z-]+\]", shown["deep"]["api_key"])
    assert given["deep"]["api_key"] == "q7Vw2x" + "Zz81"


def test_emit_lifecycle_starts_and_ends_runs():
    emit = processors.EmitLifecycle(Execution())
    started = emit(None, "info", {"event": "Starting", "workflow": "deploy", "step": "start"})
    assert "| deploy | " in Path("execution/README.md").read_text("utf-8").split("## Completed")[0]
    ended = emit(None, "info", {"event": "3 services", "workflow": "deploy", "step": "complete"})
    assert started["run"] == ended["run"]
    assert "| ✓ Complete | 3 services |" in Path("execution/README.md").read_text("utf-8")
    assert emit(None, "info", {"event": "x"}) == {"event": "x"}


def test_the_manifest_updater_alone_turns_events_into_rows():
    updater = irl_logging.ManifestUpdater(Execution())
    updater(None, "info", {"event": "Starting", "workflow": "deploy", "step": "start"})
    updater(None, "info", {"event": "3 services", "workflow": "deploy", "step": "complete"})
    assert "| ✓ Complete | 3 services |" in Path("execution/README.md").read_text("utf-8")


def test_after_gets_the_runs_events_behind_all_others():
    seen = []

    def after(_logger, _method, event_dict):
        seen.append((event_dict["event"], event_dict["seq"]))
        return event_dict

    with irl_logging.workflow("deploy", after=[after]):
        pass
    assert [event for event, _ in seen] == ["run.started", "run.ended"]


def test_what_is_allowed_to_a_logger_is_allowed_to_its_events():
    allowed = f"demo-{73}"
    given = {"redaction": {"allow_loggers": {"app.demo": ["demo-[0-9]+"]}}}
    structlog.configure(**irl_logging.structlog_config(workflow="deploy", **given))
    for name in ("app.demo.login", "app"):
        structlog.get_logger().info("trying", logger=name, password=allowed)
    assert lines() == [
        "[INFO] [deploy] [-] trying password=demo-73",
        "[INFO] [deploy] [-] trying password=[REDACTED:password]",
    ]
    irl_logging.configure("deploy", **given)
    event = {"event": "trying", "logger": "app.demo", "password": allowed}
    assert processors.render_line(None, "info", dict(event)).endswith("trying password=demo-73")
    assert processors.redact(None, "info", dict(event)) == event
    assert processors.redact(None, "info", event | {"logger": "app"})["password"] == "[REDACTED:password]"
