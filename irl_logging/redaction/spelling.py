"""Patterns and names made of the words in `languages`: in either case, with and without marks, in bytes of UTF-8."""

from __future__ import annotations

import functools
import re
import unicodedata

from irl_logging.redaction.languages import LANGUAGES
from irl_logging.redaction.patterns import as_bytes

_UNSPACED = 0x0E00  # from Thai on words are not parted by blanks
_SPELT = {"ß": "ss", "ø": "o", "ł": "l", "ı": "i", "đ": "d", "æ": "ae", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue"}
_BETWEEN = re.compile(r"\|(?![^(]*\))")  # words, but not the choices within one
_START = r"(?:^|[^A-Za-z\x80-\xbf])"
_LONG = 6  # letters of a word that is known by itself, also at the end of a compound
_TELLING = 8  # letters of a word that are looked for first
_TOLD = 6  # bytes of one that are looked for before the pattern
_PARTED = 4  # and of one that a blank follows, which may be left out
_ENGLISH = "password"  # other rules look for it: `passwort` is told from it by as many letters
_NO_ALPHABET = 0x0900  # from here on letters are syllables or words
_BLANK = "(?:[ _-]|\xc2\xa0)?"
_LETTER = re.compile(r"(.)(\??)")
_SIGNS = {" ": (" ", "_", "-", "\xc2\xa0", ""), "'": ("'", "\xe2\x80\x99")}
_APART = str.maketrans("", "", " '")
_APOSTROPHE = "(?:'|\xe2\x80\x99)"


def pattern(field: str, *, spaced: bool | None = None) -> str:
    """Return the RE2 pattern, over bytes, of all words of one field of `LANGUAGES`.

    Args:
        field: Its name.
        spaced: Only words that blanks part from others, or only those of scripts without; None: all.
    """
    spell = _of_word if field in ("says", "of", "kinds") else _of_name
    words = {word for row in LANGUAGES.values() for word in _BETWEEN.split(getattr(row, field)) if word}
    if spaced is not None:
        words = {word for word in words if (ord(word.lstrip("(?:")[0]) < _UNSPACED) is spaced}
    return "|".join(map(spell, sorted(words, key=lambda word: (-len(word), word))))


def head(field: str) -> str:
    """Return a pattern that is found where one of those words is; far smaller than `pattern`, as many begin alike."""
    words = {word for row in LANGUAGES.values() for word in getattr(row, field).split("|") if word}
    begins = {word[: _TELLING + 2 * word.count("?")].rstrip() for word in words}
    return "|".join(map(_of_name, sorted(begins)))


@functools.cache
def literals(field: str) -> tuple[str, ...]:
    """Return what those words may begin with, in bytes, as `Rule.keywords` has it."""
    words = {word for row in LANGUAGES.values() for word in getattr(row, field).split("|") if word}
    return tuple({begin for word in words for begin in _begins(word)})


def _begins(word: str) -> list[str]:
    told = len(_ENGLISH) if word.startswith(_ENGLISH[:_TOLD]) else _TOLD
    begins = [""]
    for letter, maybe in _LETTER.findall(word):
        least = min(map(len, begins))
        if least >= told or (least >= _PARTED and letter == " "):
            break
        forms = _forms(letter)
        begins = [begin + form for begin in begins for form in (*forms, "")[: len(forms) + bool(maybe)]]
    return [begin[:told] for begin in begins]


@functools.cache
def _forms(letter: str) -> tuple[str, ...]:
    """Return the forms of a letter in bytes, in lower case where it is ASCII."""
    if letter in _SIGNS:
        return _SIGNS[letter]
    told = dict.fromkeys((letter, letter.upper(), _plain(letter), _SPELT.get(letter, letter)))
    return tuple(dict.fromkeys(as_bytes(form.lower() if form.isascii() else form) for form in told))


def names(field: str) -> frozenset[str]:
    """Return the words of one field of `LANGUAGES` in lower case without blanks, with and without marks."""
    words = {word.translate(_APART) for row in LANGUAGES.values() for word in getattr(row, field).split("|")}
    return frozenset(words | {"".join(map(_plain, word)) for word in words})


def states() -> frozenset[bytes]:
    """Return what is said of a password without telling it."""
    return frozenset(word.encode() for row in LANGUAGES.values() for word in row.states.split("|"))


def _plain(letter: str) -> str:
    """Return a Latin letter without its mark; any other as it is."""
    base = unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else _SPELT.get(letter, letter)


def _of_name(word: str) -> str:
    """Return the pattern of a name; a short one of an alphabet must not be the end of another, as `ключ` may be."""
    start = _START if len(word) < _LONG and ord(word[0]) < _NO_ALPHABET else ""
    return start + _of_word(word)


def _of_word(word: str) -> str:
    return "".join(map(_of_letter, word))


@functools.cache
def _of_letter(letter: str) -> str:
    """Return the pattern of one letter, in either case; a sign of patterns stays what it is."""
    if letter == " ":
        return _BLANK
    if letter == "'":
        return _APOSTROPHE
    if letter.isascii():
        return f"[{letter}{letter.upper()}]" if letter.isalpha() else letter
    forms = dict.fromkeys((letter, letter.upper(), _plain(letter), _SPELT.get(letter, letter)))
    told = [f"[{form}{form.upper()}]" if len(form) == 1 and form.isascii() else as_bytes(form) for form in forms]
    return f"(?:{'|'.join(told)})" if len(told) > 1 else told[0]
