"""Which key names say that their value is a secret: `db_master_password` does, `token_count` does not.

A key is split into words (`stripeSecretKey` is stripe, secret, key). The last word that names a secret decides,
together with what stands before it (`public_key`) and after it (`token_count`, `password_v2`). Pure; knows no text.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.spelling import names


class Verdict(IntEnum):
    """How strongly a key suggests that its value is secret."""

    NO = 0
    WEAK = 1
    """The value is a secret if it looks random."""
    STRONG = 2
    """The value is a secret unless it is plainly something else."""
    PASSWORD = 3
    """As STRONG, and words and numbers count too: people choose these."""
    HEADER = 4
    """An Authorization header: a scheme may stand before the secret."""
    COOKIE = 5
    """A Cookie header: pairs, each of which is judged alone."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PASSWORDS = _set(
    "password passwd passphrase passcode pwd passwrd passw psk userpass passe contrasenya authtok"
) | names("passwords")
_FOREIGN_PASSWORDS = tuple(name for name in _PASSWORDS if not name.isascii())
_SHORT_PASSWORDS = _set("pass pw pswd psw pin")  # passwords when something stands before them: DB_PASS, but not pass=12
_PASS_NO = _set(  # of a filter, a compiler, a renderer, a test: what passes there is counted and called
    """
    low high band all first second third last final next prev previous each per num number total max min forward backward
    render shadow depth compiler optimization optimizer single two multi tests is has in out
    """
)
_PIN_STRONG = _set(
    "user card sim account security login access device unlock admin voicemail phone wallet puk bank hsm token"
)
_TOKENS = _set(
    """
    secret token apikey authkey secretkey accesskey privatekey credential credentials creds cred jwt bearer
    authtoken accesstoken refreshtoken sessiontoken idtoken clientsecret appsecret apisecret apitoken authcode
    passkey privkey keystring sas jws jwe keypass storepass connectionstring accountkey sharedaccesskey
    sharedsecret masterkey
    jeton geheimnis segredo secreto segreto
    encryptionkey signingkey csrftoken xsrftoken csrf xsrf csrfmiddlewaretoken mnemonic otp totp cvv cvc
    """
)
_WEAK = _set(
    """
    clave chave appkey auth session sessionid sid sessid jsessionid phpsessid salt ticket nonce_secret authenticity dsn
    samlresponse samlrequest assertion authorizationcode webhook tokens secrets passwords keys
    """
)
_KEY_STRONG = _set(
    """
    api access secret private signing sign encryption encrypt decryption master auth account shared service app
    application client subscription ssh deploy admin root session consumer webhook hmac aes fernet cipher crypto
    wallet write read ingest ingestion integration security license licence rest server personal user jwt
    unseal recovery seed activation provisioning enrollment enrolment enroll pairing setup registration installation
    onboarding
    storage backup sas cosmos eventgrid function functions host merchant live sandbox bearer symmetric
    preshared wg publishable agent
    """
)
_OF_VENDOR = ("api", "openai")  # how names of vendors and their services end: RAPIDAPI_KEY, azure openai key
_SEED_BEFORE = _set("seed recovery secret backup mnemonic wallet")  # phrases that open a wallet
_CODE_STRONG = _set("recovery backup scratch activation enrollment enrolment")  # of a second factor or a device
_KEY_NO = _set(
    """
    get instance public primary foreign partition sort cache object idempotency group dedup deduplication i18n translation
    recv receive send export import gpg symbol
    dedupe deduplicate correlation tracking content artifact snapshot blob layer kafka topic partitioned
    message row hash range index unique composite natural surrogate map dict json config metric tag label search
    lookup s3 file path entry sequence shard column meta context state feature flag hot arrow enter escape tab
    shift control registry issue project jira event job task step lock redis bucket item record field property
    attribute option setting node parent child sub top any other same each every next previous last first
    duplicate invalid missing unknown unexpected no press type sshpub pub verify verification verifying kms
    trace request response param query alphabet order lang locale resource data binding keyboard dimension
    counter gauge measurement series join merge routing grouping aggregate conflict business hashed cluster
    clustering soft function_name by per socket websocket
    """
)
_AFTER_FINE = _set(
    """
    code base value values v val prod production dev development staging stage test testing live old new current
    primary secondary default raw plain plaintext text string str b64 base64 hex encoded enc env hash digest
    confirmation confirm repeat again header param parameter next previous prev backup main master root admin
    data content body rw ro write read global local override temp temporary initial bootstrap v1 v2 v3 key
    secret token is was cleartext
    """
)
_AFTER_NO = _set(
    """
    count counts type types id ids name names length len size ttl lifetime expiry expires expiration expired exp
    age days seconds minutes hours ms timeout limit limits max min budget usage used total per rate rotation
    rotated reset required require requires enabled enable disabled disable policy file files path paths dir
    directory location url uri endpoint host port ref reference refs arn version versions provider providers
    manager store helper method mode kind status state valid invalid validity validation validator verified
    missing present set exists supplied provided configured changed match matches failed failure attempts
    retries strength score hint prompt field label index number num idx position offset map maps list spec
    schema template format algorithm alg scheme issuer audience owner user username holder source sources
    created updated at on in by from to for with last first time timestamp date created_at updated_at
    refresh_interval interval cache bucket class factory service services server client handler middleware
    filter func function usages prices cost costs price speed throughput s sec second minute hour day week month
    bits bytes kb mb suffix prefix regex pattern rule rules scope scopes permission permissions group role roles
    management generation generator generated rotating loaded found ok error errors warning message msg info
    debug log logs logger test_id stdin prefix_id public fingerprint thumbprint sha sha256 sha1 md5 md checksum kid
    alias mount engine backend hidden masked redacted column row table sent received requested required_at
    auth_method_id none chars characters word words ids_count embedding embeddings dim window windows context
    remaining left quota balance identifier identifiers identity compatible spdx bytesize parser pos logits namespace ns cls
    hasher hashers
    logprob logprobs mask masks ratio color colour colors background bg border shadow width height font radius
    spacing style styles css ca cert certificate chars character icon keyframes selector
    """
)
_FOREIGN_KEYS = tuple(name for name in names("keys") if not name.isascii())
_OF_VENDORS = _set(  # headers and settings that hold a key, though no word of theirs says so
    """
    xhoneycombteam xjfrogartapi xovhconsumer xidentityheader cometsdkapi xmetabasesession xtableauauth xebayapicertname
    openweatherappid openweathermapappid wolframappid wolframalphaappid hereappcode sonarlogin cypressrecordkey
    airbrakeprojectkey aspnetsessionid
    """
)
_WHOLE_NAMES = {
    "codeverifier": Verdict.STRONG,
    "vaultsecretid": Verdict.STRONG,
    "approlesecretid": Verdict.STRONG,
    "vaultapprolesecretid": Verdict.STRONG,
    "xclickhousekey": Verdict.PASSWORD,
    "schlüssel": Verdict.WEAK,
} | dict.fromkeys(_OF_VENDORS, Verdict.STRONG)
_NO_NAMES = _set(
    "issecret ispassword saslpasswd checkpass matchtoken usersigningkey"
    " exportsecretkeys exportsecretsubkeys listsecretkeys deletesecretkeys"
)  # a switch, the file of Postfix whose rows others read, CMake's mode; ids of keys, for git and GnuPG
_TOKEN_PARTS = _set(
    "page next continuation continue cursor sync pagination resume no stop pad eos bos unk sep cls special"
    " prefix suffix middle eot mask separator per idempotency"
)  # of pages and of texts
_TOKEN_ENDS = _set("input output")  # of a page in the descriptions of AWS; also of a step of GitHub, a secret
_NO_WORDS = _set("tiktoken subtoken multitoken")  # of a language model's text
_NEGATIONS = _set("no without skip disable disabled hide ignore never not non")
_AUTH_BEFORE = _set("redis rediscli valkey smtp mqtt ftp mongo broker queue memcached proxy imap")  # AUTH is a password
_COOKIE_STRONG = _set("session auth login sso remember")
_PAGERDUTY = _set("pagerduty duty pd")
_RUN_TOGETHER = Lazy(
    r"^(?:[a-z0-9]*(?:password|passwd|passphrase|secret|apikey|secretkey|accesskey|privatekey|authtoken|accesstoken|token)"
    r"|(?:ssh|db|pg|my|mysql|smtp|root|user|admin|ftp|redis|mail|login|web|auth|vnc|rpc|bind|ldap|sql|olcroot)(?:pass|pw|pwd))$"
)
_WORDS = Lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\x00-\x7f]+")


@lru_cache(maxsize=4096)
def classify(key: str) -> Verdict:
    """Return how strongly a key name suggests that its value is secret."""
    if len(key) > 200:
        key = key[-200:]
    words = [word.lower() for word in _WORDS.findall(key.removeprefix("-D"))]  # `java -Dtoken=...`
    if not words or (words[0] in _NEGATIONS and len(words) > 1):
        return Verdict.NO  # a switch such as --no-password has no value
    joined = "".join(words)
    if key in ("PWD", "OLDPWD") or joined in _NO_NAMES:
        return Verdict.NO  # the shell's working directory, a switch, a file
    if (
        joined in ("authorization", "proxyauthorization", "xauthorization", "xamzauthorization")
        or words[-1] == "authorization"
    ):
        return Verdict.HEADER
    if joined in _WHOLE_NAMES:
        return _WHOLE_NAMES[joined]
    if joined in _PASSWORDS or (not joined.isascii() and joined.endswith(_FOREIGN_PASSWORDS)):
        return Verdict.PASSWORD
    if not joined.isascii() and joined.endswith(_FOREIGN_KEYS):
        return Verdict.STRONG
    if joined in ("samlresponse", "samlrequest", "relaystate"):
        return Verdict.WEAK
    if joined in ("cookie", "setcookie", "cookie2", "xsetcookie"):
        return Verdict.COOKIE
    return _judge(words)


def _judge(words: list[str]) -> Verdict:
    """Judge by the last word that names a secret and by those after it."""
    for at in range(len(words) - 1, -1, -1):
        verdict = _noun(words, at)
        if verdict is not Verdict.NO:
            return _with_rest(verdict, words[at + 1 :])
        if words[at] in _AFTER_NO:
            return Verdict.NO
    return Verdict.NO


def _noun(words: list[str], at: int) -> Verdict:
    """Say what one word of a key names."""
    word = words[at]
    before = words[at - 1] if at else ""
    if word in _PASSWORDS:
        return Verdict.PASSWORD
    if word in _SHORT_PASSWORDS:
        alone = before not in _PIN_STRONG if word == "pin" else not at or (word == "pass" and before in _PASS_NO)
        return Verdict.WEAK if alone and words[at + 1 :] != ["code"] else Verdict.PASSWORD
    if word in ("code", "codes") and before in _CODE_STRONG:
        return Verdict.STRONG
    if word in ("phrase", "words") and before in _SEED_BEFORE:
        return Verdict.PASSWORD
    if word in ("key", "keys"):
        return _key(words[:at], len(words) - at - 1, plural=word == "keys")
    if word in _TOKENS:
        if before in _TOKEN_PARTS:
            return Verdict.NO
        return Verdict.WEAK if before in _TOKEN_ENDS else Verdict.STRONG
    if (word == "auth" and before in _AUTH_BEFORE) or (word == "cookie" and before == "erlang"):
        return Verdict.PASSWORD
    if word == "pat":
        return Verdict.STRONG if at else Verdict.WEAK
    if word == "cookie" and before in _COOKIE_STRONG:
        return Verdict.STRONG
    if word in _WEAK:
        return Verdict.WEAK
    if _RUN_TOGETHER.match(word) and word not in _NO_WORDS:
        return Verdict.PASSWORD if "pass" in word or word.endswith(("pw", "pwd")) else Verdict.STRONG
    return Verdict.NO


def _key(before: list[str], words_after: int, *, plural: bool) -> Verdict:
    """Say what kind of key `..._key` is, by the words before it."""
    if not before:
        return Verdict.WEAK if words_after else Verdict.NO
    if before[-1] == "routing" and not _PAGERDUTY.isdisjoint(before):
        return Verdict.STRONG  # of its events; a broker's is a name
    if before[-1] in _KEY_NO or "public" in before:
        return Verdict.NO
    if plural:
        return Verdict.WEAK
    return Verdict.STRONG if before[-1] in _KEY_STRONG or before[-1].endswith(_OF_VENDOR) else Verdict.WEAK


def _with_rest(verdict: Verdict, rest: list[str]) -> Verdict:
    """Weaken a verdict by the words that follow the noun."""
    if any(word in _AFTER_NO for word in rest):
        return Verdict.NO
    if all(word in _AFTER_FINE or word.isdigit() for word in rest):
        return verdict
    return min(verdict, Verdict.WEAK)
