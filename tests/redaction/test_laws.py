"""Laws that hold for any text: applied twice is applied once, the gate is sound, a planted secret is gone."""

from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from irl_logging.redaction import default, redact
from irl_logging.redaction.rule import sample
from irl_logging.redaction.rules import RULES

HERE = Path(__file__).resolve()
PIECES = [
    "password=", "token: ", '"secret": "', "Authorization: Bearer ", "\\n", '\\"', "%3D", "%22", "&quot;", "\x1b[31m", "\x1b[0m",
    "://jane:", "@host/", "-----BEGIN ", "PRIVATE KEY-----", "\n", " ", '"', "'", ",", ";", "[REDACTED:", "[REDACTED:jwt]", "]", "\0",
    "eyJ", "é", "Cookie: sid=", "|", "--token ", "is ", "(", ")", "{", "}", "<", ">", "AKIA", "key", "=",
]  # fmt: skip
TEXT = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(max_size=6), st.from_regex(r"[A-Za-z0-9]{8,24}", fullmatch=True)),
    max_size=14,
)
CONTEXTS = [
    "{}",
    "using {} now",
    "'{}'",
    "({})",
    "[{}]",
    "x\\n{}\\n",
    "v={}",
    '{{"a": "{}"}}',
    "\x1b[32m{}\x1b[0m",
    "it is {}.",
]
SHAPES = [rule for rule in RULES if rule.edges]
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(TEXT)
def test_redacting_twice_changes_nothing_more(pieces):
    once = redact("".join(pieces))
    assert redact(once) == once


@quick
@given(TEXT)
def test_what_the_gate_calls_clean_is_left_alone(pieces):
    text = "".join(pieces)
    if default().is_clean(text.encode("utf-8", "surrogatepass")):
        assert default().explain(text) == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_the_gate_never_raises(data):
    assert default().is_clean(data) in (True, False)


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_example_of_every_shape_is_gone_in_every_context(context):
    for rule in SHAPES[:: 1 if context == "{}" else 3]:
        for example in rule.examples():
            text = context.format(example)
            assert "[REDACTED:" in redact(text), (rule.id, context)
            assert not default().is_clean(text.encode())


PLANTED = ("hunter2", "tr0ub4dor", "s3cr3t-Pa55")  # the documents show passwords to show that they are redacted


def test_our_own_sources_and_documents_come_through_unchanged():
    root = HERE.parents[2]
    sources = [
        *root.glob("irl_logging/**/*.py"),
        *root.glob("docs/*.md"),
        *root.glob("*.toml"),
        *root.glob("benchmarks/*.py"),
    ]
    changed = {}
    for path in sources:
        if path.parent.name in ("redaction", "rules") or path.name in (
            "redaction.md",
            "redaction.py",
        ):  # they show what secrets look like
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if redact(line) != line and not any(planted in line for planted in PLANTED):
                changed[f"{path.name}:{number}"] = redact(line)
    assert changed == {}


def test_a_megabyte_of_hostile_text_takes_linear_time():
    for piece in (
        "token",
        "eyJ",
        "://a:b",
        "-----BEGIN " + "PRIVATE KEY-----",
        "\\\\",
        "%25",
        "password=",
        sample("<b64 40>") + " ",
    ):
        text = piece * (200_000 // len(piece))
        assert isinstance(redact(text), str)
