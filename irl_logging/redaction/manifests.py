"""Values of Kubernetes Secrets as manifests show them: all of `data` and `stringData`, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterator

from irl_logging.redaction.keynames import Verdict
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.values import is_secret

HEAD = r"kind[\"']?:[ ]?[\"']?Secret(?:[\"'\s,}]|$)"
WORDS = frozenset(
    f"kind{end}:{blank}{begin}secret" for end in ("", '"', "'") for blank in ("", " ") for begin in ("", '"', "'")
)
_KIND = Lazy(rb"(?m)^([ \t]*)kind:[ ]?[\"']?Secret[\"']?[ \t\r]*$")
_JSON_KIND = Lazy(rb"\"kind\":[ ]?\"Secret\"")
_OTHER_KIND = Lazy(rb"\"kind\":[ ]?\"")
_JSON_DATA = Lazy(rb"\"(?:data|stringData)\":[ ]?\{([^{}]*)\}")
_JSON_ENTRY = Lazy(rb"\"([\w.-]+)\":[ ]?\"((?:[^\"\\]|\\.)+)\"")
_DATA = Lazy(rb"(?:data|stringData):[ \t\r]*\Z")
_ENTRY = Lazy(rb"[\"']?([\w.-]+)[\"']?:[ \t]+(?:\"([^\"\n]+)\"|'([^'\n]+)'|([^\s\"'|>#][^\s]*))[ \t\r]*(?:#.*)?\Z")
_TEXT = Lazy(rb"[\"']?([\w.-]+)[\"']?:[ \t]+[|>][+-]?[ \t\r]*\Z")
_TOLD = Lazy(  # what every reader of the manifest may know
    rb"(?i:ca|.*\.crt|user(?:name)?|.*_user(?:name)?|host(?:name)?|.*_host|port|.*_port|namespace|email|database|db_?name|region|type|url)\Z"
)
_REPLACED = Lazy(rb"\0|\[REDACTED:")
_SHORTEST = 4

Span = tuple[int, int, str]


def manifests(data: bytes) -> list[Span]:
    """Return the values of the Secrets of a text."""
    found = [span for kind in _JSON_KIND.finditer(data) for span in _in_json(data, kind.start())]
    for kind in _KIND.finditer(data):
        found += _in_yaml(data, kind.start(), len(kind[1]))
    return sorted(set(found))


def _in_json(data: bytes, kind: int) -> Iterator[Span]:
    """Find the values in the objects `data` and `stringData` between the kinds before and after."""
    kinds = [found.start() for found in _OTHER_KIND.finditer(data)]
    first = max((place for place in kinds if place < kind), default=0)
    last = min((place for place in kinds if place > kind), default=len(data))
    for block in _JSON_DATA.finditer(data, first, last):
        for entry in _JSON_ENTRY.finditer(data, *block.span(1)):
            if _is_one(entry[1], entry[2], quoted=True):
                yield (*entry.span(2), "secret-key-value")


def _in_yaml(data: bytes, kind: int, depth: int) -> Iterator[Span]:
    """Find the values under `data:` and `stringData:` that stand as deep as the kind."""
    lines = [*reversed(list(_lines_before(data, kind, depth))), *_lines_after(data, kind, depth)]
    within, i = False, 0
    while i < len(lines):
        at, line = lines[i]
        inner = len(line) - len(line.lstrip())
        i += 1
        if inner <= depth:
            within = _DATA.match(line, inner) is not None
        elif within and (entry := _ENTRY.match(line, inner)):
            group = entry.lastindex or 0
            if _is_one(entry[1], entry[group], quoted=group < 4):
                yield at + entry.start(group), at + entry.end(group), "secret-key-value"
        elif within and (text := _TEXT.match(line, inner)):
            first = i
            while i < len(lines) and (not lines[i][1].strip() or _depth(lines[i][1]) > inner):
                i += 1
            if i > first and not _TOLD.match(text[1]):
                start, stop = lines[first], lines[i - 1]
                span = start[0] + _depth(start[1]), stop[0] + len(stop[1].rstrip())
                if not _REPLACED.match(data, *span):
                    yield *span, "secret-key-value"


def _lines_before(data: bytes, at: int, depth: int) -> Iterator[tuple[int, bytes]]:
    while at > 0:
        end = at - 1
        at = data.rfind(b"\n", 0, end) + 1
        line = data[at:end]
        if _ends(line, depth):
            return
        yield at, line


def _lines_after(data: bytes, at: int, depth: int) -> Iterator[tuple[int, bytes]]:
    at = data.find(b"\n", at) + 1
    while 0 < at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end
        line = data[at:end]
        if _ends(line, depth):
            return
        yield at, line
        at = end + 1


def _ends(line: bytes, depth: int) -> bool:
    """Return whether a line belongs to no object as deep as this, or to the next."""
    inner = _depth(line)
    return bool(line.strip()) and (inner < depth or (line.startswith((b"---", b"kind:"), inner) and inner <= depth))


def _depth(line: bytes) -> int:
    return len(line) - len(line.lstrip())


def _is_one(name: bytes, value: bytes, *, quoted: bool) -> bool:
    return len(value) >= _SHORTEST and not _TOLD.match(name) and is_secret(Verdict.PASSWORD, value, quoted=quoted)
