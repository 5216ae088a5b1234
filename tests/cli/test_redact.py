"""`irl redact`."""

from __future__ import annotations

import base64
import os
import subprocess
import tracemalloc

import pytest

from irl_logging.redaction import Redactor
from irl_logging.redaction.registry import Registry
from irl_logging.scanning.pieces import places, reader, redacted

TOKEN = ("ghp" + "_" + "a1B2c3D4e5" * 3 + "x9Y8z7").encode()
KEY = (
    b"-----BEGIN RSA " + b"PRIVATE KEY-----\n" + (b"A7b" * 21 + b"x\n") * 40 + b"-----END RSA " + b"PRIVATE KEY-----\n"
)
MIXED = (
    b"first line\r\n"
    b"token " + TOKEN + b" here\n"
    b"caf\xc3\xa9 \xff\xfe\x00 binary \x1b[0m\n"
    b"ssh key:\n" + KEY + b"after\n"
    b"\xed\xa0\x80 \xe2\x82 odd " + TOKEN + b"\n"
    b"no line feed"
)
WITHOUT = (
    b"first line\r\n"
    b"token [REDACTED:github-token] here\n"
    b"caf\xc3\xa9 \xff\xfe\x00 binary \x1b[0m\n"
    b"ssh key:\n[REDACTED:private-key-block]\nafter\n"
    b"\xed\xa0\x80 \xe2\x82 odd [REDACTED:github-token]\n"
    b"no line feed"
)


def in_parts(data: bytes, size: int):
    """Return what reads `data`, some bytes at a time."""
    parts = iter([data[at : at + size] for at in range(0, len(data), size)])
    return lambda: next(parts, b"")


def test_a_file_comes_out_without_its_secrets(irl, tmp_path):
    (tmp_path / "old.log").write_bytes(MIXED)
    answer = irl("redact", "old.log")
    assert (answer.code, answer.out, answer.err) == (0, WITHOUT, b"")
    assert (tmp_path / "old.log").read_bytes() == MIXED


def test_a_pipe_is_filtered_line_by_line(start_irl):
    """A line is out while more is to come; a secret that comes in two parts is one."""
    process = start_irl("redact", stdin=subprocess.PIPE)
    process.stdin.write(b"one " + TOKEN + b"\ntwo " + TOKEN[:17])
    process.stdin.flush()
    assert process.stdout.readline() == b"one [REDACTED:github-token]\n"
    process.stdin.write(TOKEN[17:] + b"\nthree")
    process.stdin.close()
    assert process.stdout.read() == b"two [REDACTED:github-token]\nthree"
    assert (process.stderr.read(), process.wait()) == (b"", 0)


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_how_the_bytes_arrive_changes_nothing(size):
    """Secrets and key blocks across the borders of what is read are found, and what is no text stays as it was."""
    long = MIXED + b"\n" + b"filler line\n" * 2000 + KEY + b"end " + TOKEN + b"\n"
    expected = (
        WITHOUT + b"\n" + b"filler line\n" * 2000 + b"[REDACTED:private-key-block]\nend [REDACTED:github-token]\n"
    )
    assert b"".join(redacted(in_parts(long, size), Redactor())) == expected
    assert places(in_parts(long, size), Redactor()) == places(reader(long), Redactor())


def test_a_long_line_is_looked_at_as_a_whole():
    """No name is parted from its value, as it would be where a line is cut."""
    line = b"{" + b'"db_password": "tr0ub4dor&3x", ' * 6_000 + b"}\n"
    expected = b"{" + b'"db_password": "[REDACTED:password]", ' * 6_000 + b"}\n"
    assert b"".join(redacted(in_parts(line, 65_536), Redactor())) == expected


def test_memory_does_not_grow_with_the_file():
    """24 MB of lines, and then one line of 12 MB, need a part of that, and the secrets in them are found."""
    line = b"[2026-02-08T00:47:25Z] [INFO] [deploy] [build] Built image of the service and pushed it\n"
    chunk = line * 11_000
    parts = [chunk] * 24 + [b"word " * 200_000] * 12 + [b"end " + TOKEN + b"\n"]
    redactor = Redactor()
    redactor.redact(TOKEN.decode())
    out = 0
    tracemalloc.start()
    for data in redacted(lambda: parts.pop(0) if parts else b"", redactor):
        out += len(data)
        last = data
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert out == len(chunk) * 24 + 12_000_000 + len(b"end [REDACTED:github-token]\n")
    assert last.endswith(b"end [REDACTED:github-token]\n")
    assert peak < 50_000_000


def test_explain_says_which_rule_and_where(irl, tmp_path):
    (tmp_path / "old.log").write_bytes(MIXED)
    answer = irl("redact", "--explain", "old.log")
    assert (answer.code, answer.err) == (0, b"")
    assert answer.out.decode().splitlines() == [
        "old.log:2:7: github-token",
        "old.log:5:1: private-key-block",
        "old.log:48:12: github-token",  # after three and two bytes that are no characters
    ]


def test_explain_of_a_pipe(start_irl):
    process = start_irl("redact", "--explain", stdin=subprocess.PIPE)
    out, err = process.communicate("é ".encode() + TOKEN + b"\n[REDACTED:github-token]\n")
    assert (process.returncode, out, err) == (0, b"<stdin>:1:3: github-token\n", b"")


def test_what_is_not_there_is_wrong_usage(irl, tmp_path):
    assert irl("redact", "missing.log").code == 2
    assert irl("redact", str(tmp_path)).code == 2


def test_a_reader_that_goes_away_ends_it_quietly(start_irl, tmp_path):
    (tmp_path / "big.log").write_bytes(b"some text " * 10 + b"\n" * 200_000)
    read, write = os.pipe()
    os.close(read)
    process = start_irl("redact", "big.log", stdout=write)
    os.close(write)
    assert (process.stderr.read(), process.wait()) == (b"", 141)


def test_secrets_of_the_environment_are_taken_out(start_irl):
    value = "correct-horse-" + "battery-7391"
    process = start_irl("redact", stdin=subprocess.PIPE, env={"DEPLOY_PASSWORD": value})
    out, _ = process.communicate(f"ran with {value} set\n".encode())
    assert out == b"ran with [REDACTED:registered] set\n"


def test_the_repositorys_settings_count(irl, tmp_path):
    (tmp_path / "pyproject.toml").write_text(f'[tool.irl_logging.redaction]\nallow = ["{TOKEN.decode()}"]\n')
    (tmp_path / "old.log").write_bytes(b"a " + TOKEN + b" b\n")
    assert irl("redact", "old.log").out == b"a " + TOKEN + b" b\n"


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_the_wrapped_base64_of_a_secret_of_the_environment_is_found(start_irl, size):
    """As `printf %s "$DB_PASSWORD" | base64` prints it: it has two lines, and ends in a sign that names have behind them."""
    value = b"x9Y8z7" * 15 + b"a1B2"
    known = Registry()
    known.add(value)
    data = base64.encodebytes(value)
    assert data.endswith(b"g==\n")
    gone = b"[REDACTED:registered]g==\n"  # the last letter depends on more than the value
    assert b"".join(redacted(in_parts(data, size), Redactor(known=known))) == gone
    assert [place.line for place in places(in_parts(data, size), Redactor(known=known))] == [1]
    process = start_irl("redact", env={"DB_PASSWORD": value.decode()}, stdin=subprocess.PIPE)
    assert process.communicate(data)[0] == gone
