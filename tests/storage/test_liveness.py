"""Is a running run dead? A lock for as long as it lives."""

from __future__ import annotations

import os
import signal

import pytest

from irl_logging.storage.liveness import boot_id, hold, host, process_start, seized

CLOSES_ALL = """
import os, pathlib
from irl_logging.storage.liveness import hold

token = hold(pathlib.Path("r.lock"), {})
os.closerange(3, 64)
theirs = [os.open("theirs", os.O_RDWR | os.O_CREAT) for _ in range(8)]
token.release()
print([os.fstat(number).st_nlink for number in theirs])
"""


def is_free(path):
    with seized(path) as free:
        return free


def test_a_held_lock_is_not_free_until_it_is_released(tmp_path):
    """The file says who holds it; releasing removes it, once."""
    path = tmp_path / "r.lock"
    token = hold(path, {"run": "r", "pid": os.getpid()})
    assert (is_free(path), path.read_text()) == (False, f'{{"run": "r", "pid": {os.getpid()}}}\n')
    assert path.stat().st_mode & 0o777 == 0o640
    token.release()
    token.release()
    assert (path.exists(), is_free(path)) == (False, False)


def test_a_lock_file_that_is_there_is_nobody_elses_to_take(tmp_path):
    """Its run's holder, dead or alive, is the one who made it."""
    (tmp_path / "r.lock").touch()
    with pytest.raises(FileExistsError):
        hold(tmp_path / "r.lock", {})
    assert is_free(tmp_path / "r.lock") is True


def test_one_observer_at_a_time(tmp_path):
    """While one deals with a dead run, others see it as held; a file that was removed meanwhile is nobody's."""
    path = tmp_path / "r.lock"
    path.touch()
    with seized(path) as free, seized(path) as second:
        assert (free, second) == (True, False)
        path.unlink()
    assert is_free(path) is False


def test_a_forked_child_does_not_keep_it(tmp_path):
    """The parent's lock goes with the parent, also while a child of it lives."""
    path = tmp_path / "r.lock"
    read, write = os.pipe()
    holder = os.fork()
    if holder == 0:
        hold(path, {})
        child = os.fork()
        if child == 0:
            os.write(write, b"%d\n" % os.getpid())
            signal.pause()
        signal.pause()
    child = int(os.read(read, 99))
    try:
        assert is_free(path) is False
        os.kill(holder, signal.SIGKILL)
        os.waitpid(holder, 0)
        os.kill(child, 0)  # it lives
        assert is_free(path) is True
    finally:
        os.kill(child, signal.SIGKILL)
        os.close(read)
        os.close(write)


def test_a_number_that_now_stands_for_a_file_of_the_program_is_not_closed(tmp_path, run_python):
    """Who closes every descriptor, to become a daemon, opens others."""
    done = run_python(CLOSES_ALL)
    assert (done.stdout, done.stderr) == ("[1, 1, 1, 1, 1, 1, 1, 1]\n", "")
    assert not (tmp_path / "r.lock").exists()


def test_who_a_process_is():
    """Number and start time tell a process from a later one with its number; 0 where there is none."""
    assert process_start(os.getpid()) > 0
    assert process_start(2**22 + 1) == 0
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert process_start(pid) == 0  # a zombie
    os.waitpid(pid, 0)


def test_where_we_are():
    """A host has a name, a boot eight digits."""
    assert host()
    assert len(boot_id()) == 8
    assert int(boot_id(), 16) >= 0
