"""The files in `conf/` that set up logging: each is loaded as its reader would, and all of them give the same log."""

from __future__ import annotations

import logging
import logging.config
import re
import shutil
import sys
from pathlib import Path

import pytest

CONF = Path(__file__).resolve().parent.parent / "conf"

LOADED = {
    "logging.toml": """
        import logging.config, tomllib
        with open("conf/logging.toml", "rb") as file:
            logging.config.dictConfig(tomllib.load(file))
        """,
    "logging.yaml": """
        import logging.config, yaml
        with open("conf/logging.yaml", encoding="utf-8") as file:
            logging.config.dictConfig(yaml.safe_load(file))
        """,
    "logging.json": """
        import json, logging.config
        with open("conf/logging.json", encoding="utf-8") as file:
            logging.config.dictConfig(json.load(file))
        """,
    "logging.ini": """
        import logging.config
        logging.config.fileConfig("conf/logging.ini", disable_existing_loggers=False)
        """,
    "structlog_setup.py": """
        import sys
        sys.path.insert(0, "conf")
        import structlog_setup
        """,
}

HOUSEKEEPING = ("cron", "logrotate", "systemd")  # run in test_conf_housekeeping.py

# In a module of its own, so that tracebacks have the same line numbers whatever loads the configuration.
RECORDS = """\
def through_logging():
    import logging

    logger = logging.getLogger("shop")

    def say(method, message, *args, exc_info=None, **fields):
        getattr(logger, method)(message, *args, exc_info=exc_info, extra=fields)

    return say


def through_structlog():
    import structlog

    logger = structlog.get_logger("shop")

    def say(method, message, *args, **fields):
        getattr(logger, method)(message, *args, **fields)

    return say


def log(say):
    say("debug", "not shown")
    say("info", "Listed %d quarantined incidents", 12)
    say("info", "Built image", step="build", services=3, note="two words", password="hunter2" * 3)
    say("warning", "first\\nsecond [2026-02-08T00:45:00Z] [INFO] [deploy] [-] third \\x1b[31m", step="flag it")
    try:
        raise OSError("no disk for " + "ghp" + "_" + "Zk3bV9qLx7Rt" * 3)
    except OSError as error:
        say("error", "Not built", exc_info=error)
    say("info", "of another workflow", workflow="audit")
    say("info", "Summary: 8 approved, 2 flagged", step="complete")
"""

LOG = """\
[TIME] [INFO] [deploy] [start] Started deploy agent=agent-builder run=RUN
[TIME] [INFO] [deploy] [-] Listed 12 quarantined incidents
[TIME] [INFO] [deploy] [build] Built image services=3 note="two words" password=[REDACTED:RULE]
[TIME] [WARN] [deploy] [flag-it] first
\tsecond \\x5b2026-02-08T00:45:00Z] [INFO] [deploy] [-] third \\x1b[31m
[TIME] [ERROR] [deploy] [-] Not built
\tTraceback (most recent call last):
\t  File "DIRECTORY/records.py", line 29, in log
\t    raise OSError("no disk for " + "ghp" + "_" + "Zk3bV9qLx7Rt" * 3)
\tOSError: no disk for [REDACTED:RULE]
[TIME] [INFO] [deploy] [complete] Summary: 8 approved, 2 flagged
[TIME] [INFO] [deploy] [complete] ✓ Complete redacted=2 warnings=1 errors=1 duration=SECONDS agent=agent-builder run=RUN
"""

TERMINAL = "".join(re.findall(r"(?m)^\[TIME\] \[(?:WARN|ERROR)\].*\n(?:\t.*\n)*", LOG))


@pytest.fixture
def use(tmp_path, run_python):
    """Run a program that loads a configuration by its name and then does what `rest` says."""
    shutil.copytree(CONF, tmp_path / "conf", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "records.py").write_text(RECORDS)

    def run(name, rest, before=""):
        lines = [*before.splitlines(), *(line[8:] for line in LOADED[name].splitlines()), *rest.splitlines()]
        result = run_python("\n".join(lines), env={"IRL_AGENT": "agent-builder"})
        assert result.returncode == 0, result.stderr
        return result

    return run


def without_what_varies(text: str, directory: Path) -> str:
    """Return a log's text with words in place of times, ids, rules and the directory."""
    text = text.replace(str(directory), "DIRECTORY")
    text = re.sub(r"(?m)^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\]", "[TIME]", text)
    text = re.sub(r"\[REDACTED:[a-z-]+\]", "[REDACTED:RULE]", text)
    return re.sub(r"run=\S+", "run=RUN", re.sub(r"duration=[\d.]+s", "duration=SECONDS", text))


def the_log(directory: Path, workflow: str) -> str:
    """Return the only log of a workflow."""
    (log,) = (directory / "execution" / "logs").glob(f"{workflow}-*.log")
    return log.read_bytes().decode()


def test_each_file_is_tested_and_explained():
    """What stands in conf/ is loaded here and has a row in its README."""
    names = {path.name for path in CONF.iterdir() if path.name not in {"README.md", "__pycache__"}}
    assert names == {*LOADED, *HOUSEKEEPING}
    readme = (CONF / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(names) if f"| `{name}` |" not in readme] == []


@pytest.mark.parametrize("name", LOADED)
def test_all_give_the_same_log(name, use, tmp_path):
    """The same records give the same bytes, whichever file set the program up; only times and ids differ."""
    door = "through_structlog" if name == "structlog_setup.py" else "through_logging"
    result = use(name, f"import records\nrecords.log(records.{door}())")
    assert without_what_varies(the_log(tmp_path, "deploy"), tmp_path) == LOG
    assert without_what_varies(the_log(tmp_path, "audit"), tmp_path).splitlines()[1:-1] == [
        "[TIME] [INFO] [audit] [-] of another workflow"
    ]
    assert (result.stdout, without_what_varies(result.stderr, tmp_path)) == ("", TERMINAL)


@pytest.mark.parametrize("name", LOADED)
def test_loading_opens_nothing(name, use, tmp_path):
    """Before the first record there is no file, no directory and no open descriptor."""
    look = "(sorted(os.listdir('/dev/fd')) if os.path.isdir('/dev/fd') else [])"
    result = use(name, f"print({look} == before, os.path.exists('execution'))", f"import os\nbefore = {look}")
    assert (result.stdout, result.stderr) == ("True False\n", "")
    assert not (tmp_path / "execution").exists()


def test_ext_and_cfg_references(tmp_path, monkeypatch):
    """Arguments of the handler may be `ext://` and `cfg://` references, as everywhere in a dictConfig."""
    (tmp_path / "shop_settings.py").write_text("WORKFLOWS = {'incident.*': 'incident-approval'}\nROOT = 'there'\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("IRL_AGENT", "agent-builder")
    logging.config.dictConfig(
        {
            "version": 1,
            "shop": {"formats": {"timespec": "milliseconds"}},
            "handlers": {
                "irl": {
                    "class": "irl_logging.WorkflowHandler",
                    "routes": "ext://shop_settings.WORKFLOWS",
                    "root": "ext://shop_settings.ROOT",
                    "timespec": "cfg://shop.formats.timespec",
                }
            },
            "loggers": {"incident": {"level": "INFO", "handlers": ["irl"]}},
        }
    )
    sys.modules.pop("shop_settings")
    logging.getLogger("incident.finance").info("Listed %d", 12)
    (log,) = (tmp_path / "there" / "execution" / "logs").iterdir()
    assert log.name.startswith("incident-approval-")
    last = log.read_text(encoding="utf-8").splitlines()[-1]
    assert re.fullmatch(r"\[[\dT:-]{19}\.\d{3}Z\] \[INFO\] \[incident-approval\] \[-\] Listed 12", last)
