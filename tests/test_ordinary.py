"""A text that is called ordinary is one that the rules leave alone, whatever way they are asked."""

from __future__ import annotations

import string
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irl_logging import redact
from irl_logging.line import escape
from irl_logging.ordinary import is_ordinary, may_hold
from irl_logging.redaction import default
from irl_logging.redaction.registry import encodings
from irl_logging.redaction.rules import RULES

DESCRIPTION = default().description()

ORDINARY = [
    "Listed 12 quarantined incidents",
    "Built 3 images in 12.4s",
    "Checked the baselines of finance_integration",
    "[3/12] Reading directives/incident-handling.md",
    "Rotated the key of the session user",
    "commit 5f2c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e pushed",
    "see https://example.com/a/b?page=2",
    "50% done & counting",
    "",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_agents_log_is_ordinary(text):
    assert is_ordinary(DESCRIPTION, text)
    assert redact(text) == text


@pytest.mark.parametrize(
    "text", ["two\nlines", "caf\u00e9", "\x1b[31mred", "tab\there", "bell\x07", "[a] [b] forged", "\ud800", "a\u202eb"]
)
def test_what_a_line_would_escape_or_look_at_twice_is_not(text):
    assert not is_ordinary(DESCRIPTION, text)


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(rule, id=rule.id, marks=[] if number % 16 == 0 else pytest.mark.slow)
        for number, rule in enumerate(RULES)
    ],
)
def test_no_example_of_a_rule_is_ordinary(rule):
    for example in rule.examples():
        for text in (example, f"the log says {example} and goes on"):
            assert redact(text) == text or not is_ordinary(DESCRIPTION, text)


WORDS = st.sampled_from(
    [
        "password",
        "is",
        "=",
        ": ",
        "the",
        "token",
        "-p",
        "://",
        "user",
        "@",
        "hunter2hunter2",
        "Bearer",
        '"',
        "'",
        "[",
        "]",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS | st.text(string.printable, max_size=20), max_size=8).map(" ".join))
def test_an_ordinary_text_comes_through_as_it_is(text):
    if is_ordinary(DESCRIPTION, text):
        assert redact(text) == text
        assert escape(text) == text


@pytest.mark.parametrize(
    "description",
    [b"", b"{}", zlib.compress(b"[]\n[]"), zlib.compress(b'{"version":0,"words":{}}\n[]'), DESCRIPTION[:900]],
)
def test_a_description_that_cannot_be_read_calls_nothing_ordinary(description):
    assert not is_ordinary(description, "Listed 12 incidents")


# Values of variables


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=6, max_size=24))
def test_a_value_is_seen_in_each_of_its_encodings(value):
    for form in encodings(value.encode()):
        text = form.decode("latin-1")
        if text.isascii():
            assert may_hold(f"it is {text} here", [value])


def test_lines_of_a_value_are_values():
    assert may_hold("the second-line of it", ["first-line\n  second-line  \n"])
    assert not may_hold("the second-line of it", ["first-line", "short", ""])


def test_a_text_without_any_is_told_from_them():
    values = ["correct-horse", "/usr/bin:/bin", "C.UTF-8", "me"]
    assert not may_hold("me, in a text of my own: 50% done", values)
