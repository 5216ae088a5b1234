"""Ordinary text that speaks of secrets and holds none: reports of tests, changelogs, translations, traces, configuration."""

import pytest

from irl_logging.redaction import redact
from irl_logging.redaction.rule import sample

TEXTS = [
    "PASS: suite-all/common-1a",
    "\t(cprop_pass): Likewise.",
    "\t* agent.c (get_passphrase): s/unlink/remove/ as C has it.",
    "\t* colour.c (color_pass): ...here.",
    "\t(struct ed25519_private_key, ed25519_public_key): Deleted.",
    "psk: Allow non-NULL names of users",
    "  * passwd.master: backup's home is elsewhere",
    "ACME_NULL_PASSWORD: Added",
    "\tpassword_data->keyring, password_data->item_id);",
    "recv (session=0x636fc0, token=0x7ffe0012aa10, data=0x00007fffef8a12b0)",
    "==4464==    by 0x4E3F11D: AcmeSubstituteWithPat (accfg.c:1508)",
    "pkcs11:token=Root%20CA%20Certificates;serial=1",
    "private_key = $dir/private/cakey.pem# the private key",
    '# METHOD is one of "trust", "md5", "password", "scram-sha-256",',
    'formFieldLabel__password: "Пароль",',
    'forgotPassword: "Забылі пароль?",',
    "currentPassword: 'Mot de passe actuel',",
    "password: 'Palavra-passe',",
    'created_password: "Passwort:",',
    "password: 'Password vergessen',",
    "forgotPassword: 'パスワードをお忘れですか？',",
    'apiKeyLabel_apiKey: "Clé d\'API",',
    "placeholder__password: void 0,",
    'msgid "New password:"\nmsgstr "Nuwe wagwoord:"\n\nmsgid "Confirm password:"\n',
    'prompt = "Password: "\nfail = ("refused",)\nnames = get("prompts", ["x"])',
    "['authentication:confirmPassword',\n 'authentication:createFirstUser']",
    "kex: sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com",
    'level=info user_id="u-88f2c1" user_agent="Mozilla/5.0 (X11; Linux)" user_name="jane-4"',
    "MSBuild.exe app.sln /p:OutDir=bin /p:Configuration=Release1",
    "ssh/login style password requests",
    "AQEFAAOCAg8A" + sample("<b64 52>"),
    "opening app wtoken = AppWindowToken{9f4ef63 token=Token{a64f992 ActivityRecord{de9231d u0 com.acme/.Main t761}}}",
    "enqueueNotificationInternal: n.getKey = 0|com.acme.chat|121|null|10111",
    "secret=&v1.Secret{ObjectMeta:{Name:db}}",
    "secret=SecretKeySpec@fffe1a2b",
    "task_instance_key_str=data_refresh__run_tests__20260101",
    "NSErrorFailingURLKey=https://13900000000%40163.com@contacts.example.com/874161398/principal/,",
    "PGPASSWORD=*** psql -h db.internal",
    "token=%%MASKED%% secret=##SECRET## password=@password@",
    "docker build --secret id=npm,src=.npmrc .",
    "expected: -----BEGIN " + "PRIVATE KEY-----",
    "-----BEGIN " + "PRIVATE KEY----- header expected",
    "it ends in\n-----END " + "PRIVATE KEY-----",
    "PASS: indirect5d dynsym",
    "avoid crashing with a NULL keystring (bgo#764688)",
    "run set info with opener credentials (CVE-2026-64393)",
    "* man/passwd.1, man/passwd.1.xml: cleanups.",
    "It now supports the --ftp-user and --ftp-password command",
    "    'sas':         'sas::SasStyle',",
    'key: typing.Union["rsa.RSAPrivateKey", "rsa.RSAPublicKey"],',
    "elif isinstance(private_key, ed25519.Ed25519PrivateKey):",
    'UNRESERVED_PAT = r"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._!"',
    '_HOST_PORT_PAT = ("^(%s|%s|%s)(?::0*?(|0|[1-9][0-9]{0,4}))?$") % (',
    "if key_node.tag == 'tag:yaml.org,2002:value':",
    ":type passphrase: :py:data:`bytes`",
    '"safety_pin": "🧷",',
    'message(CHECK_PASS "all components found")',
    'echo "date" | su --pty',
    "Reading secret projects/622854533062/secrets/api-token/versions/latest",
    "LoadCredential=db-password:/etc/creds/db",
    "checksum/secret: " + sample("<hex 64>"),
    "TLS: Initial packet from 192.0.2.1:42635, sid=5de509ef fb4d17aa",
    "PASSWORD_HASHERS=argon2,pbkdf2",
]
SECRETS = [
    ("PASS: {}", sample("<alnum 14>")),
    ("--ftp-password {}", sample("<letter 6><digit 4>")),
    ("secret={}", sample("<alnum 9>4k/<alnum 9>5m/<alnum 9>6n")),
    ("session={}", sample("<hex 31>4")),
    ('["password", "{}"]', "Monkey" + "79x"),
    ('password: "{}"', "correct horse battery staple"),
    ('password: "{}"', "grüne Wiese am See"),
    ('password: "{}"', "München!" + sample("<digit 4>")),
    ("password: {}", "sommer" + "nacht"),
    ("DB_PASSWORD->{}", sample("<letter 6><digit 4>")),
    ("PRIVATE_KEY=0x{}", sample("<hex 64>")),
]


@pytest.mark.parametrize("text", TEXTS)
def test_text_that_only_speaks_of_secrets_stays(text):
    assert redact(text) == text


@pytest.mark.parametrize(("template", "secret"), SECRETS)
def test_a_secret_that_looks_almost_like_such_text_goes(template, secret):
    assert secret not in redact(template.format(secret))
