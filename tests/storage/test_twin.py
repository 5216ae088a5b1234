"""The JSON twin: the same records, exact, with all their fields."""

from __future__ import annotations

import json
import logging
from enum import Enum
from pathlib import Path, PurePosixPath

import pytest
import structlog

import irl_logging
from irl_logging.handler import WorkflowHandler
from irl_logging.redaction.rule import sample

SECRET = sample("<alnum 24>")


def twin_records():
    (path,) = Path("execution/logs").glob("deploy-*.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").split("\n")[:-1]]


def logger_with_twin():
    logger = logging.getLogger("app")
    logger.setLevel(logging.INFO)
    logger.addHandler(WorkflowHandler("deploy", "build", json="true"))
    return logger


def test_a_record_is_opentelemetrys_log_model():
    logger = logger_with_twin()
    logger.warning("two\nlines \x1b[31m", extra={"count": 12, "deep": {"a": [1, None]}})
    record = twin_records()[-1]
    attributes = record["Attributes"]
    assert (record["SeverityText"], record["SeverityNumber"], record["Body"]) == ("WARN", 13, "two\nlines \x1b[31m")
    assert record["Timestamp"][-1] == "Z"
    assert len(record["Timestamp"]) == len("2026-02-08T00:47:25.678912Z")
    assert {
        name: attributes[name] for name in ("workflow", "step", "count", "deep", "logger.name", "code.function.name")
    } == {
        "workflow": "deploy",
        "step": "build",
        "count": 12,
        "deep": {"a": [1, None]},
        "logger.name": "app",
        "code.function.name": "test_a_record_is_opentelemetrys_log_model",
    }


def test_an_exception_has_type_message_and_stacktrace():
    logger = logger_with_twin()
    try:
        raise ValueError("bad")
    except ValueError:
        logger.exception("failed")
    attributes = twin_records()[-1]["Attributes"]
    assert (attributes["exception.type"], attributes["exception.message"]) == ("ValueError", "bad")
    assert attributes["exception.stacktrace"].endswith("ValueError: bad")


def test_an_exception_of_structlog_and_a_stack_are_in_it_too():
    structlog.configure(**irl_logging.structlog_config(workflow="deploy", json=True))
    try:
        raise ValueError("bad")
    except ValueError:
        structlog.get_logger().exception("failed")
    attributes = twin_records()[-1]["Attributes"]
    assert (attributes["exception.type"], attributes["exception.message"]) == ("ValueError", "bad")
    assert attributes["exception.stacktrace"].endswith("ValueError: bad")
    structlog.get_logger().info("here", stack_info=True)
    assert twin_records()[-1]["Attributes"]["code.stacktrace"].startswith("Stack (most recent call last):\n")


def test_of_an_exception_that_is_known_as_text_only_the_text_is_there():
    logger_with_twin().handle(logging.makeLogRecord({"msg": "failed", "levelno": 40, "exc_text": "ValueError: bad"}))
    attributes = twin_records()[-1]["Attributes"]
    assert attributes["exception.stacktrace"] == "ValueError: bad"
    assert "exception.type" not in attributes


@pytest.mark.parametrize(
    "fields",
    [
        {"field": "password", "new": SECRET},
        {"password": PurePosixPath(SECRET)},
        {"job": {"kind": "Secret", "data": {"db": SECRET}}},
        {"mode": Enum("Mode", {"LIVE": f"Bearer {SECRET}"}).LIVE},
    ],
    ids=str,
)
def test_a_secret_is_hidden_whatever_holds_or_tells_it(fields):
    logger_with_twin().info("changed", extra=fields)
    attributes = twin_records()[-1]["Attributes"]
    assert fields.keys() <= attributes.keys()
    assert SECRET not in json.dumps(attributes)


def test_log_and_twin_have_the_same_records_start_and_end_too():
    with irl_logging.workflow("deploy", execution=irl_logging.Execution(json=True)) as run:
        run.log("INFO", None, "hello", n=1)
    bodies = [record["Body"] for record in twin_records()]
    assert bodies == ["Started deploy", "hello", "✓ Complete"]
    assert all(record["Attributes"]["run"] == run.id for record in twin_records())


def test_secrets_are_hidden_by_key_and_by_shape():
    logger = logger_with_twin()
    token = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
    logger.info(
        "it is %s", token, extra={"password": "q7-" + "Vw2x", "note": token, "deep": {"api_key": "q7-" + "Vw2xZ"}}
    )
    text = json.dumps(twin_records()[-1])
    assert token not in text
    assert "Vw2x" not in text
    assert text.count("[REDACTED:") == 4


def test_what_json_does_not_know_is_text():
    logger = logger_with_twin()
    logger.info("x", extra={"path": Path("/a"), "nan": float("nan"), "bytes": b"\xff", "set": {1}})
    attributes = twin_records()[-1]["Attributes"]
    assert attributes["path"] == "/a"
    json.loads(json.dumps(attributes), parse_constant=lambda word: (_ for _ in ()).throw(AssertionError(word)))
