"""Publishing whole files and locking: what is there after a failure, a kill, a wait, a fork."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from irl_logging.storage import files

OLD, NEW = b"old text\n" * 100, b"new text\n" * 5000


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def is_file_call(event: str, function) -> bool:
    """Does this profiler event announce a call of the operating system that may fail?"""
    if event != "c_call" or getattr(function, "__module__", "") != "posix":
        return False
    return function.__name__ not in {"getpid", "fspath", "urandom", "register_at_fork"}


def posix_calls(directory: Path, body) -> int:
    """Return how many calls of the operating system's functions `body` makes."""
    count = 0

    def look(_frame, event, function):
        nonlocal count
        count += is_file_call(event, function)

    sys.setprofile(look)
    try:
        body()
    finally:
        sys.setprofile(None)
    return count


def at_call(number: int, do):
    """Do `do` right before the system call of this number."""
    left = number

    def look(_frame, event, function):
        nonlocal left
        if is_file_call(event, function):
            left -= 1
            if left < 0:
                do()

    return look


@pytest.mark.parametrize("durable", [True, False])
def test_published_file_has_the_content_and_nothing_is_left_beside_it(tmp_path, durable):
    path = tmp_path / "a.json"
    files.publish(path, OLD, durable=durable)
    files.publish(path, NEW, durable=durable)
    assert path.read_bytes() == NEW
    assert names(tmp_path) == ["a.json"]


def test_mode_is_kept_or_as_asked_for_or_the_default(tmp_path):
    path = tmp_path / "a"
    files.publish(path, OLD)
    assert path.stat().st_mode & 0o777 == 0o640
    path.chmod(0o604)
    files.publish(path, NEW)
    assert path.stat().st_mode & 0o777 == 0o604
    files.publish(path, NEW, mode=0o600)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_symbolic_link_is_replaced_and_its_target_untouched(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(OLD)
    (tmp_path / "link").symlink_to(target)
    files.publish(tmp_path / "link", NEW)
    assert not (tmp_path / "link").is_symlink()
    assert target.read_bytes() == OLD


def test_a_directory_in_the_way_is_an_error_and_stays(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "inside").write_bytes(OLD)
    for durable in (True, False):
        with pytest.raises(OSError):
            files.publish(tmp_path / "a", NEW, durable=durable)
    assert names(tmp_path) == ["a"]
    assert (tmp_path / "a" / "inside").read_bytes() == OLD


@pytest.mark.parametrize("durable", [True, False])
def test_any_failing_call_leaves_the_old_file_or_the_new_one_and_no_litter(tmp_path, durable):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    calls = posix_calls(tmp_path, lambda: files.publish(path, OLD, durable=durable))
    assert calls > 5

    def fail():
        raise OSError(errno.ENOSPC, "No space left on device")

    failed = 0
    for number in range(calls):
        path.write_bytes(OLD)
        sys.setprofile(at_call(number, fail))
        try:
            files.publish(path, NEW, durable=durable)
        except OSError:
            failed += 1
        finally:
            sys.setprofile(None)
        assert path.read_bytes() in {OLD, NEW}
        # The one call that cannot be made up for is the removal of the litter itself.
        assert len(names(tmp_path)) <= 2
        for name in names(tmp_path)[:-1]:
            (tmp_path / name).unlink()
    assert failed > 3


def test_a_kill_before_any_call_leaves_the_old_file_or_the_new_one(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    calls = posix_calls(tmp_path, lambda: files.publish(path, OLD))
    for number in range(calls):
        path.write_bytes(OLD)
        child = os.fork()
        if not child:
            sys.setprofile(at_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL)))
            files.publish(path, NEW)
            os._exit(0)
        os.waitpid(child, 0)
        assert path.read_bytes() in {OLD, NEW}


def test_exchange_swaps_two_files_and_their_inodes(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(OLD)
    second.write_bytes(NEW)
    if not files.exchange(first, second):
        pytest.skip("this file system cannot exchange two names")
    assert (first.read_bytes(), second.read_bytes()) == (NEW, OLD)


def test_exchange_with_a_missing_name_raises_and_changes_nothing(tmp_path):
    first = tmp_path / "a"
    first.write_bytes(OLD)
    with pytest.raises(FileNotFoundError):
        files.exchange(first, tmp_path / "missing")
    assert first.read_bytes() == OLD


def test_a_lock_keeps_others_out_until_it_is_released(tmp_path):
    path = tmp_path / ".lock"
    with files.try_lock(path) as lock:
        assert lock.held
        assert files.try_lock(path) is None
    assert not lock.held
    with files.try_lock(path) as again:
        assert again.held
    assert names(tmp_path) == [".lock"]


def test_releasing_twice_does_not_take_the_lock_from_the_next_holder(tmp_path):
    path = tmp_path / ".lock"
    first = files.try_lock(path)
    first.release()
    second = files.try_lock(path)
    first.release()
    assert files.try_lock(path) is None
    second.release()


def test_waiting_ends_as_soon_as_the_lock_is_free(tmp_path):
    path = tmp_path / ".lock"
    first = files.try_lock(path)
    got = []
    waiting = threading.Thread(target=lambda: got.append(files.wait_lock(path, 30)))
    waiting.start()
    first.release()
    waiting.join(20)
    assert got[0].held
    got[0].release()


def test_waiting_stops_at_the_limit_and_never_takes_the_lock_later(tmp_path):
    path = tmp_path / ".lock"
    first = files.try_lock(path)
    began = time.monotonic()
    assert files.wait_lock(path, 0.05) is None
    assert 0.04 < time.monotonic() - began < 5
    first.release()
    with files.wait_lock(path, 20) as second:  # the wait that was given up may hold it for a moment
        assert second.held


def test_many_waiters_all_get_their_turn(tmp_path):
    path, turns = tmp_path / ".lock", []

    def take():
        with files.wait_lock(path, 30):
            turns.append(len(turns))

    threads = [threading.Thread(target=take) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert turns == list(range(20))


def holder(path: Path, then: str) -> subprocess.Popen[bytes]:
    """Return a process that holds the lock and has said so."""
    code = f"import os, sys, time; from irl_logging.storage import files; lock = files.try_lock({str(path)!r}); {then}"
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
        assert files.try_lock(path) is None
        process.kill()
        process.wait()
        with files.wait_lock(path, 20) as lock:
            assert lock.held
    finally:
        os.killpg(process.pid, signal.SIGKILL) if "fork" in then else None
        process.stdout.close()


def test_a_forked_child_does_not_hold_the_lock_and_cannot_release_it(tmp_path):
    path = tmp_path / ".lock"
    lock = files.try_lock(path)
    child = os.fork()
    if not child:
        lock.release()
        os._exit(7 if lock.held else 0)
    assert os.waitpid(child, 0)[1] == 0
    assert lock.held
    assert files.try_lock(path) is None
    lock.release()


def test_a_released_lock_is_free_though_another_process_has_its_descriptor(tmp_path):
    path = tmp_path / ".lock"
    lock = files.try_lock(path)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[lock.fileno()]) as process:
        lock.release()
        with files.try_lock(path) as second:
            assert second.held
        process.communicate()


def test_a_lock_file_that_is_a_symbolic_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / ".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError):
        files.try_lock(tmp_path / ".lock")
