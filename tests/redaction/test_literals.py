"""Which literals are read from patterns."""

import pytest

from irl_logging.redaction.literals import BEGIN, RUN, needed

READ = [
    ("acme_[0-9]{4}", {"acme_"}),
    ("ACME_x?[0-9]+", {"acme_", "acme_x"}),
    ("(?i:acme)-key", {"acme-key"}),
    ("(?:foo|barn)[a-z]+", {"foo", "barn"}),
    ("foo|[a-z]+barn", {"foo", "barn"}),
    ("gl(?:pat|rt)-[0-9A-Z]{20}", {"glpat-", "glrt-"}),
    ("a+bcd", {"abcd"}),
    ("abcd*ef", {"abc"}),
    ("x[0-9]*(?:key|token)=", {"key=", "token="}),
    (r"\bkey\s*=", {"key"}),
    (r"key[ \t]=", {"key ="}),
    (r"['\"]key", {'"key'}),
    (r"\x41bc\.", {"abc."}),
    (r"pre[\x2d_]fix", {"pre-fix", "pre_fix"}),
    ("(?:^|[^A-Za-z0-9])sk_[a-z]+", {f"{BEGIN}sk_"}),
    (r"(?:^|[ ,])-p ", {f"{BEGIN}-p ", " -p ", ",-p "}),
    (r"foo\n(?:(?m:^)|,)bar", {"foo "}),
    ("(?:^|[^A-Za-z0-9])[0-9a-f]{32}", {BEGIN + RUN}),
    ("SK[0-9a-f]{32}", {"sk" + RUN}),
    ("(?:u|ur)-[0-9a-f]{32}", {"u-" + RUN, "ur-" + RUN}),
    (r"[A-Z]{12,20}(?:\||%7C)[A-Z]{4}", {RUN + "|", RUN + "%7c"}),
    ("[0-9a-f]{32}x?", {RUN}),
    ("key-[a-z]{4}|[0-9a-f]{32}", {"key-", RUN}),
    ("(?P<name>token)=(.*)", {"token="}),
    ("ab{2,}cd", {"bcd"}),
    ("(?:ab){2}", {"abab"}),
    ("ab]c[]x]", {"ab]c]", "ab]cx"}),
    (r"\x01abc", {"abc"}),
    ("schl\xc3\xbcssel", {"schl\xc3\xbcssel"}),
]
OPEN = [
    "[a-z]+",
    "foo|[a-z]+",
    "(?:foo)?[0-9]+",
    "(?:foo)*",
    "ab[a-z]",
    "[Z-c]{2}",
    "",
    r"\pLfoo",
    r"\Qfoo.\E",
    "(?i)foo",
    "[^a]+",
    ".{3}",
    r"[\w-]{2}",
    "_[0-9a-f]{11}",
    "_[0-9a-f-]{32}",
    "[[:alpha:]]+",
]


@pytest.mark.parametrize(("pattern", "literals"), READ, ids=[pattern for pattern, _ in READ])
def test_literals_that_every_match_has_are_read(pattern, literals):
    assert needed(pattern) == literals


@pytest.mark.parametrize("pattern", OPEN)
def test_a_pattern_without_any_leaves_it_open(pattern):
    assert needed(pattern) is None


def test_shorter_ones_are_not_worth_looking_for_unless_asked_for():
    assert needed("pw=[0-9]|x=") is None
    assert needed("pw=[0-9]|x=", 2) == {"pw=", "x="}
