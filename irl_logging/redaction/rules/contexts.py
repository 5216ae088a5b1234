"""Secrets given away by the words around them: how such a rule is written, and those of code and files."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule, sample, with_stand_ins

NOUNS = ("passw", "passphrase", "pwd", "secret", "token", "key", "cred")
"""What names of secrets hold in sentences, for `Rule.keywords`."""
NAMES = (
    *NOUNS,
    "pass",
    "auth",
    "psk",
    "jwt",
    "dsn",
    "mnemonic",
    "seed",
    "salt",
    "pin",
    "licen",
    "webhook",
    "session",
    "cookie",
)
"""And in programs."""
_PLACEHOLDERS = ("$SECRET", "********")  # what stands for a value that is not shown


def context(
    id: str,
    what: str,
    source: str,
    pattern: str,
    *examples: str,
    says: Verdict | None = Verdict.PASSWORD,
    named: bool = False,
    last_word: bool = False,
    head: str = "",
    keywords: tuple[str, ...] = (),
    allow: tuple[str, ...] = (),
    near: tuple[str, ...] = (),
) -> Rule:
    """Make a rule whose group 1 is the secret and whose surroundings are what gives it away.

    Args:
        id: As of `Rule`.
        what: As of `Rule`.
        source: As of `Rule`.
        pattern: As of `Rule`; with one group.
        examples: Templates, as `shape` takes them, of texts it must match.
        says: As of `Rule`.
        named: As of `Rule`; the pattern has two groups then.
        last_word: As of `Rule`.
        head: As of `Rule`.
        keywords: As of `Rule`.
        allow: As of `Rule`.
        near: Texts that look alike and must not match; the examples with placeholders for secrets are, too.
    """
    return Rule(
        id=id,
        what=what,
        source=source,
        pattern=pattern,
        head=head,
        keywords=keywords,
        allow=allow,
        says=says,
        named=named,
        last_word=last_word,
        quoted=True,
        edges="",
        examples=lambda: tuple(sample(template) for template in examples),
        near=lambda: (
            *near,
            *(with_stand_ins(one, word) for one in examples if one.count("<") == 1 for word in _PLACEHOLDERS),
        ),
    )


_NETRC = "https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html"
_NOT_AND = r"(?:[^\sa]\S*|a(?:[^\sn]\S*)?|an(?:[^\sd]\S*)?|and\S+)"
_PGPASS = "https://www.postgresql.org/docs/current/libpq-pgpass.html"
_JWK = "https://www.rfc-editor.org/rfc/rfc7517"
_PUTTY = "https://tartarus.org/~simon/putty-snapshots/htmldoc/AppendixC.html"
_REQUESTS = "https://requests.readthedocs.io/en/latest/user/authentication/"
_BIP39 = "https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki"

RULES: tuple[Rule, ...] = (
    context(
        "vendor-setting",
        "key in a setting whose name does not say so: OpenWeather, WolframAlpha, HERE, SonarQube, Cypress",
        "https://openweathermap.org/appid",
        r"(?i:(?:open_?weather(?:_?map)?|wolfram(?:_?alpha)?)[_.-]?app_?id|here_app_code|sonar[._]login|cypress_record_key)"
        r"[\"']?\s*[=:]\s*[\"']?([A-Za-z0-9_-]{10,64})",
        "OPENWEATHER_APPID=<hex 32>",
        "mvn sonar:sonar -Dsonar.login=<hex 40>",
        "CYPRESS_RECORD_KEY: <uuid>",
        says=Verdict.STRONG,
        head=r"(?i:weather(?:_?map)?[_.-]?app_?id|wolfram(?:_?alpha)?[_.-]?app_?id|here_app_code|sonar[._]login|cypress_record_key)",
        allow=(r"[a-z]+(?:_[a-z]+)+",),
        near=("wolfram_alpha_appid = get_from_dict_or_env(", "sonar.login=username", "OPENWEATHER_APPID=your_app_id"),
    ),
    context(
        "netrc-password",
        "password in a .netrc line",
        _NETRC,
        rf"(?:^|[\s\"'])login\s+{_NOT_AND}\s+(?:account\s+\S+\s+)?password\s+([^\s\"'\\]+)",
        "machine h login jane password <alnum 12>",
        near=("confine login and password changing services",),
    ),
    context(
        "pgpass-password",
        "password in a .pgpass line",
        _PGPASS,
        r"(?:(?m:^)[\w.*-]+|\*):(?:[0-9]{2,5}|\*):[\w*-]+:[\w.*-]+:([^\s:]{4,})(?m:\s*$)",
        "db.example.com:5432:app:jane:<alnum 14>",
        head=r":(?:[0-9]{2,5}|\*):[\w*-]+:[\w.*-]+:",
    ),
    context(
        "jwk-private",
        "private part of a JSON web key",
        _JWK,
        r"[\"'](?:d|p|q|dp|dq|qi|k)[\"']\s*:\s*[\"']([A-Za-z0-9_-]{40,})[\"']",
        '"d": "<url 43>"',
        says=None,
        head=r"[\"'](?:d|p|q|dp|dq|qi|k)[\"']\s*:\s*[\"'][A-Za-z0-9_-]{8}",
    ),
    context(
        "putty-private-lines",
        "private part of a PuTTY key",
        _PUTTY,
        r"Private-Lines: [0-9]+\s+((?:[A-Za-z0-9+/=]{4,64}(?:\r?\n|$))+)",
        "Private-Lines: 1\n<b64 44>\n",
        says=None,
        head="Private-Lines: ",
    ),
    context(
        "putty-mac",
        "MAC of a PuTTY key",
        _PUTTY,
        r"Private-(?:MAC|Hash): ([0-9a-f]{40,64})",
        "Private-MAC: <hex 64>",
        says=None,
    ),
    context(
        "basic-auth-call",
        "password in a call with user and password",
        _REQUESTS,
        r"(?i:auth|login|authenticate|authentication|credentials?|logon|sign_?in|auth\(\)(?:\.\w+\(\))?\.\w+|credentials\.basic"
        r"|credentialsprovider|usernamepassword\w*|http_?basic|\.basic)"
        r"(?:\]?(?:::|\.)(?:new|from|of|create|basic))?\s*=?\s*\(\s*(?:\w+\s*=\s*)?"
        r"[bru]?[\"'][^\"'\n]{1,80}[\"'][\w.]{0,20}(?:\(\))?\s*,\s*(?:\w+\s*=\s*)?"
        r"(?:(?:Some|Just|Ok|(?:\w+::)?(?:from|new)|Optional\.of)\()*[bru]?[\"']([^\"'\n]{4,200})[\"'][\w.()]{0,30}\s*[,)]"
        r"|(?i:basic_auth|digest_auth|\.login|\.authenticate)\s+[\"'][^\"'\n]{1,80}[\"']\s*,\s*[\"']([^\"'\n]{4,200})[\"']"
        r"|[\"'](?i:(?:http_?|basic_?)?auth|credentials?)[\"']\s*:\s*[(\[]\s*[bru]?[\"'][^\"'\n]{1,80}[\"']\s*,"
        r"\s*[bru]?[\"']([^\"'\n]{0,200}[0-9!#$%&*+?@^~][^\"'\n]{3,200}|[^\"'\n]{4,200}[0-9!#$%&*+?@^~])[\"']\s*[)\]]"
        r"|(?i:add_?password|keyring\.set_password|ftp_login|ssh2_auth_password)\([^()\n]{1,200},\s*[\"']([^\"'\n]{4,200})[\"']\s*\)",
        "auth=('jane', '<alnum 12>')",
        "'auth': ('jane', '<alnum 12>4'), 'verify': True",
        "session.login('jane', '<alnum 12>')",
        '.basic_auth("jane", Some("<alnum 14>"))',
        'given().auth().preemptive().basic("jane", "<alnum 14>")',
        "http.basic_auth 'jane', '<alnum 14>'",
        'BasicAuth::new("jane", Some("<alnum 14>"))',
        "keyring.set_password('acme', 'jane', '<alnum 14>')",
        head=r"(?i:auth\w*|login|credentials?\w*|logon|sign_?in|auth\(\)(?:\.\w+\(\))?\.\w+|basic|usernamepassword\w*|user)"
        r"(?:\]?(?:::|\.)\w+)?[\s=(]+(?:\w+\s*=\s*)?[bru]?[\"']|(?i:add_?password|set_password|ftp_login|auth_password)\("
        r"|(?i:auth|credentials?)[\"']\s*:\s*[(\[]",
        near=(
            "'auth': ('user', 'name')",
            ".basic_auth(user, Some(password))",
            "client.login(username, password)",
            "auth=('jane', password)",
        ),
    ),
    context(
        "connect-call",
        "password in a call that opens a database by host, user and password",
        "https://www.php.net/manual/en/function.mysqli-connect.php",
        r"(?i:connect|mysqli|pdo|getconnection|construct|open|createconnection)\s*\(\s*[\"'][^\"'\n]{1,200}[\"']\s*,"
        r"\s*[\"'][\w.@\\-]{1,80}[\"']\s*,\s*[\"']([^\"'\n]{4,200})[\"']"
        r"|(?i:mysqli\w*|pdo|getconnection|createconnection)\s*\(\s*[A-Za-z_$][\w.]{0,60}\s*,"
        r"\s*[\"'][\w.@\\-]{1,80}[\"']\s*,\s*[\"']([^\"'\n]{4,200})[\"']",
        "mysqli_connect('db.example.com', 'jane', '<alnum 14>', 'app')",
        "new PDO('mysql:host=db;dbname=app', 'jane', '<alnum 14>')",
        allow=(r"(?i:utf-?[0-9]+(?:-sig)?|ascii|latin-?1|cp[0-9]+|iso-8859-[0-9]+)",),  # of a file
        near=('with open("README.md", "r", "utf-8") as f:',),
        head=r"(?i:connect|mysqli\w*|pdo|getconnection|construct|open|createconnection)\s*\(\s*"
        r"(?:[\"'][^\"'\n]+[\"']|[A-Za-z_$][\w.]*)\s*,\s*[\"']",
    ),
    context(
        "user-and-password",
        "password in a pair `credentials=user:password`",
        _REQUESTS,
        r"(?:^|[^\w:.-])(?:(?i:credentials?|creds|basic_?auth|(?:npm_?)?auth_?ident|userpwd|user_?pass|userinfo"
        r"|auth)[\"']?\s*[=:]\s*[\"']?[A-Za-z][\w.@+-]{0,60}:([^\s\"',;:/@]{6,})"
        r"|BUNDLE_[A-Z0-9_]{1,80}__[A-Z0-9_]{1,40}[\"']?\s*[=:]\s*[\"']?[A-Za-z][\w.@+-]{0,60}:([^\s\"':/@]{4,})"
        r"|(?:[A-Z][A-Z0-9]{0,20}_){1,4}(?:LOGIN|AUTH|CREDENTIALS|CREDS|USERPWD|USERPASS)[\"']?\s*[=:]\s*[\"']?[A-Za-z][\w.@+-]{0,60}:([^\s\"',;:/@]{0,60}[0-9!#$%^&*+?~][^\s\"',;:/@]{2,60}"
        r"|[^\s\"',;:/@]{4,60}[0-9!#$%^&*+?~]))",
        "credentials=jane:<alnum 14>",
        'BUNDLE_GEMS__EXAMPLE__COM: "jane:<alnum 14>"',
        "FTP_LOGIN=jane:<letter 8>42",
        "basic_auth: 'jane:<alnum 14>'",
    ),
    context(
        "told-user-password",
        "password in `user:password@host` without a scheme, after a word that says what it is",
        "https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1",
        r"(?:^|[\s\"'(\[>])(?i:cred(?:ential)?s?|logins?|auth|account|dsn)[ \t:=]+[\"'`(]?[A-Za-z][\w.+-]{0,60}:"
        r"([^\s:@/\"'<>\x00]{0,100}[0-9!#$%^&*+=?~][^\s:@/\"'<>\x00]{0,100})@(?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]*[A-Za-z]",
        "creds jane-d:<letter 6>-<digit 4>@app.example.com",
        head=r"(?i:cred(?:ential)?s?|logins?|auth|account|dsn)[ \t:=]+[\"'`(]?[A-Za-z][\w.+-]*:",
        near=("login git:main@origin", "account jane:doe@example.com"),
    ),
    context(
        "seed-phrase",
        "seed phrase of a wallet",
        _BIP39,
        r"(?i:mnemonic|seed[ _-]?phrase|recovery[ _-]?phrase|secret[ _-]?phrase|wallet[ _-]?seed"
        r"|seed[ _-]?words|backup[ _-]?phrase)(?i:[\"'\s:=]|is|for|my"
        r"|the)+((?:[a-z]{3,8}[ ,]+){11,23}[a-z]{3,8})",
        "mnemonic: abandon ability able about above absent absorb abstract absurd abuse access accident",
        says=None,
        head="(?i:mnemonic|(?:seed|recovery|secret|backup)[ _-]?phrase|wallet[ _-]?seed|seed[ _-]?words)",
        near=("mnemonic: twelve words",),
    ),
    context(
        "secure-string",
        "password turned into a PowerShell secure string",
        "https://learn.microsoft.com/powershell/module/microsoft.powershell.security/convertto-securestring",
        r"(?i:ConvertTo-SecureString)\s+(?i:-(?:String|AsPlainText|Force)\s+){0,3}[\"']?([^\s\"'-][^\s\"']{3,})",
        "ConvertTo-SecureString '<alnum 12>' -AsPlainText -Force",
        "ConvertTo-SecureString -AsPlainText '<alnum 12>' -Force",
    ),
    context(
        "app-password-groups",
        "app password of four-letter groups",
        "https://support.google.com/accounts/answer/185833",
        r"(?i:app[ _-]?password|application[ _-]?password"
        r"|passw(?:or)?d[\"']?\s*[:=])[\"'\s:=]*(?i:is\s+)?[\"']?((?:[a-z]{4} ){3}[a-z]{4}"
        r"|(?:[A-Za-z0-9]{4} ){5}[A-Za-z0-9]{4})(?:[^A-Za-z0-9]|$)",
        "app password: abcd efgh ijkl mnop",
        says=None,
        near=("app password is not set here", "the HTTP password sent with this request, if any."),
    ),
    context(
        "wifi-passphrase",
        "key of a wireless network",
        "https://w1.fi/cgit/hostap/plain/wpa_supplicant/wpa_supplicant.conf",
        r"(?i:wpa_passphrase\s+\S+)\s+[\"']?([^\s\"']{8,63})",
        "wpa_passphrase home <alnum 12>",
    ),
    Rule(
        id="ldap-password-hash",
        what="LDAP password hash",
        source="https://www.rfc-editor.org/rfc/rfc2307",
        pattern=r"\{(?:SSHA|SHA|SMD5|MD5|CRYPT|SSHA256|SSHA512|PBKDF2)\}([A-Za-z0-9+/=$.]{16,})",
        examples=lambda: ("{SSHA}" + sample("<b64 40>"),),
        near=lambda: ("{SSHA} is the scheme",),
    ),
)
