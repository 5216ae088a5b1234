"""Whether a value next to a secret's name is a secret at all: placeholders, code, paths and switches are not.

Pure functions over bytes; `assignments` and `structure` ask them.
"""

from __future__ import annotations

import re
from collections import Counter
from math import log2

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.spelling import names, states

PLACEHOLDER = b"[REDACTED:"

_HARMLESS = (
    frozenset(
        b"""return pass raise yield unicode option options flag flags argument arguments parameter parameters field fields
    lambda command commands switch switches setting settings
    a an and or if when then also only this that which the to of in for from with by on at as is are was were isn
    be can may must should will not it its sufficient requisite substack include user-id user_id userid
    true false null nil none undefined nan yes no on off y n enabled disabled enable disable required optional
    missing invalid expired set unset notset empty default ok valid changed unchanged present absent provided given
    configured unknown unavailable available denied accepted rejected failed failure success str string int integer
    bytes bool boolean float object any array list dict tuple number secretstr optional[str] str|none char text
    password passwd secret token key value username user basic bearer digest negotiate ntlm oauth oauth2 saml jwt
    oidc ldap kerberos mutual tls ssl mtls cert certificate env environment file vault keyring keychain osxkeychain
    plaintext prompt stdin ask interactive auto manual always never hidden masked redacted filtered removed omitted
    sanitized suppressed scrubbed secure confidential protected encrypted hashed md5 sha1 sha256 argon2 argon2id bcrypt
    scrypt pbkdf2 same-origin include omit anonymous guest nobody self this input output form header headers cookie
    query body url uri name id type placeholder example changeme your_password your-password yourpassword todo tbd
    test_placeholder is was are has and or not the a an for of in to from with at by as be must should will can may
    cannot could when where if else then than that it its you your we our they here there please enter rotation manager
    policy reset authentication authorization auth login logout error warning info debug trace not-set not_set n/a na
    local global public private internal external read write admin root readonly strict lax active inactive revoked
    pending rotated refreshed updated created deleted issued stored loaded found read-host incorrect wrong correct weak
    strong mismatch mismatched matched mandatory compromised leaked blank locked see id_ed25519 id_ecdsa
    used void added supported deprecated fixed likewise ditto define defined scram-sha-1 scram-sha-256
    convertto-securestring not-provided not_provided not-needed not_needed not-required not_required not-used not_used
    not-configured not_configured no-key no_key no-api-key no-key-required no-key-needed sk-no-key-required
    api-key-not-set key-not-set on_create""".split()
    )
    | states()
)
_FILLER = Lazy(
    rb"(?:[*xX.\-_#?\xe2\x80\xa6\x97\x8f\xa2]+|\[[^\]]{0,40}\]|<[^<>]{0,60}>|\$\{[^}]*\}?|\$\(.*|\{\{.*|%\([^)]*\)[sdr]|"
    rb"\$[A-Za-z_][A-Za-z0-9_]*|%[A-Za-z_][A-Za-z0-9_]*%|@@?[A-Z_]{3,}@@?|%[A-Za-z]|\{[A-Za-z_0-9.!:]*\}|[:@][A-Za-z_]+|"
    rb"\$[A-Za-z_][\w:]*-|(?::[a-z]+){2,}:?|%5B[\w%-]*%5D|%3C[\w%-]*%3E|\([a-z][a-z ]*\)|(?:\\x[0-9a-f]{2}){1,4}|"
    rb"&(?:lt|#x?[0-9A-Fa-f]{2,3});.*|(?:%[sdr]|\{\w*\}|[:/@ ])+|"
    rb"%%[A-Z_]{3,}%%|##?[A-Z_]{3,}##?|@[a-z_.]{3,}@|%\{[\w.:]*\}?|#\{.*|@Microsoft\.KeyVault.*|"
    rb"\.[*+?].*|\$\{\{.*|\*+[^*]{0,4}|\.\.\.|\$env:\w+|\?[a-z]+|__\w+__|\.\d{1,2}[a-z%]\}.*|(?:\\[nrt])+)\Z",
    re.DOTALL,
)
_CODE = Lazy(
    rb"(?:[A-Za-z_$][A-Za-z0-9_]*(?:(?:::|->|\.|\?\.)[A-Za-z_$][A-Za-z0-9_]*)*[(\[].*"
    rb"|[A-Za-z_$]+(?:(?:::|->|\.|\?\.)[A-Za-z_$]+)+|(?:[A-Za-z_]+\d{0,3}(?:\.|::))+[A-Z][A-Z_]+(?:\d{1,3}(?:_[A-Z0-9_]*)?)?"
    rb"|(?:self|this|os|env|process|config|settings|args|kwargs|options|opts|params|request|req|ctx|app|cls|data|vars?|"
    rb"local|module|secrets|credentials|creds|parser|user|event|context)(?:\??\.[A-Za-z_]\w*)+(?:\)[.\[].*|(?::[^{}]{0,12})?\}.*)?"
    rb"|[a-z_]\w{0,40}(?:\.[a-z_]\w{0,40}){0,3}\.(?:[A-Z][a-z0-9]{1,20}){2,6}|[a-z]\w{0,40}(?:\.[a-z]\w{0,40}){2,4}\.[A-Z][a-z]+"
    rb"|(?:[A-Z][a-z]+){2,6}\.[A-Z][A-Z0-9_]*\.(?:value|name)"
    rb"|&?(?:[a-z]\w*\.)?(?:[A-Z][a-z]+)+\{.*"  # an object, printed: `AppWindowToken{9f4ef63`
    rb"|\w+\)(?:\.\w|\[).*|(?:[\w.]+\|)*(?:str|bytes|bytearray|dict|list|None|int|bool|undefined|null|string|number)(?:\|[\w.]+)*"
    rb"|lambda\b.*|await\b.*|new [A-Z].*|not .*|&[A-Za-z_]\w*|function\b.*)\Z",
    re.DOTALL,
)
_MASKED = Lazy(  # as much as a program shows of a secret: `sk-****1a2b`, `sk-...1a2b`
    rb"[\w-]{1,12}(?:\*{3,}[\w-]{0,4}|\.{3,}[\w-]{2,6})\Z|[\w-]{0,11}[-_]\.{3}\Z"
)
_IN_CODE = (b"lambda", b"await", b"function")
_MAY_BE_CODE = Lazy(rb"[()\[{.:>&| ]|\A(?:lambda|await|function)")  # a third of the price of `_CODE`
_NAMES_A_SECRET = Lazy(
    rb"[A-Za-z_]*(?:token|passw|secret|key|cred|auth|pwd|session|cookie|otp)[A-Za-z_]*\Z|[A-Z_]+_PASS\Z", re.IGNORECASE
)
_PATH = Lazy(
    rb"\$[A-Za-z_]\w*/[\w./-]+#?\Z|(?:~|\.{1,2})?/[A-Za-z0-9._@%+~-]+(?:/[A-Za-z0-9._@%+~ -]*)*\Z|[A-Za-z]:[\\/].*|[a-z][a-z_-]*:(?:/[\w.-]+)+\Z|file://.*|\.{1,2}[/\\].*|\.\.[a-z_]+/[\w./-]*\Z"
)
_FILE = Lazy(
    rb"@?[\w./~-]+\.(?:pem|key|crt|cer|json|ya?ml|toml|ini|cfg|conf|env|txt|log|py|js|ts|go|java|rb|sh|keytab|jks|p12|pfx|md|html?|tsx|jsx|s?css|vue|xml|rst|sql|rs|php|cpp|bak|lock|tgz|zip|gz|whl|deb|rpm|jar)\Z"
)
_URL = Lazy(
    rb"[a-z][a-z0-9+.-]{1,20}:(?:\\?/){2}[^\s]*\Z|(?:urn|tag):[\w.-]+[,:][^\s]*\Z|[\w.-]+:[^\s@]*@(?:tcp6?|unix|udp|cloudsql)\([^\s]*\Z"
)
_PLACE_IN_FILE = Lazy(rb"[\w./+-]+\.[A-Za-z]{1,5}:[0-9]{1,6}(?:[:-][0-9]{1,6})?\Z")
_POINTER = Lazy(rb"0x[0-9a-fA-F]{1,16}\Z")
_NUMBER = Lazy(rb"[-+]?[0-9][0-9_,]*(?:\.[0-9]+)?(?:[eE][-+]?\d+)?(?:ms|s|m|h|d|kb|mb|gb|%)?\Z", re.IGNORECASE)
_DATE = Lazy(rb"\d{4}-\d\d-\d\d(?:[T ][\d:.Z+-]*)?\Z|\d{1,2}:\d\d(?::\d\d)?.*\Z")
_NAME_OF_ONE = Lazy(
    rb"(?:[A-Za-z]+[-_])*(?:token|password|passwd|secret|key|credentials?|auth|pwd|session|cookie|code)s?(?:[-_]?\d{1,2})?\Z|[a-z]+(?:_[a-z]+)+=\Z"
    rb"|(?:id|src|source|target|type|env)=[a-z_][\w./-]*\Z",  # an option of a flag: `--secret id=npm`
    re.IGNORECASE,
)
_MEASURE = Lazy(
    rb"[0-9.]+\|(?:c|g|ms|h|s|d)\b.*|[0-9]\*[a-z]+\Z|[a-z_]{1,12}=[0-9]{1,12}\Z|[0-9]{1,4}-[a-z]{3,9}\Z"
)  # statsd, a grammar, a field
_COLOUR = Lazy(rb"#[0-9a-fA-F]{3,8}\Z|(?:rgb|hsl)a?\(.*")
UUID = Lazy(rb"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\Z")
_HEX = Lazy(rb"(?:0x)?[0-9a-f]{6,}\Z|[0-9A-F]{6,}\Z")
VERSION = Lazy(rb"(?:HTTP/)?[\^~<>=]{0,2}(?:\d:)?v?\d+(?:\.\d+){1,3}(?:[-+.~][a-z0-9.~+-]{0,40}|[a-z]+\d*)?\Z")
_HOST = Lazy(
    rb"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:/.*)?\Z|\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\Z|localhost(?::\d+)?\Z|"
    rb"[\w.+-]+@[\w-]+(?:\.[\w-]+)+\Z|arn:aws.*\Z|(?:[a-z]+:)?(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:/\d+)?\Z|"
    rb"(?:(?:[a-z]\w{0,40}\.){2,8}[\w$]{1,80}|(?:[A-Z][a-z]+){2,})@[0-9a-f]{4,8}\Z"
)
_WORDS = Lazy(
    rb"(?:[A-Z]?[a-z]++|[A-Z]++)(?:[-_ ./:](?:[A-Z]?[a-z]++|[A-Z]++))*+(?:[-_. ]?v?\d{1,4}(?:\.\d+)*)?\Z"
    rb"|_?[a-z]++\d{0,5}(?:[_.][a-z]++\d{0,4}|_\d{1,4}[a-z]{0,2})++\Z|(?=[\w.:-]*[a-z]{4})[a-z]++\d{0,3}(?:[-_.:](?:[a-z]++\d{0,3}|\d{1,4}))++\Z|[a-z]{3,}[24][a-z]{3,}\Z|[a-z]{6,}\d[a-z]\Z"
    rb"|_?[A-Z]++(?:\d{1,4}[A-Z]?)?(?:_[A-Z]++\d{0,4}|_\d{1,6})++\Z|(?:[a-z]*+(?:[A-Z][a-z]++)*+[-_./:]){0,6}[a-z]*+(?:[A-Z][a-z]++)++\d{0,3}\Z"
)
_PARTED = Lazy(rb"[ ./:]|\A[A-Z]+(?:_[A-Z]+)+\Z")  # words of a path or a sentence, and the name of a constant
_DIGEST = Lazy(rb"(?:hmac-)?(?:sha(?:1|224|256|384|512)|md5|blake[23][bs]?|crc32)[:=-][A-Za-z0-9+/=]+\Z", re.IGNORECASE)
_KEPT = Lazy(  # where a secret is
    rb"arn:aws[\w-]*:\S+\Z|projects/[\w-]+/secrets/\S+\Z"
    rb"|(?:vault|hashivault|keyring|env|file|secretref|ssm|awsssm|secretsmanager|aws-sm|gcp-sm|gsm|azure-kv|akv|op|bws|sops"
    rb"|conjur|credstash|doppler|infisical):[A-Za-z/][\w./#@-]*\Z"
)
_KNOWN = Lazy(b"|".join((_DATE.pattern, _URL.pattern, _KEPT.pattern, b"(?i:" + _DIGEST.pattern + b")")))
_REFERENCE = Lazy(  # to a vulnerability, a bug, what a module holds
    rb"CVE-\d{4}-\d{4,7}\Z|[A-Za-z][\w./-]*#\d{1,7}\Z|[A-Za-z_]\w*(?:::[A-Za-z_]\w*)+-?\Z"
    rb"|/[A-Za-z]{3,20}=\Z|(?:[A-Za-z_]\w*\.)+__[a-z_]+__\Z"
    rb"|(?:[a-z0-9-]+/)?[a-z][a-z0-9.-]*-(?:token|dockercfg)-[a-z0-9]{5}\Z"  # of Kubernetes
)
_RELEASE = Lazy(rb"@?[A-Za-z][\w./@:=-]*[=@:-]v?\d+(?:\.(?:\d+|x|\*)){1,3}(?:[-+.][\w.+-]{0,40})?\Z")
_ALGORITHM = Lazy(
    rb"(?=[A-Za-z])(?:(?:AWS|GOOG|TLS|SSL|ECDHE?|DHE|RSA|EC?DSA|ED|X|HMAC|CURVE|SHA|SHAKE|AES|GCM|CBC|CCM|CTR|CHACHA|POLY|PBKDF|SCRAM|OAEP|PSS|PKCS|"
    rb"MD|KW|WITH|P|DES|EDE|SSH|CERT|V)?\d{0,5}(?:[-_@/.]|\Z))++\Z",
    re.IGNORECASE,
)
_LETTERS = Lazy(rb"[A-Za-z\x80-\xff '\".,:;?!()/&-]+\Z")  # what a text for people is made of
_NAMES_OF_SECRETS = tuple(
    name.encode() for field in ("passwords", "keys") for name in names(field) if len(name) > 4 or not name.isascii()
)
_SEED_PHRASE = Lazy(rb"(?:[a-z]{3,8}[ ,]{1,2}){11,23}[a-z]{3,8}\Z")
_CALLED = Lazy(rb"[A-Za-z_][\w.]*(?:\(|\[(?:\d+\]|[A-Z][a-z]+(?:[\[,]|\]\Z| \|)))")
_NUMBERS = Lazy(rb"[0-9]+")
_READS = Lazy(rb"[A-Z][a-z]{3,}(?:[A-Z][a-z]{1,2}(?![a-z]))?")
_NOTATION = Lazy(
    b"|".join(
        b"(?:" + part.pattern + b")"
        for part in (
            VERSION,
            _DATE,
            _HOST,
            _PATH,
            _FILE,
            _URL,
            _DIGEST,
            _RELEASE,
            _REFERENCE,
            _CALLED,
            _MEASURE,
            _PLACE_IN_FILE,
            _POINTER,
        )
    )
    + b"|(?i:"
    + _ALGORITHM.pattern
    + b")"
    + b"|(?i:"
    + _NUMBER.pattern
    + b")"
)
_B64 = Lazy(rb"/[A-Za-z0-9+/]+={0,2}\Z")
_DIGITS = b"0123456789"
# What stands in no notation, and in no code but for a few words:
_ODDLY = b"_!@$%^*+~" + _DIGITS + b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHOSEN = Lazy(
    rb"(?!lambda|await|function|pk_|sb_|phc_)(?=\D*[0-9])[A-Za-z0-9][\w!@$%^+~]{8,}\Z"
)  # a password with digits, of which nothing else holds that makes one none
_HUMP = Lazy(rb"[a-z][A-Z]+[a-z]")
_CAMEL = Lazy(rb"[A-Za-z]?[a-z]{2,}(?:[A-Z][a-z]{2,})*\Z")
_PAIR_OR_WORDS = Lazy(rb"\s|[A-Za-z0-9]=[^=]|\.\*|[!:][^{}]{0,12}\}")
_NO_NAME = Lazy(rb"[0-9][^0-9]+[0-9]|\A[0-9][a-z]")
_SENTENCE = Lazy(rb"(?:\A| )(?:[Aa]n?|[Tt]he|is|are|to|of|that|for|your|must|be|not|in|and|or|with) ")
_STANDS_FOR = Lazy(
    rb"(?i:example|your[-_ ]|[-_]here\b|change[-_]?me|placeholder|replace[-_]?me|dummy[-_]|xxxxxx|insert[-_]"
    rb"|abcdefghijklmnopqrstuvwxyz)"
    rb"|\A ?[+%,] |\A ?--[a-z][a-z-]*(?:[= ]|\Z)|\Arealm=|\(\?[:=!<P]|\{\d,\d*\}|\[\^"
    rb"|\{[A-Za-z_][\w.]*(?:(?:\(.*\)|\[.*\])[\w.]*)?(?:![rs])?\}|%s(?![A-Za-z0-9])"
    rb"|\A!!?(?:str|binary|int|float|vault|secret|Ref|Sub|GetAtt|env|env_var|ENV|include|reference|encrypted)\b"
)
_MAY_STAND_FOR = Lazy(
    rb"example|place|your|change|here|xxxxxx|dummy|insert|realm=|\(\?|\{|\[\^|uvwxyz|%s"
)  # an eighth of its price
_MAY_BE_EXAMPLE = Lazy(
    rb"example|place|change|xxxxxx|uvwxyz"
)  # what is left of it where there are letters and digits alone
_PUBLISHED = Lazy(rb"pk_(?:live|test)_[A-Za-z0-9]{16}|sb_publishable_|phc_[A-Za-z0-9]{30}|pk\.eyJ")  # meant to be seen
# The secret of a value that tells more: user:password@host, user@realm!token=secret, .pgpass, account:HMAC, key/scope.
_WITHIN = Lazy(
    rb"[A-Za-z][\w.+-]*:([^\s:/@]{4,}|\0)@[\w-]+(?:\.[\w-]+)*(?::[0-9]{1,5})?\Z"
    rb"|[\w.-]+@[\w-]+![\w.-]+=([0-9a-f-]{36}|\0)\Z"
    rb"|(?:[\w.-]+|\*):(?:[0-9]{2,5}|\*):[\w*-]+:[\w.*-]+:([^\s:]{4,}|\0)\Z"
    rb"|[a-z0-9]{3,24}:([A-Za-z0-9+/]{27,86}={1,2}|\0)\Z"
    rb"|([A-Z0-9]{20}|\0)(?:/|%2[Ff])[0-9]{8}(?:/|%2[Ff])[\w./%-]{4,80}_request\Z"
)
_OF_TWO = Lazy(rb"(?i:auth_?ident|user_?(?:pass|pwd)|creds?|credentials?|basic_?auth)\Z")  # a user and a password
_TWO = Lazy(rb"[A-Za-z][\w.@+-]*:([^\s:/@]{6,}|\0)\Z")
LEFT = Lazy(rb"(?:[\w.-]+@[\w-]+![\w.-]+=|[\w.*+-]+(?::[\w.*-]+){0,4}:)\0")  # what is left when that has been found
_ANY = Lazy(rb"[A-Za-z0-9\x80-\xff]")
_SIGNS = frozenset(bytes((sign,)) for sign in b" +%,-!")  # how the anchored parts of `_STANDS_FOR` begin
_FILLS = frozenset(bytes((sign,)) for sign in b"*xX.-_#?\xe2\x80\xa6\x97\x8f[<(${%@:&/ \\")  # how `_FILLER` begins
_SHOWN = frozenset((b"[", b"p", b"s"))  # how a placeholder of ours and what is published begin
_PLACES = frozenset((b"~", b".", b"/"))
_SIGNED = frozenset(bytes((sign,)) for sign in b"+-0123456789")
_WEAK, _PASSWORD = Verdict.WEAK, Verdict.PASSWORD  # a member looked up in its class costs 0.1 µs
_NUL, _STAR, _DOT, _COLON = b"\0*.:"  # a number is looked for in bytes at a fifth of the price of bytes
_LONG = 16  # letters and digits of a token that is plainly one
_SHORTEST = 4  # letters that a password has at least
_WEAKEST = 8
_APART = str.maketrans("", "", " '-")
_LONGEST_PLACEHOLDER = 512  # also what keeps a line of nothing but placeholders from being read again and again


def entropy(value: bytes) -> float:
    """Return the Shannon entropy of a value in bits per byte."""
    size = len(value)
    return -sum(n / size * log2(n / size) for n in Counter(value).values()) if size else 0.0


def as_random_as(value: bytes, floor: float) -> bool:
    """Return whether a value's entropy reaches a floor in bits per byte; many different bytes are taken as enough."""
    different = len(set(value))
    if different < 2**floor:
        return False
    return different >= 2**floor + 6 or entropy(value) >= floor


def mixed(value: bytes) -> bool:
    """Return whether a run of characters is of the mixed kind that people do not write: digits in letters, cases mixed."""
    if value.isalnum():
        if not value.isalpha() and not value.isdigit():
            return True
    elif len(value.translate(None, _DIGITS)) < len(value) and value.swapcase() != value:
        return True
    return bool(_HUMP.search(value)) and not _CAMEL.match(value) and not reads_as_name(value)


def random_looking(value: bytes) -> bool:
    """Return whether a value looks drawn at random rather than written: long, mixed, no known notation."""
    if len(value) < _WEAKEST or not mixed(value):
        return False
    plain = value.isalnum()
    if (not plain and _PAIR_OR_WORDS.search(value)) or reads_as_name(value):
        return False
    if plain and len(value) >= _LONG and not _HEX.match(value):
        return len(set(value)) > 7 and _POINTER.match(value) is None
    if _NOTATION.match(value) or UUID.match(value) or _WORDS.match(value):
        return False
    return len(set(value)) >= min(6, len(value) // 2)


def reads_as_name(value: bytes) -> bool:
    """Return whether most of a value is capitalised words, as in the name of a class: `ed25519.Ed25519PrivateKey`."""
    value = value.rpartition(b".")[2]
    return not _NO_NAME.search(value) and 2 * sum(map(len, _READS.findall(value))) > len(value)


def of_words(name: bytes) -> bool:
    """Return whether a name of a program is put together of words: `refresh_token`, `rsa.RSAPublicKey`."""
    return reads_as_name(name) if b"." in name else b"_" in name and not mixed(name)


def within(name: bytes, value: bytes) -> re.Match[bytes] | None:
    """Find the secret within a value that tells more; it is the last group."""
    return _WITHIN.match(value) or (_TWO.match(value) if _OF_TWO.search(name) else None)


def is_placeholder(value: bytes) -> bool:
    """Return whether a value says itself that it stands for another: `your-key-here`, a documented example."""
    if len(value) > _LONGEST_PLACEHOLDER:
        return False
    low = value.lower()
    may = _MAY_BE_EXAMPLE.search(low) if value.isalnum() else low[:1] in _SIGNS or _MAY_STAND_FOR.search(low)
    return bool(may and _STANDS_FOR.search(value))


def is_secret(verdict: Verdict, value: bytes, *, quoted: bool) -> bool:
    """Return whether a value is a secret, given how much its key says.

    Args:
        verdict: What `keynames.classify` says of the key.
        value: The bare value, without its quotes.
        quoted: Whether it stood in quotes; code stands outside of them.
    """
    if _NUL in value:  # a placeholder; what stands beside it is judged
        value = value.replace(b"\0", b"")
    plain = value.isalnum()
    if plain and len(value) >= _LONG and not value.isalpha():  # most tokens: hardly anything below can hold of one
        if is_placeholder(value):
            return False
        if verdict is _WEAK:
            return random_looking(value)
        return verdict is _PASSWORD or not value.isdigit()
    if verdict is _PASSWORD and _CHOSEN.match(value):
        return not is_placeholder(value)
    odd = plain or not value.translate(None, _ODDLY)
    first = value[:1]
    if not plain and (
        not (first.isalnum() or _ANY.search(value))
        or (first in _SHOWN and (value.startswith(PLACEHOLDER) or _PUBLISHED.match(value)))
        or ((_STAR in value or b"..." in value) and _MASKED.match(value))
        or (not quoted and (value.startswith(_IN_CODE) if odd else _MAY_BE_CODE.search(value)) and _CODE.match(value))
    ):
        return False
    if quoted and odd and value.isalpha() and _is_for_people(value, verdict):
        return False
    says_nothing = value.lower() in _HARMLESS if odd else _says_nothing(value)
    if says_nothing or (first in _FILLS and _FILLER.match(value)) or is_placeholder(value):
        return False
    if verdict is _WEAK:
        return random_looking(value.strip(b"\"'")) and not (len(value) < _LONG and _HEX.match(value))
    if not odd and _SEED_PHRASE.match(value):
        return True
    if not odd and ((value.count(b" ") > 1 and _SENTENCE.search(value)) or _KNOWN.match(value)):
        return False
    if quoted and not odd and _LETTERS.match(value) and _is_for_people(value, verdict):
        return False
    if verdict is _PASSWORD:
        return _is_password(value, quoted=quoted)
    return _is_token(value, quoted=quoted)


def _says_nothing(value: bytes) -> bool:
    """Return whether a value is a word that is no secret, or a pair of two: `user:password`."""
    word = value.strip(b"\"'{}<>():.,;").lower()
    return word in _HARMLESS or (_COLON in word and _HARMLESS.issuperset(word.split(b":", 1)))


def _is_for_people(value: bytes, verdict: Verdict) -> bool:
    """Return whether letters and blanks are a text that programs show: `Neues Passwort`, `Забылі пароль?`."""
    text = value.decode("utf-8", "replace")
    if " " in text and (verdict is not _PASSWORD or text[-1] in "?!.:" or not (text.isascii() or text[0].islower())):
        return True
    told = text.lower().translate(_APART).encode()
    return (" " in text and b"password" in told) or any(name in told for name in _NAMES_OF_SECRETS)


def _is_password(value: bytes, *, quoted: bool) -> bool:
    if len(value) < _SHORTEST and value.isalpha():
        return False
    if not value.isascii() and len(value.decode("utf-8", "replace")) < _SHORTEST:
        return False
    if len(value) < (1 if quoted else 3):
        return False
    if not quoted and (
        (value.replace(b"_", b"").isalpha() and _NAMES_A_SECRET.match(value))
        or ((value[:1] in _PLACES or _COLON in value) and _PATH.match(value) and not _is_key_with_slash(value))
    ):
        return False
    if value[:1] in _SIGNED and _NUMBER.match(value):
        return len(value) >= 4
    if _DOT not in value:
        return True
    return not _FILE.match(value) and (quoted or value[:1] != b"v" or not VERSION.match(value))


def _is_token(value: bytes, *, quoted: bool) -> bool:
    if len(value) >= _LONG and value.isalpha() and value.isupper():
        return True  # no word is as long
    if len(value) < 5 or (_NUMBER.match(value) and len(value) < 6):
        return False
    if (_NOTATION.match(value) or _COLOUR.match(value)) and not _is_key_with_slash(value):
        return False
    if value.count(b"/") > 1 and not any(map(_is_drawn, value.split(b"/"))):
        return False  # a path within something: projects/acme/secrets/token/versions/2
    if _WORDS.match(value) and not (quoted and len(value) >= 12 and not _PARTED.search(value)):
        return False
    return not (_NAMES_A_SECRET.match(value) or _NAME_OF_ONE.match(value))


def _is_key_with_slash(value: bytes) -> bool:
    """Return whether what looks like a path is base64 that happens to begin with a slash."""
    parts = value[1:].split(b"/")
    drawn = (len(part) < _SHORTEST or _is_drawn(part) for part in parts)
    return value[:1] == b"/" and len(value) > _LONG and _B64.match(value) is not None and all(drawn)


def _is_drawn(part: bytes) -> bool:
    """Return whether a part of a path is no name: `iE+EjxfpKf`."""
    return mixed(part) and not _WORDS.match(part) and not reads_as_name(part)
