"""A file's bytes without secrets, in the format that they have: pure functions over bytes.

JSON stays JSON with the same keys, a record of the journal keeps a right checksum, a table's rows keep their cells, what is
packed is packed again. What cannot be had so is refused, never written half-way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import IrlLoggingError
from irl_logging.manifest.table import split
from irl_logging.redaction import Redactor
from irl_logging.redaction.structure import FAILED
from irl_logging.scanning.pieces import reader, redacted
from irl_logging.scanning.sources import packing, unpacked
from irl_logging.storage.events import decode, encode

_ROUNDS: Final = 3  # taking one secret out may lay bare another
_FAILED: Final = FAILED.encode()
_PIPE: Final = re.compile(r"(?<!\\)\|")


class ScrubError(IrlLoggingError, RuntimeError):
    """Secrets cannot be taken out of a file as it is; it stays as it was, and the message says why."""


def rewritten(name: str, data: bytes, redactor: Redactor) -> bytes:
    """Return a file's bytes without secrets; the same object when there are none.

    Args:
        name: The file's name, whose suffixes say in which format it is.
        data: All of it.
        redactor: The redactor whose rules apply.

    Raises:
        ScrubError: when secrets would be left, or the format would be broken.
        OSError: when it cannot be unpacked.
    """
    if module := packing(name):
        inside = b"".join(iter(unpacked(BytesIO(data), name), b""))
        clean = rewritten(Path(name).stem, inside, redactor)
        return data if clean is inside else bytes(module.compress(clean))
    rewrite = _FORMATS.get(Path(name).suffix.lower(), _text)
    clean = data
    for _ in range(_ROUNDS):
        if _text(clean, redactor) == clean:
            return clean
        clean = rewrite(clean, redactor)
    if _text(clean, redactor) == clean:
        return clean
    raise ScrubError("what would be left still looks like a secret, or would break the file; edit it by hand")


def _text(data: bytes, redactor: Redactor) -> bytes:
    clean = b"".join(redacted(reader(data), redactor))
    if clean == data:
        return data
    if clean.count(_FAILED) > data.count(_FAILED):
        raise ScrubError("the redactor failed on it, and would take out too much; edit it by hand")
    return clean


def _document(data: bytes, redactor: Redactor) -> bytes:
    """Rewrite one JSON document; what is none is text."""
    before = _parsed(data)
    clean = _text(data, redactor)
    if before is None or _shape(_parsed(clean)) == _shape(before):
        return clean
    # A secret that is not text, or a key: value by value, so that JSON is left behind.
    value = redactor.redact_value(before)
    ascii_only = data.isascii()
    if b"\n" in data.strip():
        text = json.dumps(value, indent=_indent(data), ensure_ascii=ascii_only)
    else:
        separators = (", ", ": ") if b'": ' in data else (",", ":")
        text = json.dumps(value, separators=separators, ensure_ascii=ascii_only)
    tail = data[len(data.rstrip()) :]
    return text.encode("utf-8", "backslashreplace") + tail


def _lines(data: bytes, redactor: Redactor) -> bytes:
    """Rewrite lines of JSON and records of the journal, each by itself."""
    return b"".join(_line(line, redactor) for line in data.splitlines(keepends=True))


def _line(line: bytes, redactor: Redactor) -> bytes:
    event = decode(line.rstrip(b"\r\n"))
    if event is None:
        return _document(line, redactor)
    checksum, _, record = line.partition(b" ")
    del checksum
    clean = _document(record, redactor)
    if clean == record:
        return line
    changed = _parsed(clean)
    if not isinstance(changed, dict):
        raise ScrubError("a journal record would no longer be valid")
    return encode(changed)


def _markdown(data: bytes, redactor: Redactor) -> bytes:
    """Rewrite a Markdown document, whose tables keep their rows and the rows their cells."""
    clean = _text(data, redactor)
    if _tables(clean) == _tables(data):
        return clean
    clean = _text(b"".join(_row(line, redactor) for line in data.splitlines(keepends=True)), redactor)
    if _tables(clean) != _tables(data):
        raise ScrubError("a table would lose a row or a cell; edit it by hand")
    return clean


def _row(line: bytes, redactor: Redactor) -> bytes:
    if not line.lstrip().startswith(b"|"):
        return line
    cells = _PIPE.split(line.decode("utf-8", "surrogateescape"))
    return "|".join(map(redactor.redact, cells)).encode("utf-8", "surrogateescape")


def _tables(data: bytes) -> list[int]:
    """Return the number of cells of each row there is."""
    return [len(split(line)) for line in data.splitlines() if line.lstrip().startswith(b"|")]


def _parsed(data: bytes) -> Any:
    """Return the JSON value of `data`; None where it is not valid JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _shape(value: Any) -> Any:
    """Return what must stay of a JSON value: its keys, and what is inside what."""
    if isinstance(value, dict):
        return {key: _shape(item) for key, item in value.items()}
    return [_shape(item) for item in value] if isinstance(value, list) else type(value)


def _indent(data: bytes) -> int | str:
    found = re.search(rb"\n([ \t]+)", data)
    blanks = found[1].decode() if found else ""
    return blanks if "\t" in blanks else len(blanks)


_FORMATS: Final[dict[str, Callable[[bytes, Redactor], bytes]]] = {
    ".json": _document,
    ".jsonl": _lines,
    ".md": _markdown,
}
