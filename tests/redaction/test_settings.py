"""Rules and exceptions as settings give them: checked when they are loaded, and holding in texts and in fields."""

import re
from collections import Counter

import pytest

from irl_logging.errors import RuleError
from irl_logging.redaction import Redactor, counting
from irl_logging.redaction.registry import Registry
from irl_logging.redaction.rule import sample

TICKET = "acme_" + "7Kq2Vw9xT4mB8zRd"
PASSWORD = "hunter" + "42-zebra"


def redactor(**given):
    return Redactor(known=Registry(), **given)


def test_a_table_with_id_and_pattern_is_a_rule():
    made = redactor(rules=[{"id": "acme-key", "pattern": r"acme_[A-Za-z0-9]{16}"}])
    assert made.redact(f"got {TICKET}.") == "got [REDACTED:acme-key]."


def test_a_table_may_have_keywords_exceptions_and_examples():
    entry = {
        "id": "acme-key",
        "what": "Acme key",
        "source": "https://acme.example.com",
        "pattern": r"acme_[A-Za-z0-9]{16}",
        "keywords": ["acme_"],
        "allow": ["acme_0{16}"],
        "examples": [TICKET],
    }
    made = redactor(rules=[entry])
    assert made.redact(f"{TICKET} acme_0000000000000000") == "[REDACTED:acme-key] acme_0000000000000000"


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"pattern": "x+"}, "a rule has no id"),
        ({"id": "acme"}, "rule 'acme' has no pattern"),
        ({"id": "acme", "pattern": "x", "patern": "y"}, "unknown field 'patern'"),
        ({"id": "acme", "pattern": "(x)\\1"}, "not a linear-time RE2 pattern"),
        (
            {"id": "acme", "pattern": "x(y"},
            "rule 'acme': pattern 'x(y' is not a linear-time RE2 pattern: missing ): x(y",
        ),
        ({"id": "acme", "pattern": "x{4}", "allow": ["(?=x)"]}, "not a linear-time RE2 pattern"),
        ({"id": "acme", "pattern": 4}, "rule 'acme': pattern is not a text"),
        ({"id": "acme", "pattern": "x", "keywords": "acme"}, "rule 'acme': keywords is not a list of texts"),
        ({"id": "acme", "pattern": "acme_[0-9]{4}", "examples": ["acme_12"]}, "does not find its own example 1"),
        ({"id": "acme", "pattern": "acme_[0-9]{4}", "keywords": ["ACMX"], "examples": ["acme_1234"]}, "own example 1"),
        ({"id": "github-token", "pattern": "x"}, "rule id 'github-token' is taken"),
        ({"id": "cookie", "pattern": "x"}, "rule id 'cookie' is taken"),
        ("acme", "a rule is a table with id and pattern, not str"),
    ],
)
def test_a_rule_that_is_not_well_made_is_refused_when_loaded(entry, says):
    with pytest.raises(RuleError, match=re.escape(says)):
        redactor(rules=[entry])


def test_a_disabled_rule_that_is_not_there_names_those_that_are_like_it():
    with pytest.raises(RuleError, match="there is no rule 'github-tokens' to disable; did you mean 'github-token'"):
        redactor(disabled=["github-tokens"])


def test_one_text_for_a_list_is_refused():
    with pytest.raises(RuleError, match="disabled is not a list of texts"):
        redactor(disabled="jwt")


def test_a_rule_of_the_settings_can_be_disabled_too():
    made = redactor(rules=[{"id": "acme-key", "pattern": "acme_[A-Za-z0-9]{16}"}], disabled=["acme-key"])
    assert "[REDACTED:acme-key]" not in made.redact(f"got {TICKET}.")


def test_a_finding_by_name_can_be_disabled_in_texts_and_fields():
    made = redactor(disabled=["password"])
    assert made.redact(f"password={PASSWORD}") == f"password={PASSWORD}"
    assert made.redact_fields({"password": PASSWORD}) == {"password": PASSWORD}
    assert redactor().redact_fields({"password": PASSWORD}) == {"password": "[REDACTED:password]"}


def test_cookies_and_key_blocks_can_be_disabled():
    cookie = "Cookie: visit=" + "kQ7bV2xT9mW4zR8d"
    block = "-----BEGIN " + "PRIVATE KEY-----\n" + sample("<b64 64>")
    assert redactor().redact(cookie) == "Cookie: visit=[REDACTED:cookie]"
    assert redactor(disabled=["cookie"]).redact(cookie) == cookie
    assert redactor().redact(block) == "[REDACTED:private-key-block]"
    assert redactor(disabled=["private-key-block"]).redact(block) == block


def test_registered_values_can_be_disabled():
    known = Registry()
    known.add("blue-zebra-41")
    assert Redactor(known=known).redact("a blue-zebra-41 b") == "a [REDACTED:registered] b"
    assert Redactor(known=known, disabled=["registered"]).redact("a blue-zebra-41 b") == "a blue-zebra-41 b"


def test_an_allowed_value_stays_in_texts_and_fields():
    made = redactor(allow=["hunter[0-9]+-zebra"])
    assert made.redact(f"password={PASSWORD}") == f"password={PASSWORD}"
    assert made.redact_fields({"password": PASSWORD, "db": {"passwords": [PASSWORD]}}) == {
        "password": PASSWORD,
        "db": {"passwords": [PASSWORD]},
    }
    assert made.redact_fields({"password": PASSWORD + "x"}) == {"password": "[REDACTED:password]"}


def test_the_tokens_of_a_disabled_rule_come_through():
    token, other = sample("xoxp_<alnum 40>"), sample("xyzk_<alnum 32>")
    assert redactor().redact(token) != token
    made = redactor(rules=[{"id": "acme-key", "pattern": "xoxp_[A-Za-z0-9]{40}"}], disabled=["acme-key"])
    assert made.redact(f"got {token} and {other}") == f"got {token} and [REDACTED:abbreviated-token]"
    assert made.redact(f"token={token}") == "token=[REDACTED:secret-key-value]"


def test_values_are_allowed_to_a_logger_and_those_below_it():
    made = redactor(allow_loggers={"app.demo": ["hunter[0-9]+-zebra"]})
    line, hidden = f"password={PASSWORD}", "password=[REDACTED:password]"
    assert made.redact(line) == hidden
    for logger, comes_out in (("app.demo", line), ("app.demo.x", line), ("app.demonstration", hidden), ("app", hidden)):
        with made.speaking(logger):
            assert made.redact(line) == comes_out
            assert made.redact_fields({"password": PASSWORD})["password"] == comes_out.removeprefix("password=")
    assert made.redact(line) == hidden


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["x"], "allow_loggers is list, expected lists of patterns by logger name"),
        ({"app": "x"}, "allow_loggers: app is not a list of texts"),
        ({"app": ["(?=x)"]}, "not a linear-time RE2 pattern"),
    ],
)
def test_what_loggers_may_say_is_checked_when_loaded(given, says):
    with pytest.raises(RuleError, match=re.escape(says)):
        redactor(allow_loggers=given)


def test_a_tally_counts_what_is_redacted_within_it():
    made, tally = redactor(), Counter()
    made.redact(f"password={PASSWORD}")
    with counting(tally):
        made.redact(f"password={PASSWORD} and again password={PASSWORD}")
        made.redact_fields({"password": PASSWORD})
    made.redact(f"password={PASSWORD}")
    assert tally == {"password": 3}
    assert made.counts == {"password": 5}


def test_a_rule_and_what_is_allowed_may_be_of_any_letters():
    redactor = Redactor(
        rules=[{"id": "acme", "pattern": "тег_[0-9]{4}", "keywords": ["тег"], "examples": ["тег_1234"]}],
        allow=["тег_0000"],
        allow_loggers={"app": ["тег_1111"]},
    )
    assert redactor.redact("a тег_1234 b тег_0000") == "a [REDACTED:acme] b тег_0000"
    with redactor.speaking("app"):
        assert redactor.redact("тег_1111") == "тег_1111"
