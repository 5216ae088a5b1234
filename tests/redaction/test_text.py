"""Secrets in text: beside names, in headers, URLs and commands; and all that is none stays as it is."""

import pytest

from irl_logging.redaction import Finding, redact
from irl_logging.redaction.rule import sample

TOKEN = sample("<alnum 32>")
PASSWORD = sample("<alnum 6>!<alnum 6>")
PLAIN = sample("otter-<digit 4>-<lower 6>")

KEYED = [
    "API_TOKEN={}",
    'export API_TOKEN="{}"',
    '{{"api_token": "{}", "region": "eu"}}',
    "{{'api_token': '{}', 'timeout': 30}}",
    "api_token: {}",
    'api_token = "{}"',
    "level=info api_token={} user=jane",
    "Client(api_token='{}', timeout=30)",
    "$ ./deploy --api-token {} --verbose",
    "deploy --api-token={} --region eu",
    "os.environ['API_TOKEN'] = '{}'",
    '{{"id":1,"apiToken":"{}","active":true}}',
    "docker run -e API_TOKEN={} app:latest",
    "\x1b[36mapi_token\x1b[0m=\x1b[35m{}\x1b[0m",
    "\x1b[1mapi_token:\x1b(B\x1b[m {}",
    "\x1b[1mapi_token:\x1b[m\x0f {}",
    "\x1b7api_token\x1b8: {}",
    '"body": "{{\\"api_token\\": \\"{}\\", \\"page\\": 2}}"',
    '{{"m":"{{\\"i\\":\\"{{\\\\\\"token\\\\\\":\\\\\\"{}\\\\\\"}}\\"}}"}}',
    "GET https://api.example.com/v1?api_token={}&page=2",
    "next=https%3A%2F%2Fh.example.com%2Fcb%3Faccess_token%3D{}%26lang%3Den",
    "> X-Api-Token: {}",
    "$env:API_TOKEN = '{}'",
    "&{{Host:db ApiToken:{} Port:5432}}",
    "<api-token>{}</api-token>",
    '<add key="ApiToken" value="{}" />',
    '<input name="csrf_token" value="{}">',
    "| API_TOKEN | {} |",
    "('authorization', 'Bearer {}')",
    '{{"name": "Authorization", "value": "Bearer {}"}}',
    "Authorization: Bearer {}",
    "the api token is {}.",
    "curl -H 'X-Token: {}' https://example.com",
    "Cookie: theme=dark; sessionid={}; lang=en",
    "Set-Cookie: sid={}; Path=/; HttpOnly",
    'Settings {{ host: "db", api_key: Some("{}+/"), port: 443 }}',
    "jane's session_secret was changed to '{}' by admin",
    '["api_token"]=>\n  string(32) "{}"\n  ["port"]=>\n  int(443)',
    "- **exchange private key**: `P/{}==`",
    'Environment="ENCRYPTION_KEY=/{}"',
]

PASSWORDS = [
    "postgres://jane:{}@db.example.com/app",
    "password={}",
    "db.master-password={}",
    '"userPassword": "{}"',
    "PGPASSWORD={} psql -h db",
    "Server=db;User ID=sa;Password={};Encrypt=True",
    "mysql -u root -p{} shop",
    "redis-cli -h db -a {} ping",
    "sshpass -p {} ssh jane@host",
    "curl -u jane:{} https://example.com",
    "docker login -u jane -p {} hub.example.com",
    "echo 'jane:{}' | chpasswd",
    "ALTER USER jane WITH PASSWORD '{}'",
    "machine h login jane password {}",
    "---> PASS {}",
    "a1 LOGIN jane@example.com {}",
]


@pytest.mark.parametrize("template", KEYED)
def test_a_token_beside_a_telling_name_is_gone(template):
    out = redact(template.format(TOKEN))
    assert TOKEN not in out
    assert "[REDACTED:" in out


@pytest.mark.parametrize("template", PASSWORDS)
def test_a_password_in_its_usual_places_is_gone(template):
    assert PLAIN not in redact(template.format(PLAIN))


@pytest.mark.parametrize(
    "text",
    [
        "tokenizer=gpt2",
        "token -> ..data/token",
        "<Token: id=8242 user=jane revoked=False>",
        "statsd: api.key.lookup:6430|c|#env:prod",
        "password: ${DB_PASSWORD:?must be set}",
        "$token = $env:GITHUB_TOKEN",
        '$password = Read-Host -AsSecureString "Password"',
        "Downloaded password-hash v20.27.19",
        "redis: WARNING: The requirepass directive is not set",
        "Le mot de passe est incorrect, veuillez réessayer.",
        "filesets are identified by checking four values",
        "primary_key=42",
        "token_count=512 max_tokens=4096 total_tokens=77",
        "password_reset_required=true",
        "secret rotation complete",
        "author=jane",
        "password: [not set]",
        "no password supplied for jane",
        "token expired at 2026-01-01T10:00:00Z",
        "token_type=bearer expires_in=3600",
        "Authorization header missing",
        "auth=enabled",
        "cookie policy updated",
        "secret_name=db-creds namespace=prod",
        "password = os.environ['DB_PASSWORD']",
        "api_key = config.get('api_key')",
        "self.token = token",
        "password=None",
        "API_KEY=${API_KEY}",
        "token: {{ vault_token }}",
        "Authorization: Bearer <token>",
        "usage: login [--user USER] [--password PASSWORD]",
        "ssh -p 2222 jane@host",
        "postgres://jane@db.example.com/app",
        "password=********",
        "jwt alg=RS256 kid=b6f3fe87",
        "private_key_file: ~/.ssh/id_rsa",
        "# SPDX-License-Identifier: Apache-2.0",
        "incident 2026-01-01T17-28-20-262Z_228986 opened",
        "PWD=/srv/app",
        "/etc/passwd: Permission denied",
        "dedupe_key=" + sample("<hex 40>") + " dropped",
        'implementation("io.jsonwebtoken:jjwt:0.12.6")',
        "passport-jwt@4.0.1 jwt/v5 v5.2.0 token-store==1.2.3",
        "urn:ietf:params:oauth:grant-type:device_code",
        ":root{--token-color:#1a2b3c;--key-bg:#3c2b1a}",
        "note: --no-password implies --no-prompt",
        "  --password=PASS   set both passwords to PASS",
        'grant_types = ("password", "refresh_token")',
        'API_KEY_HEADER = "X-API-Key"',
        "ALTER TABLE users ADD COLUMN password_hash varchar(255)",
        "password=:password",
        'password: @Value("${db.password}")',
        "gh auth login --with-token",
        "gcloud auth login jane@example.com",
        "Union[Ed25519PrivateKey, X25519PrivateKey, X448PrivateKey]",
        "Mounting secret default-token-8xk2l",
        "--discovery-token-ca-cert-hash sha256:" + sample("<hex 64>"),
        "Authorization: AWS4-HMAC-SHA256 SignedHeaders=host",
        "my $token = $parser->get_token;",
        "RegOpenKeyEx = win32api.RegOpenKeyEx",
        "def connect(user: str, password: HiddenText | None = None):",
        "gpg --recv-keys " + sample("<HEX 40>"),
        "set_encrypt_key, aes128_set_decrypt_key,",
        "the --username and --password options",
        "user_pass = '%s:%s' % (user, secret)",
        'machine HOST login USER password "PASSWORD"',
        "token changed to null, password was set to none",
        "client_token_accessor=hmac-sha256:" + sample("<hex 64>"),
        'passwords: ["", "********"]',
        'echo "login failed"; printf "%s" done',
        "login successful for jane",
        "password changed from the console by jane",
        "ED25519 key fingerprint is SHA256:" + sample("<b64 43>"),
    ],
)
def test_what_is_no_secret_stays_as_it_is(text):
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://app:{}@db.example.com:465/x",
        "https://example.com/x?sessionToken={}#top",
        "mysqli_connect('db.example.com', 'jane', '{}', 'app')",
        "composer config http-basic.repo.example.com jane {}",
        "{{token:{},user:jane}}",
    ],
)
def test_what_stands_beside_a_secret_stays(text):
    before, after = text.replace("{{", "{").replace("}}", "}").split("{}")
    out = redact(text.format(TOKEN))
    assert TOKEN not in out
    assert out.startswith(before)
    assert out.endswith(after)


def test_every_password_of_a_list_goes(redactor):
    text = f'{{"passwords": ["{PLAIN}", "{PASSWORD}"], "users": ["jane", "joe"]}}'
    hidden = '{"passwords": ["[REDACTED:password]", "[REDACTED:password]"], "users": ["jane", "joe"]}'
    assert redactor.redact(text) == hidden
    assert redactor.redact(hidden) == hidden
    assert [one.rule for one in redactor.explain(text)] == ["password", "password"]


def test_the_placeholder_names_the_rule_and_nothing_else():
    assert redact("token " + sample("ghp_<alnum 36>") + " used") == "token [REDACTED:github-token] used"


def test_private_keys_go_also_without_their_end_and_with_written_out_line_ends():
    rows = [sample(f"<b64 {64 - i}>") for i in range(4)]
    begin = "-----BEGIN " + "PRIVATE KEY-----"
    for joined in ("\n", "\\n", "\n    "):
        text = joined.join([begin, *rows])
        assert not any(row in redact(f"wrote {text}") for row in rows)
        ended = f"{text}{joined}-----END PRIVATE KEY-----{joined}done in 3 ms"
        assert redact(ended).endswith("done in 3 ms")


def test_a_public_key_and_a_certificate_stay():
    for label in ("PUBLIC KEY", "CERTIFICATE"):
        text = f"-----BEGIN {label}-----\n{sample('<b64 64>')}\n-----END {label}-----"
        assert redact(text) == text


def test_a_written_out_line_end_glued_to_a_token_does_not_hide_it():
    token = sample("ghp_<alnum 36>")
    assert redact(f"b'done\\n{token}\\n'") == "b'done\\n[REDACTED:github-token]\\n'"


def test_explain_counts_a_lone_surrogate_as_the_one_character_it_is(redactor):
    token = sample("ghp_<alnum 36>")
    assert redactor.explain(f"\udc80 {token}") == [Finding("github-token", 2, 2 + len(token))]


def test_explain_finds_what_only_a_second_look_lays_bare(redactor):
    text = f"[REDACTED:jwt] password={sample('<alnum 12>')}!"
    assert redactor.redact(text) == "[REDACTED:jwt] password=[REDACTED:password]"
    assert [(one.rule, one.start) for one in redactor.explain(text)] == [("password", 24)]


@pytest.mark.parametrize(
    "name", ["contraseña", "mot de passe", "Passwort", "senha", "contrasena", "Kennwort", "wachtwoord"]
)
def test_passwords_have_names_in_other_languages(redactor, name):
    value = sample("<lower 6>") + "7." + sample("<upper 3>") + "4Q"
    assert redactor.redact(f"{name}: {value}") == f"{name}: [REDACTED:told-password]"


def test_a_key_block_without_an_end_may_have_short_lines(redactor):
    lines = [sample(f"<b64 16>{i}") for i in range(9)]
    text = "-----BEGIN " + "EC PRIVATE KEY-----\n" + "\n".join(lines) + "\nall done\n"
    assert redactor.redact(text) == "[REDACTED:private-key-block]\nall done\n"


@pytest.mark.parametrize("newline", ["\n", "\\n"])
def test_a_key_block_may_have_lost_its_begin(redactor, newline):
    lines = sample("<b64 64>"), sample("<b64 64>"), sample("<b64 20>="), "-----END " + "PRIVATE KEY-----"
    assert redactor.redact(newline.join(("tail", *lines, "done"))) == newline.join(
        ("tail", "[REDACTED:private-key-block]", "done")
    )


@pytest.mark.parametrize("cut", ["…", '"', "... [cut]", "[cut]", " (cut)"])
def test_a_key_block_may_be_cut_in_the_middle_of_a_line(redactor, cut):
    lines = "-----BEGIN " + "PRIVATE KEY-----", sample("<b64 64>"), sample("<b64 20>")
    for newline in ("\n", "\\n"):
        assert redactor.redact(newline.join(lines) + cut) == "[REDACTED:private-key-block]" + cut


def test_a_block_of_ssh2_ends_at_its_end(redactor):
    body = "\n".join(sample(f"<b64 {70 - i}>") for i in range(3))
    text = f'---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: "x"\n{body}\n---- END SSH2 ENCRYPTED PRIVATE KEY ----\ndone'
    assert redactor.redact(text) == "[REDACTED:private-key-block]\ndone"


def test_explain_says_which_rule_and_where_and_never_what(redactor):
    token = sample("ghp_<alnum 36>")
    assert redactor.explain(f"ключ {token} ок") == [Finding("github-token", 5, 5 + len(token))]


def test_redaction_fails_closed(redactor, monkeypatch):
    def broken(*_):
        raise RuntimeError("no")

    monkeypatch.setattr(redactor, "_redacted", broken)
    assert redactor.redact("password=" + PASSWORD) == "[REDACTED:redactor-error]"
    assert (
        redactor.redact_fields({"password": "x", "note": "password=" + PASSWORD})["note"] == "[REDACTED:redactor-error]"
    )


def test_text_that_is_not_unicode_proper_is_redacted_too():
    assert PLAIN not in redact(f"\ud800 password={PLAIN}")


@pytest.mark.parametrize(
    "template",
    [
        "stripe publishable key pk_live_<alnum 24> in bundle",
        "api_key: sk-****",
        "token = ghp_********<alnum 4>",
        "ROUTING_KEY=<hex 32>",
        "cookie_name=<upper 20>",
    ],
)
def test_what_is_meant_to_be_seen_or_is_masked_already_stays(template):
    text = sample(template)
    assert redact(text) == text


@pytest.mark.parametrize("name", ["PAGERDUTY_ROUTING_KEY", "PagerDutyRoutingKey", "pagerduty.routing_key"])
def test_the_routing_key_of_an_incident_service_is_a_secret(name):
    assert redact(f"{name}=" + sample("<hex 32>")) == f"{name}=[REDACTED:secret-key-value]"


@pytest.mark.parametrize("name", ["ERLANG_COOKIE", "RABBITMQ_ERLANG_COOKIE", "erlangCookie"])
def test_the_cookie_of_erlang_nodes_is_a_password(name):
    assert redact(f"{name}=YGZM" + "TQQWCTNIMKMWIFDV") == f"{name}=[REDACTED:password]"


def test_a_webhook_is_redacted_with_its_ids():
    text = "POST https://" + sample("discord.com/api/webhooks/<digit 19>/<url 68>?wait=true")
    assert redact(text) == "POST https://discord.com/api/webhooks/[REDACTED:discord-webhook]?wait=true"


def test_the_host_of_a_connection_string_with_escaped_slashes_stays():
    text = '{"dsn":"mysql:\\/\\/jane:' + sample("<alnum 14>") + '@db.example.com:3306\\/shop"}'
    redacted = redact(text)
    assert redacted == '{"dsn":"mysql:\\/\\/jane:[REDACTED:url-password]@db.example.com:3306\\/shop"}'


def test_a_token_in_a_query_ends_where_the_cell_of_its_row_does():
    token = sample("<alnum 20>")
    assert redact(f"7,https://h/x?token={token},active") == "7,https://h/x?token=[REDACTED:secret-key-value],active"
    assert redact(f"GET /x?tokens={token},{token}") == "GET /x?tokens=[REDACTED:secret-key-value]"


def test_the_host_of_a_quoted_go_dsn_stays():
    text = 'dsn="root:' + sample("<alnum 14>") + '@tcp(db:3306)/app"'
    assert redact(text) == 'dsn="root:[REDACTED:go-dsn]@tcp(db:3306)/app"'


@pytest.mark.parametrize("prefix", ["api-1  | ", "2026-01-01 INFO "])
def test_a_key_block_behind_a_prefix_may_have_lost_its_begin_or_its_end(redactor, prefix):
    rows = [sample("<b64 64>"), sample("<b64 64>"), sample("<b64 20>=")]
    fences = "-----BEGIN " + "PRIVATE KEY-----", "-----END " + "PRIVATE KEY-----"
    for lines in ([fences[0], *rows], [*rows, fences[1]]):
        text = "".join(f"{prefix}{line}\n" for line in ("before it", *lines, "after it"))
        assert redactor.redact(text) == f"{prefix}before it\n{prefix}[REDACTED:private-key-block]\n{prefix}after it\n"
