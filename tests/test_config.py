"""`configure` and `shutdown`: one line in, every trace out; and what is said of wrong arguments."""

from __future__ import annotations

import builtins
import gc
import logging
import logging.config
import os
import re
import signal
import sys
import threading

import pytest

import irl_logging
from irl_logging import ConfigurationError, configure, shutdown

logger = logging.getLogger("app")


def hooks():
    """Everything of the process that `configure` could change."""
    gc.collect()  # descriptors of other tests
    return {
        "handlers": list(logging.getLogger().handlers),
        "factory": logging.getLogRecordFactory(),
        "switches": [
            getattr(logging, name) for name in ("logThreads", "logProcesses", "logMultiprocessing", "_srcfile")
        ],
        "functions": (sys.exit, builtins.exit, builtins.quit, sys.excepthook, threading.excepthook),
        "signals": [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)],
        "environment": dict(os.environ),
        "descriptors": sorted(os.listdir("/proc/self/fd")),
    }


def test_it_is_idempotent():
    """The second call changes nothing, whatever its arguments, and gives the same run."""
    first = configure("deploy", level="INFO")
    handlers = list(logging.getLogger().handlers)
    assert configure("another", level="DEBUG", timespec="milliseconds") is first
    assert (logging.getLogger().handlers, logging.getLogger().level) == (handlers, logging.INFO)


def test_shutdown_undoes_everything():
    """Handler, hooks, signal handlers, environment, record factory, descriptors: as before, and the run has ended."""
    configure("warm-up", level="INFO")  # what is loaded once and stays: the redactor, the imports
    shutdown()
    before = hooks()
    run = configure("deploy", fast_records=True)
    logging.getLogger("app").warning("line")
    changed = hooks()
    assert {name for name in before if before[name] != changed[name]} >= set(before) - {"descriptors"}
    shutdown()
    assert hooks() == before
    assert run.ended
    assert irl_logging.current_run() is None
    shutdown()
    assert hooks() == before


def test_it_can_be_configured_again():
    """After shutdown there is a new run, with a log of its own."""
    first = configure("deploy", level="INFO")
    shutdown()
    second = configure("deploy", level="INFO")
    logger.info("line")
    assert [first.log_file[-7:], second.log_file[-7:]] == ["001.log", "002.log"]
    assert "] line\n" in (second._layout.root / second.log_file).read_text()
    assert "] line\n" not in (second._layout.root / first.log_file).read_text()


def test_a_second_workflow_is_not_swallowed_without_a_word(capsys):
    """The call returns the run that there is, as always; who asked for another one is told what to do."""
    run = configure("audit", level="INFO")
    assert (configure("audit"), configure(), configure(level="INFO")) == (run, run, run)
    assert capsys.readouterr().err == ""
    assert configure("deploy") is run
    assert capsys.readouterr().err == (
        "irl_logging: configure('deploy') changes nothing: this process logs to the run of audit; "
        "call irl_logging.shutdown() before it, or use with irl_logging.workflow('deploy')\n"
    )


def test_a_run_that_has_ended_is_not_gone_on_with_without_a_word(capsys):
    configure("audit", level="INFO").complete()
    configure("audit")
    assert (
        "this process logs to the run of audit, which has ended; call irl_logging.shutdown()" in capsys.readouterr().err
    )


def test_shutdown_undoes_everything_when_the_end_cannot_be_recorded(capsys):
    """What is missing is said on stderr; the environment and the hooks are as before all the same."""
    before = dict(os.environ), sys.excepthook
    run = configure("deploy", level="INFO")
    (segment,) = run._layout.journal.iterdir()
    segment.unlink()
    segment.mkdir()
    shutdown()
    assert (dict(os.environ), sys.excepthook) == before
    assert f"the end of run {run.id} could not be recorded: [Errno 21]" in capsys.readouterr().err
    irl_logging.exits.unwatch_all()


def test_shutdown_leaves_the_runs_of_others_watched():
    """A run that somebody else has open keeps the hooks that will end it."""
    configure("deploy", level="INFO")
    with irl_logging.workflow("other"):
        shutdown()
        assert sys.excepthook is not sys.__excepthook__
    irl_logging.exits.unwatch_all()
    assert sys.excepthook is sys.__excepthook__


def test_a_level_of_the_root_that_swallows_info_is_said_once(capsys):
    """One line on stderr names the level and what to write."""
    configure("deploy")
    shutdown()
    configure("deploy")
    (line,) = capsys.readouterr().err.splitlines()
    assert "the root logger's level is WARNING, so logger.info(...) is not logged" in line
    assert 'level="INFO"' in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"levl": "INFO"}, "argument 'levl' is not known: did you mean 'level'?"),
        (
            {"timespecs": "seconds"},
            "setting 'timespecs' is not known: did you mean 'timespec'? expected one of root, agent",
        ),
        ({"log_nam": "a"}, "argument 'log_nam' is not known: did you mean 'log_name'?"),
        (
            {"integration": "finance"},
            (
                "argument 'integration' is not known: expected fields={'integration': ...} for a value of the run, "
                "or a setting: root, agent"
            ),
        ),
        ({"level": "LOUD"}, "level is 'LOUD', expected a number or one of CRITICAL, FATAL, ERROR, WARN, WARNING, INFO"),
        ({"level": 1.5}, "level is 1.5, expected a number or one of CRITICAL"),
        ({"level": True}, "level is True, expected a number"),
        ({"workflow": 7}, "workflow is 7, expected a name, or None for the script's"),
        ({"fields": ["integration"]}, "fields is ['integration'], expected a mapping of names to values, or None"),
        ({"fields": {1: "a"}}, "fields is {1: 'a'}, expected a mapping of names to values, or None"),
        ({"timespec": "minutes"}, "timespec is 'minutes', expected 'seconds' or 'milliseconds'"),
        ({"log_pattern": "../{date}.log"}, "log_pattern '../{date}.log' is not usable: expected a plain file name"),
        (
            {"log_pattern": "{integration}.log"},
            (
                "log_pattern '{integration}.log' needs {integration}, and this run has only date, log_name, timestamp, "
                "workflow: give integration=... where the run starts, to configure as fields={'integration': ...}"
            ),
        ),
        ({"completed_rows": "many"}, "completed_rows is 'many', expected a whole number or 'all'"),
        ({"max_line_bytes": -1}, "max_line_bytes is -1, expected a whole number of bytes, 0 for no limit"),
        ({"json": "perhaps"}, "json is 'perhaps', expected true or false"),
        (
            {"redaction": {"disable": []}},
            "redaction is {'disable': []}, expected a table with some of allow, allow_keys, allow_loggers, disabled, rules",
        ),
        ({"root": ""}, "root is '', expected a path"),
    ],
)
def test_wrong_arguments(arguments, message):
    """The error says what was found and what was expected, and nothing has been changed."""
    before = hooks()
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        configure(**arguments)
    after = hooks()
    assert {name: after[name] for name in after if name != "descriptors"} == {
        name: before[name] for name in before if name != "descriptors"
    }
    assert irl_logging.current_run() is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("[tool.irl_logging]\ntimespec = 'minutes'\n", "pyproject.toml: timespec is 'minutes', expected 'seconds' or"),
        (
            "[tool.irl_logging]\ntimespecs = 1\n",
            "pyproject.toml: setting 'timespecs' is not known: did you mean 'timespec'?",
        ),
        ("[tool]\nirl_logging = 3\n", "pyproject.toml: [tool.irl_logging] is 3, expected a table of settings"),
        (
            "[tool.irl-logging]\ntimespec = 'seconds'\n",
            "pyproject.toml: [tool.irl-logging] is not read: expected [tool.irl_logging]",
        ),
        ("[tool.irl_logging\n", "pyproject.toml cannot be read as TOML: Expected ']'"),
    ],
)
def test_wrong_config_files(document, message, tmp_path):
    """The file is named, with what was found in it and what was expected."""
    (tmp_path / "pyproject.toml").write_text(document)
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        configure("deploy")


def test_the_run_takes_what_it_is_given():
    """Fields, log name and agent stand in the log file's name, its first line and the table."""
    run = configure(
        "Incident Approval",
        level=logging.INFO,
        log_name="incident-batch",
        fields={"integration": "finance_integration"},
        agent="agent-auto-approver",
        log_pattern="{log_name}-{integration}-{seq}.log",
    )
    assert run.log_file == "logs/incident-batch-finance_integration-001.log"
    assert (run.workflow, run.agent) == ("Incident-Approval", "agent-auto-approver")
    text = (run._layout.root / run.log_file).read_text()
    assert "Started Incident Approval integration=finance_integration agent=agent-auto-approver run=" in text
    assert "| Incident Approval | " in run._layout.readme.read_text()


def test_configured_from_a_thread():
    """The signal handler comes with the next call of the main thread; the run is everybody's."""
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=configure, args=("deploy",), kwargs={"level": "INFO"})
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) == before
    assert irl_logging.current_run().workflow == "deploy"
    with irl_logging.workflow("other"):
        assert signal.getsignal(signal.SIGTERM) != before
    shutdown()
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_it_was_given_holds_for_every_door(tmp_path, capsys):
    """A block, a handler and a structlog chain that name no setting of their own use the directory that it opened."""
    import structlog

    configure("deploy", level="INFO", root=tmp_path / "elsewhere", timespec="milliseconds", agent="agent-tester")
    with irl_logging.workflow("inner"):
        logger.info("in a block")
    structlog.configure(**irl_logging.structlog_config(cache=False))
    structlog.get_logger().info("through structlog", workflow="third")
    logger.addHandler(irl_logging.WorkflowHandler("fourth"))
    logger.info("through a handler")
    assert not (tmp_path / "execution").exists()
    logs = tmp_path / "elsewhere" / "execution" / "logs"
    assert {path.name.rsplit("-", 4)[0] for path in logs.iterdir()} == {"deploy", "fourth", "inner", "third"}
    for path in logs.iterdir():
        assert re.search(r"(?m)^\[\S+\.\d{3}Z\] .* agent=agent-tester ", path.read_text())
    logger.addHandler(irl_logging.WorkflowHandler("fifth", root=tmp_path / "own"))
    assert irl_logging.WorkflowHandler("fifth", root=tmp_path / "own").router.settings.timespec == "seconds"


def test_a_settings_redaction_holds_for_formatter_and_processors():
    """A rule that `configure` disables is disabled wherever a line is rendered."""
    from irl_logging import processors

    token = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"
    assert token not in processors.render_line(None, "info", {"event": token})
    configure("deploy", level="INFO", redaction={"allow": [token]})
    assert token in processors.render_line(None, "info", {"event": token})
    record = logging.LogRecord("app", logging.INFO, "", 0, token, (), None)
    assert token in irl_logging.WorkflowFormatter().format(record)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize(
    "other_set_up",
    [
        lambda: logging.basicConfig(level=logging.INFO, force=True),
        lambda: logging.config.dictConfig({"version": 1, "root": {"level": "INFO"}, "disable_existing_loggers": False}),
    ],
)
def test_a_second_call_puts_the_handler_back(capsys, other_set_up):
    """`dictConfig` and `basicConfig(force=True)` close and remove what stands on the root logger, which is said at once."""
    run = configure("deploy", level="INFO")
    other_set_up()
    assert "irl_logging: another logging set-up (dictConfig," in capsys.readouterr().err
    logger.info("nowhere")
    assert configure("deploy") is run
    logger.info("back again")
    (path,) = (irl_logging.configured.default().layout.logs).glob("deploy-*.log")
    assert "back again" in path.read_text()
    assert "nowhere" not in path.read_text()
