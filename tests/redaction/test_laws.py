"""Laws that hold for any text: applied twice is applied once, the gate is sound, a planted secret is gone."""

import json
import re
import shutil
import subprocess
import traceback
from importlib import metadata
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from irl_logging.redaction import Redactor, default, redact
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


@quick
@given(TEXT)
def test_what_is_explained_is_what_is_redacted(pieces):
    text = "".join(pieces)
    out, last = [], 0
    for found in default().explain(text):
        out += (text[last : found.start], f"[REDACTED:{found.rule}]")
        last = found.end
    assert "".join((*out, text[last:])) == redact(text)


LONG_WAY = Redactor(disabled=["putty-mac"])  # with a rule that is not used, secrets are never looked for one by one
WORDS = st.one_of(
    st.sampled_from(
        ["password=", "token: ", "--token ", "api_key='", 'token="', '"secret": "', "Authorization: Bearer ", "postgres://jane:", "@host",
         "Listed", "12", "-", "=", ",", ".", ";", ")", '"', "'", "\n", "[REDACTED:jwt]", "\0", "é", "key", "with", "?x=", "&", "Cookie: "]
    ),
    st.sampled_from([rule for rule in RULES if rule.id != "putty-mac"]).map(lambda rule: rule.examples()[0]),
    st.from_regex(r"[A-Za-z0-9]{6,24}|[a-z!@$%^*_+~-]{6,12}[0-9][A-Za-z0-9!]{0,8}|[0-9a-f]{32}", fullmatch=True),
)  # fmt: skip
LINES = st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", ""])).map("".join), max_size=8).map("".join)


def told(redactor, line):
    """What is found by which rule, without signs: of `token= =x` the second `=` may go or stay."""
    return [(one.rule, re.sub(r"\W", "", line[one.start : one.end])) for one in redactor.explain(line)]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(LINES)
def test_looking_for_secrets_one_by_one_finds_what_looking_for_all_of_them_does(line):
    found = told(LONG_WAY, line)
    assert told(default(), line) == found
    assert told(default(), line) == found  # what is left of it has been seen by now


def test_what_stands_where_a_credential_does_may_be_the_name_of_the_next_word():
    found = default().explain("Authorization: Bearer  password= hunt" + "er2x, x")
    assert [one.rule for one in found] == ["authorization", "password"]


BEFORE = st.sampled_from(
    ["", "using ", "x=1 ", "é ", '{"a": 1} ', "password= ", "\x1b[1m", "a\\n", "%41 ", "([", "at 10:04 ", "token,"]
)
AFTER = st.sampled_from(
    ["", " now", ".", ", then", ")", "\n", '"', "' ", "\\n", "\x1b[0m", " [REDACTED:jwt]", " password=x"]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([rule for rule in RULES if rule.edges]), BEFORE, AFTER, st.sampled_from(["{}", "{} {}", "{}\n{}"])
)
def test_a_planted_secret_of_any_rule_is_gone_between_anything(rule, before, after, twice):
    example = rule.examples()[0]
    text = before + twice.format(example, example) + after
    assert example not in redact(text), rule.id


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


def changed_lines(text):
    return {line: redact(line) for line in text.splitlines() if redact(line) != line}


def test_the_history_of_this_repository_comes_through_unchanged():
    if shutil.which("git") is None or not (HERE.parents[2] / ".git").exists():
        pytest.skip("no git, or not a checkout")
    for form in ("medium", "fuller", "raw"):
        log = subprocess.run(
            ["git", "log", f"--format={form}", "-n", "400"],
            cwd=HERE.parent,
            capture_output=True,
            check=True,
            timeout=60,
        )
        assert changed_lines(log.stdout.decode("utf-8", "replace")) == {}


def test_a_list_of_packages_comes_through_unchanged():
    packages = [(found.metadata["Name"], found.version) for found in metadata.distributions()]
    lines = [f"{name:30} {version}" for name, version in packages]
    lines += [f"{name}=={version}" for name, version in packages]
    lines += [
        f"Requirement already satisfied: {name}>={version} in /usr/lib/python3/site-packages"
        for name, version in packages
    ]
    lines.append(json.dumps([{"name": name, "version": version} for name, version in packages]))
    assert changed_lines("\n".join(lines)) == {}


def _fail_at(number):
    if number:
        _fail_at(number - 1)
    return {"token_count": 12}["tokens"]


@pytest.mark.parametrize(
    "fail",
    [
        lambda: _fail_at(3),
        lambda: json.loads('{"a": 1,, "key": 2}'),
        lambda: int("no number"),
        lambda: Path("/no/such/key/file.pem").read_text(),
        lambda: subprocess.run(["/no/such/program", "--token-file", "x"], check=True),
        lambda: metadata.version("no-such-package"),
        lambda: __import__("no_such_module_with_keys"),
        lambda: "a".encode("no-such-codec"),
    ],
)
def test_tracebacks_come_through_unchanged(fail):
    try:
        fail()
    except Exception:
        text = traceback.format_exc()
    assert "Traceback" in text
    assert redact(text) == text


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
