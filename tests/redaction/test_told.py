"""Secrets whose name stands elsewhere than right before them: in a cell, a command, a sentence, a field beside theirs."""

from itertools import product

import pytest

from irl_logging.redaction import Redactor, redact, redact_fields
from irl_logging.redaction.rule import sample

SIGNED = "Wq7!" + "harbor#2"
WORDS = "heron-" + "basalt-" + "willow93"
TOKEN = "Zt4mB8" + "kQ1xR7vN3pL6sD9wF2"
UUID = sample("<uuid>")
ACCOUNT_KEY = sample("<b64 86>==")

CELLS = [
    "| `DB_HOST` | db-1 |\n| `DB_PASS` | `{}` |",
    "| **Admin password** | `{}` |",
    "|| SMTP_PASSWORD || {} ||",
    "| **Host** | **Password** |\n| :--- | :--- |\n| db-1 | `{}` |",
    "   * - Name\n     - Value\n   * - ``REDIS_PASSWORD``\n     - ``{}``",
]
PRINTED = [
    "$ printenv REDIS_PASSWORD\n{}",
    '% echo "${{APP_SECRET}}"\n{}\n% ',
    "C:\\> echo %SMTP_PASSWORD%\n{}",
    "PS /app> $Env:SMTP_PASSWORD\n{}",
    "$ docker compose exec web printenv DB_PASSWORD\n{}",
    'iex(2)> System.get_env("DB_PASSWORD")\n"{}"',
    "php > echo getenv('DB_PASSWORD');\n{}",
    "$ cat /run/secrets/smtp_password\n{}",
    "PS> Get-Content .\\secrets\\db_password.txt\n{}",
    "$ gcloud secrets versions access latest --secret=db-password\n{}",
    "$ kubectl get secret db -o jsonpath='{{.data.password}}' | base64 -d\n{}",
]
FIELDS = [
    '{{"ParameterKey":"DBMasterPassword","UsePreviousValue":false,"ParameterValue":"{}"}}',
    '{{"OutputKey":"AdminPassword","OutputValue":"{}"}}',
    "--parameters ParameterKey=DBPassword,ParameterValue={} ParameterKey=Size,ParameterValue=small",
    "- ParameterKey: DBPassword\n  ParameterValue: {}\n- ParameterKey: Size",
    '{{"Value":"{}","Key":"db_password"}}',
    '<input value="{}" name="password">',
]
SAYING_LITTLE = [  # enough for what was drawn at random, but not for words
    "|Name|Value|\n|:-|-:|\n|`API_KEY`|`{}`|",
    "| ~JWT_SECRET~ | ~{}~ |",
    "> Sys.getenv('API_TOKEN')\n[1] \"{}\"",
    "the login is jane/{}",
    'pry(main)> ENV.fetch("JWT_SECRET")\n=> "{}"',
]
SENTENCES = [
    "passphrase for key deploy: {}",
    "smtp_sasl_password_maps = static:jane:{}",
    "You can log in with jane / {} until Friday",
    "signed in as jane@example.com using {}",
    "Login to the VPN with jane and {}",
    "user jane, pw {}",
    "username is root, password is {}",
    "Typed '{}' into the password field",
    "typed {} in password",
    "Filled field 'Password' with '{}'",
    'Fill the "Confirm password" field with "{}"',
    "I used {} as the admin password",
    "The old password was lost and the new one is {}",
    "Password (staging) - {}",
    "HikariConfig : password..........................................................................................{}",
]
TOLD_KEYS = [
    "I'm using {} as the API token",
    "Using {} as my API key works",
    "Keep this API key somewhere safe: {}",
    "Here is your access token, you won't see it again: {}",
    "API key (staging) - {}",
    "agent register --activation-code {}",
]
BROKEN = [
    "password: &db_pw {}\nhost: db",
    "password: &a !!str {}",
    'DB_PASSWORD = (  # of production\n    "{}"\n)',
    "export DB_PASSWORD=\\\n{}",
    "curl --token \\\n    '{}'",
    "Password for the [kibana_system] user successfully reset.\nNew value: {}",
]
STATEMENTS = [
    "SELECT pgp_sym_encrypt(body, '{}', 'cipher-algo=aes256')",
    "SELECT decrypt(body, '{}', 'aes')",
    "UPDATE t SET c = AES_ENCRYPT('4111', '{}') WHERE id = 1",
    "SELECT DecryptByPassPhrase(N'{}', c)",
    "SELECT crypt('{}', gen_salt('bf'))",
    "ATTACH 'a.db' AS b KEY '{}'",
    "ALTER USER app IDENTIFIED BY {} ACCOUNT UNLOCK",
    '.basic_auth("jane", Some("{}"))',
    'given().auth().preemptive().basic("jane", "{}").get("/")',
    "http.basic_auth 'jane', '{}'",
    'BUNDLE_GEMS__ACME__IO: "jane:{}"',
    "FTP_LOGIN=jane:{}",
]
HARMLESS = [
    "You can log in with GitHub / GitLab2",
    "signed in as jane@example.com with SAML2.0",
    "logged in as jane using ssh-key id_ed25519",
    "login as root with --force-v2",
    "The login is done by SSO/OIDC",
    "login: acme/web-frontend2",
    "user jane, pass 12/14, fail 2",
    "typed 42 characters into the password field",
    "Filled the password field with autocomplete",
    "set 'minLength' as the password rule",
    "Changed the password policy from weak to strong.",
    "Changed the token lifetime from 3600 to 7200",
    "password changed: expired -> active",
    "The old token expired and the new one is valid until 2026-12-01",
    "using 9f86d081884c7d65" + "9a2feaa0c55ad015 as the cache key",
    "API key (v2) - deprecated-since-2024-01",
    "Save the API key now: it will not be shown again",
    "$ echo $SECRET_NAME\nprod/db-creds-2",
    "$ echo $PASSWORD_FILE\n/run/secrets/db2",
    "echo $DB_PASSWORD\nPORT=8080",
    "$ cat auth.log\nOK2",
    '$ jq .token_type out.json\n"bearer2"',
    "irb> ENV['RAILS_ENV']\n=> \"production2\"",
    "password: &pw ${DB_PASSWORD}",
    "token: !!str ${TOKEN}",
    "secret: !Ref DbSecret2",
    'token = (\n    request.headers2.get("x")\n)',
    "| `password` | `string` | yes |",
    "| API key | `X-Api-Key2` header |",
    "| Access token | `RS256` |",
    "* - ``api_key``\n  - str, optional2",
    '{"ParameterKey":"KeyPairName","ParameterValue":"prod-key-2"}',
    '{"keyName":"key1","permissions":"READ2","value":"none"}',
    '<input value="Submit2" name="reset_mode">',
    "SELECT pgp_sym_decrypt(body, current_setting('app.key'))",
    ".basic_auth(user, Some(password))",
    'BUNDLE_WITHOUT: "development:test2"',
    "LAST_LOGIN=Mon:2026-01-01",
    "token.................12.5ms",
    "registration code is invalid",
    "Sec-WebSocket-Key: dGhlIHNhbXBs" + "ZSBub25jZQ==",
    "Setting up passwd (1:4.13+dfsg1-1) ...",
    "ii  passwd  1:4.13+dfsg1-1ubuntu1 amd64",
    "https://acme.vault.azure.net/secrets/db-password/" + sample("<hex 32>"),
]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        *product([*CELLS, *PRINTED, *FIELDS, *SENTENCES, *BROKEN, *STATEMENTS], [SIGNED, WORDS]),
        *product([*CELLS, *PRINTED, *TOLD_KEYS, *SAYING_LITTLE], [TOKEN]),
    ],
)
def test_only_the_secret_goes(text, secret):
    before, after = text.format("\0").split("\0")
    out = redact(before + secret + after)
    assert out.startswith(before + "[REDACTED:"), out
    assert out.endswith("]" + after), out
    assert redact(out) == out


@pytest.mark.parametrize("text", HARMLESS)
def test_what_tells_no_secret_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Changed the root password from {} to {}",
        "password rotated: {} -> {}",
        "Password changed for jane: {} => {}",
        "The old password was {} and the new one is {}",
    ],
)
def test_the_former_and_the_new_secret_go(text):
    first, second, third = text.split("{}")
    out = redact(text.format(WORDS, SIGNED))
    assert WORDS not in out
    assert SIGNED not in out
    assert out.startswith(first)
    assert second in out
    assert out.endswith(third)


def test_keys_of_an_account_go_from_their_listing():
    text = '[{"creationTime": "2026-01-01", "keyName": "key2", "permissions": "FULL", "value": "' + ACCOUNT_KEY + '"}]'
    assert redact(text) == text.replace(ACCOUNT_KEY, "[REDACTED:listed-account-key]")
    assert redact(f"key1  FULL  {ACCOUNT_KEY}") == "key1  FULL  [REDACTED:listed-account-key]"


@pytest.mark.parametrize("text", ["netbird up --setup-key {}", "SETUP_KEY={}", '{{"enrollment_key": "{}"}}'])
def test_a_key_that_lets_a_device_join_goes_though_it_is_a_uuid(text):
    assert redact(text.format(UUID)) == text.format("[REDACTED:secret-key-value]")


def test_a_script_of_sieve_gives_its_credentials_away():
    credentials = sample("<b64 23>=")
    assert redact(f'AUTHENTICATE "PLAIN" "{credentials}"') == 'AUTHENTICATE "PLAIN" "[REDACTED:smtp-auth]"'


@pytest.mark.parametrize(
    ("fields", "key", "rule"),
    [
        ({"ParameterKey": "DbPassword", "ParameterValue": SIGNED}, "ParameterValue", "password"),
        ({"OutputKey": "ApiToken", "OutputValue": TOKEN}, "OutputValue", "secret-key-value"),
        ({"option_name": "smtp_password", "option_value": SIGNED}, "option_value", "password"),
        ({"keyName": "key1", "permissions": "FULL", "value": ACCOUNT_KEY}, "value", "secret-key-value"),
    ],
)
def test_a_field_that_another_names_goes(fields, key, rule):
    assert redact_fields(fields) == {**fields, key: f"[REDACTED:{rule}]"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("params[user][password]=", "&params[user][name]=x"),
        ("api_key=", ";ок"),
        ('Authorization: OAuth oauth_version="1.0", oauth_token="', '", oauth_signature_method="HMAC-SHA1"'),
        ('Authorization: OAuth oauth_consumer_key="', '", oauth_nonce="abc123"'),
    ],
)
def test_what_stands_beside_a_secret_stays(before, after):
    out = redact(before + TOKEN + after)
    assert TOKEN not in out
    assert out.startswith(before)
    assert out.endswith(after)


@pytest.mark.parametrize("sign", "-.!$#%*+~^?@_")
@pytest.mark.parametrize(
    "text",
    [
        "ALTER USER app IDENTIFIED BY {}",
        "psexec.py corp/jane:{}@db-3",
        "registrar sip:jane:{}@pbx.example.com:5060",
        "jdbc:oracle:thin:app/{}@//db:1521/svc",
    ],
)
def test_no_part_of_a_password_of_words_and_signs_stays(text, sign):
    out = redact(text.format("Xq7" + sign + "wert" + sign + "Kp42"))
    assert not any(part in out for part in ("Xq7", "wert", "Kp42"))


def test_a_token_that_begins_with_its_own_name_goes():
    assert (
        redact(f'my_service_token = "my_service_token.{TOKEN}"') == 'my_service_token = "[REDACTED:secret-key-value]"'
    )
    assert redact("refresh_token=user.refresh_token") == "refresh_token=user.refresh_token"


def test_a_user_and_password_in_a_field_are_judged_as_in_a_text():
    field = {"credentials": f"jane:{SIGNED}@db.example.com"}
    assert redact_fields(field) == {"credentials": "jane:[REDACTED:password]@db.example.com"}
    assert Redactor(disabled=["password"]).redact_fields(field) == field
    assert Redactor(allow=["Wq7.*"]).redact_fields(field) == field
    assert redact_fields({"credentials": "jane:changeme@db.example.com"}) == {
        "credentials": "jane:changeme@db.example.com"
    }
