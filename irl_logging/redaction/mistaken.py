"""What is easily mistaken for the value of a name: a sentence that goes on, code, the name once more."""

from __future__ import annotations

import re

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.notations import ASSIGN, CALL, PAIR, TABLE
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.values import UUID, mixed, random_looking

IDENTIFIER = Lazy(rb"[A-Za-z_$][\w$]*(?:(?:\.|::|->)[A-Za-z_$][\w$]*)*\Z")
"""A name of a program, also a dotted one."""
_ALNUM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
_TELLING = 9  # letters of a name that a value does not hold by chance
_ANNOTATION = Lazy(rb" (?:\| |= )|\)? ?->")  # what follows the type of a parameter
_OPERATOR = Lazy(rb" (?:[-+*/]|if|or|and|else) [\w(\"']")  # what follows the first part of an expression
_CAPITALS = Lazy(rb"[a-z]?(?:[A-Z][a-z]+)*(?:[A-Z]{1,5}|[A-Z][a-z]+)\Z")
GOES_ON = Lazy(rb" [a-z][\w-]*[ \n]+\w|'[a-z]")  # a sentence, after its first word
_SAYS_MORE = Lazy(rb"[ /][A-Za-z][\w/-]*(?: [A-Za-z][\w/-]*)*\.(?:\s|\Z)")  # to its full stop
_ASSIGNED = Lazy(rb"[ \t]+[-+*/|&:]?=[ \t]")
_KEYWORD = Lazy(rb"[A-Za-z_]\w*=[^=]")  # of a call, with its value
_OF_VARIABLE = Lazy(rb"_(?:ENV|VAR)\Z", re.IGNORECASE)
_SUFFIX = 4  # bytes of that
_READS = Lazy(rb"(?:get|fetch|find|delete|read|load|lookup)_?[A-Za-z]+\Z")
_FURTHEST = 40  # bytes of the name of a function
_CONSTANT = Lazy(rb"[A-Z]+(?:_[A-Z0-9]+)+\Z")
_SNAKE = Lazy(rb"[a-z]+(?:_[a-z]+)+\Z")
_LOWER = Lazy(rb"[a-z]+(?:_[a-z]+)*\Z")
_ENTRY = Lazy(rb"[\"']: ")
_CLOSES = frozenset((b",", b"}", b")"))
_CASE = 0x20  # the bit that upper and lower case differ in
_STRONG, _PASSWORD = Verdict.STRONG, Verdict.PASSWORD  # a member looked up in its class costs 0.1 µs


def is_something_else(
    reader: Lazy[bytes], data: bytes, found: re.Match[bytes], value: bytes, verdict: Verdict, *, quoted: bool
) -> bool:
    """Return whether what looks like a value is a sentence, code, or the argument of a function about secrets."""
    if reader is ASSIGN and _names_another(data, found, value, verdict):
        return True
    if reader is ASSIGN and not quoted:
        at, to = found.start("bare"), found.start("bare") + len(value)
        return _is_sentence(data, found, at, to) or _is_code(data, found, value)
    if reader is TABLE:
        return not mixed(value) or b"<" in value  # of generics: `Token | Array<RegExp | Token>`
    if reader is PAIR and not quoted:
        return _KEYWORD.match(value) is not None
    if reader is CALL:
        if _READS.search(data, max(0, found.start() - _FURTHEST), found.start()):
            return True  # get_password("service", user)
        drawn = random_looking(value) or (verdict is _STRONG and UUID.match(value))
        return b" " in value or (verdict is not _PASSWORD and not drawn)
    return False


def _names_another(data: bytes, found: re.Match[bytes], value: bytes, verdict: Verdict) -> bool:
    """Return whether a value is the name of a variable of the environment, or of one in a text about a program."""
    name_end = found.start()
    if _OF_VARIABLE.search(data, max(0, name_end - _SUFFIX), name_end) and _CONSTANT.match(value):
        return True  # TOKEN_ENV = "DEPLOY_TOKEN"
    return found["t"] is not None and verdict is not _PASSWORD and _SNAKE.match(value) is not None


def _is_sentence(data: bytes, found: re.Match[bytes], at: int, to: int) -> bool:
    """Return whether `password: word and more` goes on as a sentence does rather than ending like a value."""
    if found["sep"] != b":" or not found["gap"] or data[at - 1] in b"\"'`":
        return False
    value = data[at:to]
    if value.isalpha() and (_ANNOTATION.match(data, to) or (_CAPITALS.match(value) and _SAYS_MORE.match(data, to))):
        return True
    if value.isalpha() and value[1:].islower() and GOES_ON.match(data, to):
        return True
    if b")" in data[found.start() : found.start("sep")] and not mixed(value):
        return True  # (get_passphrase): Free the memory.
    return value.isalpha() and value.islower() and data[to : to + 1] == b" " and data[to + 1 : to + 2].islower()


def _is_code(data: bytes, found: re.Match[bytes], value: bytes) -> bool:
    """Return whether `name = value` is one variable given to another, or `name:` the end of a line of a program."""
    sep = found.start("sep")
    if found["sep"] in (b"->", b"=>") and not found["gap"] and IDENTIFIER.match(value) and not mixed(value):
        return True  # what a pointer leads to
    if _ENTRY.match(data, found.start()) and _LOWER.match(value) and data[found.end() : found.end() + 1] in _CLOSES:
        return True  # {"password": typed}: a text would stand in quotes as its name does
    if b"\n" in found["gap"] and IDENTIFIER.match(value) and _ASSIGNED.match(data, found.end()):
        return True
    if found["gap"] != b" " or data[sep - 1 : sep] != b" " or found["sep"] not in (b"=", b"==", b":="):
        return False
    if _OPERATOR.match(data, found.end()):
        return value.isdigit() or IDENTIFIER.match(value) is not None
    return bool(IDENTIFIER.match(value)) and not mixed(value)


def repeats(name: bytes, value: bytes, verdict: Verdict) -> bool:
    """Return whether a value ends in its own name, `RegOpenKeyEx = win32api.RegOpenKeyEx`, or is a name that holds it."""
    if len(name) > _TELLING and verdict is not _PASSWORD and (b"_" in value or b"." in value):
        own, other = _letters(name), _letters(value)
        last = value[max(value.rfind(b"_"), value.rfind(b".")) + 1 :]
        if (own in other or other in own) and IDENTIFIER.match(value) and not random_looking(last):
            return True
    if value and name and value[-1] in _ALNUM and name[-1] in _ALNUM and (value[-1] ^ name[-1]) & ~_CASE:
        return False
    last = _letters(value.rpartition(b".")[2])
    return len(last) > 4 and _letters(name).endswith(last)


def _letters(name: bytes) -> bytes:
    return name.translate(None, b"_-.\"' ").lower()
