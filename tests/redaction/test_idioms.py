"""Names and values in the notations of programs and tools: the value goes, what says nothing stays."""

import pytest

from irl_logging.redaction import redact, redact_fields
from irl_logging.redaction.rule import sample

PASSWORD = sample("<alnum 6>!<digit 2><alnum 4>")
WORDS = " ".join(["shiver", "anchor", "judge", "that"] * 3)

NOTATIONS = [
    "HKEY_LOCAL_MACHINE\\Software\\Acme\n    AdminPassword    REG_SZ    {}",
    "reg add HKLM\\Software\\Acme /v AdminPassword /t REG_SZ /d {} /f",
    'New-ItemProperty -Path HKLM:\\Software -Name SvcPassword -Value "{}"',
    "Set-Variable -Name dbPassword -Value '{}'",
    "DB_PASSWORD ?= {}",
    "DB_PASSWORD := {}",
    "export DB_PASSWORD ?= {}",
    '@password ||= "{}"',
    "settings.password ??= '{}'",
    '[Environment]::SetEnvironmentVariable("DB_PASSWORD", "{}", "User")',
    'System.setProperty("javax.net.ssl.keyStorePassword", "{}");',
    'os.Setenv("DB_PASSWORD", "{}")',
    'std::env::set_var("DB_PASSWORD", "{}");',
    'setenv("DB_PASSWORD", "{}", 1);',
    "localStorage.setItem('password', '{}')",
    'config.put("sasl.password", "{}");',
    "vnc_password changed from '{}' (revision 5443)",
    "vnc_password has been changed from '{}' to 'x9'",
    "root_password: '{}' -> '{}'",
    'Updated db_password: "old" => "{}"',
    '["password":protected]=>\n  string(14) "{}"',
    '["password":"Acme\\Config":private]=>\n  string(14) "{}"',
    "[password:protected] => {}",
    "[dbPassword:Acme\\Config:private] => {}",
    '[{{host,"h"}},{{port,5432}},{{password,<<"{}">>}},{{ssl,true}}]',
    '{{password, "{}"}}',
    '{{"password", <<"{}">>}}',
    '{{:password, "{}"}}',
    '#{{password => <<"{}">>}}',
    '%{{password: "{}"}}',
    '(setq smtp-password "{}")',
    '{{:user "jane" :password "{}"}}',
    '(password . "{}")',
    "<member><name>password</name><value><string>{}</string></value></member>",
    "<property><name>db.password</name><value>{}</value></property>",
    "<property>\n  <name>javax.jdo.option.ConnectionPassword</name>\n  <value>{}</value>\n</property>",
    "<entry><string>password</string><string>{}</string></entry>",
    "<context-param><param-name>dbPassword</param-name><param-value>{}</param-value></context-param>",
    '<setting name="DbPassword" serializeAs="String"><value>{}</value></setting>',
    '<property name="password"><value>{}</value></property>',
    '<string name="db_password">{}</string>',
    '<entry key="password">{}</entry>',
    '<property name="password" value="{}"/>',
    "DETAIL:  Key (password)=({}) already exists.",
    "Invalid value for '--password': '{}' is too short",
    'drift_report: [{{"path":"$.credentials.password","changeType":"FIELD_ADDED","note":"value \'{}\' not in baseline"}}]',
    'field "password": got "{}"',
    "property 'password' has invalid value \"{}\"",
    "define('DB_PASSWORD', '{}');",
    '#define WIFI_PASSWORD "{}"',
    'password <- "{}"',
    "my $password = '{}';",
    'const char *password = "{}";',
    'password: "{}",',
    'Dim dbPassword As String = "{}"',
    'set password "{}"',
    'let password = "{}" in',
    'val password: String = "{}"',
    'private static final String PASSWORD = "{}";',
    "Password := '{}';",
    '$password = "{}";',
    ':password => "{}",',
    '"password": u"{}"',
    "password=b'{}'",
    '["password"] = "{}",',
    "password('{}')",
    '-define(PASSWORD, "{}").',
]

COMMANDS = [
    "net use Z: \\\\srv\\share {} /user:jane",
    "radclient -x 10.0.0.1:1812 auth {}",
    "nmcli device wifi connect office password {}",
    "neo4j-admin set-initial-password {}",
    "crypto isakmp key {} address 192.0.2.1",
    "tacacs-server host 192.0.2.1 key {}",
    'jane : EAP "{}"',
    '# chap-secrets\n"jane" * "{}" *',
    "    Key Content            : {}",
    "sasl_passwd: [smtp.example.com]:587 jane:{}",
    "~/.pgpass: db.example.com:5432:app:jane:{}",
    "registrar sip:jane:{}@pbx.example.com:5060",
    'PlainLoginModule required username="a" password="none" user_jane="{}";',
    "##vso[task.setvariable variable=certPassword;issecret=true]{}",
    "::add-mask::{}",
    '"id": "https://acme.vault.azure.net/secrets/db/1", "name": "db", "value": "{}"',
]

HARMLESS = [
    "token_ttl changed from 300 to 600",
    "password policy changed from 'weak' to 'strong'",
    "radius server key rotation",
    "enable secret scanning",
    "unknown password file main",
    "{token,'none'}",
    "<name>token_ttl</name><value>3600</value>",
    "TOKEN_FILE ?= /run/token",
    "PASSWORD ?= $(shell cat pw)",
    "sed -i 's/password=.*/password=/' app.ini",
    "Password: incorrect",
    'pin-sha256="' + sample("<b64 43>") + '="; max-age=5184000',
    "routing key orders.created bound to queue",
    "SSID name : office",
    "headers.add('set-cookie', 'baz=quxx')",
    "net use Z: \\\\srv\\share /user:jane",
    "sip:jane@pbx.example.com:5060",
]


@pytest.mark.parametrize("text", NOTATIONS)
def test_a_password_in_the_notation_of_a_program_is_gone(text):
    assert PASSWORD not in redact(text.replace("{}", PASSWORD).replace("{{", "{").replace("}}", "}"))


@pytest.mark.parametrize("text", COMMANDS)
def test_only_the_secret_of_a_command_or_a_row_goes(text):
    before, after = text.split("{}")
    out = redact(text.replace("{}", PASSWORD))
    assert PASSWORD not in out
    assert out.startswith(before)
    assert out.endswith(after)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_such_a_notation_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "text", [".git-credentials:1:https://jane:{}@github.com", "redis-cli -u redis://default:{}@r.example.com:6379 info"]
)
def test_the_host_beside_a_password_stays(text):
    assert redact(text.format(PASSWORD)) == text.format("[REDACTED:url-password]")


@pytest.mark.parametrize("name", ["mnemonic", "seed_phrase", "recoveryPhrase", "wallet_words"])
def test_a_seed_phrase_under_its_name_is_gone(name):
    assert WORDS not in redact_fields({name: WORDS})[name]


def test_pass_is_a_password_beside_a_host_and_a_count_beside_failures():
    chosen = sample("oyster-rudder-inlet<digit 2>")
    assert redact_fields({"smtp": {"pass": chosen, "port": 587}}) == {
        "smtp": {"pass": "[REDACTED:password]", "port": 587}
    }
    assert redact_fields({"pass": 3, "fail": 2}) == {"pass": 3, "fail": 2}


def test_the_private_parts_of_a_json_web_key_go_and_the_public_ones_stay():
    private, public = sample("<url 43>"), sample("x<url 42>")
    assert redact_fields({"kty": "EC", "d": private, "x": public}) == {
        "kty": "EC",
        "d": "[REDACTED:secret-key-value]",
        "x": public,
    }
    assert redact_fields({"d": public}) == {"d": public}


def test_the_bytes_of_a_key_go_and_the_numbers_of_tokens_stay():
    numbers = list(range(64))
    assert redact_fields({"secret_key": numbers}) == {"secret_key": "[REDACTED:secret-key-value]"}
    assert redact_fields({"tokens": numbers, "sizes": numbers}) == {"tokens": numbers, "sizes": numbers}


def test_a_routing_key_is_a_secret_where_it_looks_like_one_of_an_incident_service():
    key = sample("<hex 32>")
    assert redact_fields({"routing_key": key}) == {"routing_key": "[REDACTED:secret-key-value]"}
    assert redact_fields({"routing_key": "orders.created"}) == {"routing_key": "orders.created"}
    assert key not in redact(f"pagerduty_configs:\n  - routing_key: {key}")
