"""The group of commands: help, mistakes, and what they cost."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest

import irl_logging
from irl_logging.cli.main import _COMMANDS

HELP = """\
Get started:
  demo          Set up an example repository and run real workflows in it.
  init          Create an execution directory, ready for the first run.
  run           Run any command, in any language, as a run of a workflow.

Log a run one command at a time:
  start         Start a run that goes on after this command.
  log           Write a line, or standard input, to a run's log.
  step          Begin the next step of a run.
  decision      Record a decision in the audit trail.
  result        Add keys to a run's results file.
  expect        State what must hold for a run to be complete.
  complete      End a run as complete.
  fail          End a run as failed: a negative outcome.
  error         End a run as an error: something broke.
  cancel        End a run as cancelled: somebody stopped it.

Inspect:
  status        Show what is running and what ended recently.
  audit         Show who decided what, and why; verify the audit trail.
  snapshot      Record current figures in state/ and in the README.
  state         Show, change, check and repair the JSON files in state/.

Keep the README accurate:
  check         Check that the README is accurate; for CI and hooks.
  sync          Bring the README up to date now.
  resolve       Manually end a run that no process will end.
  doctor        Look for problems, and say how to fix them.
  merge-driver  Merge two branches' README row by row; called by git.

Keep secrets out:
  redact        Replace the secrets in a file or pipe.
  scan          Look for secrets in files and in git history.
  scrub         Remove secrets from files in place, after a backup.

Maintain:
  clean         Compress and archive old logs; remove old results.
  backup        Back up the execution directory.
  restore       Verify a backup, or restore it.
"""


def test_help_lists_every_command(irl):
    answer = irl("--help")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().endswith(HELP)


@pytest.mark.parametrize("command", sorted(_COMMANDS))
def test_each_command_has_help(irl, command):
    answer = irl(command, "--help")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().startswith(f"Usage: irl {command} ")


def test_version(irl):
    assert irl("--version").out.decode() == f"irl, version {irl_logging.__version__}\n"


def test_wrong_usage_is_2_and_says_where_help_is(irl):
    answer = irl("frobnicate")
    assert (answer.code, answer.out) == (2, b"")
    assert "Try 'irl --help' for help." in answer.err.decode()
    assert answer.err.decode().endswith("irl: No such command 'frobnicate'.\n")


def test_a_command_that_is_nearly_right_is_named(irl):
    answer = irl("stauts")
    assert (answer.code, answer.out) == (2, b"")
    assert answer.err.endswith(b"irl: No such command 'stauts'. Did you mean 'status'?\n")


@pytest.mark.parametrize(("arguments", "heading"), [((), "Get started"), (("state",), "Commands")])
def test_without_a_command_the_help_is_shown(irl, arguments, heading):
    answer = irl(*arguments)
    shown = (
        answer.out + answer.err
    ).decode()  # which of the two, and the code, have changed with the versions of click
    assert shown.startswith("Usage: irl")
    assert f"\n{heading}:\n  " in shown
    assert shown.rstrip() == irl(*arguments, "--help").out.decode().rstrip()


def test_as_a_module(clean_environment):
    result = subprocess.run(
        [sys.executable, "-m", "irl_logging", "--version"], env=clean_environment, capture_output=True
    )
    assert (result.returncode, result.stdout) == (0, f"irl, version {irl_logging.__version__}\n".encode())


@pytest.mark.parametrize(
    "command", ["status", "scan", "scrub", "check", "audit", "sync", "clean", "snapshot", "state check"]
)
def test_a_root_that_is_not_there_is_a_mistake(irl, monkeypatch, tmp_path, command):
    """A typo must not be answered with "No secrets in 0 files"."""
    answer = irl("--root", "shpo", *command.split())
    assert (answer.code, answer.out) == (1, b"")
    expected = "names shpo, which is not a directory: expected a repository or its execution directory\n"
    assert answer.err.decode() == f"irl: --root {expected}"
    monkeypatch.setenv("IRL_ROOT", "shpo")
    assert irl(*command.split()).err.decode() == f"irl: IRL_ROOT {expected}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["init", "run -w deploy -- true", "state set deploy step=1"])
def test_what_begins_something_makes_the_root(irl, tmp_path, command):
    assert irl("--root", "shop", *command.split()).code == 0
    assert (tmp_path / "shop" / "execution" / "state").is_dir()


def test_a_secret_in_a_mistyped_command_is_not_repeated(irl, secret):
    answer = irl("status", secret)
    assert answer.code == 2
    assert b"Got unexpected extra argument ([REDACTED:" in answer.err
    assert secret.encode() not in answer.err


def test_a_wrong_setting_is_one_line_and_1(irl, monkeypatch):
    monkeypatch.setenv("IRL_TIMESPEC", "hours")
    answer = irl("status")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err == b"irl: IRL_TIMESPEC is 'hours', expected 'seconds' or 'milliseconds'\n"


def test_what_the_system_refuses_is_one_line_and_1(irl, tmp_path):
    (tmp_path / "file").write_text("")
    answer = irl("init", "file/below")
    assert (answer.code, answer.out) == (1, b"")
    assert answer.err == f"irl: {tmp_path / 'file/below/execution'}: Not a directory\n".encode()


def test_root_is_a_repository_or_its_execution_directory(irl, tmp_path):
    irl("--root", "repository", "run", "-w", "one", "--", "true")
    irl("--root", "repository/execution", "run", "-w", "two", "--", "true")
    assert sorted(path.name[:3] for path in (tmp_path / "repository/execution/logs").iterdir()) == ["one", "two"]


def test_help_loads_no_command(run_python):
    """Commands that scripts call for each line must not pay for all the others."""
    result = run_python(
        "import sys\n"
        "from irl_logging.cli.main import main\n"
        "try:\n"
        "    main(['--help'])\n"
        "except SystemExit:\n"
        "    print(sorted({'irl_logging.execution', 'irl_logging.cli.run', 'structlog', 're2'} & set(sys.modules)))\n"
    )
    assert (result.stdout.splitlines()[-1], result.stderr) == ("[]", "")


def test_a_terminal_without_unicode_gets_escapes(start_irl):
    process = start_irl("run", "-w", "w", "--", "true")
    assert process.wait() == 0
    process = start_irl("status", env={"PYTHONIOENCODING": "latin-1"})
    out, err = process.communicate()
    assert (process.returncode, err) == (0, b"")
    assert b"\\u2713 Complete" in out


def test_the_installed_command(clean_environment):
    program = shutil.which("irl", path=clean_environment["PATH"])
    if program is None:
        pytest.skip("the package is not installed, so there is no irl on PATH")
    result = subprocess.run([program, "--version"], env=clean_environment, capture_output=True)
    assert (result.returncode, result.stdout) == (0, f"irl, version {irl_logging.__version__}\n".encode())
