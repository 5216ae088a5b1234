"""Secrets in calls, statements and output of programs: cookie jars, SQL, Terraform, cryptography, browser tests."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NOUNS, context

_UUID = "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_NOUN = r"(?i:password|passwd|pwd|secret|token|api_?key|private_?key|access_?key)"
_TOTP = "https://www.rfc-editor.org/rfc/rfc6238"

RULES: tuple[Rule, ...] = (
    context(
        "vault-secret-id",
        "secret id of a Vault AppRole",
        "https://developer.hashicorp.com/vault/docs/auth/approle",
        rf"(?i:secret[_ -]?id)[\"'`]?(?:\s|[:=,>\"'`-]|(?i:value|is|to|was))*({_UUID})",
        "vault_secret_id: <uuid>",
        says=None,
    ),
    context(
        "cypress-record-key",
        "record key of Cypress Cloud",
        "https://docs.cypress.io/cloud/account-management/projects",
        rf"(?i:record[_ -]?key)[\"'`]?(?:\s|[:=,>\"'`-]|(?i:value|is|to|was))*({_UUID})",
        "CYPRESS_RECORD_KEY=<uuid>",
        says=None,
    ),
    context(
        "cookie-jar",
        "cookie in a jar: Netscape's file format, or the print of Python's",
        "https://curl.se/docs/http-cookies.html",
        r"(?:(?:TRUE|FALSE)\t\S*\t(?:TRUE|FALSE)\t[0-9]+\t\S+\t|<Cookie [\w.-]{1,80}=)([^\s<>]{12,})",
        "h.example.com\tFALSE\t/\tTRUE\t1700000000\tsid\t<alnum 32>",
        "<Cookie sid=<alnum 32> for h.example.com/>",
        says=Verdict.WEAK,
    ),
    context(
        "oracle-thin",
        "password in a JDBC URL of Oracle's thin driver",
        "https://docs.oracle.com/en/database/oracle/oracle-database/23/jjdbc/data-sources-and-URLs.html",
        r"(?i:jdbc:oracle:(?:thin|oci8?)):[^\s/@\"']{1,80}/([^\s\"'@]{3,}(?:@[^\s\"'@/:]+)*)@",
        "jdbc:oracle:thin:app/<alnum 12>@//db:1521/svc",
    ),
    context(
        "go-dsn",
        "password in a data source name of a Go driver",
        "https://pkg.go.dev/github.com/go-sql-driver/mysql",
        r"[A-Za-z][\w.-]{0,60}:([^\s\"'@/]{3,})@(?:tcp6?|unix|udp|cloudsql)\(",
        "app:<alnum 12>@tcp(db:3306)/shop",
        head=r"@(?:tcp6?|unix|udp|cloudsql)\(",
    ),
    context(
        "oci-request-url",
        "pre-authenticated request of Oracle's object storage",
        "https://docs.oracle.com/iaas/Content/Object/Tasks/usingpreauthenticatedrequests.htm",
        r"oraclecloud\.com/p/([A-Za-z0-9_-]{20,})/n/",
        "objectstorage.eu-frankfurt-1.oraclecloud.com/p/<url 64>/n/acme/b/x/o/y",
        says=None,
    ),
    context(
        "sql-insert",
        "secret among the values of an INSERT",
        "https://www.postgresql.org/docs/current/sql-insert.html",
        rf"(?i:insert\s+into)\s[^;\n]{{0,200}}{_NOUN}[^;\n]{{0,200}}?\)\s*(?i:values)\s*\([^;\n]{{0,200}}?'([^'\n]{{16,400}})'",
        "INSERT INTO keys (id, api_key) VALUES (1, '<alnum 40>')",
        says=Verdict.WEAK,
        head=r"(?i:insert\s+into)\s",
    ),
    context(
        "terraform-default",
        "default of a Terraform variable for a secret",
        "https://developer.hashicorp.com/terraform/language/values/variables",
        rf"(?i:variable)\s+\"[\w-]{{0,60}}{_NOUN}[\w-]{{0,20}}\"\s*\{{?[^}}]{{0,400}}?default\s*=\s*\"([^\"\n]{{4,400}})\"",
        'variable "db_password" {\n default = "<alnum 14>"\n}',
        keywords=NOUNS,
    ),
    context(
        "terraform-change",
        "new value of a secret in a Terraform plan",
        "https://developer.hashicorp.com/terraform/cli/commands/plan",
        rf"[\w-]{{0,60}}{_NOUN}\"?\s*=\s*(?:\"[^\"\n]*\"|\x00)\s*->\s*\"([^\"\n\x00]{{4,400}})\"",
        '~ password = "<alnum 12>" -> "<alnum 14>"',
        head=r"->\s*\"",
        keywords=NOUNS,
        near=('~ password = "$OLD" -> "$NEW"',),
    ),
    context(
        "snmp-user",
        "password of an SNMP user",
        "https://net-snmp.sourceforge.io/docs/man/snmpd.conf.html",
        r"createUser\s+(?:-e\s+\S+\s+)?\S+\s+(?:MD5|SHA(?:-\d+)?)\s+\"?([^\s\"]{8,})",
        'createUser jane SHA "<alnum 14>" AES',
    ),
    context(
        "haproxy-auth",
        "password of HAProxy's statistics",
        "https://docs.haproxy.org/3.0/configuration.html",
        r"stats\s+auth\s+[^\s:]{1,60}:(\S{4,})",
        "stats auth jane:<alnum 14>",
    ),
    context(
        "one-time-code",
        "one-time code under its name",
        _TOTP,
        r"(?:^|[^A-Za-z])(?i:totp|otp|(?:otp|totp|mfa|2fa|sms|auth|login|security|verification|one_?time)[_-]?(?:code|pin|passcode))"
        r"[\"']?\s*[:=]\s*[\"']?([0-9]{6,8})(?:[^\w.]|$)",
        "otp=<digit 6> user=jane",
        says=None,
    ),
    context(
        "spring-binding",
        "value in the exception of Spring's configuration binding",
        "https://docs.spring.io/spring-boot/reference/features/external-config.html",
        rf"properties under '[^'\n]{{0,120}}{_NOUN}[^'\n]{{0,20}}' "
        r"to [^\n]{1,120}?(?:\s*Property: [^\n]*)?\s*Value: \"([^\"\n]{3,})\"",
        "bind properties under 'app.password' to int: Value: \"<alnum 12>\"",
        keywords=NOUNS,
    ),
    context(
        "key-argument",
        "key given to a cryptographic function",
        "https://docs.python.org/3/library/hmac.html",
        r"(?:hmac\.new|HMAC|createHmac|hash_hmac|Fernet|AES\.new|jwt\.(?:encode|decode|sign|verify)|SecretKeySpec)"
        r"\([^\n]{0,160}?[\"']([A-Za-z0-9+/_=-]{20,})[\"']",
        "hmac.new(key=b'<alnum 32>', digestmod='sha256')",
        "jwt.encode({'sub': 1}, '<alnum 40>')",
        says=Verdict.WEAK,
    ),
    context(
        "token-pair",
        "access or refresh token in an answer",
        "https://www.rfc-editor.org/rfc/rfc6749#section-5.1",
        r"[\"'](?:access|refresh)\\?[\"']\s*:\s*\\?[\"']([A-Za-z0-9._~+/=-]{20,})",
        '{"access": "<alnum 40>", "refresh": "<alnum 40>"}',
        says=Verdict.WEAK,
        near=('{"access": "granted", "refresh": "none"}',),
    ),
    context(
        "typed-password",
        "password typed by a browser test",
        "https://docs.cypress.io/api/commands/type",
        r"(?i:password|passwd|passphrase)[^\n]{0,40}?\)\s*\.(?:type|fill|sendKeys|send_keys|setValue)\(\s*[\"']([^\"'\n]{4,200})[\"']",
        "cy.get('#password').type('<alnum 14>')",
        head=r"\.(?:type|fill|sendKeys|send_keys|setValue)\(",
    ),
    context(
        "expect-send",
        "password that an expect script sends",
        "https://core.tcl-lang.org/expect/index",
        r"(?i:assword|passphrase)[^\n\"]{0,20}\"\s*(?:\{\s*)?;?\s*(?:exp_)?send\s+(?:--\s+)?\"([^\"\\\n\r\x00]{4,200})(?:\\[rn]|[\r\n\"])",
        'expect "assword:"\nsend "<alnum 14>\\r"',
        head=r"(?:exp_)?send\s+(?:--\s+)?\"",
    ),
    context(
        "rclone-key",
        "application key of Backblaze B2 under the name `key`",
        "https://rclone.org/b2/",
        r"\bkey[\"']?\s*(?:[=:]|is)\s*[\"'`]?(K00[A-Za-z0-9+/]{28})(?:[^A-Za-z0-9+/]|$)",
        "[b2]\ntype = b2\nkey = K00<b64 28>",
        says=None,
        near=("key = K0012",),
    ),
    context(
        "spoken-key",
        "key or token told in a sentence",
        "https://www.rfc-editor.org/rfc/rfc6750",
        r"(?i:key|token|secret|password)(?:'s|(?:\s(?i:i|you|we|they|he|she|that|which|it|asked|sent|gave|want|wanted|use|used|"
        r"need|needed|to|the|this|for|from|in)){1,6}(?:\sis|:))[:\s]+[\"'`]?([A-Za-z0-9._~+/=-]{15,200}[A-Za-z0-9/=])",
        "my API key's <alnum 40>, does it work?",
        "the secret key you asked for is <alnum 40>",
        says=Verdict.WEAK,
    ),
    context(
        "api-header",
        "key in a header that is called after an API",
        "https://jfrog.com/help/r/jfrog-rest-apis/introduction-to-the-artifactory-rest-apis",
        r"(?i:x-[a-z-]{0,40}api)[\"']?\s*[:=,]\s*[\"']?([A-Za-z0-9._~+/=-]{20,})",
        "X-JFrog-Art-Api: <alnum 70>",
        says=Verdict.WEAK,
        keywords=("x-",),
    ),
    context(
        "mail-app-password",
        "app password of sixteen letters",
        "https://support.google.com/accounts/answer/185833",
        r"(?i:app[_ -]?passw(?:or)?d)[\"']?\s*(?:[:=]|is)\s*[\"']?([a-z]{16})(?:[^a-z]|$)",
        "gmail_app_password = abcdefghijklmnop",
        says=None,
        near=("app_password: required",),
    ),
    context(
        "docker-config",
        "registry logins of Docker in base64",
        "https://kubernetes.io/docs/tasks/configure-pod-container/pull-image-private-registry/",
        r"((?:eyJhdXRocyI6|ewogICJhdXRocyI|ewoJImF1dGhzIjog|eyAiYXV0aHMi)[A-Za-z0-9+/]{20,}={0,2})",
        ".dockerconfigjson: eyJhdXRocyI6<b64 60>",
        says=None,
    ),
    context(
        "tool-flag",
        "secret given to a tool by a flag that does not say so",
        "https://ss64.com/mac/security.html",
        r"(?:security\s+add-(?:generic|internet)-password\s(?:[^\n|;&]*?\s)?-w|security\s+import\s(?:[^\n|;&]*?\s)?-P"
        r"|hatch\s+publish\s(?:[^\n|;&]*?\s)?-a|dotnet\s+nuget\s(?:[^\n|;&]*?\s)?-p|altool\s(?:[^\n|;&]*?\s)?-p|winrs\s(?:[^\n|;&]*?\s)?-p:"
        r"|gem\s+push\s(?:[^\n|;&]*?\s)?--key|newrelic\s+install\s(?:[^\n|;&]*?\s)?--license|secret-set-value\s(?:[^\n|;&]*?\s)?--base64"
        r"|kaggle\s+config\s+set\s+-n\s+key\s+-v|\bpypi-token\.[\w-]+|iwconfig\s+\S+\s+key\s+s:)\s*[\"']?([^\s\"'`;|&<>-][^\s\"'`;|&<>]{3,})",
        "security add-generic-password -a jane -s svc -w <alnum 14>",
        "poetry config pypi-token.pypi <alnum 40>",
        "winrs -r:db-3 -u:jane -p:<alnum 14> hostname",
        head=r"(?:security\s+(?:add|import)|hatch\s+publish|dotnet\s+nuget|altool|winrs|gem\s+push|newrelic\s+install|secret-set-value|kaggle\s+config"
        r"|pypi-token|iwconfig)",
    ),
    context(
        "key-value-put",
        "secret put into a store of keys under a path that says so",
        "https://developer.hashicorp.com/consul/commands/kv/put",
        r"(?:consul\s+kv\s+put|etcdctl\s+(?:\S+\s+)?put|nomad\s+var\s+put)\s+(?:-\S+\s+)*\S*(?i:passw|secret|token|key)\S*\s+[\"']?([^\s\"']{4,})",
        "consul kv put app/db/password <alnum 14>",
        head=r"(?:consul\s+kv\s+put|etcdctl\s|nomad\s+var\s+put)",
    ),
    context(
        "approle-login",
        "secret id given to a Vault AppRole login",
        "https://developer.hashicorp.com/vault/docs/auth/approle",
        r"role_id=\S+\s+secret_id=[\"']?([^\s\"']{6,})",
        "vault write auth/approle/login role_id=r secret_id=<alnum 20>",
    ),
    context(
        "pragma-key",
        "key of an encrypted SQLite database",
        "https://www.zetetic.net/sqlcipher/sqlcipher-api/",
        r"(?i:pragma\s+(?:re|hex)?key)\s*=\s*[\"']?(?:x')?([^\s\"';]{4,})",
        "PRAGMA key='<alnum 14>'",
    ),
    context(
        "router-secret",
        "password in the configuration of a router or switch",
        "https://www.cisco.com/c/en/us/support/docs/security-vpn/remote-authentication-dial-user-service-radius/107614-64.html",
        r"(?:enable\s+(?:secret|password)|username\s+\S+(?:\s+privilege\s+[0-9]+)?\s+(?:secret|password)|key-string"
        r"|(?:tacacs|radius)-server\s+(?:host\s+\S+\s+)?key|neighbor\s+\S+\s+password)(?:\s+level\s+[0-9]+)?\s+[0-9]\s+([^\s\"']{4,})"
        r"|snmp-server\s+community\s+([^\s\"']{4,})\s+(?i:ro|rw)",
        "enable secret 5 <alnum 14>",
        "username jane privilege 15 password 0 <alnum 14>",
        "snmp-server community <alnum 12> RO",
    ),
    context(
        "reset-password",
        "password that a reset has made",
        "https://www.elastic.co/docs/reference/elasticsearch/command-line-tools/reset-password",
        r"(?:(?i:reset|new|generated)[^\n]{0,80}(?i:\bnew\svalue)|(?i:passw(?:or)?d|token|secret|key)[^\n]{0,80}"
        r"(?i:reset|changed|generated|created|rotated)[^\n]{0,40}\r?\n[ \t]*(?i:new\s(?:value|password|token|secret|key))):"
        r"\s+([^\s\"']{6,})",
        "Password for the user successfully reset. New value: <alnum 20>",
        "Password for the [elastic] user successfully reset.\nNew value: <alnum 20>",
        says=Verdict.STRONG,
        head=r"(?i:new\s(?:value|password|token|secret|key)):\s",
        near=("Settings were reset.\nNew value: 12-monthly",),
    ),
)
