"""The text of a table cell: escaped so that any text stays one cell and stays text. Pure.

A cell is written with character references, never with backslash escapes: renderers differ about those, and what a reference
stands for is text to all of them. So no cell can become a link, an image, a tag or two cells.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 120
"""Characters of a cell's text, counted before escaping; longer text is cut and ends in `…`."""

EMPTY: Final = "-"
"""What an empty cell shows."""

# Invisible: controls, soft hyphen, Arabic letter mark, Mongolian vowel separator, zero-width and bidirectional controls,
# separators, byte order mark, annotation and tag characters, lone surrogates, and blanks other than the space.
_INVISIBLE: Final = (
    "\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f"
)
# An underscore inside a word is text to every renderer; `://`, `www.` and `@` would become links in GitHub's.
_SPECIAL: Final = re.compile(
    rf"[{_INVISIBLE}]"
    r"|\\"
    r"|[&<>|`\[\]*~$!@]"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|:(?=//)|(?i:(?<=www))\."
    r"|(?:(?<=\s)|^)\s|\s$"
)
# GitHub's renderer looks for mail addresses after it has decoded references; with a word joiner inside it is none.
_AT: Final = "&#64;&#8288;"
_REFERENCE: Final = re.compile(r"&#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));")
_BACKSLASHED: Final = re.compile(r"\\(?:\\|u\{([0-9a-f]{1,6})\})")
_LAST_CODE_POINT: Final = 0x10FFFF


def escape(text: str, longest: int | None = LONGEST) -> str:
    """Return `text` as one table cell shows it.

    Args:
        text: Any text, already redacted.
        longest: Characters kept before escaping; None keeps all.
    """
    if longest is not None and len(text) > longest:
        text = text[: longest - 1] + "…"
    if not text:
        return EMPTY
    if text == EMPTY:
        return "&#45;"
    return _SPECIAL.sub(_as_reference, text)


def unescape(cell: str) -> str:
    """Return the text that `cell` shows; of a cell written by `escape`, the text that was given to it."""
    cell = cell.strip(" \t")
    if cell == EMPTY:
        return ""
    return _BACKSLASHED.sub(_as_character, _REFERENCE.sub(_dereferenced, cell.replace(_AT, "@")))


def _as_reference(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\\":
        return "&#92;&#92;"
    if character == "@":
        return _AT
    if character == " " or character.isprintable():
        return f"&#{ord(character)};"
    return f"&#92;u{{{ord(character):x}}}"


def _dereferenced(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return chr(code) if 0 < code <= _LAST_CODE_POINT else found[0]


def _as_character(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else ord("\\")
    return chr(code) if code <= _LAST_CODE_POINT else found[0]
