"""Killed before any file call of a run's life, or refused any: what was acknowledged is there, nothing is torn or left over.

Each call of start, log, step and end has its turn, and afterwards the next process has to find everything right, also when all
that is derived from the journal is removed. The short form goes through the interpreter's profiler and without syncing; the
long one lets strace do it to the calls of the kernel, one by one, with all that is synced.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import socket
import subprocess
from collections import Counter
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from irl_logging import Execution
from tests.faults import life
from tests.faults.calls import Which, before_call, count_calls, is_change, is_file_call, unseen

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS)
OTHER = 3
"""Exit code of a life that raised anything but an OSError out of start or end, or anything at all out of a line."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "execution"
    life.prepare(root)
    return root


def lived(root: Path, around: AbstractContextManager, tries: int = 1) -> tuple[int, set[str]]:
    """Live in a forked process, inside the block `around`; return the process's end and what it said."""
    read, write = os.pipe()

    def say(word: str) -> None:
        with unseen():
            os.write(write, word.encode() + b" ")

    child = os.fork()
    if not child:
        code = OTHER
        try:
            execution = Execution(root, agent="agent-second", fsync=False)
            with around:
                life.live(execution, say, tries)
            code = 0
        finally:
            os._exit(code)
    os.close(write)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    said = set(os.read(read, 1 << 16).decode().split())
    os.close(read)
    return code, said


def count(root: Path, which: Which) -> int:
    """How many calls a life makes, of those that count."""
    life.live(Execution(root, fsync=False))  # what is imported at first use is imported now
    life.reset(root)
    execution = Execution(root, fsync=False)
    return count_calls(lambda: life.live(execution), which)


def test_a_kill_before_a_call(root):
    """What was acknowledged before the kill is there, the rest never was."""
    calls = count(root, is_change)
    assert calls > 50
    wrong = {}
    for number in range(0, calls, 2):  # the others have their turn in the long form
        life.reset(root)
        code, said = lived(root, before_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL), is_change))
        if faults := life.faults_of(root, said) + ([] if code == -signal.SIGKILL else [f"ended with {code}"]):
            wrong[number] = faults
    assert wrong == {}


def errors_from(root: Path, calls: Iterable[tuple[int, int]]) -> dict[tuple[int, str], list[str]]:
    """Let these calls fail with these errors, one in each life; return what is wrong afterwards."""
    wrong = {}
    for number, error in calls:
        life.reset(root)

        def refuse(error=error):
            raise OSError(error, os.strerror(error))

        code, said = lived(root, before_call(number, refuse), tries=2)
        if faults := life.faults_of(root, said) + ([] if code == 0 else [f"ended with {code}"]):
            wrong[number, errno.errorcode[error]] = faults
    return wrong


def test_an_error_from_a_call(root):
    """What is refused is not acknowledged, lines never raise, and what is tried again works."""
    calls = count(root, is_file_call)
    assert calls > 300
    assert errors_from(root, [(number, ERRORS[number % 4]) for number in range(0, calls, 11)]) == {}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_error_from_each_call(root, measured):
    """The same for all of them."""
    calls = [(number, error) for number in range(count(root, is_file_call)) for error in ERRORS]
    assert errors_from(root, calls) == {}
    measured(f"{len(calls)} refusals, all right")


FILES = "%file,%desc"
NOT_TO_THE_FILES = {"mmap", "ioctl", "poll", "fcntl", "getcwd", "sendto", "recvfrom"}


def traced(root: Path, options: list[str], tries: int = 1) -> tuple[int, set[str]]:
    """Live with everything synced in a forked process that strace is attached to; return its end and what it said."""
    ours, its = socket.socketpair()  # strace counts what is sent on a socket apart from what is written to files
    child = os.fork()
    if not child:
        code = OTHER
        try:
            execution = Execution(root, agent="agent-second")
            its.recv(1)
            life.live(execution, lambda word: its.send(word.encode() + b" "), tries)
            code = 0
        finally:
            os._exit(code)
    its.close()
    command = ["strace", "-p", str(child), "-e", f"trace={FILES}", "-o", str(root.with_suffix(".trace")), *options]
    with ours, subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert "attached" in strace.stderr.readline()
        ours.send(b".")
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        return code, set(ours.recv(1 << 16).decode().split())


@pytest.fixture
def kernel_calls(strace, root) -> dict[str, int]:
    """How often each call of the kernel that has to do with files is made in a life."""
    life.live(Execution(root))  # what is imported at first use is imported now
    life.reset(root)
    assert traced(root, []) == (0, {"started", "logged", "ended"})
    names = Counter(re.findall(r"^(\w+)\(", root.with_suffix(".trace").read_text(), re.MULTILINE))
    return {name: number for name, number in sorted(names.items()) if name not in NOT_TO_THE_FILES}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_kill_before_each_call_of_the_kernel(kernel_calls, root, measured):
    """With all that is synced, the swap of the README among them."""
    assert {"fdatasync", "renameat2", "flock"} <= kernel_calls.keys()
    points = [(name, number) for name, count in kernel_calls.items() for number in range(1, count + 1)]
    wrong, killed = {}, 0
    for name, number in points:
        life.reset(root)
        code, said = traced(root, ["-e", f"inject={name}:signal=KILL:when={number}"])
        killed += code == -signal.SIGKILL
        if faults := life.faults_of(root, said) + ([] if code in (0, -signal.SIGKILL) else [f"ended with {code}"]):
            wrong[name, number] = faults
    assert wrong == {}
    assert killed > len(points) - 10  # a life may do with a call or two less than the one that was counted
    measured(f"killed before each of {killed} calls of the kernel, all right")


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_an_error_from_each_call_of_the_kernel(kernel_calls, root, lasting, measured):
    """The call of this number fails, or it and all that follow: a disk that is full stays so."""
    points = [
        (name, number, errno.errorcode[error])
        for name, count in kernel_calls.items()
        if name != "close"  # which does its work whatever it answers
        for number in range(1, count + 1)
        for error in (ERRORS if not lasting else (errno.ENOSPC, errno.EIO))
    ]
    wrong = {}
    for name, number, error in points:
        life.reset(root)
        when = f"{number}+" if lasting else number
        code, said = traced(root, ["-e", f"inject={name}:error={error}:when={when}"], tries=2)
        if lasting:
            said.discard("logged")  # held in memory for as long as the process lives
        if faults := life.faults_of(root, said) + ([] if code == 0 else [f"ended with {code}"]):
            wrong[name, number, error] = faults
    assert wrong == {}
    measured(f"{len(points)} refusals by the kernel, all right")
