"""Secrets that are shown: under a label or a command, in groups, lists and phrases, and told in English."""

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

TOKEN = sample("<alnum 24>")
WORDS = ["shiver", "anchor", "judge", "wrestle"] * 3
SEED = " ".join([sample("<b32 4>")] * 8)

SHOWN = [
    "Password for the elastic user (reset with `bin/reset -u elastic`):\n  {}\n\nnext",
    "Your new API key:\n\n{}\n",
    "$ argocd admin initial-password -n argocd\n{}\n\n This password must be only used once.",
    "$ gcloud auth print-access-token\n{}",
    "$ openssl rand -base64 24\n{}\n$ ",
    "API key web-prod -> {}",
    "the token staging/ci is {}, tell nobody",
    "creds: jane / {} (expires Friday)",
    "login for staging: jane / {}",
    "'{}' is too short at $.db.password",
    "GET /unsubscribe?u=3908&sessionId={}",
    '# random_password.db:\n    result = "{}"\n    length = 24',
    "otpauth-migration://offline?data={}",
]
HARMLESS = [
    "token:\n  type: string\n  required: true",
    "passwords:\n  description_v2",
    "Password policy:\n  twelve characters or more",
    "$ openssl rand -help\nUsage: rand [options] num",
    "creds: see the vault / ask jane",
    "access: read / write",
    "setup code: read page nine",
    "seed: all words of it are kept in the safe",
    "recovery codes: shown, used, left",
    "key sizes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]",
    "secret store -> infrastructure",
    "The seed phrase is made of twelve words that come from a list of simple words in your wallet app",
    "'main' is not the name of a secret",
]


@pytest.mark.parametrize("text", SHOWN)
def test_only_the_secret_that_is_shown_goes(text):
    before, after = text.split("{}")
    out = redact(text.replace("{}", TOKEN))
    assert TOKEN not in out
    assert out.startswith(before)
    assert out.endswith(after)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_shows_no_secret_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize("form", ["{}", "1. {}", '["{}"]'])
def test_a_seed_phrase_goes_as_a_row_and_as_a_list(form):
    joint = {"{}": " ", "1. {}": " 2. ", '["{}"]': '", "'}[form]
    text = "seed phrase: " + form.format(joint.join(WORDS)) + " is stored"
    out = redact(text)
    assert not any(word in out for word in WORDS)
    assert out.startswith("seed phrase: ")
    assert out.endswith(" is stored")


@pytest.mark.parametrize("label", ["2FA setup key: ", "Manual entry code: ", "secret key (base32): "])
def test_a_seed_of_codes_in_groups_of_four_goes(label):
    assert redact(label + SEED) == label + "[REDACTED:grouped-totp-seed]"


def test_the_numbers_of_a_key_go():
    numbers = ",".join(str(n * 7 % 256) for n in range(64))
    assert redact(f"secret key: [{numbers}] saved") == "secret key: [[REDACTED:key-bytes]] saved"


def test_recovery_codes_go_whether_or_not_it_is_said_whose_they_are():
    codes = sample("<lower 8> 4<lower 7>")
    assert redact(f"backup codes for jane: {codes}") == "backup codes for jane: [REDACTED:listed-recovery-codes]"
