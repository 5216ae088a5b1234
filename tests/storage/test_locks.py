"""Locks between processes: what is held after a wait, a kill, a fork, an exec."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from irl_logging.storage import locks


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_lock_keeps_others_out_until_it_is_released(tmp_path):
    path = tmp_path / ".lock"
    with locks.try_lock(path) as lock:
        assert lock.held
        assert locks.try_lock(path) is None
    assert not lock.held
    with locks.try_lock(path) as again:
        assert again.held
    assert names(tmp_path) == [".lock"]


def test_releasing_twice_does_not_take_the_lock_from_the_next_holder(tmp_path):
    path = tmp_path / ".lock"
    first = locks.try_lock(path)
    first.release()
    second = locks.try_lock(path)
    first.release()
    assert locks.try_lock(path) is None
    second.release()


def test_waiting_ends_as_soon_as_the_lock_is_free(tmp_path):
    path = tmp_path / ".lock"
    first = locks.try_lock(path)
    got = []
    waiting = threading.Thread(target=lambda: got.append(locks.wait_lock(path, 30)))
    waiting.start()
    first.release()
    waiting.join(20)
    assert got[0].held
    got[0].release()


def test_waiting_stops_at_the_limit_and_never_takes_the_lock_later(tmp_path):
    path = tmp_path / ".lock"
    first = locks.try_lock(path)
    began = time.monotonic()
    assert locks.wait_lock(path, 0.05) is None
    assert 0.04 < time.monotonic() - began < 5
    first.release()
    with locks.wait_lock(path, 20) as second:  # the wait that was given up may hold it for a moment
        assert second.held


def test_waits_that_are_given_up_do_not_pile_up_behind_a_holder_that_hangs(tmp_path):
    path, before = tmp_path / ".lock", set(threading.enumerate())
    first = locks.try_lock(path)
    for _ in range(20):
        assert locks.wait_lock(path, 0.001) is None
    assert len(set(threading.enumerate()) - before) == 1
    first.release()
    with locks.wait_lock(path, 20) as second:
        assert second.held
        assert locks.try_lock(path) is None


def test_a_wait_for_a_lock_file_that_is_gone_is_not_taken_over(tmp_path):
    path, before = tmp_path / ".lock", set(threading.enumerate())
    with locks.try_lock(path):
        assert locks.wait_lock(path, 0.001) is None
        path.unlink()
        with locks.try_lock(path):
            assert locks.wait_lock(path, 0.001) is None
            assert len(set(threading.enumerate()) - before) == 2


def test_many_waiters_all_get_their_turn(tmp_path):
    path, turns = tmp_path / ".lock", []

    def take():
        with locks.wait_lock(path, 30):
            turns.append(len(turns))

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert turns == list(range(20))


def holder(path: Path, then: str) -> subprocess.Popen[bytes]:
    """Return a process that holds the lock and has said so."""
    code = f"import os, sys, time; from irl_logging.storage import locks; lock = locks.try_lock({str(path)!r}); {then}"
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], start_new_session=True
    )
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.mark.parametrize(
    "then",
    [
        pytest.param("print('held', flush=True); time.sleep(60)", id="alone"),
        pytest.param("os.fork() or time.sleep(60); print('held', flush=True); time.sleep(60)", id="with a child"),
    ],
)
def test_the_lock_goes_with_a_killed_process_though_its_child_lives(tmp_path, then):
    path = tmp_path / ".lock"
    process = holder(path, then)
    try:
        assert locks.try_lock(path) is None
        process.kill()
        process.wait()
        with locks.wait_lock(path, 20) as lock:
            assert lock.held
    finally:
        os.killpg(process.pid, signal.SIGKILL) if "fork" in then else None
        process.stdout.close()


def test_a_forked_child_does_not_hold_the_lock_and_cannot_release_it(tmp_path):
    path = tmp_path / ".lock"
    lock = locks.try_lock(path)
    child = os.fork()
    if not child:
        lock.release()
        os._exit(7 if lock.held else 0)
    assert os.waitpid(child, 0)[1] == 0
    assert lock.held
    assert locks.try_lock(path) is None
    lock.release()


def test_a_released_lock_is_free_though_another_process_has_its_descriptor(tmp_path):
    path = tmp_path / ".lock"
    lock = locks.try_lock(path)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[lock.fileno()]) as process:
        lock.release()
        with locks.try_lock(path) as second:
            assert second.held
        process.communicate()


def test_a_lock_file_that_is_a_symbolic_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        locks.try_lock(tmp_path / ".lock")
