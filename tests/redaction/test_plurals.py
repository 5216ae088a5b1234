"""Lists and mappings under a plural: what was drawn or chosen goes, names, counts and words stay."""

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

DRAWN = sample("<alnum 32>")
OTHER = sample("<hex 40>")
CHOSEN = sample("otter-walnut<digit 4>")


@pytest.mark.parametrize(
    "text",
    [
        '"api_keys": ["{}", "{}"], "n": 2',
        "api_keys = ['{}', '{}']",
        '"tokens": {{"prod": "{}", "dev": "{}"}}',
        "secrets:\n  prod: {}\n  dev: '{}'  # for tests\nregion: eu",
        "access_tokens:\n  - {}\n  - {}\n",
        "access_tokens:\n- {}\n- {}",
    ],
)
def test_each_drawn_value_goes(text):
    gone = "[REDACTED:secret-key-value]"
    assert redact(text.format(DRAWN, OTHER)).replace("shown-under-label", "secret-key-value") == text.format(gone, gone)


def test_passwords_of_people_go():
    text = "passwords:\n  jane: {}\n  joe: {}\nregion: eu"
    assert redact(text.format(CHOSEN, CHOSEN + "x")) == text.format("[REDACTED:password]", "[REDACTED:password]")


@pytest.mark.parametrize(
    "text",
    [
        "tokens: ['the', 'cat', 'sat']",
        'tokens: ["Transformer", "##ization", "2048"]',
        '"tokens": {"prompt": 1204, "model": "large-2024-07-18"}',
        "secrets:\n  - db-creds-8xk2l\n  - default-token-9zq4m",
        "secrets:\n  db_password:\n    file: ./db_password.txt",
        "passwords:\n  min_length: 12\n  policy: strong",
        'secrets = ["projects/acme/secrets/db/versions/3"]',
        "credentials:\n  provider: environment\n  region: eu-west-1",
    ],
)
def test_names_counts_and_words_stay(text):
    assert redact(text) == text
