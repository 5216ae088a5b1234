"""Secrets that are shown: under their label or their command, in groups, lists and phrases, and in sentences of English."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NOUNS, context

_NOUN = (
    r"(?i:passw(?:or)?d|passphrase|token|secret|api[ _-]?key|(?:access|private|license|secret|signing"
    r"|encryption|recovery)[ _-]?key|credentials?)"
)
_NEXT_LINE = r"[ \t]*(?:\r?\n[ \t>|*-]*){1,3}`{0,3}(?:\r?\n)?[ \t]*"
_ALONE = r"([A-Za-z0-9][^\s\"'`]{7,400})[ \t`]*(?:\r?\n|$)"
_SHOWING = (  # commands that print a secret and nothing else
    r"(?:initial-password|get-?password|get-?token|print-(?:access|identity)-token|print-refresh-token|create\s+token"
    r"|create-token|auth\s+token|get-access-token"
    r"|get-login-password|whoami\s+(?:-t|--show-token)|token\s+(?:create|generate|new)|generate-token|auth:token"
    r"|secretsmanager\s+get-secret-value|versions\s+access"
    r"|output\s+-raw|secret\s+show|read\s+op://\S+|get-secret|find-(?:generic|internet)-password|secret-tool\s+lookup"
    r"|keyring\s+get|lpass\s+show|bw\s+get\s+password"
    r"|pass\s+show|wg\s+gen(?:key|psk)|join-token|phx\.gen\.secret|rails\s+secret|key:generate\s+--show"
    r"|openssl\s+rand|pwgen|gen-?secret|generate-secret|config\s+get"
    r"|base64\s+(?:-d|-D|--decode)|vault\s+print\s+token|kv\s+get\s+-field\S*|gopass\s+show|apg|makepasswd"
    r"|secrets\.token_\w+|admin-password|reset-password|token\s+print)"
)
_GROUPS = r"((?:[A-Z2-7]{4}[ -]){3,15}[A-Z2-7]{2,8}|(?:[a-z2-7]{4}[ -]){7,15}[a-z2-7]{2,8})"
_BYTES = r"((?:0x)?[0-9a-fA-F]{1,3}(?:\s*,\s*(?:0x)?[0-9a-fA-F]{1,3}){15,127})"
_SECOND_FACTOR = r"(?i:2fa|mfa|totp|otp|two-factor|authenticator|set-?up|manual(?:\s+entry)?|secret|base32|seed)"
_WORD = r"(?:[0-9]{1,2}[.):]?[ \t]*)?[a-z]{3,8}(?:[\"'],\s{0,8}[\"']|[ ,|\t\r\n]+)"
_PHRASE = rf"((?:{_WORD}){{11,23}}(?:[0-9]{{1,2}}[.):]?[ \t]*)?[a-z]{{3,8}})"
_CODE = r"[A-Za-z0-9][A-Za-z0-9-]{4,40}"
_TELLING = r"[0-9!#$%&*+=?@^~]"
_GRAPH = r"[^\s\"'`,;()<>\x00]"
_DRAWN = rf"({_GRAPH}{{0,200}}{_TELLING}{_GRAPH}{{3,200}}|{_GRAPH}{{4,200}}{_TELLING}{_GRAPH}{{0,200}})"
_TOTP = "https://www.rfc-editor.org/rfc/rfc6238"
_BIP39 = "https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki"
_NIST = "https://pages.nist.gov/800-63-4/sp800-63b.html"

RULES: tuple[Rule, ...] = (
    context(
        "shown-under-label",
        "secret alone in the line after its label",
        "https://www.elastic.co/docs/reference/elasticsearch/command-line-tools/reset-password",
        rf"{_NOUN}[^\n:]{{0,40}}(?:\([^()\n]{{0,120}}\))?[^\n:]{{0,40}}:{_NEXT_LINE}{_ALONE}",
        "Password for the elastic user (reset with `bin/reset -u elastic`):\n  <alnum 20>\n",
        says=Verdict.WEAK,
        allow=(r"(?:[a-z]+-)+[a-z0-9]{4,10}",),  # what a cluster calls its things
        head=r":[ \t]*\r?\n",
        keywords=NOUNS,
        near=("token:\n  type: string", "password:\n  description_v2", "secrets:\n  - db-creds-8xk2l"),
    ),
    context(
        "shown-by-command",
        "secret that a command prints",
        "https://argo-cd.readthedocs.io/en/stable/user-guide/commands/argocd_admin_initial-password/",
        rf"{_SHOWING}\b[^\n]{{0,300}}\r?\n[ \t]*[\"']?{_ALONE}",
        "$ argocd admin initial-password -n argocd\n<alnum 16>\n",
        says=Verdict.WEAK,
        head=rf"{_SHOWING}\b",
        near=("$ openssl rand -help\nUsage: rand [options]",),
    ),
    context(
        "grouped-totp-seed",
        "seed of one-time codes in groups of four",
        _TOTP,
        rf"{_SECOND_FACTOR}[\w /-]{{0,30}}?(?i:key|secret|code|seed|entry|base32)[\"']?\s*(?:\([^()\n]{{0,40}}\))?\s*"
        rf"(?:[:=]|is)?\s*[\"'`]?{_GROUPS}(?:[^A-Za-z0-9]|$)",
        "2FA setup key: <b32 4> <b32 4> <b32 4> <b32 4> <b32 4> <b32 4>",
        says=None,
        head=rf"{_SECOND_FACTOR}[\w /-]*(?i:key|secret|code|seed|entry|base32)",
        near=(
            "setup code: read page nine",
            "the 2FA key that will sign the login nonce",
        ),
    ),
    context(
        "totp-export",
        "seeds that an authenticator exports",
        _TOTP,
        r"otpauth-migration://[\w/]*\?data=([A-Za-z0-9%+/=_-]{16,900})",
        "otpauth-migration://offline?data=<alnum 60>%3D%3D",
        says=None,
    ),
    context(
        "key-bytes",
        "key given as the numbers of its bytes",
        "https://solana.com/docs/intro/installation",
        rf"(?i:secret|private|signing|wallet|key_?pair|seed|mnemonic|encryption|master|aes|hmac)[ _-]?(?i:key|bytes"
        rf"|array|pair|iv)?[\"'\w]{{0,12}}\s*(?:[:=]|=>|is)\s*"
        rf"(?:new\s+)?(?:[\w.]{{0,30}}[(\[{{]{{1,2}})\s*{_BYTES}\s*[\])}}]",
        "secret key: [200,25,18,133,18,184,199,47,196,164,221,203,23,124,241,205,64,173,6,169]",
        says=None,
        head=r"(?:(?:0x)?[0-9a-fA-F]{1,3}\s*,\s*){8}",
        keywords=(
            "secret",
            "private",
            "signing",
            "wallet",
            "pair",
            "seed",
            "mnemonic",
            "encryption",
            "master",
            "aes",
            "hmac",
        ),
        near=("key sizes: [1,2,3]",),
    ),
    context(
        "listed-seed-phrase",
        "seed phrase of a wallet, in a row or a list",
        _BIP39,
        rf"(?i:mnemonic|(?:seed|recovery|secret|backup|wallet|secret[ _-]recovery|12[ -]word|24[ -]word)[ _-]?"
        rf"(?:phrase|words|seed|mnemonic)s?|\bseed)"
        rf"[\"']?(?:\s(?i:is|for|of|my|your|the|new|are|wallet|\w+'s))*\s*(?:\([^()\n]{{0,60}}\))?\s*(?:[:=]|=>"
        rf"|->)[\s\[(\"'`{{]{{0,8}}{_PHRASE}",
        "Your seed phrase (write it down):\n 1. " + " 2. ".join(["abandon", "ability", "able"] * 4),
        says=None,
        head=r"(?i:mnemonic|(?:seed|recovery|secret|backup|wallet|[24][ -]word)[ _-]?(?:phrase|words|seed|mnemonic)"
        r"|\bseed[\"']?(?:\s[\w']+)*\s*(?:\([^()\n]*\))?\s*[:=-])",
        near=("seed: all words of it are kept",),
    ),
    context(
        "called-seed-phrase",
        "seed phrase of a wallet given to a function",
        _BIP39,
        r"(?i:(?:from|import|restore|validate|recover)_?(?:phrase|mnemonic|seed_?phrase)|mnemonic(?:_?to_?\w{1,20})?|from_?words)"
        rf"(?:_?sync)?\(\s*(?:Language::\w+,\s*)?[bru]?[\"'`]{_PHRASE}[\"'`]",
        "Wallet.fromPhrase('" + " ".join(["abandon", "ability", "able"] * 4) + "')",
        says=None,
        head=r"(?i:phrase|mnemonic\w*|words)(?:_?sync)?\(\s*[^\s]",
        near=("fromPhrase('two words')", "from_words('the quick brown fox')"),
    ),
    context(
        "listed-recovery-codes",
        "list of recovery codes",
        _TOTP,
        r"(?i:(?:recovery|backup|scratch|emergency|one-time|bypass)[ _-]?(?:codes?|keys))(?:\s(?i:for|of|are|your"
        r"|is)\s?[\w@.-]{0,40})?[\"']?\s*(?:\([^()\n]{0,60}\))?\s*[:=]"
        rf"[\s\[(\"'*-]{{0,8}}((?:[\"']?{_CODE}[\"']?[\s,;*.)-]+){{0,19}}[A-Za-z-]{{0,12}}[0-9][A-Za-z0-9-]{{2,40}})",
        "backup codes for jane: <lower 8> 4<lower 7>",
        says=None,
        head=r"(?i:(?:recovery|backup|scratch|emergency|one-time|bypass)[ _-]?(?:codes?|keys))",
        near=("recovery codes: shown, used, left", "backup codes: none"),
    ),
    context(
        "told-pair",
        "password told with its user",
        _NIST,
        r"(?i:\b(?:creds?|credentials?|logins?|login details|log-?in|account|access|auth|username and password"
        r"|user/pass(?:word)?)(?:\s(?:for|are|is|to)\s?[\w.@-]{0,40})?)"
        rf"\s*[:=]\s*[\"'`]?[\w.@+\\-]{{1,60}}[\"'`]?\s(?:/|\||and\s)\s?[\"'`]?{_DRAWN}",
        "creds: jane / <alnum 8>!<alnum 4>7 (expires Friday)",
        says=Verdict.STRONG,
        head=r"[:=]\s*[\"'`]?[\w.@+\\-]+[\"'`]?\s(?:/|\||and\s)",
        keywords=("cred", "login", "log-in", "account", "access", "auth", "username and", "user/pass"),
        allow=(r"[A-Za-z_]+\.[A-Z][A-Z0-9_]+", r"--?[a-z].*", r"_\w+", r"\w+=\.\.\."),  # constants of a module, flags
        near=(
            "login: jane / admin",
            "access: read / write",
            "access=reg.KEY_READ | reg.KEY_WOW64_32KEY",
            "(--account=ACCOUNT_ID | --folder=FOLDER_ID)",
        ),
    ),
    context(
        "told-of-one",
        "key or token told with what it is called or for",
        _NIST,
        rf"{_NOUN}\s[\"'`]?[\w.@/-]{{1,60}}[\"'`]?\s?(?:->|=>|\xe2\x86\x92|:|=|\xe2\x80\x94|\xe2\x80\x93"
        rf"|\sis\s)\s?[\"'`]?([A-Za-z0-9+/_.=~-]{{12,400}})",
        "API key web-prod -> <alnum 40>",
        says=Verdict.WEAK,
        head=rf"{_NOUN}\s[\"'`]?[\w.@/-]+[\"'`]?\s?(?:->|=>|\xe2\x86\x92|:|=|\xe2\x80\x94|\xe2\x80\x93|\sis\s)\s?[\"'`]?[A-Za-z0-9+/_.=~-]{{12}}",
        keywords=NOUNS,
        near=("token bucket: configuration", "secret store -> infrastructure"),
    ),
    context(
        "drawn-result",
        "password drawn by Terraform, as it shows its state",
        "https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password",
        r"random_(?:password|string|bytes|id)[^\n]{0,80}[:{][^\x00]{0,400}?\b(?:result|hex|base64|b64_std"
        r"|b64_url)\s*=\s*\"([^\"\n\x00]{4,200})\"",
        '# random_password.db:\n    result = "<alnum 16>"',
        head=r"random_(?:password|string|bytes|id)",
        near=("# random_password.db:\n    length = 16",),
    ),
    context(
        "session-in-query",
        "session in a query",
        "https://owasp.org/www-community/attacks/Session_hijacking_attack",
        r"[?&](?i:session_?id|sess_?id|sid|session)=([A-Za-z0-9._~-]{20,400})",
        "GET /unsubscribe?u=3908&sessionId=<alnum 32>",
        says=Verdict.WEAK,
    ),
    context(
        "refused-before-field",
        "value that a validator refuses, before the name of its field",
        "https://json-schema.org/draft/2020-12/json-schema-validation",
        rf"[\"']([^\"'\n\x00]{{4,400}})[\"'] (?i:is|was|does|has|must|fails?|did)\s[^\n]{{1,80}}?(?i:\b(?:for|in|of"
        rf"|at|on|by)\b)[^\n]{{0,60}}?{_NOUN}",
        "'<alnum 7>!4<alnum 5>' is too short at $.db.password",
        says=Verdict.STRONG,
        head=r"[\"'] (?i:is|was|does|has|must|fails?|did)\s",
        allow=(r".* [|&] .*", r"[A-Za-z_$][\w$.]*(?:<.*>|\[\])"),  # types
        near=(
            "'main' is not the name of a secret",
            "'string | undefined' is not assignable to parameter of type 'Token'",
            "Type 'Promise<string>' is not assignable to a field of type 'Token'",
        ),
    ),
)
