"""Secrets in one field of a record, given away by another: audit entries, outputs, forms, errors about a field."""

from __future__ import annotations

from dataclasses import replace

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NOUNS, context

_CHOSEN = r"(?i:passw(?:or)?d|passphrase)"
_GIVEN = r"(?i:secret|token|api[_ -]?key|access[_ -]?key|private[_ -]?key|credentials?)"
_EITHER = rf"(?:{_CHOSEN}|{_GIVEN})"
_START = r"[\w./: -]{0,60}"  # of a name that ends with one of these
_OF = r"(?:(?:parameter|output|param|option|field|env|variable|property|setting|secret|header|config|string|item)_?)?"
_FIELDS = rf"(?i:{_OF}(?:name|key)|field|attribute|variable|env|parameter|column|path|property|setting)"
_NAMED = rf"[\"']{_FIELDS}[\"']\s*:\s*[\"']{_START}"
_NEW = rf"(?i:{_OF}value|new_?value|secret_?string|content|val|new|to|after|current)"
_OLD = r"(?i:old_?value|old|from|before|previous)"
_TEXT = r"\s*:\s*[\"']([^\"'\n\x00]{4,400})[\"']"
_AUDIT = "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html"
_OUTPUT = "https://developer.hashicorp.com/terraform/cli/commands/output"
_SECTIONS = (
    r"(?i:jwt\w*|signing|encryption|hmac|auth|authentication|security|recaptcha|twilio|stripe|openai|sendgrid|azure\w*|aws|smtp|"
    r"mailgun|algolia|cloudinary|pusher|sentry|github|slack|telegram|webhook)"
)


def _braced(rule: Rule) -> Rule:
    """Put braces into a rule's examples, where templates have another use for them."""
    made = rule.examples
    return replace(rule, examples=lambda: tuple(text.replace("<<", "{").replace(">>", "}") for text in made()))


def _field(id: str, what: str, name: str, field: str, says: Verdict) -> Rule:
    return context(
        id,
        what,
        _AUDIT,
        rf"{_NAMED}{name}[\"'][^{{}}]{{0,200}}?[\"']{field}[\"']{_TEXT}",
        '{"Name": "/prod/db/'
        + ("password" if name is _CHOSEN else "token")
        + '", "'
        + ("Value" if field is _NEW else "old")
        + '": "<alnum 16>"}',
        says=says,
        head=rf"[\"']{field}[\"']\s*:\s*[\"']",
    )


RULES: tuple[Rule, ...] = (
    _field("record-password", "password in a record that another field names", _CHOSEN, _NEW, Verdict.PASSWORD),
    _field("record-token", "token in a record that another field names", _GIVEN, _NEW, Verdict.STRONG),
    _field("record-old-password", "former password in an audit entry", _CHOSEN, _OLD, Verdict.PASSWORD),
    _field("record-old-token", "former token in an audit entry", _GIVEN, _OLD, Verdict.STRONG),
    _braced(
        context(
            "output-value",
            "value of an output that is called after a secret",
            _OUTPUT,
            rf"[\"']{_START}{_EITHER}[\"']\s*:\s*\{{[^{{}}]{{0,200}}?[\"'](?:value|result|plaintext|default|secret)[\"']{_TEXT}",
            '"db_password": << "sensitive": true, "value": "<alnum 16>">>',
            says=Verdict.STRONG,
            head=rf"{_EITHER}[\"']\s*:\s*\{{",
            near=('"db_password": {"sensitive": true, "value": "********"}',),
        )
    ),
    _braced(
        context(
            "random-password",
            "password drawn by Terraform",
            "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
            r"random_password[^{}\n]{0,60}\{[^{}]{0,300}?\"?result\"?\s*[:=]\s*\"([^\"\n\x00]{4,200})\"",
            'random_password.db: << "length": 20, "result": "<alnum 20>">>',
            head="random_password",
            near=('random_password.db: {"length": 20, "special": false}',),
        )
    ),
    _braced(
        context(
            "section-key",
            "key in a section of settings that is called after its service",
            "https://learn.microsoft.com/aspnet/core/fundamentals/configuration/",
            rf"[\"']{_SECTIONS}[\"']\s*:\s*\{{[^{{}}]{{0,200}}?[\"'](?i:key|sk|salt)[\"']{_TEXT}",
            '"Jwt": << "Issuer": "acme", "Key": "<alnum 40>">>',
            says=Verdict.WEAK,
            head=rf"[\"']{_SECTIONS}[\"']\s*:\s*\{{",
            near=('"Jwt": {"Issuer": "acme", "Key": "signing"}',),
        )
    ),
    context(
        "validation-error",
        "value that a validator shows with the name of its field",
        "https://docs.pydantic.dev/latest/errors/errors/",
        r"(?:^|[\s.\"'])([A-Za-z][\w -]{2,60})[\"']?\s*\n\s{1,8}[^\n]{0,200}?input_value=[\"']([^\"'\n]{4,400})",
        "api_key\n  String should be shorter [type=string_too_long, input_value='<alnum 40>', input_type=str]",
        "fernet_key\n  Extra inputs are not permitted [type=extra_forbidden, input_value='<hex 64>', input_type=str]",
        says=None,
        named=True,
        head=r"input_value=[\"']",
        near=(
            "cache_key\n  Extra inputs are not permitted [type=extra_forbidden, input_value='0f9a2c7d41b8', input_type=str]",
        ),
    ),
    context(
        "value-before-name",
        "secret in the field before the one that names it",
        "https://html.spec.whatwg.org/multipage/input.html",
        rf"\b(?i:value|val)[\"']?\s*[:=]\s*[\"']([^\s\"'\x00]{{4,400}})[\"'][^<>{{}}\x00]{{0,120}}?[\"'\s,](?i:name|key|id|field)[\"']?\s*[:=]\s*"
        rf"[\"']{_START}{_EITHER}[\"']",
        '{"value": "<alnum 16>", "name": "db_password"',
        '<input value="<alnum 16>" name="password">',
        says=Verdict.STRONG,
        head=rf"(?i:name|key|id|field)[\"']?\s*[:=]\s*[\"'][\w./: -]*{_EITHER}[\"']",
        near=('<input value="Submit" name="reset_password">', '{"value": "jane", "name": "owner_of_secret"'),
    ),
    context(
        "session-element",
        "session of a SOAP service in an element",
        "https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_header_sessionheader.htm",
        r"<(?:[\w-]+:)?(?i:session_?id)(?:[ \t][^<>]*)?>\s*([A-Za-z0-9!._~+/=-]{24,400})\s*</",
        "<urn:SessionHeader><urn:sessionId><alnum 15>!<dotted 80></urn:sessionId></urn:SessionHeader>",
        says=Verdict.WEAK,
        head=r"(?i:session_?id)(?:[ \t][^<>]*)?>",
        near=("<sessionId>8f14e45f-ceea-467f-a0e6-1c7d0c0a2b1d</sessionId>",),
    ),
    context(
        "filled-field",
        "password that a browser tool fills in",
        "https://playwright.dev/docs/input",
        r"(?i:selector|locator|element|field|target|ref|label)[\"']?\s*[=:]\s*[\"'][^\"'\n]{0,60}(?i:passw)[^\"'\n]{0,40}[\"']"
        r"[^\n]{0,80}?[\"']?(?i:value|text)[\"']?\s*[=:]\s*[\"']([^\"'\n]{4,200})[\"']",
        'browser.fill(selector="#password", timeout=30, value="<alnum 12>")',
        '{"element": "Password field", "text": "<alnum 12>"}',
        head=r"(?i:selector|locator|element|field|target|ref|label)[\"']?\s*[=:]\s*[\"'][^\"'\n]{0,60}(?i:passw)",
    ),
    context(
        "filled-selector",
        "password that a browser tool puts into what a selector finds",
        "https://playwright.dev/docs/api/class-page#page-fill",
        r"\.(?:fill|type|setValue|press_sequentially)\(\s*(?:\"[^\"\n]{0,120}(?i:passw|pwd)[^\"\n]{0,60}\"|'[^'\n]{0,120}(?i:passw|pwd)[^'\n]{0,60}')"
        r"\s*,\s*[\"']([^\"'\n]{4,200})[\"']",
        "await page.fill('input[name=password]', '<alnum 14>')",
        "page.type('[name=\"password\"]', '<alnum 14>')",
        head=r"\.(?:fill|type|setValue|press_sequentially)\(",
    ),
    context(
        "element-value",
        "password in an element around the one that holds it",
        "https://learn.microsoft.com/windows-hardware/customize/desktop/unattend/",
        r"<(?:\w+:)?(?i:\w{0,40}passw(?:or)?d|passphrase)>\s*<(?:\w+:)?(?i:value|plaintext|string)>([^<\n]{3,200})</",
        "<wcm:Password><wcm:Value><alnum 14></wcm:Value></wcm:Password>",
        near=("<Password><Value></Value></Password>",),
    ),
    context(
        "pass-element",
        "password of a site that FileZilla knows",
        "https://wiki.filezilla-project.org/Securely_storing_FileZilla_passwords",
        r"<Pass(?:\s+encoding=\\?[\"']\w{1,20}\\?[\"'])>([^<>\s]{4,400})</Pass>|</User>\s*<Pass>([^<>\n]{3,200})</Pass>",
        '<Pass encoding="base64"><b64 24></Pass>',
        near=("<Pass>1204</Pass>",),
    ),
    context(
        "pass-of-user",
        "password under the name `pass`, beside its user",
        "https://docs.getdbt.com/docs/core/connect-data-platform/profiles.yml",
        r"(?i:user(?:name)?|login):[ \t]*[^\s:]{1,80}[ \t]*\r?\n[ \t]*pass:[ \t]*[\"']?([^\s\"']{4,200})"
        r"|\"(?i:user(?:name)?|login)\\?\"\s?:\s?\\?\"[^\"\n]{1,80}\"\s?,\s?\\?\"pass\\?\"\s?:\s?\\?\"([^\"\\\n]{4,200})\\?\"",
        "user: jane\n      pass: <alnum 14>",
        '"user": "jane", "pass": "<letter 6>-<letter 6>-<letter 6>42"',
        near=('"user": "ci", "pass": "true"',),
    ),
    context(
        "asserted-secret",
        "secret that a test compares",
        "https://docs.python.org/3/library/unittest.html",
        r"(?:assert\w*|expect|verify\w*|check_password|compare_digest|set_password)\([^\n\"']{0,80}"
        r"(?i:passw(?:or)?d|passphrase|secret|token|api_?key)\]?\)?\s*,\s*[bru]?[\"']([^\"'\n]{4,400})[\"']",
        "self.assertEqual(cfg.password, '<alnum 14>')",
        says=Verdict.STRONG,
        head=r"(?:assert\w*|expect|verify\w*|check_password|compare_digest|set_password)\(",
        keywords=NOUNS,
    ),
    context(
        "wifi-begin",
        "passphrase of a wireless network in a program for a microcontroller",
        "https://docs.arduino.cc/libraries/wifi/",
        r"\bWiFi\.begin\(\s*(?:\"[^\"\n]{1,32}\"|\w+)\s*,\s*\"([^\"\n]{8,63})\"",
        'WiFi.begin("office", "<alnum 14>");',
        near=("WiFi.begin(ssid, pass);",),
    ),
    context(
        "hashed-call",
        "password given to a function that hashes it",
        "https://docs.djangoproject.com/en/stable/topics/auth/passwords/",
        r"(?:hashpw|checkpw|make_password|generate_password_hash)\(\s*[bru]?[\"']([^\"'\n]{4,200})[\"']",
        "bcrypt.hashpw(b'<alnum 14>', bcrypt.gensalt())",
        near=("bcrypt.hashpw(password, salt)",),
    ),
    context(
        "sql-insert-last",
        "password as the last value of an INSERT",
        "https://www.postgresql.org/docs/current/sql-insert.html",
        r"(?i:insert\s+into)\s[^;\n]{0,200}(?i:passw(?:or)?d|passphrase|secret|token|api_?key)[\"'`\]]?\s*\)\s*(?i:values)\s*"
        r"\([^;\n]{0,400}?'([^'\n]{4,400})'\s*\)",
        "INSERT INTO users (name, password) VALUES ('jane', '<alnum 14>')",
        says=Verdict.STRONG,
        head=r"(?i:insert\s+into)\s",
    ),
    context(
        "chpasswd-list",
        "password in the cloud-init list for chpasswd",
        "https://cloudinit.readthedocs.io/en/latest/reference/modules.html#set-passwords",
        r"chpasswd:\s*(?:[^\n]*\n){0,4}?\s*(?:-\s*)?[a-z_][\w.-]{0,31}:([^\s:]{3,200})(?m:\s*$)",
        "chpasswd:\n  list: |\n    root:<alnum 12>\n",
        head="chpasswd:",
    ),
    context(
        "auth-user-pass",
        "password in a block of an OpenVPN profile",
        "https://openvpn.net/community-resources/reference-manual-for-openvpn-2-6/",
        r"<auth-user-pass>\s*\S+\s+([^\s<]{3,200})\s*</auth-user-pass>",
        "<auth-user-pass>\njane\n<alnum 12>\n</auth-user-pass>",
        near=("<auth-user-pass></auth-user-pass>",),
    ),
)
