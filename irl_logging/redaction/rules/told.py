"""Secrets told in other languages than English: `Das Passwort für jane lautet …`, `パスワードは「…」です`, `clé d'API : …`.

The words are those of `languages`; a value has a digit or a sign, or quotes around it, so that sentences stay whole.
"""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.patterns import as_bytes
from irl_logging.redaction.rule import Rule
from irl_logging.redaction.rules.contexts import context
from irl_logging.redaction.spelling import head, literals, pattern

_NIST = "https://pages.nist.gov/800-63-4/sp800-63b.html"
_BIP39 = "https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki"
_B = as_bytes("(?:[ \t]|\u00a0|\u202f|\u3000)")
_ENDING = r"(?:[a-z]{0,2}|[\x80-\xff]{0,8})"
_CLOSE = as_bytes("(?:[\"'`*_)\\]]|»|”|“|」|』|】){0,3}")
_KIND = rf"(?:{_B}(?:{pattern('kinds')}))?"
_WHOSE = as_bytes("(?:{b}{{0,2}}(?:[(\\[][^()\\[\\]\n]{{1,40}}[)\\]]|（[^()\n]{{1,60}}）))?").format(b=_B) + (
    rf"(?:{_B}(?:{pattern('of')}|@)(?:{_B}[^\s:=]{{1,40}}){{1,3}}?)?"
)
_SIGNS = as_bytes("(?::|=>|=|->|→|⇒|—|–|：|＝|\\|)")
_WIDE = as_bytes("(?:：|＝)")
_LINE = as_bytes("(?:—|–)")
_SPOKEN = rf"{_B}{{1,3}}(?:{pattern('says', spaced=True)})"
_ENGLISH = r"(?i:passw(?:or)?d|passphrase|api[ _-]?key|(?:access|secret)[ _-]key|token|secret)"
_JOINED = (
    rf"(?:(?:{_SPOKEN}|{_B}{{0,2}}(?:{pattern('says', spaced=False)}))?{_B}{{0,3}}(?:{_SIGNS}|{_B}-{_B}){_B}{{0,3}}"
    rf"|{_SPOKEN}{_B}{{1,3}}|{_B}{{0,2}}(?:{pattern('says', spaced=False)}){_B}{{0,3}})"
)
_OPEN = as_bytes("(?:[\"'`*]{1,3}|«|„|“|”|‹|‚|‘|「|『|【|《)")
_SHUT = as_bytes("(?:[\"'`*]|»|“|”|›|’|‘|」|』|】|》)")
_GRAPH = r"[!#-&(-;=?-_a-~]"
_LAST = r"[A-Za-z0-9=+/_!*#$%&^~@?-]"
_TELLING = r"[0-9!#$%&*+=?@^~]"  # what a word of a sentence has not


_DRAWN = rf"{_GRAPH}{{0,200}}{_TELLING}{_GRAPH}{{0,200}}{_LAST}|{_GRAPH}{{3,200}}{_TELLING}"


def _told(least: int) -> str:
    """Return the pattern of what follows a name: whose it is, what joins, and a value of some bytes at least."""
    quoted = rf"(?:{_JOINED}|{_B}?){_OPEN}{_B}?([!-~]{{{least},200}}?){_B}?{_SHUT}"
    return rf"{_ENDING}{_CLOSE}{_KIND}{_WHOSE}(?:{_JOINED}(?:{_OPEN}{_B}?)?({_DRAWN})|{quoted})"


_WORD = r"(?:[0-9]{1,2}[.):][ \t]*)?[a-z]{3,8}(?:[\"'],\s{0,8}[\"']|[ ,\t\r\n]+)"
_WORDS = rf"((?:{_WORD}){{11,23}}(?:[0-9]{{1,2}}[.):][ \t]*)?[a-z]{{3,8}})"
_CODE = r"[A-Za-z0-9][A-Za-z0-9-]{3,}"
_CODES = rf"((?:[\"']?{_CODE}[\"']?[\s,;]+){{0,19}}[\"']?[A-Za-z-]{{0,12}}[0-9][A-Za-z0-9-]{{2,}})"
_PASSWORDS, _KEYS, _RECOVERY, _SEEDS = map(pattern, ("passwords", "keys", "codes", "seeds"))

RULES: tuple[Rule, ...] = (
    context(
        "told-password",
        "password told in another language than English",
        _NIST,
        f"(?:{_PASSWORDS}){_told(4)}",
        "Das Passwort lautet <alnum 16>",
        "Le mot de passe est <alnum 16>",
        "La contraseña es <alnum 16>",
        "Пароль: <alnum 16>",
        head=head("passwords"),
        keywords=literals("passwords"),
        near=(
            "Das Passwort ist abgelaufen",
            "mapIndex = field(9)",
            "hasLast = MessageSet(1)",
            "Пароль: неверный",
            "密码：不正确",
        ),
    ),
    context(
        "told-key",
        "key or token told in another language than English",
        _NIST,
        f"(?:{_KEYS}){_told(8)}",
        "API-Schlüssel: <alnum 32>",
        says=Verdict.STRONG,
        head=head("keys"),
        keywords=literals("keys"),
        near=("Le jeton d'accès a été révoqué.", "APIキーは無効です", "video-geheimnis-des-doms-100"),
    ),
    context(
        "told-letters",
        "random letters told as a password or a key in another language than English",
        _NIST,
        rf"(?:{_PASSWORDS}|{_KEYS}){_ENDING}{_CLOSE}{_KIND}{_WHOSE}{_JOINED}{_OPEN}?([A-Za-z_-]{{10,64}})(?:[^A-Za-z0-9_-]|$)",
        "Das Passwort lautet <letter 32>",
        "パスワード：<letter 32>",
        says=Verdict.WEAK,
        head="|".join(map(head, ("passwords", "keys"))),
        keywords=(*literals("passwords"), *literals("keys")),
        near=("Passwort: JavaScriptObjekt", "密码：passwordPolicyEnabled", "mot de passe: AuthentificationUnique"),
    ),
    context(
        "told-after-blank",
        "password after nothing but its name, in another language than English",
        _NIST,
        rf"(?:(?:{pattern('passwords', spaced=True)}){_ENDING}{_B}"
        rf"|(?:{pattern('passwords', spaced=False)})[\x80-\xff]{{0,8}}{_B}?)"
        rf"({_GRAPH}{{0,200}}{_TELLING}{_GRAPH}{{0,200}}{_LAST})",
        "вход с паролем <alnum 16>",
        says=Verdict.WEAK,
        head=head("passwords"),
        keywords=literals("passwords"),
        near=("пароль изменён", "密码长度为 12 位", "haslocal.append(124)", "class MapInt64ToInt64:"),
    ),
    context(
        "told-english-name",
        "secret of an English name, told in another language",
        _NIST,
        rf"{_ENGLISH}(?:{_SPOKEN}:?{_B}{{1,3}}|{_B}?{_WIDE}{_B}?|{_B}{_LINE}{_B}){_OPEN}?({_DRAWN})",
        "la password è <alnum 16>",
        "管理员 password：<alnum 16>",
        "Password — <alnum 16>",
        says=Verdict.STRONG,
        head=rf"{_ENGLISH}(?:{_SPOKEN}:?{_B}|{_B}?{_WIDE}|{_B}{_LINE}{_B})",
        keywords=("passw", "passphrase", "api", "access", "secret", "token"),
        allow=(
            r"[a-z]+[.,?]*(?:[&\\].{0,8})?",
            r"[a-z]+[0-9]{0,2}(?:_[a-z]+[0-9]{0,2})+",
            r"[0-9]+-bit",
        ),  # English, and names in it
        near=(
            "la password è scaduta",
            "Password — at least 8 characters",
            "token – v2.1.0",
            "which secret key is used?",
            "Rename inet6_token to decode_in6_addr",
            "(&quot;Password is wrong.&quot;);",
        ),
    ),
    context(
        "told-seed-phrase",
        "seed phrase of a wallet told in another language than English",
        _BIP39,
        rf"(?:{_SEEDS}){_ENDING}{_CLOSE}{_WHOSE}(?:{_JOINED}|{_B}?)[\s\[(]{{0,8}}{_OPEN}?{_WORDS}",
        "助记词：" + " ".join(["abandon", "ability", "able"] * 4),
        says=None,
        head=head("seeds"),
        keywords=literals("seeds"),
        near=("助记词：请妥善保管",),
    ),
    context(
        "told-recovery-codes",
        "recovery codes told in another language than English",
        "https://www.rfc-editor.org/rfc/rfc6238",
        rf"(?:{_RECOVERY}){_ENDING}{_CLOSE}{_WHOSE}{_JOINED}[\s\[(]{{0,8}}{_OPEN}?{_CODES}",
        "Wiederherstellungscodes: <lower 8> 4<lower 7>",
        says=None,
        head=head("codes"),
        keywords=literals("codes"),
        near=("Wiederherstellungscodes: keine",),
    ),
)
