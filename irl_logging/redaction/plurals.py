"""Secrets in a list or a mapping whose name is the plural of a secret's: `"passwords": ["a", "b"]`, `api_keys:` in YAML.

What stands there may also be names, references, counts or words, so that what is no password has to look drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterator

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.values import is_secret, mixed, random_looking

_LIST = Lazy(rb"[\"'`*\])]*+\s*(?:=>|[:=])\s*\[(?=\s*[\"'])")
_MAPPING = Lazy(rb"[\"'`*\])]*+\s*(?:=>|[:=])\s*\{(?=\s*[\"'\w])")
_BLOCK = Lazy(rb"[\"']?:[ \t]*\r?\n([ \t]*)(?=- |(?<=[ \t])[\w\"'])")
_QUOTED = rb"(?:\"(?P<d>(?:[^\"\\]|\\.)*+)\"|'(?P<s>(?:[^'\\]|\\.)*+)')"
_ITEM = Lazy(rb"[\s,]*" + _QUOTED)
_ENTRY = Lazy(rb"[\s,]*[\"']?[\w.@-]{1,80}[\"']?\s*(?:=>|[:=])\s*" + _QUOTED)
_LINE = Lazy(
    rb"(?:-[ \t]+|[\"']?[\w.@-]{1,80}[\"']?:[ \t]+)(?:"
    + _QUOTED
    + rb"|(?P<bare>[^\s\"'#][^\s]*))[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)"
)
_RUN = Lazy(rb"[A-Za-z0-9]{16}")  # of a drawn value; what Kubernetes calls a secret has none
_SHORTEST = 8  # characters of a password that only the name of the mapping around it gives away


def under_plural(data: bytes, end: int, one: Verdict) -> list[tuple[int, int, str]]:
    """Return start, end and rule id of each secret under a plural.

    Args:
        data: The text.
        end: Where the name ends.
        one: What the singular of the name says.
    """
    if one is not Verdict.PASSWORD and one is not Verdict.STRONG:
        return []
    rule = "password" if one is Verdict.PASSWORD else "secret-key-value"
    return [
        (start, stop, rule)
        for start, stop, listed in _values(data, end)
        if _is_one(data[start:stop], one, listed=listed)
    ]


def _is_one(value: bytes, one: Verdict, *, listed: bool) -> bool:
    if one is Verdict.PASSWORD:
        return is_secret(one, value, quoted=True) and (listed or (len(value) >= _SHORTEST and mixed(value)))
    return _RUN.search(value) is not None and random_looking(value) and is_secret(one, value, quoted=True)


def _values(data: bytes, end: int) -> Iterator[tuple[int, int, bool]]:
    """Find the values of the list or mapping that begins where a name ends, and whether it is a list in brackets."""
    for opening, item in ((_LIST, _ITEM), (_MAPPING, _ENTRY)):
        if opened := opening.match(data, end):
            at = opened.end()
            while found := item.match(data, at):
                yield *found.span(found.lastgroup or 0), opening is _LIST
                at = found.end()
            return
    if block := _BLOCK.match(data, end):
        indent, at = block[1], block.end()
        while found := _LINE.match(data, at):
            yield *found.span(found.lastgroup or 0), False
            at = found.end()
            if not data.startswith(indent, at):
                return
            at += len(indent)
