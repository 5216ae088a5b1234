"""What a command writes, on its way to the terminal and to the log."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from irl_logging import register_secret
from irl_logging.cli.capture import PIECE, Stream, relay
from irl_logging.redaction import Redactor
from irl_logging.redaction.registry import KNOWN

KEY_BLOCK = (
    "-----BEGIN " + "RSA PRIVATE KEY-----\n" + "MIIEowIBAAKCAQEAu5Kx\n" * 3 + "-----END " + "RSA PRIVATE KEY-----\n"
)


class Bench:
    """A stream that is read from a pipe and shown in a file."""

    def __init__(self, screen: Path) -> None:
        self.screen = screen
        self.source, self.command = os.pipe()
        self.target = os.open(screen, os.O_WRONLY | os.O_CREAT)
        self.logged: list[str] = []
        self.stream = Stream(self.source, self.target, Redactor(), self.logged.append)
        self._seen = 0

    def shown(self) -> bytes:
        """Return what was shown since the last look."""
        everything = self.screen.read_bytes()
        new, self._seen = everything[self._seen :], len(everything)
        return new

    def end(self) -> bytes:
        """End the stream and return what was shown by it."""
        self.stream.finish()
        return self.shown()

    def end_command(self) -> None:
        """Close the command's end of the pipe."""
        os.close(self.command)
        self.command = -1


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path / "screen")
    yield made
    os.close(made.target)
    if made.command >= 0:
        os.close(made.command)


def through(bench: Bench, *pieces: bytes) -> bytes:
    """Feed all pieces, end the stream and return what was shown."""
    for piece in pieces:
        bench.stream.feed(piece)
    return bench.end()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"one\ntwo\n",
        b"no newline at the end",
        b"\n\n\n",
        "grüße ⚠️ 日本\n".encode(),
        b"\xff\xfe\x00\x01 binary \x80\n",
        "cut off: é".encode()[:-1],
        b"a\r\nb\rc\r\n",
        b"\x1b[1;31mred\x1b[0m\x1b[2K\n",
        bytes(range(256)) * 20,
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_holds_no_secret_is_shown_byte_for_byte(bench, data, size):
    assert through(bench, *(data[at : at + size] for at in range(0, len(data), size))) == data


def test_lines_are_logged_when_they_are_complete(bench):
    bench.stream.feed(b"one\ntw")
    assert bench.logged == ["one"]
    bench.stream.feed(b"o\nthree")
    assert bench.logged == ["one", "two"]
    bench.end()
    assert bench.logged == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("data", "logged"),
    [
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"\r 1%\r50%\r100%\n", ["100%"]),
        (b"99%\r      \r\n", ["99%"]),
        (b"10%\r20%\r", ["20%"]),
        (b"\n  \n\t\na\n", ["a"]),
        (b"\x1b[32mok\x1b[0m\x1b[K\n", ["ok"]),
        (b"\x1b]0;title\x07x\n", ["\x1b]0;title\x07x"]),
        (b"\xff\x80\n", ["\\xff\\x80"]),
    ],
    ids=["crlf", "progress", "erased progress", "unfinished progress", "blank", "colours", "title", "not UTF-8"],
)
def test_what_is_logged(bench, data, logged):
    through(bench, data)
    assert bench.logged == logged


def test_a_progress_bar_of_a_night_is_one_line(bench):
    for _ in range(40):
        bench.stream.feed(b"\r" + b"working hard " * 500)
    bench.stream.feed(b"\rdone\n")
    bench.end()
    assert bench.logged == ["done"]


@pytest.mark.parametrize("size", [10_000, 1_000_000])
def test_a_very_long_line_is_logged_in_pieces_and_nothing_is_lost(bench, size):
    text = "0123456789 " * 30_000
    data = text.encode() + b"\nnext\n"
    assert through(bench, *(data[at : at + size] for at in range(0, len(data), size))) == data
    *pieces, last = bench.logged
    assert last == "next"
    assert len(pieces) > 5
    assert max(len(piece) for piece in pieces) <= PIECE + 3
    assert pieces[0] + "".join(piece.removeprefix("...") for piece in pieces[1:]) == text
    assert [piece.startswith("...") for piece in pieces] == [False] + [True] * (len(pieces) - 1)


def test_a_secret_is_neither_shown_nor_logged(bench, secret):
    shown = through(bench, f"key {secret} end\n".encode())
    assert shown == b"key [REDACTED:anthropic-key] end\n"
    assert bench.logged == ["key [REDACTED:anthropic-key] end"]


@pytest.mark.parametrize("at", [1, 9, 30, 60, 101])
def test_a_secret_in_two_writes_is_one_secret(bench, secret, at):
    """Even when the beginning of the line is shown before the rest comes."""
    bench.stream.feed(f"key {secret[:at]}".encode())
    bench.stream.reveal()
    early = bench.shown()
    assert early.startswith(b"key ")
    shown = early + through(bench, f"{secret[at:]} end\n".encode())
    assert secret[-8:].encode() not in shown
    assert len(early) <= len(b"key ") + 7
    assert shown.endswith(b"[REDACTED:anthropic-key] end\n")
    assert bench.logged == ["key [REDACTED:anthropic-key] end"]


def test_a_password_of_which_only_the_name_was_shown(bench):
    value = "Xk29" + "pQz7Lm4vT"
    bench.stream.feed(b"password: ")
    bench.stream.reveal()
    assert bench.shown() == b"password: "
    shown = through(bench, f"{value}\n".encode())
    assert value.encode() not in shown
    assert bench.logged == ["password: [REDACTED:password]"]


@pytest.mark.parametrize("at", [5, 20, 31, 33, 40, 53, 80, 100, 110])
def test_a_key_block_in_several_writes(bench, at):
    bench.stream.feed(f"before\n{KEY_BLOCK[:at]}".encode())
    bench.stream.reveal()
    shown = bench.shown() + through(bench, f"{KEY_BLOCK[at:]}after\n".encode())
    assert b"MII" not in shown
    assert b"u5Kx" not in shown
    assert "MII" not in "".join(bench.logged)
    assert shown.startswith(b"before\n")
    assert shown.endswith(b"after\n")
    assert bench.logged[0] == "before"
    assert bench.logged[-1] == "after"


@pytest.mark.parametrize(
    "prompt", ["Continue? [y/N] ", "Password:", "Password: ", "> ", "Loading", "Working...", "(3/12)", "$ ", "50%"]
)
def test_a_prompt_is_shown_before_its_line_is_complete(bench, prompt):
    bench.stream.feed(prompt.encode())
    assert bench.shown() == b""
    assert bench.stream.due is not None
    bench.stream.reveal()
    assert bench.shown() == prompt.encode()
    assert bench.end() == b""
    assert bench.logged == [prompt]


def test_what_was_shown_early_is_not_shown_again(bench):
    shown = []
    for piece in (b"a ", b"b ", b"c\nd ", b"e"):
        bench.stream.feed(piece)
        bench.stream.reveal()
        shown.append(bench.shown())
    assert shown == [b"a ", b"b ", b"c\nd ", b"e"]
    assert bench.end() == b""
    assert bench.logged == ["a b c", "d e"]


def test_what_was_shown_early_of_a_very_long_line_is_not_shown_again(bench):
    data = b"word " * 13_120  # from 65,536 characters on a line is given out in parts
    bench.stream.feed(data[:65_000])
    bench.stream.reveal()
    assert through(bench, data[65_000:], b"\n") == data + b"\n"


def test_a_very_long_line_is_logged_before_it_ends(bench):
    bench.stream.feed(b"word " * 40_000)
    assert len(bench.logged) > 0


def test_a_reader_that_has_enough_is_noticed(bench):
    reading, writing = os.pipe()
    os.close(reading)
    stream = Stream(bench.source, writing, Redactor(), bench.logged.append)
    stream.feed(b"one\n")
    assert stream.broken
    stream.feed(b"two\n")
    stream.finish()
    os.close(writing)
    assert bench.logged == ["one", "two"]


def test_a_terminal_that_cannot_be_written_to_does_not_stop_the_log(bench):
    reading, writing = os.pipe()
    stream = Stream(bench.source, reading, Redactor(), bench.logged.append)
    stream.feed(b"one\n")
    stream.finish()
    os.close(reading)
    os.close(writing)
    assert (stream.broken, bench.logged) == (False, ["one"])


def test_relay_ends_with_the_streams(bench):
    ended, still_runs = os.pipe()
    os.write(bench.command, b"hello\n")
    bench.end_command()
    os.close(still_runs)
    assert relay([bench.stream], ended) == []
    os.close(ended)
    assert bench.shown() == b"hello\n"
    assert bench.logged == ["hello"]


def test_relay_does_not_wait_for_who_keeps_the_stream(bench):
    """The command has ended, but its stream is still open in another process: what was written by then is all there."""
    ended, still_runs = os.pipe()
    os.write(bench.command, b"hello")
    os.close(still_runs)
    assert relay([bench.stream], ended) == [bench.stream]
    os.close(ended)
    assert bench.shown() == b"hello"
    assert bench.logged == ["hello"]


def test_relay_does_not_wait_for_who_writes_on_and_on(bench):
    """A process that the command left behind writes without end: what can be from before the end is read, no more."""
    ended, still_runs = os.pipe()
    with subprocess.Popen(["yes", "on and on"], stdout=bench.command) as writer:
        bench.end_command()
        os.close(still_runs)
        assert relay([bench.stream], ended) == [bench.stream]
        writer.kill()
    os.close(ended)
    assert set(bench.logged[:-1]) == {"on and on"}


def test_the_beginning_of_a_registered_value_is_not_shown_at_a_pause(bench):
    phrase = "correct-battery staple of mine"  # a word as any other to all other rules
    register_secret(phrase)
    try:
        for size in range(5, len(phrase)):
            bench.stream.feed(f"saying {phrase[:size]}".encode())
            bench.stream.reveal()
            assert bench.shown() in (b"saying ", b"saying"), size
            bench.stream.feed(f"{phrase[size:]}\n".encode())
            assert bench.shown().endswith(b"[REDACTED:registered]\n")
        bench.stream.feed(f"no {phrase[:3]}".encode())
        bench.stream.reveal()
        assert bench.shown() == f"no {phrase[:3]}".encode()
    finally:
        KNOWN.forget()
