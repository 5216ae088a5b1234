"""Secrets that the place gives away where they stand: URLs, headers, commands, dialogues, forms and cells."""

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

CHOSEN = sample("Otter<digit 4>-walnut")
UUID = sample("<uuid>")
HEX = sample("<hex 64>")

PLACES = [
    ("POST https://http-intake.logs.us5.datadoghq.com/v1/input/{}", sample("<hex 32>")),
    ("POST http://logs-01.loggly.com/inputs/{}/tag/http/", UUID),
    ("https://api.netlify.com/build_hooks/{} triggered", sample("<hex 24>")),
    ("https://api.vercel.com/v1/integrations/deploy/prj_" + "a1" * 14 + "/{}", sample("<alnum 10>")),
    ("https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/{}", UUID),
    ("https://api.render.com/deploy/srv-" + "c0" * 10 + "?key={}", sample("<url 10>k")),
    ("response_url=https://hooks.slack.com/commands/{}", sample("T<upper 10>/<digit 13>/<alnum 24>")),
    ("https://acme.example.com/reset-password/{} sent", sample("<url 20>-4k<url 20>A")),
    ("https://acme.example.com/accounts/reset/MQ/{}/", sample("<lower 6>-<hex 32>")),
    ("https://acme.example.com/password-reset/{}", UUID),
    ("X-GitHub-Event: push X-Hub-Signature-256: sha256={}", HEX),
    ("< Stripe-Signature: t=1790000000,v1={}", HEX),
    ("X-Slack-Request-Timestamp: 1790000000 X-Slack-Signature: v0={}", HEX),
    ("svix-signature: v1,{}", sample("<b64 43>=")),
    ("map[X-Shopify-Hmac-Sha256:[{}]]", sample("<b64 43>=")),
    ("curl -su jane.doe:{} https://example.com/", CHOSEN),
    ("bash codecov.sh -t {} -f coverage.xml", UUID),
    ("rclone config create backup sftp user jane pass {}", CHOSEN),
    ("C: AUTH LOGIN\nC: amFuZQ==\nC: {}", sample("<b64 20>")),
    ('form-data; name="acme_secret_key"\r\n\r\n{}\r\n--boundary', sample("<alnum 32>")),
    ('form-data; name="db_pass"\r\nContent-Type: text/plain\r\n\r\n{}\r\n--boundary', CHOSEN),
    ("<tr><td>acme_api_key</td><td>{}</td></tr>", sample("<alnum 24>")),
    ('<tr><th scope="row">DB password</th><td class="v"><code>{}</code></td></tr>', CHOSEN),
    ("<soap:Header><SessionId>{}</SessionId></soap:Header>", sample("<alnum 15>!<alnum 40>")),
    ('npmAuthIdent: "jane.doe:{}"\nnodeLinker: node-modules', CHOSEN),
    ("creds jane-d:{}@app.example.com", "otter-violet-river" + "71"),
    ("row ('svc', '{}', None)", sample("django-insecure-<lower 30>$(<lower 18>")),
    ("unexpected value '{}'\n    at x", sample("ptr_<b64 43>=")),
    ("Set-ADAccountPassword -NewPassword (ConvertTo-SecureString -AsPlainText '{}' -Force)", CHOSEN),
    ("[Net.NetworkCredential]::new('jane', '{}')", CHOSEN),
    ("ftp_login($c, 'jane', '{}')", CHOSEN),
    ("Credential={}/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host", sample("AKIA<b32 16>")),
    ("│ {} │ 0.4 s │", sample("cmVmd<alnum 59>")),
    ("GET /cb?v=2&x={} 302", sample("<digit 7>.pt.<url 86>")),
]
HARMLESS = [
    "dsn https://" + sample("<hex 32>") + "@o123456.ingest.sentry.io/4507",
    '"-----BEGIN ' + 'PRIVATE KEY-----" in text',
    'pem.startswith("-----BEGIN ' + 'RSA PRIVATE KEY-----")',
    "GET /v1/input/list HTTP/1.1",
    "https://api.netlify.com/build_hooks/docs",
    "GET /password-reset/done 200",
    "GET /invitations/list-of-all-open-ones 200",
    "X-Hub-Signature-256: sha256=invalid",
    "signature: valid, signed by jane",
    "docker run -u 1000:1000 app:latest",
    "curl -su $USER:$PASS https://example.com/",
    "rclone config create backup drive config_is_local false",
    "AUTH LOGIN\n504 5.7.4 Unrecognized authentication type\nQUIT",
    'form-data; name="file"; filename="password.txt"\r\n\r\ncontent of it\r\n--boundary',
    "<th>Password</th><th>Expires 2026</th>",
    "<td>password</td><td>varchar(255)</td>",
    "<td>token_ttl</td><td>3600s</td>",
    "<sessionId>" + UUID + "</sessionId>",
    "write to jane:doe@example.com",
    "[web-1] healthcheck:passing",
    "[INFO] server:started",
    "References:\n[1] https://docs.example.com/library/itertools.html#recipes\n",
    "AQELBQADggIBA" + sample("<b64 51>"),
    "if password:\n    extra_args += ['--password', password]",
    "class Token:\n    __slots__ = ('name', 'position')",
    "def load(private_key: ed25519.Ed25519PrivateKey, name):",
    "no context found in WebSession: 'org.acme.web.InMemoryWebSessionStore$InMemoryWebSession@6b5d8f7c'",
    "cmVmZXJlbmNlIG9mIHRoZSB0ZXh0",
]


@pytest.mark.parametrize(("text", "secret"), PLACES, ids=[text for text, _ in PLACES])
def test_only_what_stands_in_the_place_goes(text, secret):
    before, after = text.split("{}")
    out = redact(text.replace("{}", secret))
    assert secret not in out
    assert out.startswith(before)
    assert out.endswith(after)
    assert redact(out) == out


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_secret_stays(text):
    assert redact(text) == text


def test_all_signatures_of_a_header_go():
    text = "Stripe-Signature: t=1790000000,v1=" + HEX + ",v0=" + sample("0<hex 63>")
    assert redact(text) == "Stripe-Signature: t=1790000000,v1=[REDACTED:webhook-signature]"
