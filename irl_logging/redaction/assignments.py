"""Secrets found by the name beside them: `key=value` in all its notations.

One automaton finds names that hold a telling word with something after them that may be a value; `keynames` judges the
whole name, and the value is read in the notation found there (quotes, JSON, YAML, XML, tables, flags, prose). Works on
bytes, on one view of a text at a time: escapes and colour codes have been taken off by `dress` before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.mistaken import GOES_ON, IDENTIFIER, is_something_else, repeats
from irl_logging.redaction.notations import (
    ASSIGN,
    ELEMENT,
    IS,
    JOINS,
    NEXT,
    PAIR,
    PLAIN,
    PROSE,
    QUOTES,
    READERS,
    SPACE,
    TABLE,
    VALUE,
)
from irl_logging.redaction.owners import by_the_word_before, is_owned, names_a_secret, told_by
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.plurals import under_plural
from irl_logging.redaction.values import (
    LEFT,
    UUID,
    VERSION,
    is_placeholder,
    is_secret,
    mixed,
    of_words,
    random_looking,
    reads_as_name,
    within,
)

Span = tuple[int, int, str]

_WORD = r"[\w.$@\x80-\xff-]"
_LONG = (
    "pass|pwd|secret|token|key|cred|cookie|session|signature|mnemonic|jwt|bearer|csrf|xsrf|licen[cs]e|webhook|kennwort|bindpw|rootpw|code_?verifier|wachtwoord|heslo|salasana|parola|jelszo|"
    "senha|contrase|clave|chave|jeton|geheimnis|segredo|secreto|segreto|schl\xc3\xbcssel|connection_?string|saml|assertion|hmac|ticket|"
    + "пароль|токен|секрет|ключ|密码|密碼|令牌|密钥|パスワード|トークン|비밀번호|토큰".encode().decode("latin-1")
)
_SHORT = "pw|pswd?|sid|sig|salt|seed|psk|otp|totp|pin|cvv|cvc|pat|sas|dsn|phpsessid|jsessionid|sessid"
_AUTH = rf"auth(?:{_WORD}{{0,8}}|{_WORD}{{8}}[^\sNn=:\"'\x00-]|{_WORD}{{10,}})"  # but `authorization`: others read that
NAME = (
    rf"(?:(?i:{_WORD}*(?:{_LONG}){_WORD}*|{_WORD}*{_AUTH}|(?:{_WORD}*[_.$@-])?(?:{_SHORT})(?:[_.-]{_WORD}*)?)"
    rf"|{_WORD}*[a-z](?:Pw|Sid|Sig|Pin|Otp|Psk|Pat|Sas|Salt|Seed)(?:[A-Z]{_WORD}*)?)"
)
_CLOSE = r"[\"'`*\])]*(?:\[[0-9]*\])?(?:[ \t]*\{[^{}\n]*\})?"
_RANDOM = r"(?:[^\s\x00]{0,24}?(?:[0-9]|[a-z][A-Z])|(?:[a-z]{3,12}-){3}[a-z])"
_BEGINS = r"(?:[^\s\x00,;})\]\"'`]|[\"'`]{1,3}[^\x00\"'`])"  # how a value does; a placeholder in quotes is none
NAMED = (
    rf"{NAME}(?:"
    rf"{_CLOSE}[ \t]*(?:[sS]tr(?:ing)?[ \t]*)?(?:=|:|->|\xe2\x86\x92)[=>]?[ \t\r\n]*{_BEGINS}"
    r"|[\"'][ \t\r\n]*,[ \t\r\n]*[bBuUrR]?[\"'][^\x00]"
    rf"|{_CLOSE}[,;\s]\s*(?:[\w-]+\s*=\s*[\"'][\w -]*[\"']\s+)?[\"']?{VALUE}[\"']?\s*[:=]\s*[^\s\x00]"
    r"|[\"'`*=~]*[ \t]*(?:\||\xe2\x94[\x82\x83])[ \t|]*[^\s|\x00]"
    r"|\(\s*[bBuUrRfF]?[\"'][^\x00]"
    r"|</key>\s*<\w+>[^<\x00]|[\"']>[^<>\s\x00]"
    rf"|[\"']?[,;/][ ]?[\"']?{_RANDOM}"
    rf"|[\"'`]?[ \t]+(?:{JOINS})?{IS}?[\"'`(]?{_RANDOM})"
    rf"|<(?:\w+:)?{NAME}(?:[ \t][^<>]*)?>\s*(?:<!\[CDATA\[)?[^<>\s\x00]"
    rf"|(?:--?|/){NAME}[ \t]+[\"']?[^\s\x00-]"
    rf"|(?:setx|ENV|setenv|set -g?U?x)[ \t]+{NAME}[ \t]+[^\s\x00]"
)

_WHOLE = Lazy(rb"(?:<(?:\w+:)?)?((?:setx|ENV|setenv|set -g?U?x)[ \t]+)?([\w.$@\x80-\xff-]+)")
_SLASH, _DASH = ord("/"), ord("-")
_STORE = (b"/secrets/", b"/secret/")  # before the name and the version of a secret in a store, which is none
_TRAILING = frozenset(b".-")
_PLURAL = frozenset(b"sS")
_ALNUM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_JOINED = _ALNUM | frozenset(b":/")  # what a name that begins after it is only the rest of
_NO, _STRONG = Verdict.NO, Verdict.STRONG  # a member looked up in its class costs 0.1 µs
_PASSWORD, _HEADER = Verdict.PASSWORD, Verdict.HEADER
_AFTER_QUERY = Lazy(
    rb"(?<=.)#|(?<=[\w.~=-]{16}),(?=(?:[a-z]{2,16}|[0-9]{1,12})(?:,|\Z)|[0-9]{4}-)"
)  # the fragment of a URL, or the next cell of its row
_LONGEST_QUERY = 4096  # bytes of a value that is cut at a fragment
_RUN = 16  # characters of a random run that is taken for a secret in a neighbouring cell, a path or brackets
_URI = 80  # bytes of a PKCS#11 URI before the label of its token
_CHOSEN = 9  # characters of a password that stands in prose with nothing but a blank before it
_BEFORE_PAIR = Lazy(rb"[(\[{][bBuUrR]?[\"']\Z")
_AFTER_PAIR = Lazy(rb"[\"']?\s*[)\]}]")
_BEFORE_CELL = Lazy(rb"(?:\||\xe2\x94[\x82\x83])[ \t]*[`\"'*=~]*(?:[\w.-]{1,20} ){0,3}\Z|(?:^|\n)[ \t]*\Z")
_AFTER_CELL = Lazy(rb"[`\"'*=~]*[ \t]*(?:\||\xe2\x94|$|\r?\n)")
_PASSPHRASE = Lazy(rb"(?:[a-z]{3,12}-){3,}[a-z]{3,12}\Z")
_PLACE = Lazy(rb"[~/.$@]|[A-Za-z]:[\\/]")  # how a path, a variable and a file to read begin
_ENDS = frozenset((b"\n", b"\r", b")", b"]", b",", b";", b" "))  # what stands after a closing quote
_TEST = Lazy(rb"[\w.+-]+[/._-][\w./+-]*\Z")  # what a test that has passed is called
_SELECTOR = Lazy(rb"[a-z-]+(?:\(|\s*[{,])")
_ATTRIBUTE = Lazy(rb"[a-z-]+=[\"'][A-Za-z_$]")
_LINE = Lazy(rb"[0-9]{1,6}:[^0-9]")
_METAVAR = Lazy(rb"[A-Z]+(?:[-_=][A-Z]+)*\]?\Z")
_FORM = Lazy(rb"=[<{\[$]")  # of a pair, as a help text has it: `--api-key openai=<key>`
_DECLARED = Lazy(rb"[*&][A-Za-z_]\w*(?:\(|\Z)")  # of C: `Token *next`, `ModulePass *createPass(Module &m)`
_TEMPLATE = Lazy(rb"(?:[A-Z][a-z]+){2,}<[A-Z]")  # of C++: `struct AcmePass : PassInfo<AcmePass>`
_TAKEN = Lazy(rb"-[a-z](?:\$\w+|[A-Z_]{2,})\Z")  # `mysql -p$PASSWORD shop`
_GENERATED = Lazy(rb"(?:[a-z]+-)+[a-z0-9]{4,10}\Z")  # what Kubernetes calls things: default-token-8xk2l
_LISTED = Lazy(rb"[\"']?[ \t]*\](?![{(*+?])")  # what stands after the only value of a list; no class of a pattern


def spans(
    data: bytes,
    search: Callable[..., Any],
    where: Any,
    allowed: Collection[str],
    *,
    once: bool = False,
    first: int | None = None,
) -> list[Span]:
    """Return start, end and rule id of each secret that stands beside a name that says so.

    Args:
        data: The text.
        search: RE2 search for `NAMED`.
        where: RE2's word for a search that is not anchored.
        allowed: Names, in lower case, that say nothing.
        once: Whether the first is enough.
        first: Where the search finds the first match; None where it has not been asked.
    """
    found: list[Span] = []
    at, size = 0, len(data)
    while at < size:
        place, first = search(where, data, at, size)[0][0] if first is None else first, None
        if place < 0:
            break
        before = data[place - 1] if place else 0
        plain = PLAIN.match(data, place) if before not in _JOINED else None
        if plain is not None and mixed(value := plain[4]):  # no reader could make of it anything else
            name = plain[1] or plain[2]
            at = place + len(name)
            verdict = _verdict(data, place, name, allowed)
            if (
                verdict is not _NO
                and not repeats(name, value, verdict)
                and is_secret(verdict, value, quoted=bool(plain[3]))
            ):
                at = plain.end()
                found.append((at - len(value), at, "password" if verdict is _PASSWORD else "secret-key-value"))
                if once:
                    break
            continue
        some, at = _beside(data, place, allowed)
        found += some
        if once and some:
            return found[:1]
    return found


def _beside(data: bytes, place: int, allowed: Collection[str]) -> tuple[list[Span], int]:
    """Return the secrets beside the name at `place`, in whatever notation stands there, and from where to look on."""
    whole = _WHOLE.match(data, place)
    if whole is None:
        return [], place + 1
    setting, name = whole.groups()
    at = whole.end()
    start = at - len(name)
    if name[-1] in _TRAILING:
        name = name.rstrip(b".-")
    end = start + len(name)
    verdict = _verdict(data, start, name, allowed)
    if verdict is _NO or (place and setting is None and data[place - 1] in _ALNUM):
        return [], at
    if name[-1] in _PLURAL and (several := under_plural(data, end, told_by(name[:-1]))):
        return several, max(at, several[-1][1])
    span = _value(data, start, end, verdict, spoken=setting is not None or name[0] == _DASH)
    if span is None or span[1] <= span[0]:
        return [], at
    return [(*span, "password" if verdict is _PASSWORD else "secret-key-value")], max(at, span[1])


def _verdict(data: bytes, start: int, name: bytes, allowed: Collection[str]) -> Verdict:
    """Judge a name; headers are other rules' business."""
    if name[0] == _DASH and _TAKEN.match(name) and data[start + len(name) :][:1].isspace():
        return _NO  # the value of a flag of one letter
    verdict = told_by(name)
    if verdict <= Verdict.WEAK:
        verdict = max(verdict, by_the_word_before(data, start, name))
    if verdict >= _HEADER or (allowed and name.decode("utf-8", "replace").lower() in allowed):
        return _NO
    return verdict


def _value(data: bytes, start: int, end: int, verdict: Verdict, *, spoken: bool) -> tuple[int, int] | None:
    """Read the value after a name; `spoken` where a blank is enough to part them."""
    following = data[end] if end < len(data) else 0
    for reader in READERS.get(following, QUOTES):
        if reader is PROSE and spoken:
            continue
        found = reader.match(data, end)
        if found is None:
            continue
        at, to, quoted = _where(data, found)
        value = data[at:to]
        if quoted and value[:1] in _ENDS:
            return None  # the quote ends the text that the name is the last of: `msgid "New password:"`
        if (
            reader is not ASSIGN
            and not _fits(reader, data, start, to)
            and not (reader is PAIR and (random_looking(value) or (verdict >= _STRONG and UUID.match(value))))
        ):
            continue
        if (part := within(data[start:end], value)) is not None:
            (at, to), verdict, quoted = _at_last(part, at), _PASSWORD, True
            value = data[at:to]
        if reader is PAIR and IDENTIFIER.match(value) and (of_words(value) or names_a_secret(value)):
            return None  # two names side by side: ("password", "refresh_token")
        if (
            not quoted
            and len(value) <= _LONGEST_QUERY
            and data[start - 1 : start] in (b"?", b"&")
            and (rest := _AFTER_QUERY.search(value)) is not None
        ):
            value, to = value[: rest.start()], at + rest.start()
        if repeats(data[start:end], value, verdict) or (not quoted and LEFT.match(data, at)):
            return None
        if following == _SLASH and (not value.isalnum() or data.endswith(_STORE, 0, start)):
            return None
        if reader is ASSIGN and data.startswith((b"::", b"==="), found.start("sep")) and not found["gap"]:
            return None  # a path of modules, a comparison
        if reader is ASSIGN and data[start - 1 : start] == b":" and found["sep"] == b":" and not found["gap"]:
            return None  # one part of a name of several, as in `arn:aws:secretsmanager:...:secret:name`
        if reader is ASSIGN and data[start : start + 1] == b"-" and found["sep"] == b"=" and not _PLACE.match(value):
            quoted = quoted or (b"(" not in value and _METAVAR.match(value) is None)  # no code on a command line
        if reader is ASSIGN and not quoted and _stands_for_its_value(data, start, name_end=end, at=at, value=value):
            return None
        if reader is NEXT or (reader is ASSIGN and found["open"]):
            alone = reader is ASSIGN and _LISTED.match(data, to) is not None
            return (at, to) if _is_drawn(value, verdict, alone=alone) else None
        if not quoted and (
            (data[to : to + 1] in (b"(", b"[") and IDENTIFIER.match(value)) or _TEMPLATE.match(data, at)
        ):
            return None  # a call or a subscription: code
        if reader is PROSE:
            numbered = any(48 <= c <= 57 for c in value) and (verdict is _PASSWORD or not reads_as_name(value))
            told = quoted or numbered or random_looking(value)
            if verdict < _STRONG or not (told or (verdict is _PASSWORD and _PASSPHRASE.match(value))):
                continue
        elif is_something_else(reader, data, found, value, verdict, quoted=quoted):
            return None
        return (at, to) if is_secret(verdict, value, quoted=quoted) else None
    return _after_blank(data, start, end, verdict, spoken=spoken)


def _is_drawn(value: bytes, verdict: Verdict, *, alone: bool) -> bool:
    """Return whether a value that a cell or a bracket parts from its name, which is little to go by, was drawn at random.

    Args:
        value: The value.
        verdict: What the name says.
        alone: Whether it is all that stands in square brackets: then a UUID and a chosen password count, too.
    """
    if len(value) >= _RUN and random_looking(value):
        return not is_placeholder(value) and (verdict >= _STRONG or (alone and b"/" not in value))
    chosen = verdict is _PASSWORD and len(value) >= _CHOSEN and mixed(value) and is_secret(verdict, value, quoted=True)
    return alone and verdict >= _STRONG and (chosen or UUID.match(value) is not None)


def _stands_for_its_value(data: bytes, start: int, *, name_end: int, at: int, value: bytes) -> bool:
    """Return whether name and value are the user of a URL, a file and what is wrong with it, or a flag in a help text."""
    before = data[start - 1 : start]
    if at == name_end + 1 and _LINE.match(value):
        return True  # `.git-credentials:1:...`: a file and where in it
    if data[start : start + 1] == b"." and at == name_end + 1 and _SELECTOR.match(data, at):
        return True  # of a style sheet: `.button-pass:before {`
    if (value[-1:] in b"-_" and data.startswith(b"...", at + len(value))) or _ATTRIBUTE.match(data, at):
        return True  # as much as a document shows of it: `API_KEY=sk-...`; or what comes next in an element
    if value[:1] == b"?" and data.endswith(b"${", 0, start):
        return True  # what a shell says where it is not set
    if before == b"/":
        if b"@" in value and data[start - 3 : start] == b"://":
            return True  # user and password of a URL: a rule of their own
        hashed = data.endswith(b"checksum/", 0, start)  # by a chart, in an annotation
        return hashed or (at > name_end + 1 and not mixed(value))  # `/etc/passwd: Permission denied`
    if data[start:at] == b"PASS: " and before in (b"", b"\n"):
        return _TEST.match(value) is not None  # the report of a test
    if data[start:at] == b"token=" and data.rfind(b"pkcs11:", max(0, start - _URI), start) >= 0:
        return True  # the label of a card
    return data[start : start + 1] == b"-" and _METAVAR.match(value) is not None


def _fits(reader: Lazy[bytes], data: bytes, start: int, to: int) -> bool:
    """Return whether what stands around name and value is what this notation has there."""
    if reader is PAIR:  # ('authorization', 'Bearer x'), or a flag in a list of arguments; not any two neighbours
        flag = data[start] == ord("-")
        return data[start - 1] in b"\"'" and (
            flag or bool(_BEFORE_PAIR.search(data, max(0, start - 4), start) and _AFTER_PAIR.match(data, to))
        )
    if reader is ELEMENT:
        return data[start - 1 : start] in (b"<", b":")
    if reader is TABLE:
        return bool(_BEFORE_CELL.search(data, max(0, start - 80), start) and _AFTER_CELL.match(data, to))
    return True


def _where(data: bytes, found: re.Match[bytes]) -> tuple[int, int, bool]:
    """Return where the value of a match is, without a sentence's end, and whether it stood in quotes."""
    group = found.lastgroup or "bare"
    at, to = found.span(group)
    if group != "bare":
        return at, to, True
    if data[to : to + 1] == b"`":
        return at, to, False  # all that stands in the cell of a table
    while to > at and data[to - 1] in b".,;:!?)]}":
        to -= 1
    return at, to, False


def _at_last(found: re.Match[bytes], at: int) -> tuple[int, int]:
    """Return where the last group of a match is in the text, of which the part from `at` on was matched."""
    start, end = found.span(found.lastindex or 0)
    return at + start, at + end


def _after_blank(data: bytes, start: int, end: int, verdict: Verdict, *, spoken: bool) -> tuple[int, int] | None:
    """Read a value that only a blank parts from its name: a flag's, or prose."""
    if not spoken and start and (data[start - 1] in b"/\\" or data.endswith(b"getent ", 0, start)):
        return None
    found = SPACE.match(data, end)
    if found is None:
        return None
    at, to, quoted = _where(data, found)
    value = data[at:to]
    if spoken:
        prose = value.isalpha() and value.islower() and GOES_ON.match(data, to)
        other = (
            prose
            or _METAVAR.match(value)
            or _FORM.match(data, to - 1)
            or (value[:1] == b"-" and (data[start] == _DASH or not random_looking(value)))
        )
        return (at, to) if not other and is_secret(verdict, value, quoted=quoted) else None
    if quoted and data[start - 1 : start] == b":":  # {:token "..."}, as Clojure has it
        return (at, to) if is_secret(verdict, value, quoted=True) else None
    if (part := within(data[start:end], value)) is not None:
        (at, to), verdict = _at_last(part, at), _PASSWORD
        value = data[at:to]
    if not quoted and _DECLARED.match(value):
        return None
    if verdict < _STRONG or b"=" in value.rstrip(b"=") or (value[:1] == b"-" and not quoted):
        return None
    chosen = (
        verdict is _PASSWORD
        and len(value) >= _CHOSEN
        and (mixed(value) or _PASSPHRASE.match(value) is not None)
        and not VERSION.match(value)
        and is_secret(verdict, value, quoted=quoted)
    )
    name = data[start:end]
    if UUID.match(value) and (quoted or b"_" in name or is_owned(data, start, name)):
        return at, to
    told = random_looking(value) and not _GENERATED.match(value) and is_secret(verdict, value, quoted=True)
    return (at, to) if chosen or told else None
