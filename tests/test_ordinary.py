"""A text that is called ordinary is one that the rules leave alone, whatever way they are asked."""

from __future__ import annotations

import json
import string
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irl_logging import redact
from irl_logging.ordinary import RUN, Ordinary, may_hold
from irl_logging.redaction import described
from irl_logging.redaction.registry import encodings
from irl_logging.redaction.rules import RULES

DESCRIPTION = described.built_in()
RULES_ALONE = Ordinary()

ORDINARY = [
    "Listed 12 quarantined incidents",
    "Built 3 images in 12.4s",
    "Checked the baselines of finance_integration",
    "[3/12] Reading directives/incident-handling.md",
    "Rotated the key of the session user",
    "commit 5f2c1d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3e pushed",
    "see https://example.com/a/b?page=2",
    "50% done & counting",
    "\u2713 Complete: 8 approved \u2014 caf\u00e9\n\tnext line",
    "",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_agents_log_is_ordinary(text):
    assert RULES_ALONE.has(text)
    assert redact(text) == text


def test_a_lone_surrogate_is_no_text():
    with pytest.raises(ValueError, match="surrogates"):
        RULES_ALONE.has("\ud800")


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
            assert redact(text) == text or not RULES_ALONE.has(text)


def test_a_letter_that_is_not_ascii_ends_no_word():
    (rule,) = [rule for rule in RULES if rule.id == "aws-access-key"]
    assert not any(
        RULES_ALONE.has(f"o \u00f5{example}") for example in rule.examples()
    )  # its last byte is a letter in Latin-1


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
@given(
    st.lists(WORDS | st.text(string.printable + "\u00e9\u0430\u043f\u5bc6\u7801", max_size=20), max_size=8).map(
        " ".join
    )
)
def test_an_ordinary_text_comes_through_as_it_is(text):
    if RULES_ALONE.has(text):
        assert redact(text) == text


@pytest.mark.parametrize(
    "description",
    [b"", b"{}", zlib.compress(b"{"), DESCRIPTION[:900]],
)
def test_a_description_that_cannot_be_read_is_said_so(description):
    with pytest.raises(
        ValueError,
        match=r"^the description of the rules cannot be read: |Expecting",
    ):
        Ordinary(description)


@pytest.mark.parametrize("second", ['["("]', "[]", "{}", "x"])
def test_patterns_that_cannot_be_read_are_said_so(second):
    first = json.dumps({RUN: [], "key": [0]})
    rules = Ordinary(zlib.compress(f"{first}\n{second}".encode()))
    assert rules.has("plain")
    with pytest.raises((ValueError, LookupError)):
        rules.has("the key")


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
