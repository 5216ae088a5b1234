"""Exceptions read as Python shows them, but for the markers."""

from __future__ import annotations

import re
import sys
import traceback

import pytest

from irl_logging.tracebacks import render_exception, render_stack


def caught(function):
    try:
        function()
    except BaseException as error:
        return error
    raise AssertionError("nothing was raised")


def raises_with_cause():
    try:
        {}["missing"]
    except KeyError as error:
        raise ValueError("bad input") from error


def raises_in_context():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("while handling")  # noqa: B904 - the context is the point


def raises_without_context():
    try:
        {}["missing"]
    except KeyError:
        raise ValueError("alone") from None


def raises_with_notes():
    error = ValueError("noted")
    error.add_note("first note")
    error.add_note("second note")
    raise error


def raises_deep():
    def down(n):
        if n:
            down(n - 1)
        else:
            raise RuntimeError("bottom")

    down(50)


def raises_syntax_error():
    compile("a b", "x.py", "exec")


def pythons_own(error):
    """Python's own rendering without the marker lines."""
    text = "".join(traceback.format_exception(error)).rstrip("\n")
    return re.sub(r"\n[ ^~]*[\^~]+[ ^~]*(?=\n)", "", text)


@pytest.mark.parametrize(
    "function",
    [raises_with_cause, raises_in_context, raises_without_context, raises_with_notes, raises_deep],
)
def test_it_is_pythons_own_text_without_markers(function):
    error = caught(function)
    assert render_exception(error) == pythons_own(error)


def test_a_syntax_error_shows_its_place():
    assert 'File "x.py", line 1' in render_exception(caught(raises_syntax_error))


def test_a_group_shows_each_member():
    text = render_exception(ExceptionGroup("two", [ValueError("one"), caught(raises_with_cause)]))
    assert "ExceptionGroup: two (2 sub-exceptions)" in text
    assert "  | ValueError: one" in text
    assert "  | The above exception was the direct cause" in text


def test_what_cannot_be_rendered_is_named():
    class RudeError(Exception):
        def __str__(self):
            raise RuntimeError("no")

    assert render_exception(RudeError()).endswith("RudeError: <exception str() failed>")

    class RuderError(Exception):
        @property
        def __notes__(self):
            raise RuntimeError("no")

    assert "could not be rendered: RuntimeError" in render_exception(RuderError())


def test_a_circle_of_causes_ends():
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert render_exception(first).count("ValueError") == 2


def test_a_stack_ends_at_its_frame():
    text = render_stack(sys._getframe())
    assert text.startswith("Stack (most recent call last):\n  File ")
    assert "in test_a_stack_ends_at_its_frame\n" in text.splitlines(keepends=True)[-2]
