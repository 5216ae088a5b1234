"""Secrets found by the name beside them: `key=value` in all its clothes.

One automaton finds identifiers that hold a telling word; `keynames` judges the whole name, and the text after it is
read as a value in the notation found there (quotes, JSON, YAML, XML, tables, flags, prose). Works on bytes, on one
view of a text at a time; escapes and colour codes have been taken off by `dress` before.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.values import is_secret, random_looking

TELLING = (
    "pass|pwd|pw|pswd|secret|token|key|auth|cred|cookie|sess|sid|sig|salt|seed|jwt|bearer|csrf|xsrf|psk|otp|pin|cvv|cvc|"
    "mnemonic|kennwort|senha|contrase|connection_?string|saml|assertion|hmac|dsn|licen[cs]e|ticket|webhook|pat|sas|"
    "\xd0\xbf\xd0\xb0\xd1\x80\xd0\xbe\xd0\xbb\xd1\x8c|\xe5\xaf\x86\xe7\xa0\x81|\xe3\x83\x91\xe3\x82\xb9\xe3\x83\xaf\xe3\x83\xbc\xe3\x83\x89"
)
_MODIFIER = "(?:api|access|secret|private|signing|encryption|master|account|auth|app|service|bind|root|shared) "
IDENTIFIER = f"(?i:(?:{_MODIFIER})?[\\w.$@\\x80-\\xff-]*(?:{TELLING})[\\w.$\\x80-\\xff-]*)"
# What must follow a name somewhere for it to matter; the gate asks for it, so it errs on the side of looking.
NEXT = r"(?:[\"'`*_\])]{0,6}[ \t]*(?:[=:|>(,;]|\n|-|\xe2)|[\"']?[ \t]+[\w\"'`(\x80-\xff/+$.-])"

_BARE = (
    rb"(?P<bare>(?:[^\s\"'`<>,;&|(){}\[\]\\\x00]"
    rb"|[,;&|(){}\[\]](?=[^\s\"'`<>,;&|(){}\[\]\\\x00])(?![\w.%-]{0,64}=|[\w.-]{0,64}: )"
    rb"|\\(?![nrtu\"'\\x]))++)"
)
_QUOTED = (
    rb"[bBuUrRfF]{0,2}(?:\"\"\"(?P<d3>.*?)\"\"\"|\"(?P<d>(?:[^\"\\]|\\.)*+)(?:\"|\Z)"
    rb"|'(?P<s>(?:[^'\\\n]|\\.)*+)'|`(?P<t>[^`\n]*+)`)"
)
_VALUE = rb"(?:" + _QUOTED + rb"|" + _BARE + rb")"
_TYPE = rb"(?:[ \t]*:[ \t]*(?:str|string|String|bytes|&str|SecretStr|any|Optional\[str\]|str \| None)[ \t]*(?==))?"
_ASSIGN = re.compile(
    rb"(?:[\"'`*_]{0,3}[\])]{0,2})"
    + _TYPE
    + rb"[ \t]*(?P<sep>:=|=>|->|==?|:)(?P<gap>[ \t]*(?:\r?\n[ \t]+(?![\w.-]+:|-))?)"
    + _VALUE,
    re.DOTALL,
)
_NAMED = re.compile(
    rb"[\"']?(?:[,;\s]\s*(?:[\w-]+\s*=\s*[\"'][\w -]*[\"']\s+)?|\s*\n\s*)[\"']?(?i:value|content|val)[\"']?\s*[:=]\s*"
    + _VALUE,
    re.DOTALL,
)
_PAIR = re.compile(rb"[\"']\s*,\s*" + _VALUE, re.DOTALL)
_TABLE = re.compile(rb"[ \t]*[|\xe2\x94\x82\x83]{1,3}[ \t]*[\"'`]?(?P<bare>[^\s|\"'`\xe2]+)")
_ELEMENT = re.compile(rb"(?:[ ][^<>]{0,200})?>\s*(?P<bare>[^<>\s][^<>\n]*)</")
_CALL = re.compile(rb"\(\s*[bBuUrRfF]?(?:\"(?P<d>(?:[^\"\\]|\\.)*+)\"|'(?P<s>(?:[^'\\\n]|\\.)*+)')\s*[,)]")
_SPACE = re.compile(rb"[\"']?[ \t]+" + _VALUE, re.DOTALL)
_PROSE = re.compile(
    rb"[ \t]+(?:(?:for|of|to|on|from|in|at)[ \t]+(?:the[ \t]+)?[\w.@+-]+[ \t]*)?"
    rb"(?:(?P<is>is(?: now)?|was|are|as|equals|to|reads)(?:[ \t]*:)?[ \t]+|:[ \t]+|=[ \t]*)" + _VALUE,
    re.DOTALL,
)


def value_span(match: re.Match[bytes]) -> tuple[int, int, bool]:
    """Return where the value of a match is, and whether it stood in quotes."""
    group = match.lastgroup or "bare"
    start, end = match.span(group)
    return start, end, group != "bare"


def spans(data: bytes, keys: Iterator[tuple[int, int]], allowed: Collection[str]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and rule id of each secret that stands beside one of the names at `keys`."""
    for start, end in keys:
        name = data[start:end].rstrip(b".-")
        verdict = classify(name.decode("utf-8", "replace"))
        if verdict is Verdict.NO or (allowed and name.decode("utf-8", "replace").lower() in allowed):
            continue
        yield from _after(data, start, start + len(name), name, verdict)


def _after(data: bytes, start: int, end: int, name: bytes, verdict: Verdict) -> Iterator[tuple[int, int, str]]:
    if verdict in (Verdict.HEADER, Verdict.COOKIE):
        return
    rule = "password" if verdict is Verdict.PASSWORD else "secret-key-value"
    for reader in (_ASSIGN, _NAMED, _PAIR, _TABLE, _ELEMENT, _CALL):
        found = reader.match(data, end)
        if found is None:
            continue
        at, to, quoted = value_span(found)
        to = _trimmed(data, at, to) if not quoted else to
        if is_secret(verdict, data[at:to], quoted=quoted) and not (
            reader is _ASSIGN and _prose_colon(data, found, at, to)
        ):
            yield at, to, rule
        return
    yield from _loose(data, start, end, name, verdict, rule)


def _prose_colon(data: bytes, found: re.Match[bytes], at: int, to: int) -> bool:
    """Say whether `password: word and more` is a sentence rather than an assignment."""
    if found["sep"] != b":" or not found["gap"] or data[at - 1 : at] in b"\"'`":
        return False
    value = data[at:to]
    if not value.isalpha() or not value.islower():
        return False
    rest = data[to : to + 2]
    return bool(rest.strip()) is False and rest[:1] == b" "


def _loose(
    data: bytes, start: int, end: int, name: bytes, verdict: Verdict, rule: str
) -> Iterator[tuple[int, int, str]]:
    """Read a value that stands after a blank: a flag's, or prose."""
    flag = name.startswith(b"-")
    if not flag and start and data[start - 1 : start] in b"/\\":
        return
    found = (None if flag else _PROSE.match(data, end)) or _SPACE.match(data, end)
    if found is None:
        return
    at, to, quoted = value_span(found)
    to = to if quoted else _trimmed(data, at, to)
    value = data[at:to]
    if flag:
        if not value.startswith(b"-") and is_secret(verdict, value, quoted=quoted) and not value.isupper():
            yield at, to, rule
    elif found.re is _PROSE:
        if (
            verdict >= Verdict.STRONG
            and is_secret(verdict, value, quoted=quoted)
            and (quoted or any(48 <= c <= 57 for c in value) or random_looking(value))
        ):
            yield at, to, rule
    elif random_looking(value):
        yield at, to, rule


def _trimmed(data: bytes, at: int, to: int) -> int:
    """Take a sentence's end off a bare value."""
    while to > at and data[to - 1] in b".,;:!?)]}":
        to -= 1
    return to
