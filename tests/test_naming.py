"""Slugs and log file names: safe whatever comes in, and read back as what they were."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irl_logging import Execution
from irl_logging.errors import ConfigurationError
from irl_logging.naming import LogPattern, slug
from irl_logging.redaction.rule import sample


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("incident-approval", "incident-approval"),
        ("v1.2_x", "v1.2_x"),
        ("Déploiement du soir", "Deploiement-du-soir"),
        ("../../etc/passwd", "etc-passwd"),
        ("a/b\\c", "a-b-c"),
        ("a|b`c[d]\n", "a-b-c-d"),
        ("...", "unnamed"),
        ("", "unnamed"),
        ("日本", "unnamed"),
        ("NUL", "NUL-"),
        ("con.txt", "con-.txt"),
        ("x" * 100, "x" * 64),
        ("a..b", "a.b"),
    ],
)
def test_a_slug_is_safe(text, expected):
    assert slug(text) == expected


@given(st.text())
def test_any_text_has_a_slug_that_is_its_own_slug(text):
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", slug(text))
    assert slug(slug(text)) == slug(text)


def test_a_pattern_is_filled_with_slugs():
    pattern = LogPattern("incident-{integration}-{timestamp}.log")
    values = {"integration": "../finance", "timestamp": "2026-02-08T00-45-00Z"}
    assert pattern.fill(values, 1) == "incident-finance-2026-02-08T00-45-00Z.log"
    assert pattern.fill(values, 2) == "incident-finance-2026-02-08T00-45-00Z-2.log"
    assert LogPattern().fill({"log_name": "deploy", "date": "2026-02-08"}, 12) == "deploy-2026-02-08-012.log"


def test_a_pattern_knows_whether_runs_share_its_file():
    assert LogPattern("incident-batch-{date}.log").shared
    assert not LogPattern().shared


def test_a_name_is_read_back():
    assert LogPattern().match("deploy-web-2026-02-08-001.log") == {
        "log_name": "deploy-web",
        "date": "2026-02-08",
        "seq": "001",
    }
    assert LogPattern().match("app.backup.log") is None
    assert LogPattern().match("deploy-2026-02-08-001.log.gz") is None


@pytest.mark.parametrize(
    "pattern", ["x", "a/b.log", "../{date}.log", "{date.log", "{date}}.log", "a b\n.log", ".hidden.log", "_x.log"]
)
def test_a_pattern_that_is_no_plain_name_is_refused(pattern):
    with pytest.raises(ConfigurationError, match=r"expected a plain file name that ends in \.log"):
        LogPattern(pattern)


def test_a_missing_field_is_named_with_those_that_are_there():
    with pytest.raises(ConfigurationError, match=r"needs \{integration\}, and this run has only date, workflow"):
        LogPattern("{integration}.log").fill({"workflow": "w", "date": "2026-02-08"}, 1)


@pytest.mark.parametrize(
    "hide",
    [
        lambda token: f"{token[:3]}\u200b{token[3:9]}\xad{token[9:]}",
        lambda token: f"{token[:7]}\u0301{token[7:]}",
        lambda token: "".join(chr(ord(sign) + 0xFEE0) for sign in token),
    ],
    ids=["invisible", "accents", "full width"],
)
def test_no_name_shows_a_token_that_only_the_slug_has(tmp_path, hide):
    token = sample("ghp_<alnum 36>")
    name = hide(token)
    execution = Execution(tmp_path / "execution")
    run = execution.start(name, log_name=name, fields={"integration": name})
    with run.step(name):
        run.log("INFO", name, "looked")
    run.decision("approved", "the plan")
    execution.state(name).update({"at": 1})
    run.complete()
    execution.close()
    for path in (tmp_path / "execution").rglob("*"):
        assert token not in path.name
        assert path.is_dir() or token not in path.read_text("utf-8", "replace")
