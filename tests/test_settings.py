"""Settings: an argument before the environment before the config file, and which directory is meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from irl_logging import ConfigurationError, Execution, RuleError
from irl_logging.settings import Settings, load


def configured(directory, text):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pyproject.toml").write_text(f"[project]\nname = 'x'\n[tool.irl_logging]\n{text}\n")


def test_defaults(tmp_path):
    """With nothing given: the directory here, fsync on, fifty rows."""
    settings = load({}, environ={})
    assert settings == Settings(root=tmp_path / "execution")
    assert (settings.fsync, settings.completed_rows, settings.timespec, settings.json) == (True, 50, "seconds", False)


@pytest.mark.parametrize(
    ("argument", "variable", "file", "expected"),
    [
        ("milliseconds", "seconds", "seconds", "milliseconds"),
        (None, "milliseconds", "seconds", "milliseconds"),
        (None, "", "milliseconds", "milliseconds"),
        (None, None, "milliseconds", "milliseconds"),
        (None, None, None, "seconds"),
    ],
)
def test_the_order_of_precedence(argument, variable, file, expected, tmp_path):
    """Argument, then IRL_TIMESPEC, then [tool.irl_logging]; empty and None are as not given."""
    if file:
        configured(tmp_path, f"timespec = '{file}'")
    environ = {} if variable is None else {"IRL_TIMESPEC": variable}
    assert load({"timespec": argument}, environ=environ).timespec == expected


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("json", "yes", True),
        ("json", "0", False),
        ("fsync", "OFF", False),
        ("fast_records", "true", True),
        ("completed_rows", "all", None),
        ("completed_rows", "0", 0),
        ("max_line_bytes", "1024", 1024),
        ("max_run_bytes", "0", 0),
        ("rotate_bytes", "100000", 100_000),
        ("rotate_seconds", "86400", 86_400),
        ("logs_days", "7", 7),
        ("results_days", "0", 0),
        ("agent", "agent-x", "agent-x"),
        ("log_pattern", "{workflow}-{seq}.log", "{workflow}-{seq}.log"),
    ],
)
def test_texts_from_the_environment(name, text, value):
    """Variables and ini files have texts only."""
    assert getattr(load({}, environ={f"IRL_{name.upper()}": text}), name) == value


def test_a_wrong_variable_is_named_as_it_is_written():
    """The error has the variable's own name."""
    with pytest.raises(ConfigurationError, match=re.escape("IRL_FSYNC is 'maybe', expected true or false")):
        load({}, environ={"IRL_FSYNC": "maybe"})


@pytest.mark.parametrize(
    ("there", "here", "root"),
    [
        ([], "a/b", "a/b/execution"),
        (["execution/"], "a/b", "execution"),
        (["a/execution/", "execution/"], "a/b", "a/execution"),
        ([".git/"], "a/b", "execution"),
        ([".git/", "a/execution/"], "a/b", "a/execution"),
        (["execution/active/"], "execution/logs", "execution"),
        (["execution/active/journal/"], "execution", "execution"),
        (["a/.git"], "a/b", "a/execution"),
        (["execution/active/", "a/.git/"], "a/b", "a/execution"),
        (["execution/active/", "a/.git"], "a", "a/execution"),
        ([".git/", "shop/execution/", "shop/execution/__init__.py"], "shop", "execution"),
    ],
)
def test_which_directory_is_found(there, here, root, tmp_path, monkeypatch):
    """The nearest parent that has one, else the git top level, else here; never one above the repository, or a package."""
    for name in there:
        path = tmp_path / name
        path.mkdir(parents=True) if name.endswith("/") else (
            path.parent.mkdir(parents=True, exist_ok=True),
            path.touch(),
        )
    (tmp_path / here).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(tmp_path / here)
    assert load({}, environ={}).root == tmp_path / root


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("runs", "a/runs/execution"),
        ("execution", "a/execution"),
        (Path("runs"), "a/runs/execution"),
        ("../runs", "a/../runs/execution"),
    ],
)
def test_a_directory_that_is_given(given, root, tmp_path, monkeypatch):
    """A repository, or the execution directory itself; a relative path starts here."""
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert load({"root": given}, environ={}).root == tmp_path / root
    assert load({}, environ={"IRL_ROOT": str(given)}).root == tmp_path / root
    assert load({"root": tmp_path / "x"}, environ={"IRL_ROOT": str(given)}).root == tmp_path / "x" / "execution"


def test_a_directory_in_the_config_file_starts_there(tmp_path, monkeypatch):
    """It means the same wherever in the repository the program is started."""
    configured(tmp_path, "root = 'var'")
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert load({}, environ={}).root == tmp_path / "var" / "execution"
    assert load({"root": "var"}, environ={}).root == tmp_path / "a" / "b" / "var" / "execution"


def test_the_nearest_config_file_that_speaks_of_us(tmp_path, monkeypatch):
    """One without our table is passed by, one that is broken and not about us too, and one that is no file."""
    configured(tmp_path, "completed_rows = 7")
    inner = tmp_path / "a" / "b" / "c"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("tool = 3\n")
    (tmp_path / "a" / "b" / "pyproject.toml").write_text("[[[ broken")
    (inner / "pyproject.toml").mkdir()
    monkeypatch.chdir(inner)
    assert load({}, environ={}).completed_rows == 7


def test_a_wrong_log_pattern_is_said_with_where_it_stands(tmp_path):
    configured(tmp_path, "log_pattern = 'runs'")
    with pytest.raises(
        ConfigurationError, match=rf"^{re.escape(str(tmp_path))}/pyproject.toml: log_pattern 'runs' is not"
    ):
        load({}, environ={})
    (tmp_path / "pyproject.toml").unlink()
    with pytest.raises(ConfigurationError, match=r"^IRL_LOG_PATTERN 'runs' is not usable"):
        load({}, environ={"IRL_LOG_PATTERN": "runs"})


def test_a_wrong_rule_is_said_with_the_file_that_it_stands_in(tmp_path):
    configured(tmp_path, "redaction = {disabled = ['nope']}")
    with pytest.raises(
        RuleError, match=rf"^{re.escape(str(tmp_path))}/pyproject.toml: redaction: there is no rule 'nope'"
    ):
        Execution(tmp_path / "execution")
    with pytest.raises(RuleError, match=r"^there is no rule 'other'"):
        Execution(tmp_path / "execution", redaction={"disabled": ["other"]})
