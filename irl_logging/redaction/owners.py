"""Whose a key or token is in prose, by the word before: `fernet key` and `codecov token` are secrets, `cache key` is none."""

from __future__ import annotations

from functools import lru_cache

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy

_ARROW = "→".encode()  # between the number of a line and the line
_WORD_BEFORE = Lazy(rb"(?<![\w-])([A-Za-z][\w-]{1,30}) \Z")
_NO_OWNER = frozenset(  # words before `token` that do not say whose it is, or whose is no secret
    b"""the an this that each every any no one its his her your my our their new old first last next previous same other
    invalid expired unknown missing bad revoked with for of and or by to in on from is was as at request response
    idempotency correlation cancellation cancel fencing lock trace sync
    mention design text user function functions read live rest storage""".split()
)


@lru_cache(maxsize=4096)
def told_by(name: bytes) -> Verdict:
    """Return what a name in a text says of the value beside it."""
    return classify(name.rpartition(_ARROW)[2].decode("utf-8", "replace")) if name else Verdict.NO


def names_a_secret(value: bytes) -> bool:
    """Return whether a value is itself the name of a secret's place: `gs_oauth2_refresh_token`."""
    return b"_" in value and value.islower() and told_by(value) is not Verdict.NO


def by_the_word_before(data: bytes, start: int, name: bytes) -> Verdict:
    """Judge `key`, `keys` and `pat` in prose, which say little alone."""
    low = name.lower()
    told = low in (b"key", b"keys", b"pat") and is_owned(data, start, low[:3])
    return Verdict.NO if not told else Verdict.STRONG if len(name) == 3 else Verdict.WEAK


def is_owned(data: bytes, start: int, name: bytes) -> bool:
    """Return whether the word before a name in prose makes it one of a secret."""
    word = _WORD_BEFORE.search(data, max(0, start - 33), start)
    if word is None or (low := word[1].lower()) in _NO_OWNER or (name != b"key" and low.endswith((b"ed", b"ing"))):
        return False
    return told_by(low + b"_" + name) >= Verdict.STRONG
