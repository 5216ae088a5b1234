"""Each rule is one entry of data that proves itself: it matches its examples and not what looks alike."""

import dataclasses
import re

import pytest

from irl_logging.errors import RuleError
from irl_logging.redaction import Redactor, Rule
from irl_logging.redaction.finders import RuleFinder, anywhere, automaton
from irl_logging.redaction.rule import sample, shape
from irl_logging.redaction.rules import FAMILIES, RULES
from irl_logging.redaction.rules.contexts import context

HARMLESS = tuple(
    sample(template)
    for template in (
        "commit <hex 40>",
        "sha256:<hex 64>",
        "request <uuid> done",
        "incident 2026-01-01T17-28-20-262Z_<digit 6>",
        "fingerprint <hex 64>",
        "etag <hex 32>",
        "cus_<alnum 14>",
        "msg_01<alnum 22>",
        "price_<alnum 24>",
        "pod/web-<hex 9>-<lower 5>",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI<b64 43> jane@host",
        "integrity sha512-<b64 86>==",
        "/var/lib/docker/overlay2/<hex 64>/merged",
        "arn:aws:iam::<digit 12>:role/deployer",
        "v0.0.0-20240101120000-<hex 12>",
        "traceparent: 00-<hex 32>-<hex 16>-01",
        "cache_key=<hex 64>",
        "x/y.py,sha256=gu_<url 40>,3442",
        "x/z.py,sha256=-00<url 40>,2748",
        "01<upper 24> started",
        '"id": "<url 21>"',
        "ETag: W/<hex 40>-gzip",
        "pk_live_<alnum 24> in the page",
        "sb_publishable_<alnum 22>_<alnum 8>",
        "0oa<alnum 17>",
        "AC<hex 32>",
        "<digit 12>-<lower 32>.apps.googleusercontent.com",
        "i-0<hex 16> ami-0<hex 16> vpc-<hex 8>",
        "ocid1.instance.oc1.iad.<lower 60>",
        "sk_X509_NAME_ENTRY_num",
    )
)


def test_there_are_more_than_three_hundred_rules_with_different_ids():
    assert len(RULES) > 300
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_every_rule_finds_each_of_its_examples(family):
    for rule in family.RULES:
        examples = rule.examples()
        assert examples, rule.id
        find = RuleFinder(rule)
        for example in examples:
            assert find(example.encode()), (rule.id, len(example))


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_the_gate_of_a_rule_lets_every_example_through(family):
    for rule in family.RULES:
        search = automaton(rule.gate).Match
        for example in rule.examples():
            data = example.encode()
            assert search(anywhere(), data, 0, len(data))[0][0] >= 0, rule.id


def test_every_rule_names_whose_format_it_is_and_where_that_is_documented():
    for rule in RULES:
        assert rule.what, rule.id
        assert re.match(r"https://[a-z0-9.-]+\.[a-z]{2,}/?", rule.source), rule.id


def test_every_rule_has_near_misses_of_its_own():
    assert [rule.id for rule in RULES if not rule.near()] == []


def test_a_placeholder_in_place_of_a_secret_stays():
    rule = context(
        "acme-flag", "password of acme", "https://acme.example.com/", r"acme -p (\S{4,})", "acme -p <alnum 12>"
    )
    assert rule.near() == ("acme -p $SECRET", "acme -p ********")
    assert all(RuleFinder(rule)(text.encode()) == [] for text in rule.near())


def test_a_run_that_is_longer_than_a_pattern_goes_is_taken_whole():
    token = sample("sl.<url 1300>")
    assert Redactor().redact(f"old {token} gone") == "old [REDACTED:dropbox-token] gone"


@pytest.mark.parametrize(
    "template",
    [
        "ghs_<digit 7>_eyJ<url 40>.eyJ<url 300>.<url 170>",
        "glpat-<url 40>.01.0w1<lower 6>",
        "wrkaus-eyJ<url 40>.<url 300>.<url 170>",
        "bkaj_eyJ<url 40>.<url 300>.<url 170>",
        "sgd_<hex 64>_<hex 40>",
        "AAAAAAAAAAAAAAAAAAAAA<alnum 60>%3D<alnum 40>",
    ],
)
def test_a_token_of_several_parts_is_taken_whole(template):
    assert re.fullmatch(r"old \[REDACTED:[a-z-]+\] gone", Redactor().redact(f"old {sample(template)} gone"))


@pytest.mark.parametrize(
    "text",
    [
        "at com.fasterxml.jackson.databind.ser.BeanSerializerFactory.createSerializer(BeanSerializerFactory.java:153)",
        "pypi-publish-with-trusted-publisher-and-attestations-of-each-wheel",
        "GET /cache/0/" + sample("<hex 32>"),
        "GET /objects/1/" + sample("<hex 40>"),
        "initMercadoPago('APP_USR-" + sample("<uuid>") + "')",
        "badge sqb_" + sample("<hex 40>"),
        "listed as b10_" + sample("<alnum 8>"),
    ],
)
def test_what_resembles_a_vendors_token_stays(text):
    assert Redactor().redact(text) == text


@pytest.mark.parametrize("after", ["-of-the-second-service", "/" + sample("<hex 40>"), ".tar.gz"])
def test_what_stands_after_a_token_is_kept_unless_it_is_a_run_of_its_own(after):
    assert Redactor().redact("old " + sample("ghp_<alnum 36>") + after).endswith(after)


def test_no_rule_matches_what_only_looks_like_a_secret():
    near = [text for rule in RULES for text in rule.near()]
    for rule in RULES:
        find = RuleFinder(rule)
        for text in (*HARMLESS, *near):
            assert find(text.encode()) == [], (rule.id, text)


def test_a_template_makes_the_pattern_and_the_examples():
    rule = shape("acme-key", "Acme key", "https://acme.example.com/", "acme_(live|test)_<alnum 20>")
    assert rule.pattern == "acme_(?:live|test)_[A-Za-z0-9]{20}"
    assert all(re.fullmatch(rule.pattern, text) for text in rule.examples())


def test_braces_in_a_template_mark_what_is_the_secret():
    rule = shape("acme-hook", "Acme hook", "https://acme.example.com/", "hooks.acme.example.com/{<alnum 20>}")
    redactor = Redactor(rules=[rule])
    (text,) = rule.examples()
    assert redactor.redact(f"POST https://{text}") == "POST https://hooks.acme.example.com/[REDACTED:acme-hook]"


def test_a_rule_of_ones_own_is_used_and_counted():
    rule = Rule(
        id="badge", what="badge number", source="https://acme.example.com/", pattern=r"BADGE-([0-9]{6})", edges=""
    )
    redactor = Redactor(rules=[rule])
    assert redactor.redact("entered with BADGE-" + "123456") == "entered with BADGE-[REDACTED:badge]"
    assert redactor.counts["badge"] == 1


def test_a_pattern_that_is_not_linear_is_refused_when_it_is_given():
    rule = Rule(id="bad", what="bad", source="https://acme.example.com/", pattern=r"(a+)\1")
    with pytest.raises(RuleError, match="linear-time"):
        Redactor(rules=[rule])


def test_an_id_that_is_taken_is_refused():
    rule = Rule(id="jwt", what="again", source="https://acme.example.com/", pattern="x")
    with pytest.raises(RuleError, match="taken"):
        Redactor(rules=[rule])


def test_a_rule_that_is_disabled_by_an_unknown_id_is_refused():
    with pytest.raises(RuleError, match="no rule"):
        Redactor(disabled=["no-such-rule"])


def test_a_rule_can_be_disabled_by_id():
    text = "key " + sample("AKIA<b32 16>")
    assert Redactor(disabled=["aws-access-key"]).redact(text) == text
    assert Redactor().redact(text) == "key [REDACTED:aws-access-key]"


def test_an_allowed_value_stays():
    token = sample("ghp_<alnum 36>")
    redactor = Redactor(allow=[re.escape(token)])
    assert redactor.redact(f"documented example {token}") == f"documented example {token}"


def test_an_allowed_key_says_nothing():
    text = "sandbox_token=" + sample("<alnum 24>")
    assert Redactor(allow_keys=["sandbox_token"]).redact(text) == text


@pytest.mark.parametrize("blank", [" ", "  ", "\t", "\r\n", "\f"])
@pytest.mark.parametrize("value", ["Aa1" * 8, "Aa1\vBb2" * 4, "é" * 9])
def test_a_last_word_is_what_its_group_captures(blank, value):
    rules = [rule for rule in RULES if rule.last_word]
    assert [rule.id for rule in rules] == ["authorization"]
    for rule in rules:
        data = f"Authorization:{blank}Bearer{blank}{value}{blank}rest, authorization=Token{blank}{value};".encode()
        found = RuleFinder(rule)(data)
        assert [data[start:end] for start, end, _ in found] == [value.encode()] * 2
        assert found == RuleFinder(dataclasses.replace(rule, last_word=False))(data)
