"""Registered values: in every usual encoding, wrapped, line by line, by the thousand, and from the environment."""

import base64
import itertools
import json
import random
import signal
import sys
import threading
import urllib.parse

import pytest

from irl_logging.redaction import (
    Redactor,
    redact,
    register_dotenv,
    register_dotenv_text,
    register_environment,
    registry,
)
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import sample

VALUE = sample("<alnum 12>") + "\"x&y+/='é" + sample("<alnum 6>")
RAW = VALUE.encode()


@pytest.mark.parametrize(
    "form",
    [
        VALUE,
        json.dumps(VALUE)[1:-1],
        json.dumps(json.dumps(VALUE))[3:-3],
        repr(VALUE)[1:-1],
        repr(RAW)[2:-1],
        urllib.parse.quote(VALUE, safe=""),
        urllib.parse.quote_plus(VALUE),
        urllib.parse.quote(urllib.parse.quote(VALUE, safe=""), safe=""),
        urllib.parse.quote(VALUE, safe="").lower() if VALUE.islower() else urllib.parse.quote(VALUE, safe=""),
        RAW.hex(),
        RAW.hex().upper(),
        RAW.hex(":"),
        RAW.hex(":").upper(),
        str(list(RAW)),
        json.dumps(list(RAW), separators=(",", ":")),
        ascii(VALUE)[1:-1],
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(RAW).decode().rstrip("="),
        base64.b64encode(b"a:" + RAW).decode(),
        base64.b64encode(b"ab:" + RAW + b"\n").decode(),
        base64.encodebytes(RAW * 1).decode(),
    ],
)
def test_a_registered_value_is_gone_in_every_encoding(form, known, redactor):
    known.add(VALUE)
    assert "[REDACTED:registered]" in redactor.redact(f"data {form} end")
    assert not redactor.is_clean(f"data {form} end".encode())


@pytest.mark.parametrize("code", [0xDCFF, 0xDCC3, 0xD800])
def test_a_value_that_is_no_utf_8_is_gone_too(code, known, redactor):
    """From a variable or a file such a byte comes as a lone surrogate; a command writes the byte itself."""
    value = sample("<alnum 12>") + chr(code) + sample("<alnum 12>")
    known.add(value)
    assert redactor.redact(f"data {value} end") == "data [REDACTED:registered] end"
    assert redactor.redact_fields({"note": value}) == {"note": "[REDACTED:registered]"}
    assert redactor.redact(f"data {json.dumps(value)} end") == 'data "[REDACTED:registered]" end'
    if code >= 0xDC80:
        raw = value.encode("utf-8", "surrogateescape")
        assert not redactor.is_clean(b"data " + raw + b" end")
        known.add(b"byte" + raw)
        assert redactor.redact(f"data byte{value} end") == "data [REDACTED:registered] end"


def test_base64_that_is_wrapped_is_one_value(known, redactor):
    known.add(VALUE)
    text = base64.b64encode(RAW).decode()
    wrapped = "blob:\n" + "\n".join(text[i : i + 20] for i in range(0, len(text), 20)) + "\nend"
    assert text[:12] not in redactor.redact(wrapped)
    assert not redactor.is_clean(wrapped.encode())


def test_each_line_of_a_value_counts(known, redactor):
    first, second = sample("<alnum 20>"), sample("<alnum 21>")
    known.add(f"{first}\n{second}\n")
    assert redactor.redact(f"saw {second}") == "saw [REDACTED:registered]"


def test_a_value_registered_after_the_first_look_is_known_at_once(known, redactor):
    late = sample("<lower 4>-<lower 14>")
    assert redactor.is_clean(f"x {late} y".encode())
    known.add(sample("<alnum 30>"))
    assert redactor.is_clean(f"x {late} y".encode())
    known.add(late)
    assert not redactor.is_clean(f"x {late} y".encode())
    assert redactor.redact(f"x {late} y") == "x [REDACTED:registered] y"


@pytest.mark.parametrize("others", [0, 1000])
def test_a_value_registered_after_a_line_like_it_is_known_at_once(known, redactor, others):
    late = sample("<lower 4>-<lower 14>")
    line = f"client {late} token={sample('<alnum 32>')} ready"
    for _ in range(2):
        assert redactor.redact(line) == f"client {late} token=[REDACTED:secret-key-value] ready"
    known.add(late, *(sample(f"<alnum 20>{i}") for i in range(others)))
    line = f"client {late} token={sample('<alnum 33>')} ready"
    assert redactor.redact(line) == "client [REDACTED:registered] token=[REDACTED:secret-key-value] ready"


def test_values_that_are_forgotten_are_text_again(known, redactor):
    first = sample("<alnum 20>")
    second = first[::-1]
    known.add(first)
    assert redactor.redact(f"data {first} {second} end") == f"data [REDACTED:registered] {second} end"
    known.forget()
    known.add(second)
    assert redactor.redact(f"data {first} {second} end") == f"data {first} [REDACTED:registered] end"
    known.forget()
    assert redactor.redact(f"data {first} {second} end") == f"data {first} {second} end"


def test_values_too_short_to_tell_are_not_taken(known, redactor):
    known.add("a", "12345")
    assert redactor.redact("a banana 12345") == "a banana 12345"


def test_a_thousand_values_are_all_found(known, redactor):
    values = [sample(f"<alnum {20 + i % 7}>") + str(i) for i in range(1000)]
    known.add(*values)
    for value in values[::97]:
        assert redactor.redact(f"<{value}>") == "<[REDACTED:registered]>"


def test_secrets_of_the_environment_are_registered_by_name():
    value, other = sample("<alnum 23>"), sample("<alnum 22>")
    assert register_environment({"ACME_API_KEY": value, "EDITOR": other}) == 1
    assert redact(f"{value} {other}") == f"[REDACTED:registered] {other}"


def test_the_working_directory_is_no_password_of_the_environment():
    """The shell sets these for every program, and paths are in many lines."""
    assert register_environment({"PWD": "/srv/shop/releases", "OLDPWD": "/srv/shop/before"}) == 0
    assert redact("wrote /srv/shop/releases/a.log") == "wrote /srv/shop/releases/a.log"


def test_secrets_of_a_dotenv_text_are_registered_by_name():
    first, second = sample("<alnum 25>"), sample("<alnum 24> <alnum 5>")
    text = f'# comment\nexport ACME_TOKEN={first} # rotated\nOTHER=1\nDB_PASSWORD="{second}"\n'
    assert register_dotenv_text(text) == 2
    assert redact(f"{first}|{second}") == "[REDACTED:registered]|[REDACTED:registered]"


def test_secrets_of_a_dotenv_file_are_registered_by_name(tmp_path):
    value = sample("<alnum 26>")
    (tmp_path / ".env").write_text(f"ACME_TOKEN={value}\nEDITOR=vi\n")
    assert register_dotenv(tmp_path / ".env") == 1
    assert redact(value) == "[REDACTED:registered]"
    assert register_dotenv(tmp_path / "missing.env") == 0


def test_configure_registers_the_secrets_of_the_environment(run_python, tmp_path):
    done = run_python(
        "import os, logging, irl_logging\n"
        "os.environ['ACME_PASSWORD'] = 'zebra-' + 'lemon-river'\n"
        "irl_logging.configure('w', level='INFO')\n"
        "logging.info('it is %s', os.environ['ACME_PASSWORD'])\n"
    )
    assert done.returncode == 0, done.stderr
    text = "".join(path.read_text("utf-8") for path in tmp_path.glob("execution/logs/*.log"))
    assert "it is [REDACTED:registered]" in text


def test_redactors_with_their_own_registry_do_not_share_values():
    known = Registry()
    value = sample("<alnum 9>-<alnum 9>")
    known.add(value)
    assert Redactor(known=known).redact(value) == "[REDACTED:registered]"
    assert Redactor(known=Registry()).redact(value) == value


@pytest.fixture
def hurried():
    """Threads take turns far more often than usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hurried")
def test_a_value_is_known_from_then_on_whatever_other_threads_register(known, redactor):
    left = []

    def register(worker):
        for number in range(40):
            value = sample("<alnum 20>", random.Random(f"{worker} {number}"))
            known.add(value)
            left.extend(text for text in (f"use {i} of {value}" for i in range(3)) if value in redactor.redact(text))

    workers = [threading.Thread(target=register, args=(worker,)) for worker in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert left == []


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers that interrupt")
def test_values_stay_known_when_a_signal_registers_others(known, redactor):
    first, others = sample("<alnum 24>"), itertools.count()
    known.add(first)
    redactor.redact(first)

    def register(*_):
        known.add(f"of a signal {next(others)}")
        redactor.redact("reloaded")

    before = signal.signal(signal.SIGALRM, register)
    signal.setitimer(signal.ITIMER_REAL, 0.004, 0.004)
    try:
        for number in range(60):
            known.add(f"of the program {number}")
            assert first not in redactor.redact(f"{number} {first}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_value_whose_registration_was_interrupted_can_be_registered_again(known, redactor):
    redactor.redact(VALUE)

    def interrupted_at(line, value):
        lines = itertools.count()

        def trace(frame, event, _):
            if event == "line" and next(lines) == line:
                raise KeyboardInterrupt
            return trace

        before = sys.gettrace()
        sys.settrace(lambda frame, *_: trace if frame.f_code.co_filename == registry.__file__ else None)
        try:
            known.add(value)
        except KeyboardInterrupt:
            return True
        finally:
            sys.settrace(before)
        return False

    for line in itertools.count():
        value = sample("<alnum 24>", random.Random(line))
        interrupted = interrupted_at(line, value)
        known.add(value)
        assert value not in redactor.redact(f"got {value}")
        if not interrupted:
            break
    assert line > 20
