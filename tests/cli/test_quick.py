"""The short way of `irl log`: the same bytes as the long way, and nothing at all where it is not for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from irl_logging.cli import quick
from irl_logging.line import as_level

PROGRAM = "import sys; from irl_logging.cli.quick import main; sys.argv[1:] = {!r}; main()"


@pytest.fixture
def started(irl, monkeypatch) -> str:
    """The id of a run of `deploy` by `me`."""
    monkeypatch.setenv("IRL_AGENT", "me")
    return irl("start", "deploy").out.decode().strip()


@pytest.fixture
def last(log_of):
    """Returns the last line of the log of `deploy`, without its time, and takes it away."""
    return lambda: log_of("deploy").splitlines()[-1].partition("] ")[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["Listed 12 quarantined incidents"],
        ["several", "words  and blanks"],
        ["-s", "build", "built"],
        ["--level", "ERROR", "[3/4] broken: exit code 1"],
        ["-r", "deploy", "to a workflow"],
        ["commit 5f2c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e pushed"],
        ["Rotated the key of the session user"],
    ],
    ids=lambda arguments: arguments[-1],
)
def test_both_ways_write_the_same_line(irl, started, last, arguments):
    assert quick.wrote(arguments)
    short = last()
    answer = irl("log", *arguments)
    assert (answer.code, answer.out, answer.err) == (0, b"", b"")
    assert last() == short
    assert arguments[-1] in short


def test_it_writes_the_step_that_the_run_is_in(irl, started, last):
    irl("step", "list")
    assert quick.wrote(["hello"])
    assert last() == "[INFO] [deploy] [list] hello"


def test_its_time_is_that_of_the_line(started, log_of):
    assert quick.wrote(["hello"])
    assert re.search(
        r"^\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\] \[INFO\] \[deploy\] \[-\] hello\n\Z", log_of("deploy"), re.MULTILINE
    )


def test_it_is_a_sign_of_life(started, tmp_path):
    known = tmp_path / "execution/active/runs" / f"{started}.json"
    os.utime(known, (0, 0))
    assert quick.wrote(["hello"])
    assert known.stat().st_mtime > 1e9


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["-"],
        ["--help"],
        ["--", "x"],
        ["-f", "a=b", "x"],
        ["-s"],
        ["-s", "", "x"],
        ["-s", "two words", "x"],
        ["-l", "warning", "x"],
        ["-r", "nothing", "x"],
        ["x" * 5_000],
        ["two\nlines"],
        ["quotes [2026-02-08T00:47:25Z] [INFO] [deploy] [x] a line"],
        ["caf\u00e9"],
        ["password=" + "hunter2" * 2],
        ["-s", "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW", "x"],
    ],
    ids=lambda arguments: " ".join(arguments)[:20] or "nothing",
)
def test_what_is_not_for_it_is_not_written(started, log_of, arguments):
    before = log_of("deploy")
    assert not quick.wrote(arguments)
    assert log_of("deploy") == before


def test_a_value_of_the_environment_is_not_for_it(started, monkeypatch, log_of, irl):
    value = "correct-horse-" + "battery"
    monkeypatch.setenv("DEPLOY_PASSWORD", value)
    assert not quick.wrote([f"sent {value}"])
    irl("log", f"sent {value}")
    assert value not in log_of("deploy")


@pytest.mark.parametrize(("name", "value"), [("IRL_JSON", "true"), ("IRL_TIMESPEC", "milliseconds")])
def test_settings_of_the_environment_are_not_for_it(started, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    assert not quick.wrote(["hello"])


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("[tool.irl_logging]\njson = true\n", False),
        ('[tool."irl_logging"]\njson = true\n', False),
        ("[tool]\nirl_logging.json = true\n", False),
        ("[tool.irl-logging]\njson = true\n", False),
        ('[project]\ndependencies = [\n    "irl_logging>=0.1",\n]\n', True),
        ("[tool.ruff]\nline-length = 100\n", True),
    ],
)
def test_settings_of_the_repository_are_not_for_it(started, monkeypatch, tmp_path, text, short):
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert quick.wrote(["hello"]) is short


@pytest.mark.parametrize("root", ["", "execution", "~/../{}/execution"])
def test_the_directory_that_is_named_is_found_from_anywhere(started, monkeypatch, tmp_path, log_of, root):
    monkeypatch.setenv("IRL_ROOT", root.format(tmp_path.name) if root.startswith("~") else str(tmp_path / root))
    (tmp_path.parent / f"{tmp_path.name}-home" / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path.parent / f"{tmp_path.name}-home" / "elsewhere")
    assert quick.wrote(["hello"])
    assert log_of("deploy").endswith("[-] hello\n")


def test_of_two_runs_none_is_guessed(irl, started, monkeypatch, log_of):
    second = irl("start", "audit").out.decode().strip()
    assert not quick.wrote(["hello"])
    assert quick.wrote(["-r", "audit", "by workflow"])
    assert quick.wrote(["-r", second[:-2], "by id"])
    monkeypatch.setenv("IRL_RUN", second)
    assert quick.wrote(["by variable"])
    assert [line.rpartition("] ")[2] for line in log_of("audit").splitlines()[1:]] == [
        "by workflow",
        "by id",
        "by variable",
    ]


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "nothing", "a/b", "\udcff"])
def test_a_variable_that_names_no_run_leads_nowhere(started, monkeypatch, name):
    monkeypatch.setenv("IRL_RUN", name)
    assert not quick.wrote(["hello"])


@pytest.mark.parametrize("gone", ["logs/deploy-*.log", "active/runs/*.json"])
def test_what_is_missing_is_left_to_the_long_way(started, tmp_path, gone):
    for path in (tmp_path / "execution").glob(gone):
        path.unlink()
    assert not quick.wrote(["hello"])


def test_a_log_that_is_a_link_is_not_followed(started, tmp_path):
    (log,) = (tmp_path / "execution/logs").glob("deploy-*.log")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    log.unlink()
    log.symlink_to(elsewhere)
    assert not quick.wrote(["hello"])
    assert elsewhere.read_text() == ""


@pytest.mark.parametrize(
    "way", [lambda irl: quick.wrote(["hello"]), lambda irl: irl("log", "hello")], ids=["short", "long"]
)
def test_what_somebody_writes_into_active_leads_to_no_other_file(irl, started, tmp_path, way):
    known = tmp_path / "execution/active/runs" / f"{started}.json"
    known.write_text(json.dumps(json.loads(known.read_text()) | {"log": "../elsewhere"}))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("")
    way(irl)
    assert elsewhere.read_text() == ""


def test_a_system_without_file_locks_has_the_long_way_only(started, monkeypatch, log_of):
    before = log_of("deploy")
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert not quick.wrote(["hello"])
    assert log_of("deploy") == before


def test_a_variable_is_no_path(started, monkeypatch, tmp_path):
    known = tmp_path / "execution/active/runs" / f"{started}.json"
    known.rename(tmp_path / "execution/active" / known.name)
    monkeypatch.setenv("IRL_RUN", f"../{started}")
    assert not quick.wrote(["hello"])


def test_a_log_that_is_moved_away_before_it_is_locked_gets_nothing(started, monkeypatch, tmp_path):
    (log,) = (tmp_path / "execution/logs").glob("deploy-*.log")
    before = log.read_bytes()

    def opened(path, flags, *more, open=os.open):
        descriptor = open(path, flags, *more)
        log.rename(tmp_path / "moved")
        log.write_bytes(b"")
        return descriptor

    monkeypatch.setattr(os, "open", opened)
    assert not quick.wrote(["hello"])
    assert (tmp_path / "moved").read_bytes() == before


def test_a_line_of_which_a_part_was_written_is_ended(started, monkeypatch, log_of):
    before = log_of("deploy")
    monkeypatch.setattr(os, "write", lambda descriptor, data, write=os.write: write(descriptor, data[:5]))
    assert not quick.wrote(["hello"])
    monkeypatch.undo()
    assert log_of("deploy") == f"{before}[{time.gmtime().tm_year}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_is_told_by_the_long_way(started, tmp_path, start_irl, clean_environment):
    (log,) = (tmp_path / "execution/logs").glob("deploy-*.log")
    size = log.stat().st_size
    limited = f"import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, ({size + 20}, {size + 20}))\n"
    done = subprocess.run(
        [sys.executable, "-c", limited + PROGRAM.format(["log", "a line that does not fit"])],
        env=clean_environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "log lines cannot be written" in done.stderr


def test_the_entry_point_takes_it_and_passes_on_the_rest(started, run_python, tmp_path, log_of):
    assert run_python(PROGRAM.format(["log", "hello"])).returncode == 0
    assert log_of("deploy").endswith("[-] hello\n")
    assert run_python(PROGRAM.format(["log", "caf\u00e9"])).returncode == 0
    assert log_of("deploy").endswith("[-] caf\u00e9\n")
    shown = run_python(PROGRAM.format(["--version"]))
    assert shown.stdout.startswith("irl, version ")


def test_it_loads_nothing_that_is_slow(started, run_python):
    heavy = [
        "click",
        "dataclasses",
        "inspect",
        "pathlib",
        "re2",
        "typing",
        "irl_logging.execution",
        "irl_logging.redaction",
    ]
    done = run_python(
        "import sys; before = set(sys.modules)\nfrom irl_logging.cli import quick\n"
        f"assert quick.wrote(['hello'])\nprint(sorted(set({heavy!r}) & (set(sys.modules) - before)))"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_its_levels_are_those_of_lines():
    assert [as_level(word) for word in quick.LEVELS] == list(quick.LEVELS)
