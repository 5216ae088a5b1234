"""Log files under rotation, removal, compression, limits and trouble: no line lost, none torn."""

from __future__ import annotations

import contextlib
import functools
import gzip
import os
import resource
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from irl_logging.storage import sink
from irl_logging.storage.sink import HELD_LINES, LOOK_SECONDS, LogFiles

NOW = 1_770_511_645.0
LATER = NOW + 2 * LOOK_SECONDS


def marker(text):
    return b"! " + text.encode()


@pytest.fixture
def files():
    return LogFiles(most_open=4)


@pytest.fixture
def file(files, tmp_path):
    return files.get(tmp_path / "logs" / "a.log", marker)


def test_a_line_is_there_when_write_returns(file):
    file.write(b"one\n", NOW)
    assert file.path.read_bytes() == b"one\n"


def test_a_moved_file_is_left_for_a_new_one_within_a_look(file, tmp_path):
    file.write(b"one\n", NOW)
    file.path.rename(tmp_path / "moved.log")
    file.write(b"two\n", NOW + LOOK_SECONDS / 2)
    file.write(b"three\n", LATER)
    assert (tmp_path / "moved.log").read_bytes() == b"one\ntwo\n"
    assert file.path.read_bytes() == b"three\n"


def test_a_removed_file_comes_back(file):
    file.write(b"one\n", NOW)
    file.path.unlink()
    file.write(b"two\n", LATER)
    assert file.path.read_bytes() == b"two\n"


def test_a_removed_directory_comes_back(file):
    file.write(b"one\n", NOW)
    shutil.rmtree(file.path.parent)
    file.write(b"two\n", LATER)
    assert file.path.read_bytes() == b"two\n"


def test_gzip_of_a_live_file_loses_nothing(file):
    file.write(b"one\n", NOW)
    subprocess.run(["gzip", str(file.path)], check=True)
    file.write(b"two\n", LATER)
    assert gzip.decompress(Path(f"{file.path}.gz").read_bytes()) == b"one\n"
    assert file.path.read_bytes() == b"two\n"


def test_a_clock_that_is_set_back_makes_it_look(file, tmp_path):
    file.write(b"one\n", NOW)
    file.path.rename(tmp_path / "moved.log")
    file.write(b"two\n", NOW - 3 * 86_400)
    assert file.path.read_bytes() == b"two\n"


LOGROTATE = shutil.which("logrotate") or shutil.which("/usr/sbin/logrotate")


@pytest.mark.skipif(LOGROTATE is None, reason="logrotate is not installed")
@pytest.mark.parametrize("how", ["create", "copytruncate"])
def test_logrotate_with_the_specifications_settings(file, tmp_path, how):
    """Weekly, rotate 4, compress, missingok, notifempty; forced, as the week is not over."""
    config = tmp_path / "logrotate.conf"
    rules = f"weekly\nrotate 4\ncompress\nmissingok\nnotifempty\n{how if how == 'copytruncate' else ''}"
    config.write_text(f"{file.path.parent}/*.log {{\n{rules}\n}}\n")
    file.path.parent.mkdir(mode=0o750)
    file.write(b"one\n", NOW)
    command = [LOGROTATE, "--force", "--state", str(tmp_path / "state"), str(config)]
    subprocess.run(command, check=True, capture_output=True)
    file.write(b"two\n", LATER)
    subprocess.run(command, check=True, capture_output=True)
    file.write(b"three\n", LATER + 2 * LOOK_SECONDS)
    rotated = [gzip.decompress(Path(f"{file.path}.{number}.gz").read_bytes()) for number in (2, 1)]
    assert [*rotated, file.path.read_bytes()] == [b"one\n", b"two\n", b"three\n"]


def test_a_link_in_the_files_place_is_not_followed(file, tmp_path, capsys):
    victim = tmp_path / "victim"
    victim.write_text("mine\n")
    file.path.parent.mkdir()
    file.path.symlink_to(victim)
    file.write(b"one\n", NOW)
    assert victim.read_text() == "mine\n"
    assert file.held == 1
    assert "irl_logging: log lines cannot be written" in capsys.readouterr().err


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))


def is_open(path):
    """Look at where the descriptors lead; one may go while we look."""
    leads = []
    for number in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            leads.append(os.readlink(f"/proc/self/fd/{number}"))
    return str(path) in leads


def test_a_descriptor_that_was_closed_for_us_is_not_written_to(file, tmp_path):
    """A program that becomes a daemon closes every descriptor; its next file gets our number."""
    file.write(b"one\n", NOW)
    number = file._descriptor.fd
    os.close(number)
    with (tmp_path / "theirs").open("w") as theirs:
        assert theirs.fileno() == number
        file.write(b"two\n", LATER)
        theirs.write("mine\n")
    assert (tmp_path / "theirs").read_text() == "mine\n"
    assert file.path.read_bytes() == b"one\ntwo\n"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open descriptors cannot be counted here")
def test_few_files_are_open_however_many_there_are(files, tmp_path):
    before = open_descriptors()
    many = [files.get(tmp_path / f"{number}.log", marker) for number in range(50)]
    for turn in range(3):
        for number, file in enumerate(many):
            file.write(b"%d\n" % turn, NOW + turn)
            assert open_descriptors() - before <= 4, number
    assert all(file.path.read_bytes() == b"0\n1\n2\n" for file in many)


def test_a_closed_file_is_forgotten_but_counted_and_can_be_written_again(files, tmp_path):
    file = files.get(tmp_path / "a.log", marker)
    file.write(b"one\n", NOW)
    assert is_open(file.path)
    files.close(file.path)
    assert not is_open(file.path)
    file.write(b"two\n", NOW)
    assert file.path.read_bytes() == b"one\ntwo\n"
    assert files.stats() == {"written": 2, "late": 0, "held": 0, "dropped": 0, "truncated": 0}


def test_what_does_not_fit_into_memory_is_dropped_oldest_first_and_said(files, tmp_path, capsys):
    (tmp_path / "logs").write_text("in the way")
    file = files.get(tmp_path / "logs" / "a.log", marker)
    for number in range(HELD_LINES + 7):
        file.write(b"%d\n" % number, NOW)
    assert files.stats() == {"written": 0, "late": 0, "held": HELD_LINES, "dropped": HELD_LINES + 7, "truncated": 0}
    (tmp_path / "logs").unlink()
    files.flush()
    lines = file.path.read_bytes().split(b"\n")
    assert lines[0] == b"7"
    assert lines[HELD_LINES - 1] == b"%d" % (HELD_LINES + 6)
    assert lines[HELD_LINES].startswith(b"! 1,007 lines could not be written")
    assert b"7 dropped" in lines[HELD_LINES]
    assert files.stats() == {"written": HELD_LINES, "late": HELD_LINES, "held": 0, "dropped": 7, "truncated": 0}
    assert capsys.readouterr().err.count("\n") == 1


def test_what_is_held_is_written_as_the_process_ends(file, tmp_path, capsys):
    (tmp_path / "logs").write_text("in the way")
    file.write(b"one\n", NOW)
    (tmp_path / "logs").unlink()
    capsys.readouterr()
    sink.give_up()
    assert file.path.read_bytes().startswith(b"one\n! 1 line could not be written")
    sink.give_up()
    assert capsys.readouterr().err == ""


def test_what_cannot_be_written_as_the_process_ends_is_said_once(files, file, tmp_path, capsys):
    """What was dropped before, as it did not fit into memory, is lost as well."""
    (tmp_path / "logs").write_text("in the way")
    for _ in range(HELD_LINES + 7):
        file.write(b"line\n", NOW)
    del files  # whoever opened it need not be there any more
    capsys.readouterr()
    sink.give_up()
    sink.give_up()
    assert capsys.readouterr().err == (
        f"irl_logging: lost 1,007 lines of {tmp_path}/logs/a.log, as it could not be written when the process "
        "ended: Not a directory\n"
    )


def test_a_forked_child_leaves_what_is_held_to_its_parent(file, tmp_path, forked, capfd):
    (tmp_path / "logs").write_text("in the way")
    file.write(b"one\n", NOW)
    capfd.readouterr()

    def write() -> bool:
        sink.give_up()
        (tmp_path / "logs").unlink()
        file.write(b"of the child\n", NOW)
        return file.path.read_bytes() == b"of the child\n"

    assert os.waitpid(forked(write), 0)[1] == 0
    assert capfd.readouterr().err == ""
    file.flush()
    assert file.path.read_bytes().startswith(b"of the child\none\n! 1 line")


def test_trouble_is_tried_again_each_second_not_with_each_line(files, tmp_path):
    (tmp_path / "logs").write_text("in the way")
    file = files.get(tmp_path / "logs" / "a.log", marker)
    file.write(b"one\n", NOW)
    (tmp_path / "logs").unlink()
    file.write(b"two\n", NOW)
    assert file.held == 2
    limit = time.monotonic() + 10
    while file.held and time.monotonic() < limit:
        time.sleep(0.02)
        file.write(b"more\n", NOW)
    assert file.path.read_bytes().startswith(b"one\ntwo\nmore\n")


def test_a_size_limit_tears_no_line(tmp_path, forked):
    """RLIMIT_FSIZE: a short write, then EFBIG, in a process of its own; the line after it starts on a line of its own."""
    path = tmp_path / "a.log"

    def write() -> bool:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (25, resource.RLIM_INFINITY))
        files = LogFiles()
        file = files.get(path, marker)
        for letter in b"abcd":
            file.write(bytes([letter]) * 9 + b"\n", NOW)
        first = files.stats()["dropped"] == 2
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        files.flush()
        return first and not files.stats()["dropped"]

    assert os.waitpid(forked(write), 0)[1] == 0
    lines = path.read_bytes().split(b"\n")
    assert [line for line in lines if len(line) == 9] == [b"a" * 9, b"b" * 9, b"c" * 9, b"d" * 9]
    assert lines[2] == b"c" * 5
    assert b"2 written late" in lines[-2]


@pytest.mark.parametrize("size", [2, 100, 4_097, 65_536])
def test_processes_never_mix_their_lines(tmp_path, forked, size):
    path = tmp_path / "a.log"
    count = max(20, min(2_000, 2_000_000 // size))

    def write(letter: int) -> bool:
        file = LogFiles().get(path, marker)
        for _ in range(count):
            file.write(bytes([letter]) * (size - 1) + b"\n", time.time())
        return True

    children = [forked(functools.partial(write, letter)) for letter in b"abcdefgh"]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 8
    lines = path.read_bytes().split(b"\n")
    assert lines.pop() == b""
    assert sorted(lines) == sorted(bytes([letter]) * (size - 1) for letter in b"abcdefgh" for _ in range(count))


def test_a_file_that_recovers_while_the_pool_is_flushed_does_not_hang(files, file, tmp_path):
    """Who flushes has the pool, who recovers has the file; neither waits for the other while it holds one."""
    (tmp_path / "logs").write_text("in the way")
    for _ in range(20):
        file.write(b"line\n", NOW)
    (tmp_path / "logs").unlink()
    stop = threading.Event()

    def flush():
        while not stop.is_set():
            files.flush()
            files.close(file.path)

    thread = threading.Thread(target=flush, daemon=True)
    thread.start()
    for turn in range(3_000):
        file._retry_at = 0.0
        file._trouble = file._trouble or (NOW, OSError("again"))
        file.write(b"more\n", NOW + turn)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
