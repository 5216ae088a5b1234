"""`irl run`: a command's output, its signals and its end."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time

import pytest

from irl_logging import Execution
from irl_logging.cli.run import verdict
from tests.cli.conftest import PROGRAM

# Says when it is ready, then who sends it the signal each time: a process or the kernel. Ends when none comes any more.
TELLS_SIGNALS = """\
import os, signal, sys
numbers = {getattr(signal, sys.argv[1])}
signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
os.write(1, b"ready\\n")
info = signal.sigwaitinfo(numbers)
while info is not None:
    os.write(1, b"from a process\\n" if info.si_code <= 0 else b"from the kernel\\n")
    info = signal.sigtimedwait(numbers, 0.5)  # a second delivery would come at once
os.write(1, b"end\\n")
sys.exit(5)
"""
WAIT_SECONDS = 30.0


def state_of(tmp_path, workflow):
    """The newest run of a workflow."""
    return next(run for run in Execution(tmp_path / "execution").runs() if run.workflow == workflow)


def read_until(descriptor: int, text: bytes) -> bytes:
    """Read until `text` has come; fail when it does not."""
    seen = b""
    deadline = time.monotonic() + WAIT_SECONDS
    while text not in seen:
        assert select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0], seen
        data = os.read(descriptor, 65_536)
        assert data, seen
        seen += data
    return seen


@pytest.mark.parametrize("name", ["", " "])
def test_a_workflow_without_a_name_is_refused(irl, tmp_path, name):
    """As `irl run -w "$NAME"` gives it where nobody has set the variable: nothing has been run."""
    answer = irl("run", "-w", name, "--", "touch", "ran")
    assert answer.code == 2
    assert answer.err.endswith(b"irl: Invalid value for '-w' / '--workflow': it is empty, expected a name\n")
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_no_exit_code_of_the_command(irl, tmp_path):
    """Whoever calls can tell it from the command's own failure, which is 1 more often than not."""
    (tmp_path / "pyproject.toml").write_text('[tool.irl_logging]\ntimespec = "hours"\n')
    answer = irl("run", "-w", "deploy", "--", "touch", "ran")
    assert answer.code == 125
    assert answer.err.startswith(b"irl: ")
    assert answer.err.endswith(b"; touch was not run\n")
    assert [path.name for path in tmp_path.iterdir()] == ["pyproject.toml"]


# Output


def test_output_is_shown_on_its_stream_and_logged(irl, messages_of):
    answer = irl("run", "--workflow", "w", "--", "sh", "-c", "echo out; echo err >&2")
    assert (answer.code, answer.out, answer.err) == (0, b"out\n", b"err\n")
    assert messages_of("w", "stdout") == ["out"]
    assert messages_of("w", "stderr") == ["err"]


def test_the_whole_log(irl, log_of):
    irl("run", "--workflow", "deploy", "--agent", "human:ada", "--", "echo", "two words")
    time_, run = r"\[\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\]", r"\d{8}T\d{6}Z-[0-9a-f]{8}"
    pattern = (
        rf"{time_} \[INFO\] \[deploy\] \[start\] Started deploy: echo 'two words' agent=human:ada run={run}\n"
        rf"{time_} \[INFO\] \[deploy\] \[stdout\] two words\n"
        rf"{time_} \[INFO\] \[deploy\] \[complete\] ✓ Complete duration=\d+\.\ds agent=human:ada run={run}\n"
    )
    assert re.fullmatch(pattern, log_of("deploy"))


def test_options_name_log_and_step(irl, tmp_path, log_of):
    irl("run", "-w", "w", "--log-name", "nightly", "--step", "build", "--", "sh", "-c", "echo a; echo b >&2")
    assert sorted(line[-20:] for line in log_of("nightly").splitlines()[1:-1]) == [
        "[INFO] [w] [build] a",
        "[INFO] [w] [build] b",
    ]
    assert state_of(tmp_path, "w").last_step == "build"


def test_secrets_in_output_and_arguments_are_neither_shown_nor_kept(irl, tmp_path, secret, log_of):
    answer = irl("run", "-w", "w", "--", "sh", "-c", 'echo "key $1"; echo "key $1" >&2', "sh", secret)
    assert (answer.out, answer.err) == (b"key [REDACTED:anthropic-key]\n", b"key [REDACTED:anthropic-key]\n")
    assert log_of("w").count("[REDACTED:anthropic-key]") == 3
    assert [path for path in tmp_path.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()] == []


def test_a_secret_of_the_environment_is_known_by_value(irl, monkeypatch):
    value = "plum-" + "Tango7-harbour"
    monkeypatch.setenv("BILLING_PASSWORD", value)
    answer = irl("run", "-w", "w", "--", "sh", "-c", 'echo "it is $BILLING_PASSWORD, ok"')
    assert value.encode() not in answer.out
    assert answer.out.startswith(b"it is [REDACTED:")


def test_hostile_output_forges_no_record(irl, log_of):
    forged = "[2026-02-08T00:00:00Z] [INFO] [w] [complete] forged"
    irl("run", "-w", "w", "--", "printf", "%s", f"\x1b[31mred\x1b[0m {forged}\n{forged}\n\u202e\x07")
    lines = log_of("w").splitlines()
    assert len(lines) == 5
    assert [line for line in lines if re.match(r"\[[^]]*\] \[\w+\] \[w\] \[complete\] forged", line)] == []
    assert "\x1b" not in "".join(lines)
    assert lines[3].endswith("[stdout] \\u202e\\x07")


def test_stdin_is_the_commands(start_irl):
    process = start_irl("run", "-w", "w", "--", "cat", stdin=subprocess.PIPE)
    out, err = process.communicate(b"typed\n")
    assert (process.returncode, out, err) == (0, b"typed\n", b"")


def test_a_prompt_is_live(start_irl):
    """What has no newline yet is on the terminal while the command waits for the answer."""
    process = start_irl(
        "run", "-w", "w", "--", "sh", "-c", 'printf "name? "; read name; echo "$name"', stdin=subprocess.PIPE
    )
    assert read_until(process.stdout.fileno(), b"name? ") == b"name? "
    out, _ = process.communicate(b"Ada\n")
    assert out == b"Ada\n"


def test_python_is_live_too(start_irl):
    """Python would keep what it prints to a pipe until the end."""
    process = start_irl(
        "run",
        "-w",
        "w",
        "--",
        sys.executable,
        "-c",
        "import sys; print('here'); sys.stdin.readline()",
        stdin=subprocess.PIPE,
    )
    assert read_until(process.stdout.fileno(), b"here\n") == b"here\n"
    process.communicate(b"\n")
    assert process.returncode == 0


def test_a_reader_that_has_enough_ends_the_command(start_irl, tmp_path):
    process = start_irl("run", "-w", "w", "--", "yes")
    read_until(process.stdout.fileno(), b"y\n")
    process.stdout.close()
    assert process.wait(WAIT_SECONDS) == 128 + signal.SIGPIPE
    assert state_of(tmp_path, "w").note == "killed by SIGPIPE"


# The end


@pytest.mark.parametrize(
    ("script", "code", "status", "note"),
    [
        ("exit 0", 0, "✓ Complete", None),
        ("exit 3", 3, "✗ Failed", "exit code 3"),
        ("exit 130", 130, "⚠️ Cancelled", "exit code 130"),
        ("exit 143", 143, "⚠️ Cancelled", "exit code 143"),
        ("kill -INT $$", 130, "⚠️ Cancelled", "killed by SIGINT"),
        ("kill -TERM $$", 143, "⚠️ Cancelled", "killed by SIGTERM"),
        ("kill -KILL $$", 137, "⚠️ Error", "killed by SIGKILL"),
        ("kill -HUP $$", 129, "⚠️ Error", "killed by SIGHUP"),
    ],
)
def test_the_exit_code_ends_the_run(irl, tmp_path, script, code, status, note):
    assert irl("run", "-w", "w", "--", "sh", "-c", script).code == code
    state = state_of(tmp_path, "w")
    assert (state.status, state.note) == (status, note)


def test_verdict_of_a_signal_without_a_name():
    assert verdict(-200) == ("⚠️ Error", "killed by signal 200")


def test_a_command_that_is_not_there(irl, tmp_path):
    answer = irl("run", "-w", "w", "--", "no-such-command", "--flag")
    assert (answer.code, answer.out, answer.err) == (127, b"", b"irl: command not found: no-such-command\n")
    state = state_of(tmp_path, "w")
    assert (state.status, state.note) == ("⚠️ Error", "command not found: no-such-command")


def test_a_command_that_cannot_be_executed(irl, tmp_path):
    (tmp_path / "script").write_text("echo hi\n")
    answer = irl("run", "-w", "w", "--", "./script")
    assert (answer.code, answer.err) == (126, b"irl: Permission denied: ./script\n")
    assert state_of(tmp_path, "w").status == "⚠️ Error"


def test_a_script_without_a_first_line_for_the_kernel(irl, tmp_path):
    (tmp_path / "script").write_text('echo "$0 $1"\n')
    (tmp_path / "script").chmod(0o755)
    answer = irl("run", "-w", "w", "--", "./script", "arg")
    assert (answer.code, answer.out) == (0, b"./script arg\n")


def test_a_process_left_behind_does_not_hang_us(irl, messages_of):
    started = time.monotonic()
    answer = irl("run", "-w", "w", "--", "sh", "-c", "sleep 60 & echo $!")
    with contextlib.suppress(ProcessLookupError):
        os.kill(int(answer.out), signal.SIGKILL)
    assert time.monotonic() - started < 30
    assert answer.code == 0
    assert messages_of("w", "stderr") == [
        "The command has ended, but a process it started still holds stderr: not waited for"
    ]


def test_a_directory_that_cannot_be_written_does_not_stop_the_command(irl, tmp_path):
    (tmp_path / "execution").write_text("in the way")
    answer = irl("--root", "execution", "run", "-w", "w", "--", "sh", "-c", "echo done; exit 4")
    assert (answer.code, answer.out) == (4, b"done\n")
    assert answer.err.count(b"\n") == 1
    assert b"run of w could not be started" in answer.err


# The environment


def test_the_command_finds_its_run(irl, tmp_path):
    """A Python program below joins the run instead of starting one of its own."""
    (tmp_path / "script.py").write_text(
        "import logging, irl_logging\n"
        "irl_logging.configure('other', level='INFO')\n"
        "logging.info('from inside', extra={'step': 'inside'})\n"
        "irl_logging.current_run().complete('1 approved')\n"
    )
    assert irl("run", "-w", "w", "--", sys.executable, "script.py").code == 0
    (state,) = Execution(tmp_path / "execution").runs()
    assert (state.workflow, state.status, state.summary) == ("w", "✓ Complete", "1 approved")
    assert "[w] [inside] from inside" in (tmp_path / "execution" / state.log).read_text("utf-8")


def test_a_run_inside_a_run_knows_its_parent(irl, tmp_path):
    assert irl("run", "-w", "outer", "--", *PROGRAM, "run", "-w", "inner", "--", "true").code == 0
    assert state_of(tmp_path, "inner").parent == state_of(tmp_path, "outer").id


def test_descriptors_that_the_shell_opened_reach_the_command(irl, tmp_path):
    with (tmp_path / "third").open("w") as third:
        os.set_inheritable(third.fileno(), True)
        irl("run", "-w", "w", "--", sys.executable, "-c", f"import os; os.write({third.fileno()}, b'through')")
    assert (tmp_path / "third").read_text() == "through"


# Signals


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGWINCH"])
def test_a_signal_of_a_process_is_passed_on_once(start_irl, name):
    process = start_irl("run", "-w", "w", "--", sys.executable, "-c", TELLS_SIGNALS, name)
    read_until(process.stdout.fileno(), b"ready\n")
    process.send_signal(getattr(signal, name))
    out, _ = process.communicate(timeout=WAIT_SECONDS)
    assert (process.returncode, out) == (5, b"from a process\nend\n")


def test_a_command_that_dies_of_a_signal_is_cancelled(start_irl, tmp_path):
    process = start_irl("run", "-w", "w", "--", "sh", "-c", "echo ready; exec sleep 60")
    read_until(process.stdout.fileno(), b"ready\n")
    process.terminate()
    assert process.wait(WAIT_SECONDS) == 143
    assert state_of(tmp_path, "w").status == "⚠️ Cancelled"


def test_who_ignores_a_signal_has_a_command_that_does(start_irl):
    """As `nohup` does it; the signal ends nobody."""
    process = start_irl(
        "run", "-w", "w", "--", "sh", "-c", "kill -HUP $$; kill -HUP $PPID; echo alive", preexec_fn=ignore_hangup
    )
    out, _ = process.communicate(timeout=WAIT_SECONDS)
    assert (process.returncode, out) == (0, b"alive\n")


def ignore_hangup():
    """Ignore SIGHUP, in a process that is about to become `irl`."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def test_killing_irl_itself_is_noticed_later(start_irl, irl, tmp_path):
    process = start_irl("run", "-w", "w", "--", "sh", "-c", "echo $$; exec sleep 60")
    child = int(read_until(process.stdout.fileno(), b"\n"))
    process.kill()
    process.wait()
    os.kill(child, signal.SIGKILL)
    answer = irl("status")
    assert "⚠️ Crashed" in answer.out.decode()
    assert state_of(tmp_path, "w").status == "⚠️ Crashed"


@pytest.fixture
def on_terminal(start_irl):
    """Start a command on a terminal of its own; gives the process and the terminal's other side."""
    sides = []

    def start(*arguments: str, env: dict[str, str] | None = None) -> tuple[subprocess.Popen[bytes], int]:
        ours, theirs = pty.openpty()
        sides.append(ours)
        process = start_irl(
            *arguments,
            env={"TERM": "xterm", **(env or {})},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=lambda: os.login_tty(os.dup(theirs)),
        )
        os.close(theirs)
        return process, ours

    yield start
    for side in sides:
        os.close(side)


def test_a_key_on_the_terminal_is_delivered_once(on_terminal, tmp_path):
    """Ctrl-C reaches the command by itself: the terminal gives it to the whole process group."""
    process, terminal = on_terminal("run", "-w", "w", "--", sys.executable, "-c", TELLS_SIGNALS, "SIGINT")
    read_until(terminal, b"ready\r\n")
    told = b""
    for _ in range(5):
        os.write(terminal, b"\x03")
        told += read_until(terminal, b"from the kernel\r\n")
    told += read_until(terminal, b"end\r\n")
    assert told.replace(b"^C", b"") == b"from the kernel\r\n" * 5 + b"end\r\n"
    assert process.wait(WAIT_SECONDS) == 5


def test_a_process_can_interrupt_on_a_terminal_as_well(on_terminal):
    process, terminal = on_terminal("run", "-w", "w", "--", sys.executable, "-c", TELLS_SIGNALS, "SIGINT")
    read_until(terminal, b"ready\r\n")
    process.send_signal(signal.SIGINT)
    assert read_until(terminal, b"end\r\n") == b"from a process\r\nend\r\n"
    assert process.wait(WAIT_SECONDS) == 5


def test_colours_only_on_a_terminal(on_terminal, irl, start_irl, tmp_path):
    irl("run", "-w", "w", "--", "true")
    process, terminal = on_terminal("status")
    assert b"\x1b[32m" in read_until(terminal, b"w-")
    process.wait()
    assert b"\x1b" not in start_irl("status").communicate()[0]
    process, terminal = on_terminal("status", env={"NO_COLOR": "1"})
    assert b"\x1b" not in read_until(terminal, b"w-")
    process.wait()


def test_the_journal_has_it_all(irl, tmp_path):
    """`active/workflows.json` names the run while it lasts."""
    irl("run", "-w", "w", "--", "cp", "execution/active/workflows.json", "seen.json")
    (seen,) = json.loads((tmp_path / "seen.json").read_text())["workflows"]
    assert (seen["workflow"], seen["status"], seen["pid"]) == ("w", "Running", os.getpid())


def test_what_is_redacted_in_arguments_and_output_counts_as_the_runs(irl, log_of, secret):
    irl("run", "--workflow", "deploy", "--", "sh", "-c", f"echo {secret}; echo {secret} >&2")
    assert " redacted=4 " in log_of("deploy").splitlines()[-1]
