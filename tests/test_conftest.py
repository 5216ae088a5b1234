"""That a test leaves nothing behind, shown by pairs of tests run in one process."""

from __future__ import annotations

import re

import pytest

pytest_plugins = ["pytester"]

DIRTY = """
import logging, os, signal, sys, threading, time, warnings

import irl_logging
import structlog

def test_that_leaves_everything_behind():
    irl_logging.bound(left="behind").__enter__()
    logging.getLogger().addHandler(logging.StreamHandler())
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("known").disabled = True
    logging.getLogger("new").propagate = False
    logging.disable(logging.CRITICAL)
    logging.addLevelName(logging.WARNING, "WARN")
    logging.setLogRecordFactory(lambda *a, **k: None)
    logging.captureWarnings(True)
    warnings.simplefilter("ignore")
    os.environ["PLANTED"] = "left"
    sys.excepthook = threading.excepthook = print
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.umask(0o077)
    os.mkdir("below")
    os.chdir("below")
    irl_logging.configure("deploy")
    structlog.configure(processors=[])
    structlog.contextvars.bind_contextvars(a=1)
"""

CLEAN = """
def test_that_expects_a_fresh_process():
    assert not irl_logging.context.scope.get().fields
    root = logging.getLogger()
    assert root.level == logging.WARNING
    assert [it for it in root.handlers if type(it).__name__ in ("StreamHandler", "WorkflowHandler")] == []
    assert logging.getLogger("known").disabled is False
    assert logging.getLogger("new").propagate is True
    assert logging.root.manager.disable == 0
    assert logging.getLogger("known").isEnabledFor(logging.WARNING)
    assert logging.getLevelName(logging.WARNING) == "WARNING"
    assert logging.getLogRecordFactory() is logging.LogRecord
    assert warnings.showwarning.__module__ != "logging"
    assert "PLANTED" not in os.environ
    assert sys.excepthook is not print and threading.excepthook is not print
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
    assert os.listdir() == []
    assert structlog.is_configured() is False
    assert structlog.contextvars.get_contextvars() == {}
    assert irl_logging.current_run() is None
    umask = os.umask(0o022)
    assert umask == 0o022
"""


def test_state_of_the_process_comes_back(pytester, request):
    """What one test does to logging, hooks, signals, environment, directory and context is gone in the next."""
    pytester.makeconftest((request.config.rootpath / "tests" / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(DIRTY + CLEAN)
    result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:xdist", "-q")
    assert result.parseoutcomes() == {"passed": 2}


def test_run_python_knows_nothing_about_us(run_python, monkeypatch):
    """A script runs in an empty home, without our variables, with the package importable."""
    monkeypatch.setenv("IRL_WORKFLOW", "from-outside")
    result = run_python(
        "import os, sys, irl_logging\n"
        "print([name for name in os.environ if name.startswith('IRL_')], os.listdir(os.environ['HOME']), sys.argv[1:])\n"
        "sys.exit(3)",
        "one",
        env={"IRL_AGENT": "x"},
    )
    assert (result.returncode, result.stdout, result.stderr) == (3, "['IRL_AGENT'] [] ['one']\n", "")


def test_check_tree_names_every_file(check_tree, tmp_path):
    """A file that is not expected, or one that is not there, fails the check."""
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.log").write_text("one\n")
    check_tree(tmp_path, {"logs/a.log": "one\n"})
    check_tree(tmp_path, {"logs/a.log": re.compile(r"o.e\n")})
    for expected in ({}, {"logs/a.log": b"two\n"}, {"logs/a.log": None, "b.log": None}):
        with pytest.raises(AssertionError):
            check_tree(tmp_path, expected)
