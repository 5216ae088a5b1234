"""The README's State Snapshots section as a function: a document and what is known give the document that says it.

Pure. A bullet is found by its label and filled when its value is a placeholder such as `_(count)_`, or what a value looks
like, or what stood there last. Whatever else somebody has written there is theirs, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Final

from irl_logging.manifest import cells
from irl_logging.manifest.table import Document, words

HEADING: Final = "State Snapshots"

_GROUPS: Final = {
    "quarantine": "Quarantine Status",
    "registry": "Baseline Registry",
    "approvals": "Auto-Approval Metrics",
}
# Bullets that show more than one value, or one in another form; all others are called like a key.
_COMPOSED: Final = {
    "top integration": "{top_integration} ({top_integration_incidents} incidents)",
    "last baseline update": "{last_baseline_update_integration} at {last_baseline_update}",
    "24h approval rate": "{approval_rate_24h:.0%}",
    "success rate": "{success_rate:.0%}",
}
_SHOWN: Final = (str, int, float)
_NOTHING: Final = "_(none)_"
_LINE: Final = re.compile(rb"([ \t]*(?:[-*+][ \t]+)?\*\*([^*]+)\*\*:?[ \t]*)(.*?)([ \t]*(?:\r?\n)?)\Z", re.DOTALL)
_BULLET: Final = re.compile(rb"[ \t]*[-*+][ \t]")
_STALE: Final = re.compile(r" _\(stale since [^()]*\)_\Z")
_PLACEHOLDER: Final = r"[_*]\([^()]*\)[_*]"
_NUMBER: Final = r"-?\d[\d.,]*%?"
_MOMENT: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z"
_WORD: Final = r"\S+"
_WORDS: Final = r"\S.*?"  # only with other words of ours around it
_STAMPED: Final = re.compile(f"|{_PLACEHOLDER}|{_MOMENT}")


@dataclass(frozen=True, slots=True)
class Bullet:
    """What one bullet is to say.

    Attributes:
        text: The value, escaped.
        shape: What a value of this bullet looks like.
        stale: Since when it is not known whether the value still holds; None when it is known.
    """

    text: str
    shape: re.Pattern[str]
    stale: str | None = None


def bullets(content: Mapping[str, Any]) -> dict[str, Bullet]:
    """Return the bullets that show the content of a state, by the words of their labels."""
    values = {key: _plain(value) for key, value in content.items() if value is None or isinstance(value, _SHOWN)}
    stale = content.get("stale")
    since = str(stale["since"]) if isinstance(stale, Mapping) and "since" in stale else None
    since = cells.escape(since) if since is not None else None
    composed = {label: form for label, form in _COMPOSED.items() if all(key in values for key in _keys(form))}
    told = {key for form in composed.values() for key in _keys(form)}
    plain = {words(key): f"{{{key}}}" for key in values if key.isidentifier() and key not in told}
    found = {}
    for label, form in {**plain, **composed}.items():
        used = {key: values[key] for key in _keys(form)}
        found[label] = Bullet(_text(form, used), re.compile(_shape(form, used)), since)
    return found


def shown(document: bytes, name: str, content: Mapping[str, Any], before: Mapping[str, Any], now: str) -> bytes:
    """Return the document with the bullets of one snapshot filled; the same one when there is nothing to fill.

    The bullets are looked for under the snapshot's own heading (its name, for the built-in ones the specification's), or
    in the whole section when there is none. "Last Updated" gets the time when a value is another one, or known again.

    Args:
        document: The README.
        name: The snapshot's name.
        content: Its state.
        before: What its state was before, which may stand in the README.
        now: The time, as text.

    Raises:
        ManifestDeferred: when the document holds conflict markers.
    """
    page = Document(document)
    wanted, known = bullets(content), bullets(before)
    updated = False
    done: set[str] = set()
    for at in page.under(HEADING, _GROUPS.get(name, name)) or page.under(HEADING):
        label, standing = _read(page.lines[at])
        bullet = wanted.get(label)
        if bullet is None or label in done or not _BULLET.match(page.lines[at]):
            continue
        done.add(label)
        value = _STALE.sub("", standing)
        last = known.get(label)
        if value and bullet.shape.fullmatch(value) is None and (last is None or value != last.text):
            continue
        if bullet.stale and (not value or (value != _NOTHING and re.search(_PLACEHOLDER, value))):
            continue  # nothing is there that could have aged
        text = f"{value} _(stale since {bullet.stale})_" if bullet.stale else bullet.text
        if text != standing:
            page.lines[at] = _written(page.lines[at], text)
            updated = updated or not bullet.stale
    if updated:
        _stamp(page, now)
    return bytes(page)


def scalars(content: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield what bullets would say of a state, with keys in words, as plain text for logs and terminals."""
    for label, bullet in bullets(content).items():
        if label not in {"timestamp", "stale"}:
            yield label, "none" if bullet.text == _NOTHING else cells.unescape(bullet.text)


def _plain(value: Any) -> Any:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _keys(form: str) -> list[str]:
    return [key for _, key, _, _ in Formatter().parse(form) if key is not None]


def _text(form: str, values: Mapping[str, Any]) -> str:
    if any(value is None for value in values.values()):
        return _NOTHING
    text = form.format(**{key: cells.escape(it) if isinstance(it, str) else it for key, it in values.items()})
    return re.sub(r"(\D1 incident)s\b", r"\1", text)


def _shape(form: str, values: Mapping[str, Any]) -> str:
    """Return the pattern of what a bullet of this form looks like, with values or as the specification has it."""
    parts = []
    text = _WORDS if " " in form else _WORD
    for literal, key, _, _ in Formatter().parse(form):
        parts.append(re.escape(literal).replace("incidents", "incidents?"))
        if key is not None:
            value = values[key]
            moment = isinstance(value, str) and re.fullmatch(_MOMENT, value)
            kind = _NUMBER if isinstance(value, int | float) else f"{_MOMENT}|-" if moment else text
            parts.append(f"(?:{_PLACEHOLDER}|{kind})")
    return f"{_PLACEHOLDER}|{''.join(parts)}"


def _read(line: bytes) -> tuple[str, str]:
    found = _LINE.match(line)
    if found is None:
        return "", ""
    return words(found[2].decode("utf-8", "replace")), found[3].decode("utf-8", "surrogateescape")


def _written(line: bytes, text: str) -> bytes:
    found = _LINE.match(line)
    if found is None:
        return line
    head, end = found[1], found[4] if found[3] else found[4].lstrip(b" \t")
    return (head if head.endswith((b" ", b"\t")) else head + b" ") + text.encode("utf-8", "surrogateescape") + end


def _stamp(page: Document, now: str) -> None:
    for at in page.under(HEADING):
        label, standing = _read(page.lines[at])
        if label == "last updated":
            if _STAMPED.fullmatch(standing):
                page.lines[at] = _written(page.lines[at], now)
            return
