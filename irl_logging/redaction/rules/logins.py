"""Secrets in sentences of people and in the logs of agents: told with their user, typed into a field, used, changed."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import NOUNS, context

_CHOSEN = r"(?i:passw(?:or)?d|passphrase|passcode|pwd)"
_GIVEN = (
    r"(?i:(?:access|api|auth|bearer|refresh|personal|bot|deploy|session)[ _-]token|token"
    r"|(?:client|app|shared)[ _-]secret|secret"
    r"|(?:api|access|secret|private|license|signing|encryption|master)[ _-]?key)"
)
_EITHER = rf"(?:{_CHOSEN}|{_GIVEN})"
_SIGN = r"[0-9!#$%&*+?@^~]"  # what a word of a sentence has not
_GRAPH = r"[^\s\"'`,;()<>=\x00]"
_LAST = r"[A-Za-z0-9!#$%&*+=?@^~_/-]"  # how a value ends, but for the end of its sentence
_DRAWN = (
    rf"{_GRAPH}{{0,200}}{_SIGN}{_GRAPH}{{2,200}}{_LAST}|{_GRAPH}{{3,200}}{_SIGN}{_GRAPH}{{0,200}}{_LAST}"
    rf"|{_GRAPH}{{5,200}}{_SIGN}"
)
_VALUE = rf"(?:[\"'`]([^\"'`\n\x00]{{4,400}})[\"'`]|({_DRAWN}))"  # of which one group is found
_ONE = rf"[\"'`]?((?:[^\s\"'`,;()<>=\x00-])(?:{_DRAWN}))"
_SLUG = r"(?:(?:[A-Za-z]+[0-9]{0,4}|[0-9]{1,4})(?:[-_./]|$))+"  # of words and numbers: `deprecated-since-2024`
_RUN = r"[\"'`]?([A-Za-z0-9+/_.~=-]{15,400}[A-Za-z0-9/=_-])"
_USER = r"[\"'`]?[\w.@+\\-]{1,60}[\"'`]?"
_ACCOUNT = r"(?i:\b(?:user(?:name)?|login|account|email|uid))(?:\s(?i:is)|\s?[:=])?\s"
_IN = r"(?i:(?:log|sign)(?:ged|ging|ed|ing)?[ -]?(?:in|on|into)|login|authenticate[ds]?)"
_THE = r"(?:(?i:the|my|our|your|a|an|its|his|her|their|new|current|this)\s){0,2}"
_ARTICLES = r"(?:(?i:the|my|our|your|a|an|its|his|her|their|new|current|this)\s)*"
_PUT = (
    r"(?i:typ(?:e|ed|es|ing)|enter(?:ed|s|ing)?|fill(?:ed|s|ing)?|insert(?:ed)?|paste[ds]?|input|put|set|wrote|writ(?:e|ing)|sent"
    r"|send(?:ing)?|us(?:e|ed|es|ing)|tried|try(?:ing)?|chose|picked|gave)"
)
_FIELD = r"(?i:field|input|box|textbox|prompt|form|control|element|locator|selector)"
_ENDS = (
    rf"[\"'`)\]]{{0,2}}(?:\s(?:{_FIELD}|(?i:of|for|on|in|at|and|to|with|here|now|but|so|then|works?|worked"
    rf"|fails?|failed|gives?|gave|returns?|returned|is|was|when|which|that|until)\b)|[.,;:!?)]|\s*(?m:$))"
)
_PAST = r"(?:[\"'`)\].,;:!?\s]|(?m:$))"  # what `_ENDS` begins with
_CHANGED = r"(?i:changed|updated|rotated|reset|replaced|switched)"
_CARE = (
    r"(?i:somewhere|safe(?:ly)?|secure(?:ly)?|now|once|below|here|it|this|keep|store|save|copy|private|in|a|place|won't|will|be"
    r"|shown|again|you|not|see|the|for|later|use|only|don't|do|share|lose|please|and|down|write|carefully|as|is|because|cannot)"
)
_LOGIN = "https://owasp.org/www-project-top-ten/"
_PLAYWRIGHT = "https://playwright.dev/docs/input"
_BEARER = "https://www.rfc-editor.org/rfc/rfc6750"
_NIST = "https://pages.nist.gov/800-63-4/sp800-63b.html"

RULES: tuple[Rule, ...] = (
    context(
        "told-user-pair",
        "user and password told as a pair",
        _LOGIN,
        rf"(?i:\b(?:creds?|credentials|(?:login|account) details))\s(?i:are|is|=)\s"
        rf"[\"'`]?[A-Za-z][\w.@+\\-]{{0,60}}:({_DRAWN}){_PAST}",
        "the creds are jane:<letter 6>-<letter 6>42 for now",
        head=r"(?i:creds?|credentials|details)\s(?i:are|is|=)\s",
        keywords=("cred", "details"),
        near=(
            "the credentials are stored:here",
            "creds are jane:admin",
            "login details are at https://api.example.com",
        ),
    ),
    context(
        "told-login",
        "password told with its user, to log in with",
        _LOGIN,
        rf"{_IN}(?:\s(?i:to|at|on)(?:\s\S{{1,60}}){{1,3}}?)?\s(?i:with|as|using|via|by)\s(?:(?i:the\s)?(?i:user|username|account)\s)?{_USER}"
        rf"(?:\s[/|]\s|:|,?\s(?i:and|with|using)\s(?:(?i:the\s)?{_CHOSEN}\s)?){_ONE}",
        "You can log in with jane / <letter 6>!<alnum 6>",
        "sign in as jane using <letter 6>!<alnum 6>",
        says=Verdict.STRONG,
        head=rf"{_IN}\s(?:(?i:to|at|on)\s\S+\s(?:\S+\s)?(?:\S+\s)?)?(?i:with|as|using|via|by)\s"
        r"(?:(?i:the\s)?(?i:user|username|account)\s)?[\"'`]?[\w.@+\\-]+[\"'`]?(?:\s[/|]\s|:|,?\s(?i:and|with|using)\s)",
        near=(
            "You can log in with Google / GitHub",
            "signed in as jane using OAuth2",
            "logged in as jane with 3 roles",
            "logged in as deploy using id_rsa",
        ),
    ),
    context(
        "told-login-pair",
        "user and password told as one, with a slash between",
        _LOGIN,
        r"(?:^|[\s(\[\"'])(?i:login|log-in|creds?|credentials?|logins)(?:\s(?i:for|to|on)\s[\w.@-]{1,40})?\s?(?:\s(?i:is|are|was)|[:=])"
        r"\s?[\"'`]?[\w.@+\\-]{1,60}/([^\s\"'`,;()<>=/&\x00]{8,200})"
        rf"|{_IN}\s(?i:with|as|using)\s[\"'`]?[\w.@+\\-]{{1,60}}/([^\s\"'`,;()<>=/&\x00]{{1,60}}[!#$%*+?@^~][^\s\"'`,;()<>=/&\x00]{{3,60}})",
        "the login is jane/<letter 6>!<alnum 6>",
        says=Verdict.WEAK,
        head=r"(?i:login|log-in|creds?|credentials?|logins)(?:\s(?i:for|to|on)\s[\w.@-]+)?\s?(?:\s(?i:is|are|was)|[:=])\s?[\"'`]?[\w.@+\\-]+/"
        rf"|{_IN}\s(?i:with|as|using)\s[\"'`]?[\w.@+\\-]+/",
        near=("the login is handled by Okta/SAML2", "credentials: aws/prod-2024"),
    ),
    context(
        "told-user-and-password",
        "password beside its user in a sentence",
        _LOGIN,
        rf"{_ACCOUNT}{_USER}\s?[,;/|&]?\s?(?i:and\s|with\s|the\s){{0,2}}"
        r"(?i:pw|pass|pwd|passwd|passcode)\b(?:\s(?i:is|was))?\s?[:=]?\s?[\"'`]?"
        r"([^\s\"'`,;()<>=/\x00]{0,60}[0-9!#$%&*+?@^~][^\s\"'`,;()<>=/\x00]{3,60}[A-Za-z0-9!#$%&*+=?@^~_-]|"
        r"[^\s\"'`,;()<>=/\x00]{4,60}[0-9!#$%&*+?@^~])",
        "ssh to 192.0.2.1, user root, pw <letter 6>!<alnum 6>",
        head=rf"{_ACCOUNT}{_USER}\s?[,;/|&]?\s?(?i:and\s|with\s|the\s)*(?i:pw|pass|pwd)",
        near=("user jane, pass 12/14 tests", "user jane passed 12345", "account 7, pass rate 98%"),
    ),
    context(
        "short-name",
        "password of the kind that people choose, after the short name for one",
        _LOGIN,
        r"(?:^|[^\w.-])(?i:pw|pswd|pass)\s?[:=]\s{0,2}[\"'`]?([A-Z][a-z]{2,15}[0-9]{1,6}[!@#$%*?][\w!@#$%*?]{0,12})",
        "staging pw: Otter<digit 4>!",
        head=r"(?i:pw|pswd|pass)\s?[:=]\s{0,2}[\"'`]?[A-Z][a-z]+[0-9]+[!@#$%*?]",
        near=("pw: Otter", "pass: Step4", "pw=80%"),
    ),
    context(
        "told-pin",
        "PIN in a sentence",
        _LOGIN,
        r"\b(?:PIN|Pin|pin)(?:\s(?i:code|number))?(?:\s(?i:for|of|to|on)(?:\s[\w.'-]{1,30}){1,3}?)?\s(?i:is|was)\s([0-9]{4,12})(?:[^0-9\w]|$)",
        "the PIN for the card reader is <digit 6>",
        says=None,
        head=r"(?i:is|was)\s[0-9]{4}",
        keywords=("pin",),
        near=("PIN is blocked", "the pin of the LED is 13"),
    ),
    context(
        "typed-into-field",
        "password that somebody or an agent types into a field",
        _PLAYWRIGHT,
        rf"{_PUT}\s(?:(?i:in|text|value|the)\s){{0,2}}{_VALUE}\s(?i:in|into|to|as|for|on)\s{_THE}"
        rf"[\"'`]?#?(?:(?:[\w-]{{1,20}}\s){{0,2}}|\w{{1,20}}\[\w{{1,20}}=[\"']?){_CHOSEN}{_ENDS}",
        "agent typed '<alnum 14>' into the password field",
        "entered <letter 6>!<alnum 6> in the Password input",
        "type text '<letter 6>!<alnum 6>' into input[name=password]",
        head=rf"\S\s(?i:in|into|to|as|for|on)\s{_ARTICLES}[\"'`]?#?(?:(?:[\w-]+\s)*|\w+\[\w+=[\"']?){_CHOSEN}{_PAST}",
        keywords=NOUNS,
        near=(
            "agent typed 'hello world' into the search field",
            "entered 12 characters into the password field",
            "set 'short' as the password policy",
        ),
    ),
    context(
        "filled-with",
        "password that somebody or an agent fills a field with",
        _PLAYWRIGHT,
        rf"{_PUT}\s(?:(?i:in|the|out|{_FIELD})\s){{0,3}}[\"'`#]?(?:[\w.\[\]=#-]{{1,30}}\s?){{0,3}}?{_CHOSEN}[\"'`\])]{{0,3}}"
        rf"(?:\s{_FIELD})?[\"'`\])]{{0,3}}\s(?i:with|to|as)\s(?:(?i:value|text|the)\s){{0,2}}{_VALUE}",
        'Filled field "Password" with "<alnum 14>"',
        "typed in the password field as <letter 6>!<alnum 6>",
        head=rf"{_CHOSEN}[\"'`\])]*(?:\s{_FIELD})?[\"'`\])]*\s(?i:with|to|as)\s",
        keywords=NOUNS,
        near=(
            'Filled field "Email" with "jane@example.com"',
            'filled field "Password" with ""',
            "set password hashing to argon2",
        ),
    ),
    context(
        "used-as",
        "key or token of which a sentence says what it is used as",
        _BEARER,
        rf"{_PUT}\s(?:(?i:the|value)\s)?{_RUN}[\"'`]?\s(?i:as|for)\s{_THE}[\"'`]?(?:[\w-]{{1,20}}\s){{0,2}}?{_EITHER}{_ENDS}",
        "I'm using <alnum 40> as the API token",
        says=Verdict.WEAK,
        allow=(_SLUG,),
        head=rf"[A-Za-z0-9/=_-][\"'`]?\s(?i:as|for)\s{_ARTICLES}[\"'`]?(?:[\w-]+\s)*{_EITHER}{_PAST}",
        keywords=NOUNS,
        near=("using internationalization as the token", "use server-side-encryption for the secret"),
    ),
    context(
        "kept-safe",
        "key, token or password after the advice to keep it safe",
        _BEARER,
        rf"{_EITHER}s?[,;]?(?:\s\(?{_CARE}[,;)]?){{1,10}}\s?:\s{{1,4}}{_RUN}",
        "Store this client secret somewhere safe: <url 40>",
        "Here is your API key (you will not see it again): <alnum 32>",
        says=Verdict.WEAK,
        allow=(_SLUG,),
        head=rf"{_EITHER}s?[,;]?(?:\s\(?{_CARE}[,;)]?)+\s?:\s",
        keywords=NOUNS,
        near=("Keep the token in a safe place: somewhere", "the secret is not here: configuration"),
    ),
    context(
        "told-with-remark",
        "key or token after its name and a remark in brackets",
        _BEARER,
        rf"{_EITHER}\s\([^()\n]{{1,60}}\)\s?(?:-|\xe2\x80\x93|\xe2\x80\x94|:|=|->|=>|\xe2\x86\x92|(?i:is))\s?{_RUN}",
        "API key (prod) - <alnum 32>",
        says=Verdict.WEAK,
        allow=(_SLUG, r"(?i:base64)[\w-]*"),
        head=rf"{_EITHER}\s\([^()\n]+\)",
        keywords=NOUNS,
        near=(
            "token (str): Base64url-encoded OpenID",
            "token (optional) - authentication",
            "secret(name) - projects/acme/settings",
        ),
    ),
    context(
        "password-with-remark",
        "password after its name and a remark in brackets",
        _NIST,
        rf"{_CHOSEN}\s\([^()\n]{{1,60}}\)\s?(?:-|\xe2\x80\x93|\xe2\x80\x94|:|=|(?i:is))\s{_VALUE}",
        "password (staging) - <letter 6>!<alnum 6>",
        says=Verdict.STRONG,
        head=rf"{_CHOSEN}\s\([^()\n]+\)",
        keywords=NOUNS,
        near=("password (min 8) - required", "password (again): ********", "fn password(&self) -> &SecretString"),
    ),
    context(
        "changed-old",
        "former secret before an arrow, after the word that it has changed",
        _NIST,
        rf"{_EITHER}(?:\s(?i:was|has|been|successfully)){{0,3}}\s{_CHANGED}(?:\s(?i:for)\s[\w.@-]{{1,40}})?\s?:?\s{_VALUE}"
        r"\s?(?:->|=>|\xe2\x86\x92|(?i:to)\s)",
        "password changed: <letter 6>!<alnum 6> -> <letter 6>!<alnum 6>",
        says=Verdict.STRONG,
        head=rf"{_EITHER}(?:\s(?i:was|has|been|successfully))*\s{_CHANGED}",
        keywords=NOUNS,
        near=("password changed: expired -> active", "token rotated: 300 -> 600"),
    ),
    context(
        "changed-new",
        "new secret after an arrow, after the word that it has changed",
        _NIST,
        rf"{_EITHER}(?:\s(?i:was|has|been|successfully)){{0,3}}\s{_CHANGED}(?:\s(?i:for)\s[\w.@-]{{1,40}})?\s?:?\s\S{{1,400}}"
        rf"\s?(?:->|=>|\xe2\x86\x92|(?i:to)\s)\s?{_VALUE}",
        "password changed: <letter 6>!<alnum 6> -> <letter 6>!<alnum 6>",
        says=Verdict.STRONG,
        head=rf"{_EITHER}(?:\s(?i:was|has|been|successfully))*\s{_CHANGED}",
        keywords=NOUNS,
        near=("password changed: expired -> active", "token rotated: 300 -> 600"),
    ),
    context(
        "new-one",
        "secret told as the new or the old one of two",
        _NIST,
        rf"{_EITHER}\b[^\n]{{1,200}}?\b(?i:new|old|current|previous|former|other|second|next|temporary)\s(?i:one)\s?"
        rf"(?:\s(?i:is|was|will\sbe|becomes)|[:=])\s?{_VALUE}",
        "The old password was lost and the new one is <letter 6>!<alnum 6>",
        says=Verdict.STRONG,
        head=r"(?i:new|old|current|previous|former|other|second|next|temporary)\s(?i:one)\b",
        keywords=NOUNS,
        near=("the old token expired and the new one is valid", "the password is set, the new one is in vault"),
    ),
)
