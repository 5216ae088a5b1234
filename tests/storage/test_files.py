"""Publishing whole files: what is there after a failure or a kill."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
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


def test_the_umask_holds_for_new_files_and_for_no_others(tmp_path):
    path = tmp_path / "a"
    os.umask(0o077)
    files.publish(path, OLD)
    files.create_file(tmp_path / "b", OLD)
    assert [path.stat().st_mode & 0o777 for path in sorted(tmp_path.iterdir())] == [0o600, 0o600]
    path.chmod(0o644)
    files.publish(path, NEW)
    assert path.stat().st_mode & 0o777 == 0o644


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


def test_what_cannot_be_written_is_named_as_people_know_it(tmp_path):
    """Not by its temporary file, which is gone by then: in making it, and in putting it into place."""
    taken = tmp_path / "taken"
    taken.mkdir()
    missing = tmp_path / "missing" / "state.json"
    for work, path in (
        (lambda: files.publish(missing, b"{}"), missing),
        (lambda: files.create_file(missing, b"{}"), missing),
        (lambda: files.publish(taken, b"{}"), taken),
        (lambda: files.exchange(tmp_path / "README.md", taken), tmp_path / "README.md"),
    ):
        with pytest.raises(OSError, match=f": '{path}'$") as caught, files.about(path, taken):
            work()
        assert (caught.value.filename, caught.value.filename2) == (str(path), None)


def test_nothing_is_tried_where_a_file_stands_already(tmp_path):
    """In a directory that cannot be written, say: it is left as it is, which is no fault."""
    path = tmp_path / "README.md"
    path.write_bytes(OLD)
    calls = []
    sys.setprofile(lambda _frame, event, it: calls.append(it.__name__) if is_file_call(event, it) else None)
    try:
        assert not files.create_file(path, NEW)
    finally:
        sys.setprofile(None)
    assert calls == ["lstat"]


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


def test_a_file_is_created_once(tmp_path):
    """Who comes second changes nothing, and no temporary file is left."""
    assert files.create_file(tmp_path / "README.md", b"first") is True
    assert files.create_file(tmp_path / "README.md", b"second") is False
    assert ((tmp_path / "README.md").read_bytes(), names(tmp_path)) == (b"first", ["README.md"])


def test_of_many_threads_one_creates_it(tmp_path):
    """All try at once: one made it, and it is whole."""
    barrier, made = threading.Barrier(8), []

    def create(number):
        barrier.wait()
        made.append(files.create_file(tmp_path / "a.json", b"%d" % number * 1000))

    threads = [threading.Thread(target=create, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (made.count(True), len((tmp_path / "a.json").read_bytes())) == (1, 1000)
    assert names(tmp_path) == ["a.json"]


def test_a_link_to_nothing_is_not_followed(tmp_path):
    """A name that leads elsewhere is taken."""
    (tmp_path / "a.json").symlink_to(tmp_path / "elsewhere")
    assert files.create_file(tmp_path / "a.json", b"{}") is False
    assert names(tmp_path) == ["a.json"]
