"""Secrets told in sentences, in several languages, and in the dialogues of programs."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NOUNS, context

_NOUN = r"(?i:passw(?:or)?d|passphrase|token|secret|api[ _-]?key|access[ _-]?key|credentials?)"
_V = r"[\"'`]?([^\s\"'`]{6,400})"
_DRAWN = (
    r"[^\s\"'`]{0,200}[0-9!#$%&*+=?@^~][^\s\"'`]{2,200}[A-Za-z0-9!#$%&*+=?@^~_/-]|[^\s\"'`]{5,200}[0-9!#$%&*+=?@^~]"
)
_WHOSE = (
    r"(?:\s(?i:for|of|on|at|in)\s[\w@.-]{1,40})?"
    r"(?:\s(?i:value|key|was|is|has|been|got|successfully|changed|updated|rotated|reset|switched|replaced))*"
)
_CHANGING = _WHOSE.replace("{1,40}", "+")  # for the gate
_MYSQL = "https://dev.mysql.com/doc/refman/en/postinstallation-securing.html"
_VAULT = "https://developer.hashicorp.com/vault/docs/concepts/seal"
_AWS = "https://docs.aws.amazon.com/cli/latest/userguide/cli-authentication-user.html"

RULES: tuple[Rule, ...] = (
    context(
        "generated-password",
        "password that a program has made and shows once",
        _MYSQL,
        rf"(?i:temporary|initial|generated|random|default|new|one-time)\s{_NOUN}\s(?i:is|was|has|for|set|generated|created)\b"
        rf"[ \w@.%'-]{{0,60}}:\s{_V}",
        "A temporary password is generated for root@localhost: <alnum 12>",
        says=Verdict.STRONG,
        head=rf"(?i:temporary|initial|generated|random|default|new|one-time)\s{_NOUN}\s",
    ),
    context(
        "changed-from",
        "former secret in a sentence about its change",
        "https://www.rfc-editor.org/rfc/rfc5424",
        rf"{_NOUN}{_WHOSE}\sfrom\s(?:[\"'`]([^\s\"'`]{{4,400}})[\"'`]|({_DRAWN}))\s(?i:to|into)\s",
        'changed passphrase from "<alnum 16>" to "<alnum 16>"',
        "Changed the admin password from <letter 6>-<letter 6>-<letter 6>42 to <alnum 14>",
        says=Verdict.STRONG,
        head=rf"{_NOUN}{_CHANGING}\sfrom\s",
        keywords=NOUNS,
        near=("token count from 12 to 14", "changed the token lifetime from 3600s to 7200s"),
    ),
    context(
        "changed-to",
        "new secret in a sentence about its change",
        "https://www.rfc-editor.org/rfc/rfc5424",
        rf"{_NOUN}{_WHOSE}\sfrom\s\S{{1,400}}\s(?i:to|into)\s"
        rf"(?:[\"'`]([^\s\"'`]{{4,400}})[\"'`]|({_DRAWN}))",
        'changed passphrase from "<alnum 16>" to "<alnum 16>"',
        "Changed the admin password from <letter 6>-<letter 6>-<letter 6>42 to <alnum 14>",
        says=Verdict.STRONG,
        head=rf"{_NOUN}{_CHANGING}\sfrom\s",
        keywords=NOUNS,
        near=("password changed from unset to enabled", "Changed the password policy from weak to strong."),
    ),
    context(
        "set-variable",
        "secret given to a variable in a sentence",
        "https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html",
        rf"\b[A-Z][A-Z0-9_]{{2,40}}_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS?)[\"'`]?\s(?i:to|was|is|became)\s{_V}",
        "I set VAULT_UNSEAL_KEY to <b64 43>= yesterday",
        says=Verdict.WEAK,
        head=r"_(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|PASS|CREDENTIALS?)[\"'`]?\s(?i:to|was|is|became)\s",
    ),
    context(
        "prompt-for-address",
        "secret typed at a prompt that quotes what it is for",
        "https://git-scm.com/docs/git-credential",
        r"(?i:passw(?:or)?d|passphrase)\sfor\s(?:key\s)?[\"'][^\"'\n]{1,300}[\"']:\s([^\s\"'`]{4,400})(?m:\s*$)",
        "Password for 'https://jane@example.com': <alnum 14>",
        head=r"(?i:passw(?:or)?d|passphrase)\sfor\s(?:key\s)?[\"']",
        near=("Password for 'https://jane@example.com': ",),
    ),
    context(
        "prompt-with-default",
        "secret typed at a prompt that shows a default",
        _AWS,
        r"(?i:key|token|password|passphrase|secret)\s\[[^\]\n]{0,40}\]:\s([^\s]{6,400})",
        "AWS Secret Access Key [None]: <b64 40>",
        says=Verdict.STRONG,
    ),
    context(
        "unseal-key",
        "unseal or recovery key of Vault",
        _VAULT,
        r"(?i:(?:unseal|recovery)\s+key(?:\s+\([^)\n]{0,20}\))?\s*[0-9]*\s*[:=]|operator\s+(?:unseal|rekey|generate-root)(?:\s+-\S+)*)\s*"
        r"([A-Za-z0-9+/]{40,200}={0,2})",
        "Unseal Key 1: <b64 44>",
        "vault operator unseal <b64 44>",
        says=None,
    ),
    context(
        "totp-seed",
        "seed of one-time codes",
        "https://www.rfc-editor.org/rfc/rfc6238",
        r"(?i:(?:totp|otp|mfa|2fa|authenticator)(?:[ _-]|[^\n:=]{1,40}\b)(?:seed|secret|key))"
        r"[^\n:=]{0,30}[:=]\s*[\"']?([A-Z2-7]{16,128})",
        "TOTP seed for jane: <b32 32>",
        "2FA enabled for jane, secret: <b32 16>",
        says=None,
    ),
    context(
        "dotted-leader",
        "secret that a row of dots leads to",
        "https://www.rfc-editor.org/rfc/rfc6750",
        rf"({_NOUN})[ ]?\.{{3,}}[ :=]{{0,3}}[\"']?({_DRAWN})",
        "API Key ........ <alnum 31>4",
        "HikariConfig : password........................<letter 6>-<letter 6>42",
        says=None,
        named=True,
        allow=(r"[0-9.]+[%A-Za-z]{0,3}", r"[^A-Za-z0-9]*\w{0,6}"),
        head=rf"{_NOUN}[ ]?\.{{3}}",
        near=("Checking token ........ ok", "Rotating password ........ finished", "Hashing password ..... 12.5ms"),
    ),
    context(
        "following-line",
        "secret in the line after the sentence that tells it",
        "https://www.jenkins.io/doc/book/installing/linux/#setup-wizard",
        rf"(?i:following|initial|temporary|your)\s(?:\w{{1,20}}\s){{0,3}}{_NOUN}[^\n:]{{0,80}}"
        r":[ \t]*(?:\r?\n[ \t]*){1,3}([A-Za-z0-9][^\s\"'`]{7,400})(?m:[ \t\r]*$)",
        "Please use the following password to proceed to installation:\n\n<hex 32>",
        says=Verdict.WEAK,
        head=rf"(?i:following|initial|temporary|your)\s(?:\w+\s){{0,3}}{_NOUN}",
        keywords=NOUNS,
        near=("Use the following token:\n\nas described there",),
    ),
    context(
        "following-password",
        "password in the line after the sentence that tells it",
        "https://www.jenkins.io/doc/book/installing/linux/#setup-wizard",
        r"(?i:following|initial|temporary|your|new)\s(?:\w{1,20}\s){0,3}(?i:passw(?:or)?d|passphrase)[^\n:]{0,80}"
        r":[ \t]*(?:\r?\n[ \t]*){1,3}([A-Za-z0-9][^\s\"'`=:]{3,200}[0-9!#$%&*+?@^~][^\s\"'`=:]{0,200})(?m:[ \t\r]*$)",
        "Please use the following password:\n<letter 6>-<letter 6>-<letter 6>42",
        head=r"(?i:following|initial|temporary|your|new)\s(?:\w+\s){0,3}(?i:passw|passphrase)",
        near=("Use the following password:\n\nas described there", "your password policy:\n  length"),
    ),
    context(
        "shown-at-prompt",
        "secret that a debugger or a shell of a language prints",
        "https://docs.python.org/3/library/pdb.html",
        r"(?:\([Pp]db\)|ipdb>|>>>|In \[[0-9]{1,4}\]:) (?:p |pp |print\()?"
        r"[\w.\[\]\"']{0,60}(?i:passw(?:or)?d|passphrase|secret|token|key)[\])\"']{0,3}"
        r"[ \t]*\r?\n(?:Out\[[0-9]{1,4}\]: )?[\"']([^\"'\n]{6,400})[\"']",
        "(Pdb) p self.private_key\n'<url 43>'",
        says=Verdict.STRONG,
        head=r"(?:[Pp]db\)|ipdb>|>>>|In \[[0-9]{1,4}\]:) ",
        keywords=NOUNS,
    ),
    context(
        "recovery-code-list",
        "list of recovery codes",
        "https://docs.github.com/en/authentication/securing-your-account-with-two-factor-authentication-2fa",
        r"(?i:(?:recovery|backup|scratch)[ _-]?codes?)[\"']?\s*(?:are|is)?\s*[:=]?\s*[\[(\"']{0,2}"
        r"([A-Za-z-]{0,8}[0-9][A-Za-z0-9-]{4,20}(?:[\"']?\s*[,;\n]\s*[\"']?[A-Za-z0-9-]{6,24}){1,20})",
        "Recovery codes: 4a<lower 3>-<lower 5>, <lower 5>-<lower 5>",
        "backup_codes=['9<digit 7>', '<digit 8>']",
        says=None,
        near=("recovery codes: shown, used, left",),
    ),
)
