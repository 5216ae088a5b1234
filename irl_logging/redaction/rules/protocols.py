"""Secrets in the dialogue of protocols and in statements of query languages."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context

_ANSWER = (
    r"(?:[^\n]{0,16}(?:334|\+)[^\n]{0,80}\n)?[ \t]*(?:[A-Za-z]{1,8}:|[<>=~*-]{1,4})?[ \t]*"  # who gives it, and to what
)
_SMTP = "https://www.rfc-editor.org/rfc/rfc4954"
_REDIS = "https://redis.io/docs/latest/commands/auth/"
_SQL = "https://www.postgresql.org/docs/current/sql-alteruser.html"

RULES: tuple[Rule, ...] = (
    context(
        "smtp-auth",
        "initial response of SMTP, IMAP or POP3 authentication",
        _SMTP,
        r"(?:AUTH|AUTHENTICATE|auth)\s+\"?(?:PLAIN|LOGIN|XOAUTH2?|OAUTHBEARER|CRAM-MD5|NTLM|GSSAPI|EXTERNAL"
        r"|SCRAM-SHA-\d+|plain|login|xoauth2)\"?\s+\"?([^\s\"'\\\x00-][^\s\"'\\\x00]{7,})",
        "C: AUTH PLAIN <b64 32>",
        'AUTHENTICATE "PLAIN" "<b64 32>"',
        says=Verdict.WEAK,
    ),
    context(
        "smtp-login-lines",
        "answers of SMTP AUTH LOGIN",
        _SMTP,
        r"334 (?:UGFzc3dvcmQ6|VXNlcm5hbWU6|)\s*(?:\r?\n|\\n)+\s*(?:\S{1,6}\s)?([A-Za-z0-9+/]{8,}={0,2})",
        "334 UGFzc3dvcmQ6\nC: <b64 16>",
        says=None,
    ),
    context(
        "smtp-login-password",
        "password in the second answer to AUTH LOGIN",
        _SMTP,
        rf"(?i:AUTH(?:ENTICATE)?\s+LOGIN)[ \t]*\r?\n{_ANSWER}[A-Za-z0-9+/]{{4,}}={{0,2}}[ \t]*\r?\n"
        rf"{_ANSWER}([A-Za-z0-9+/]{{8,400}}={{0,2}})(?m:[ \t\r]*$)",
        "C: AUTH LOGIN\nC: <b64 12>\nC: <b64 16>",
        "AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: <b64 12>\nS: 334 UGFzc3dvcmQ6\nC: <b64 16>",
        says=None,
        head=r"(?i:AUTH(?:ENTICATE)?\s+LOGIN)[ \t]*\r?\n",
        near=("AUTH LOGIN\n504 5.7.4 Unrecognized authentication type\nQUIT",),
    ),
    context(
        "redis-frame",
        "password of AUTH as it goes over the wire to Redis",
        "https://redis.io/docs/latest/develop/reference/protocol-spec/",
        r"\$4(?:\r?\n|\\+r\\+n)(?i:AUTH)(?:(?:\r?\n|\\+r\\+n)\$[0-9]{1,4}(?:\r?\n|\\+r\\+n)[\w.@-]{1,80})?(?:\r?\n|\\+r\\+n)\$[0-9]{1,4}(?:\r?\n|\\+r\\+n)([^\r\n\\]{3,400})",
        "*2\r\n$4\r\nAUTH\r\n$14\r\n<alnum 14>\r\n",
        "*3\r\n$4\r\nAUTH\r\n$4\r\njane\r\n$14\r\n<alnum 14>\r\n",
        head=r"\$4(?:\r?\n|\\+r\\+n)(?i:AUTH)(?:\r?\n|\\+r\\+n)\$",
        keywords=("auth",),
        near=("*2\r\n$4\r\nAUTH\r\n$0\r\n\r\n",),
    ),
    context(
        "ftp-pass",
        "password of FTP, POP3 or IRC",
        "https://www.rfc-editor.org/rfc/rfc959",
        r"(?:(?m:^)|[>:\"'])[ \t]*PASS\s+:?([^\s\"'\\/]{3,})(?m:\s*$|[\"'\\])",
        "---> PASS <alnum 14>",
        allow=(r"[a-z]{2,12}[.,:;]",),
        near=("the reply sent to the PASS request.", ".. [3] PASS documentation"),
    ),
    context(
        "imap-login",
        "password of IMAP LOGIN",
        "https://www.rfc-editor.org/rfc/rfc9051",
        r"(?:^|[\s>:\"'])(?:[A-Za-z]{0,6}[0-9]{1,6}|[.*]) LOGIN \"?[^\s\"]+\"? \"?([^\s\"]{3,})",
        "a1 LOGIN jane@example.com <alnum 14>",
    ),
    context(
        "irc-identify",
        "password given to an IRC service",
        "https://libera.chat/guides/registration",
        r"(?i:nickserv|chanserv)\s*:?\s*(?i:identify|register|ghost)\s+(?:\w+\s+)?([^\s]{4,})",
        "PRIVMSG NickServ :IDENTIFY <alnum 12>",
    ),
    context(
        "redis-auth",
        "password of the Redis AUTH, HELLO, requirepass or masterauth command",
        _REDIS,
        r"(?:^|[\s>\"'\]])(?:AUTH|auth)[\"']?\s+[\"']?(?:[a-z][\w.-]{1,30}[\"']?\s+[\"']?)?([^\s\"']{8,})[\"']?(?m:\s*$|\s(?:failed|rejected|ok))",
        "AUTH <alnum 20>",
        "AuthenticationError: AUTH <alnum 20> failed",
        says=Verdict.WEAK,
        allow=(r"\w+\[.*",),
        near=("if auth and auth[0]:",),
    ),
    context(
        "redis-prompt",
        "password of AUTH at a prompt or for the default user",
        _REDIS,
        r"(?:[0-9](?:\[[0-9]+\])?>\s+(?i:auth)(?:\s+\S+)?|(?:^|[\s>\"'])AUTH\s+default)\s+[\"']?([^\s\"']{4,400})[\"']?(?m:\s*$)",
        "127.0.0.1:6379> AUTH <alnum 14>",
        "AUTH default <alnum 14>",
    ),
    context(
        "redis-config",
        "password in a Redis configuration",
        _REDIS,
        r"(?i:(?:requirepass|masterauth)[\"']?(?:\s+|\s*[=:,]\s*)|user\s+\S+\s+on\s+>|SETUSER\s+\S+\s+(?:on\s+)?>)[\"']?([^\s\"']{4,})(?:[\"']|\s+[-~+&%]|(?m:\s*$))",
        "requirepass <alnum 20>",
        "ACL SETUSER jane.doe on ><alnum 14> ~* +@all",
        keywords=("requirepass", "masterauth", ">"),
        near=('"masterAuthorizedNetworksConfig": {', '"requirePasswordUnlock": true'),
    ),
    context(
        "redis-monitor",
        "password of AUTH as the monitor of Redis shows it",
        "https://redis.io/docs/latest/commands/monitor/",
        r"\"(?i:auth)\"\s+(?:\"[^\"\n\x00]{1,60}\"\s+)?\"([^\"\n]{4,400})\"",
        '1790000000.1 [0 10.1.2.3:4444] "AUTH" "jane" "<alnum 14>"',
    ),
    context(
        "sasl-continuation",
        "response to SASL authentication in a line of its own",
        _SMTP,
        r"AUTH(?:ENTICATE)?\s+(?:PLAIN|XOAUTH2|OAUTHBEARER|CRAM-MD5|SCRAM-SHA-[0-9]+)[ \t]*(?:\r?\n|\\n)"
        r"(?:(?:S: )?\+[^\n]{0,80}\n)?(?:\w{1,6}: )?([A-Za-z0-9+/]{12,}={0,2})(?m:\s*$)",
        "C: A001 AUTHENTICATE PLAIN\nC: <b64 32>",
        says=Verdict.WEAK,
    ),
    context(
        "sql-password",
        "password in an SQL statement",
        _SQL,
        r"(?i:password|identified\s+by|identified\s+with\s+\w+\s+by|set\s+password(?:\s+for\s+\S+)?)"
        r"(?:\s*=\s*|\s+)(?i:password\s*\(\s*)?N?'([^'\n]{3,200})'|PASSWORD\s*\(\s*'([^'\n ]{3,200})'",
        "ALTER USER jane WITH PASSWORD '<alnum 14>'",
        "CREATE USER 'a'@'%' IDENTIFIED BY '<alnum 14>'",
        allow=(r"[a-z]+(?:_[a-z]+)+", r"[a-z]+I[Dd]", r"(?i:alter|create)\s.*", r"##[\w-]+##"),
        near=("identified by 'metric_name' or", "the record identified by 'nameID'"),
    ),
    context(
        "oracle-identified",
        "password of an Oracle user",
        _SQL,
        r"(?:(?i:(?:create|alter)\s+(?:user|role|login)|grant)\s[^\n;]{0,160}(?i:identified\s+by)|IDENTIFIED\s+BY)\s+"
        r"(?i:values\s+|\S{1,200}\s+replace\s+)?\"?([^\s\"';,()\x00]{4,200})",
        "CREATE USER jane IDENTIFIED BY <alnum 14>;",
        "ALTER USER jane IDENTIFIED BY <letter 6>-<letter 6>-<letter 6>42",
        allow=(r"id-\w+\}?",),
        near=("Filesets are identified by four decimal values", "{NULL IDENTIFIED BY id-hmacWithSHA256},"),
    ),
    context(
        "sql-cipher",
        "passphrase given to a function of SQL that encrypts or decrypts",
        "https://www.postgresql.org/docs/current/pgcrypto.html",
        r"(?i:pgp_sym_(?:en|de)crypt(?:_bytea)?|aes_(?:en|de)crypt\w*|des_(?:en|de)crypt)\s*\("
        r"(?:[^()';\n]|'[^'\n\x00]*'|\([^()\n]*\)){1,300}?,\s*[NEXnex]?'([^'\n]{3,200})'"
        r"|(?i:\b(?:en|de)crypt(?:_iv)?)\s*\((?:[^()';\n]|'[^'\n\x00]*'|\([^()\n]*\)){1,300}?,\s*'([^'\n]{3,200})',\s*"
        r"(?:'[^'\n]*',\s*)?'(?i:aes|bf|des|3des|cast5)[\w/:-]*'",
        "SELECT pgp_sym_decrypt(body, '<alnum 14>') FROM notes",
        "SELECT AES_ENCRYPT('text', '<alnum 14>')",
        "decrypt(body, '<alnum 14>', 'aes-cbc/pad:pkcs')",
        head=r"(?i:pgp_sym_(?:en|de)crypt|(?:aes|des)_(?:en|de)crypt|(?:en|de)crypt(?:_iv)?\s*\()",
        near=("SELECT pgp_sym_decrypt(body, :key) FROM notes", "SELECT AES_DECRYPT(col, @key)"),
    ),
    context(
        "sql-passphrase",
        "passphrase or password that a function of SQL takes first",
        "https://learn.microsoft.com/sql/t-sql/functions/encryptbypassphrase-transact-sql",
        r"(?i:(?:en|de)cryptbypassphrase|\bcrypt)\s*\(\s*[NEne]?'([^'\n]{3,200})'\s*,",
        "SELECT EncryptByPassPhrase('<alnum 14>', body)",
        "crypt('<alnum 14>', gen_salt('bf'))",
        head=r"(?i:crypt(?:bypassphrase)?)\s*\(\s*[NEne]?'",
        near=("crypt(pw, gen_salt('bf'))",),
    ),
    context(
        "attached-key",
        "key of an encrypted database that SQLite attaches",
        "https://www.zetetic.net/sqlcipher/sqlcipher-api/",
        r"(?i:attach)\s[^;\n]{1,200}\s(?i:key)\s+[\"']([^'\"\n]{3,200})[\"']",
        "ATTACH DATABASE 'e.db' AS e KEY '<alnum 14>';",
        head=r"\s(?i:key)\s+[\"']",
        near=("ATTACH DATABASE 'e.db' AS e KEY '';",),
    ),
    context(
        "sql-secret",
        "secret in an SQL statement of a cloud warehouse",
        "https://docs.snowflake.com/en/sql-reference/sql/create-stage",
        r"(?i:secret|secret_key|aws_secret_key|access_key|sas_token|encryption_key|master_key|credential|api_key|token"
        r"|secret_access_key)(?:\s*=\s*|\s+)'([^'\n {][^'\n ]{7,400})'",
        "AWS_SECRET_KEY = '<b64 40>'",
        says=Verdict.STRONG,
        allow=(r"#[a-z]+",),
        near=("search_token = '#mesondefine'",),
    ),
    context(
        "xmpp-sasl",
        "SASL response in XML",
        "https://www.rfc-editor.org/rfc/rfc6120",
        r"<(?:auth|response)\s[^>]*(?:xmpp-sasl|mechanism)[^>]*>([A-Za-z0-9+/=]{8,})<",
        "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'><b64 32></auth>",
        says=None,
        near=("<auth mechanism='PLAIN'/>",),
    ),
    context(
        "wireguard-key",
        "private or preshared key of WireGuard",
        "https://www.wireguard.com/quickstart/",
        r"(?i:private-?key|preshared-?key)\s*[=:]?\s*([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)",
        "PrivateKey = <b64 42>A=",
    ),
    context(
        "kerberos-otp",
        "one-time code in prose",
        "https://www.rfc-editor.org/rfc/rfc6238",
        r"(?i:(?:verification|security|login|one-time|2fa|mfa|otp|sms|authentication|confirmation)[ -](?:code"
        r"|passcode|pin))(?:\s+(?:is|was|for \S+ is))?\s*[:=]?\s+([0-9]{3}[ -]?[0-9]{3,5})\b",
        "Your verification code is <digit 6>",
        says=None,
    ),
    context(
        "recovery-codes",
        "recovery code",
        "https://docs.github.com/en/authentication/securing-your-account-with-two-factor-authentication-2fa",
        r"(?i:(?:recovery|backup)[ _-](?:code|key)s?)[\"']?\s*(?:is"
        r"|are)?\s*[:=]?\s*\[?[\"']?"
        r"([A-Za-z0-9]{4,10}-[A-Za-z0-9-]{4,60}(?:[\"']?\s*[,;\n]\s*[\"']?[A-Za-z0-9]+-[A-Za-z0-9-]+)*)",
        "recovery code: <lower 5>-<lower 5>",
        "Recovery codes:\n<lower 5>-<lower 5>\n<lower 5>-<lower 5>\nKeep them",
        says=Verdict.PASSWORD,
        near=("recovery code: disabled",),
    ),
    context(
        "totp-uri",
        "secret of an otpauth URI",
        "https://github.com/google/google-authenticator/wiki/Key-Uri-Format",
        r"otpauth://[^\s]*[?&](?i:secret)=([A-Za-z2-7]{10,})",
        "otpauth://totp/acme:jane?secret=<b32 32>",
        says=None,
    ),
)
