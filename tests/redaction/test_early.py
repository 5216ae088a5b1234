"""The first texts of a redactor, which need no rules."""

from __future__ import annotations

import pytest

from irl_logging.redaction import Redactor
from irl_logging.redaction.early import FEW, Early
from irl_logging.redaction.registry import Registry

SECRET = "ghp_" + "Zk3Vq8Lw2Tn7Rb5Yx9Mc4Hd6Jf1Gs0Pa2EuW"


def test_the_first_ordinary_texts_need_no_rules(run_python):
    done = run_python(
        "import sys\nfrom irl_logging import redact\n"
        "for number in range(100): assert redact(f'Listed {number} incidents') == f'Listed {number} incidents'\n"
        "print([name for name in ('re2', 'irl_logging.redaction.rules') if name in sys.modules])\n"
        f"print(redact('token {SECRET}'), 'irl_logging.redaction.rules' in sys.modules)"
    )
    assert (done.stdout, done.stderr) == ("[]\ntoken [REDACTED:github-token] True\n", "")


def test_so_many_and_no_more_but_for_those_that_were_seen():
    early = Early(Registry())
    assert all(early.is_ordinary(f"line {number}".encode()) for number in range(FEW))
    assert not early.is_ordinary(b"one more")
    assert early.is_ordinary(b"line 7")


@pytest.mark.parametrize("text", [SECRET, "password=" + "hunter2" * 2, "x" * 70_000, "\udcff"])
def test_what_is_not_surely_ordinary(text):
    assert not Early(Registry()).is_ordinary(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("value", ["correct-horse-" + "battery", "two words of it"])
def test_a_text_that_was_ordinary_is_none_when_its_value_is_registered(value):
    known = Registry()
    redactor = Redactor(known=known)
    text = f"sent {value} to the vault"
    assert redactor.redact(text) == text
    known.add(value)
    assert redactor.redact(text) == "sent [REDACTED:registered] to the vault"
    assert redactor.redact(text.replace(" ", "+")) != text.replace(" ", "+")


def test_a_value_that_is_wrapped_is_found():
    known = Registry()
    known.add("correct-horse-" + "battery")
    assert not Early(known).is_ordinary(b"correct-\n  horse-battery")
