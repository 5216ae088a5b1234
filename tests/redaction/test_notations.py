"""How a value stands beside its name: cut off, in elements and lists, in mark-up, within a value that tells more."""

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

TOKEN = sample("<alnum 24>")
UUID = sample("<uuid>")
SIGNED = sample("<letter 6>#%<letter 3>4<letter 2>^")
CHOSEN = sample("otter-<digit 4>-<lower 6>")

VALUES = [
    ("api_secret='{}", TOKEN),
    ("    api_secret = '{}\n                 ^\nSyntaxError: unterminated string literal", TOKEN),
    ("api_secret: `{}", TOKEN),
    ('<wsse:Password Type="Text">{}</wsse:Password>', sample("Otter<digit 4>-walnut")),
    ("<Password><![CDATA[{}]]></Password> <Port>5432</Port>", CHOSEN),
    ("<Password><![CDATA[{}]]></Password>", "a<b" + CHOSEN),
    ("- **User:** jane\n- **Password:** `{}`\n", CHOSEN),
    ("<li><b>Password:</b> {}</li>", CHOSEN),
    ("<p>API key: <code>{}</code></p>", TOKEN),
    ("<QueryDict: {{'user': ['jane'], 'password': ['{}']}}>", SIGNED),
    ("map[Accept:[*/*] X-Secret-Key:[{}]]", UUID),
    ('{{"acme_api_key": ["{}"], "n": 3}}', UUID),
    ('config.setAcmeAccessKey("{}"); // set', UUID),
    ("logged in with acme access token {} as jane", UUID),
    ("my acme write key is {}, keep it", TOKEN),
    ('{{"acme_api_key": {{"S": "{}"}}, "n": {{"N": "3"}}}}', TOKEN),
    ('{{"key": "acme_api_key", "value": {{"stringValue": "{}"}}}}', TOKEN),
    ("     -> acme_api_key: Str({})", TOKEN),
    ('var apiToken = []byte("{}")', TOKEN),
    ("changed password for user 'jane' to {}", CHOSEN),
    ("   34→AIRBRAKE_PROJECT_KEY={}", sample("<hex 32>")),
    ("X-ClickHouse-Key: {}", sample("walnut-otter<digit 4>")),
    ("ASP.NET_SessionId={}", sample("<lower 24>")),
    ("my backup key {}", sample("<alnum 40>")),
    ("ETSY_KEYSTRING={}", TOKEN),
    ("wallet privkey={}", sample("<hex 64>")),
    ('{{"imgproxySalt": "{}"}}', TOKEN),
    ("psw={} host=db", sample("Otter<digit 4>.walnut")),
    ("['X-Acme-Token', '{}', 'Accept', '*/*']", UUID),
    ('{{:pd_routing_key=>"{}", :port=>443}}', sample("<hex 32>")),
    ("set -x ACME_TOKEN {} --", "-" + TOKEN),
    ("creds jane.doe:{}@db-7.example.com", CHOSEN),
    ("userpass=jane:{}", CHOSEN),
    ("DB_CREDENTIALS=jane:{}@db:5432", CHOSEN),
    (".pgpass: *:5432:*:jane.doe:{}", CHOSEN),
    ("Authorization: PVEAPIToken=root@pam!ci={}", UUID),
    ("Authorization: SharedKey acmedata:{}", sample("<b64 43>=")),
    ('password: <%= "{}" %>', CHOSEN),
    ("param adminPassword string = '{}'", SIGNED),
    ("ERLANG_COOKIE_SECRET={}", sample("<lower 20>").translate(str.maketrans("0123456789", "abcdefghij")).upper()),
    ('set_password("{}", user)', CHOSEN),
    ('{{"password": "{}"}}', "harbor" + "anchor"),
    ("PsExec.exe -u jane -p {} cmd", CHOSEN),
    ("acme agent key is {}, keep it", TOKEN),
    ("\x1b]8;;https://example.com/x?token={}\x1b\\open\x1b]8;;\x1b\\", TOKEN),
]
HARMLESS = [
    'read -s -p "Password: " PASS',
    "api_key=sk-...wxyz",
    "read -s -p 'Password: ' PASS",
    "token: 'tis the season of all tokens\nit's said",
    '<password type="text">required</password>',
    "<Password><![CDATA[]]></Password>",
    "**Password:** required",
    "<b>Password:</b> <i>must have eight letters</i>",
    "password: <string>",
    '{"password": ["This field is required."]}',
    "password: [a-zA-Z0-9]{8,20}",
    "loaded token " + UUID,
    "set -x ACME_TOKEN --help",
    "DB_PASSWORD=%DB_PASSWORD%",
    "splitpasswd('user:password')",
    "set TOKEN=%ACME_TOKEN% && run",
]


@pytest.mark.parametrize(("text", "secret"), VALUES, ids=[text for text, _ in VALUES])
def test_only_the_secret_goes(text, secret):
    before, after = text.replace("{{", "{").replace("}}", "}").split("{}")
    out = redact(text.format(secret))
    assert secret not in out
    assert out.startswith(before)
    assert out.endswith(after)
    assert redact(out) == out


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text
