"""Commands with a limit: real ones."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from irl_logging.commands import Command, Outcome


def python(source: str) -> list[str]:
    """A command that runs Python."""
    return [sys.executable, "-c", source]


def test_what_it_says_and_its_exit_code(tmp_path):
    argv = python("import os, sys; print(os.getcwd()); print('wrong', file=sys.stderr); sys.exit(3)")
    with Command(argv, directory=tmp_path, limit=30) as command:
        assert command.outcome() == Outcome(3, f"{tmp_path}\n".encode(), b"wrong\n")


def test_last_words():
    assert Outcome(1, b"said\n", b"a traceback\nKeyError: 'x'\n\n").last_words == "KeyError: 'x'"
    assert Outcome(1, b"one\ntwo\n", b" \n").last_words == "two"
    assert Outcome(0, b"", b"").last_words == ""


def test_only_the_end_of_much_output(tmp_path):
    with Command(python("print('x' * 1_000_000 + 'end')"), directory=tmp_path, limit=30) as command:
        assert command.outcome(4).out == b"end\n"


def test_it_does_not_wait_for_input(tmp_path):
    with Command(python("import sys; sys.exit(len(sys.stdin.read()))"), directory=tmp_path, limit=30) as command:
        assert command.outcome().code == 0


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc to look for processes in")
def test_a_slow_one_is_ended_with_its_children(tmp_path):
    source = "import os, time\nprint(os.fork() or os.getpid(), flush=True)\ntime.sleep(600)"
    began = time.monotonic()
    with Command(python(source), directory=tmp_path, limit=1) as command:
        outcome = command.outcome()
    assert outcome.code is None
    assert time.monotonic() - began < 30
    children = [int(line) for line in outcome.out.split()]
    assert len(children) == 2
    deadline = time.monotonic() + 10
    while any(runs(pid) for pid in children):  # what has been killed needs a moment to end
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody has asked after does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] not in {"Z", "X"}
    except FileNotFoundError:
        return False


def test_one_that_is_not_asked_for_is_not_left_behind(tmp_path):
    with Command(python("import time; time.sleep(600)"), directory=tmp_path, limit=600) as command:
        process = command._process
    assert process.poll() is not None


def test_one_that_cannot_be_started(tmp_path):
    with pytest.raises(FileNotFoundError):
        Command(["no-such-command"], directory=tmp_path, limit=1)
