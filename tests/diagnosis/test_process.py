"""How this process logs, and all findings together."""

from __future__ import annotations

import logging
import shutil

import irl_logging
from irl_logging.diagnosis import process


def test_a_configured_process(said):
    irl_logging.configure("deploy", level="INFO")
    logging.getLogger("shop").info("one")
    findings = irl_logging.doctor()
    assert said(findings, "logging") == ["ok: our handler is in place"]
    assert said(findings, "lines")[0] == "ok: 2 lines of this process written, none lost"
    assert said(findings, "manifest") == ["ok: up to date: 1 running, 0 ended"]


def test_a_handler_that_was_removed(said):
    irl_logging.configure("deploy", level="INFO")
    logging.basicConfig(force=True)
    assert said(irl_logging.doctor(), "logging") == [
        (
            "problem: another logging set-up has removed our handler from the root logger "
            "[call irl_logging.configure() again after it]"
        )
    ]
    irl_logging.configure("deploy")
    assert said(irl_logging.doctor(), "logging") == ["ok: our handler is in place"]


def test_no_handler(execution, said):
    assert said(process.look(execution), "logging") == [
        (
            "warn: no logger of this process has a WorkflowHandler "
            '[irl_logging.configure("name") adds one, unless structlog is all you use]'
        )
    ]


def test_a_handler_on_another_logger(execution, said):
    handler = irl_logging.WorkflowHandler("shop")
    logging.getLogger("shop").addHandler(handler)
    assert said(process.look(execution), "logging") == ["ok: our handler is in place"]
    handler.close()


def test_levels_that_swallow(said):
    irl_logging.configure("deploy", level="WARNING")
    assert said(irl_logging.doctor(), "logging") == [
        (
            "warn: logger.info(...) is not logged: the root logger's level is WARNING "
            '[irl_logging.configure(..., level="INFO") changes it]'
        )
    ]
    logging.getLogger().setLevel("INFO")
    logging.disable(logging.INFO)
    assert said(irl_logging.doctor(), "logging") == [
        "warn: logging.disable(...) suppresses logger.info(...) [logging.disable(logging.NOTSET) lets it pass]"
    ]


def test_lines_that_wait_and_lines_that_are_lost(execution, monkeypatch, said):
    monkeypatch.setattr("irl_logging.storage.sink.HELD_LINES", 2)
    monkeypatch.setattr("irl_logging.storage.sink.LOOK_SECONDS", 0.0)
    run = execution.start("deploy")
    shutil.rmtree(execution.layout.logs)
    execution.layout.logs.write_text("in the way")
    for number in range(5):
        run.log("INFO", "build", f"{number}")
    assert said(process.look(execution), "lines") == [
        "problem: 3 lines of this process are lost [the log says why in a line of its own when it can be written again]",
        (
            "warn: 2 lines of this process wait in memory for a file that cannot be written "
            "[stderr has said why; they are tried again every second]"
        ),
    ]
    execution.layout.logs.unlink()
    execution.layout.logs.mkdir()
    run.complete()
