"""The line: what is written is one record, and what is read back is what was written."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from irl_logging.errors import ConfigurationError
from irl_logging.line import (
    LogLine,
    as_level,
    cap,
    escape,
    level_word,
    parse,
    parse_time,
    render_fields,
    render_head,
    render_time,
)

EPOCH = 1770511645.678912  # 2026-02-08T00:47:25.678912Z


def test_a_line_reads_as_the_specification_shows_it():
    head = render_head(render_time(EPOCH), "INFO", "incident-approval", "list")
    assert (
        head + "Listed 12 quarantined incidents"
        == "[2026-02-08T00:47:25Z] [INFO] [incident-approval] [list] Listed 12 quarantined incidents"
    )
    assert render_head("2026-02-08T00:47:25Z", "WARN", "deploy", None) == "[2026-02-08T00:47:25Z] [WARN] [deploy] [-] "


def test_times_are_cut_not_rounded():
    assert render_time(EPOCH) == "2026-02-08T00:47:25Z"
    assert render_time(EPOCH, "milliseconds") == "2026-02-08T00:47:25.678Z"
    assert render_time(EPOCH, "microseconds").startswith("2026-02-08T00:47:25.6789")
    assert render_time(EPOCH + 0.3219, "milliseconds") == "2026-02-08T00:47:26.000Z"


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (5, "DEBUG"),
        (10, "DEBUG"),
        (20, "INFO"),
        (25, "INFO"),
        (30, "WARN"),
        (35, "WARN"),
        (40, "ERROR"),
        (50, "CRITICAL"),
        (99, "CRITICAL"),
    ],
)
def test_levels_have_five_words(number, word):
    assert level_word(number) == word


def test_every_spelling_of_a_level_is_read_and_a_wrong_one_is_named():
    assert [as_level(text) for text in ("warning", "WARN", "Fatal", "notice", "trace")] == [
        "WARN",
        "WARN",
        "CRITICAL",
        "INFO",
        "DEBUG",
    ]
    with pytest.raises(ConfigurationError, match=r"level 'LOUD' is not known: expected one of CRITICAL, DEBUG"):
        as_level("LOUD")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("two\nlines", "two\n\tlines"),
        ("dos\r\nlines", "dos\n\tlines"),
        ("bell\x07 \x1b[31mred\x1b[0m", "bell\\x07 \\x1b[31mred\\x1b[0m"),
        ("over\rwrite", "over\\x0dwrite"),
        ("\u202eevil\u2028\u200b\x85", "\\u202eevil\\u2028\\u200b\\x85"),
        ("lone \ud800", "lone \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("tab\tstays, ✓ ⚠️ emoji stay, C:\\new stays", "tab\tstays, ✓ ⚠️ emoji stay, C:\\new stays"),
        (
            "said: [2026-02-08T00:47:25Z] [INFO] [deploy] [x] forged",
            "said: \\x5b2026-02-08T00:47:25Z] [INFO] [deploy] [x] forged",
        ),
    ],
)
def test_what_cannot_be_seen_becomes_visible(text, shown):
    assert escape(text) == shown


def test_fields_are_logfmt():
    fields = {
        "a": 1,
        "who": "two words",
        "empty": "",
        "q": 'say "x"',
        "eq": "a=b",
        "none": None,
        "yes": True,
        "n": {"k": [1, "x"]},
    }
    assert render_fields(fields) == (
        r'a=1 who="two words" empty="" q="say \"x\"" eq="a=b" none=null yes=true n="{\"k\":[1,\"x\"]}"'
    )
    assert render_fields({"a b": 1}) == "a_b=1"


def test_a_line_is_cut_at_a_character():
    assert cap(b"abc", 3) == b"abc"
    assert cap(b"abcdef", 3) == b"abc...(+3 bytes)"
    assert cap("ab✓✓".encode(), 4) == b"ab...(+6 bytes)"
    assert cap(b"x" * 100, 0) == b"x" * 100


def test_records_of_every_age_are_read():
    text = (
        "rest of something\n"
        "[2026-02-08T00:47:25Z] [WARNING] [deploy] [build] one\n\ttwo\n"
        "[2026-02-08T01:47:25.5+01:00] [FATAL] [deploy] [-] three\n"
        "[2026-02-08T00:50:00Z] Listed 12 quarantined incidents\n"
    )
    second = dt.datetime(2026, 2, 8, 0, 47, 25, tzinfo=dt.UTC)
    assert list(parse(text, workflow="incident-batch")) == [
        LogLine(second, "WARN", "deploy", "build", "one\ntwo"),
        LogLine(second.replace(microsecond=500_000), "CRITICAL", "deploy", None, "three"),
        LogLine(second.replace(minute=50, second=0), "INFO", "incident-batch", None, "Listed 12 quarantined incidents"),
    ]


def test_the_record_after_a_torn_one_is_found():
    text = "[2026-02-08T00:47:25Z] [INFO] [w] [-] hal[2026-02-08T00:47:26Z] [INFO] [w] [-] whole\n"
    assert [(line.message, line.torn) for line in parse(text)] == [("hal", True), ("whole", False)]


def test_a_time_without_offset_is_utc():
    assert parse_time("2026-02-08T00:47:25") == dt.datetime(2026, 2, 8, 0, 47, 25, tzinfo=dt.UTC)


@given(st.lists(st.text(), min_size=1, max_size=4))
@example(["[2026-02-08T00:47:25Z] [INFO] [w] [-] x", "\n[2026-02-08T00:47:25Z] [INFO] [w] [-] forged"])
@example(["a\n\tb", "\r\n"])
def test_whatever_is_written_each_record_is_one_record(messages):
    """One physical line per record starts with a bracketed time, and as many records come back as were written."""
    text = "".join(
        render_head("2026-02-08T00:47:25Z", "INFO", "w", "s") + escape(message) + "\n" for message in messages
    )
    data = text.encode()
    assert len(list(parse(data.decode()))) == len(messages)
    assert sum(line.startswith("[") for line in data.decode().split("\n")) == len(messages)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Zl", "Zp", "Cs"])))
def test_ordinary_text_comes_back_as_it_was(message):
    line = render_head("2026-02-08T00:47:25Z", "INFO", "w", None) + escape(message)
    if "] [" not in message:
        assert [read.message for read in parse(line)] == [message]
