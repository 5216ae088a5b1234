"""JSON documents as bytes: written so that every reader takes them, read so that a mistake is found where it stands.

What documents there are, and when they are written, is the business of `state` and `results`.
"""

from __future__ import annotations

import errno
import json
import math
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import DocumentError, MissingExtraError
from irl_logging.redaction.structure import text_of
from irl_logging.storage.files import SAFE

MAX_BYTES: Final = 64 << 20
"""Bytes of a document at most, written or read."""

_READ: Final = os.O_RDONLY | SAFE | getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hang who opens it
_TEXT_OR_CONSTANT: Final = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity')


def encode_document(content: Mapping[str, Any]) -> bytes:
    """Return `content` as indented JSON with a line feed at the end.

    Raises:
        DocumentError: when it holds NaN or infinity, a key that is not text, or itself, which are no JSON; or when it is
            longer than `MAX_BYTES`.
    """
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=text_of)
    except (TypeError, ValueError, RecursionError):
        raise DocumentError(f"the content is not JSON: {_culprit(content)}") from None
    # A lone surrogate has no UTF-8, but JSON has an escape for it, and it looks like Python's.
    data = text.encode("utf-8", "backslashreplace") + b"\n"
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"the content has {len(data):,} bytes as JSON, {MAX_BYTES:,} at most can be kept in one file"
        )
    return data


def read_document(path: Path) -> dict[str, Any] | None:
    """Return the JSON object in the file `path`; None when there is no such file.

    Raises:
        DocumentError: when it holds anything else; the message says where.
        OSError: when it cannot be read, a symbolic link too.
    """
    data = read_bytes(path)
    return None if data is None else decode_document(data, path)


def read_bytes(path: Path) -> bytes | None:
    """Return what a regular file holds, `MAX_BYTES` and one more at most; None when there is no such file.

    Raises:
        OSError: when it is not a regular file or cannot be read.
    """
    try:
        fd = os.open(path, _READ)
    except FileNotFoundError:
        return None
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
        return file.read(MAX_BYTES + 1)


def decode_document(data: bytes, path: Path) -> dict[str, Any]:
    """Return the JSON object in `data`.

    Args:
        data: Content of a file, UTF-8, with or without a byte order mark.
        path: The file, for the error.

    Raises:
        DocumentError: when it is not valid JSON, holds NaN or infinity, or is not an object.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(f"{path} is longer than {MAX_BYTES:,} bytes and is not read", path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        raise _misplaced(path, "a byte that is not UTF-8", before, len(before)) from None
    try:
        content = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise _misplaced(path, error.msg, text, error.pos) from None
    except RecursionError:
        raise DocumentError(f"{path} is nested too deeply to be read", path) from None
    except ValueError as error:
        # A constant that JSON does not have, or a number of thousands of digits: neither says where it stands.
        found = next((it for it in _TEXT_OR_CONSTANT.finditer(text) if it[0][0] != '"'), None)
        if found is None:
            raise DocumentError(f"{path} cannot be read: {error}", path) from None
        raise _misplaced(path, f"{found[0]}, which JSON does not have", text, found.start()) from None
    if not isinstance(content, dict):
        raise DocumentError(f"{path} holds {_kind(content)}, expected an object: {{...}}", path, 1, 1)
    return content


def check_schema(content: Mapping[str, Any], path: Path, schema_path: Path) -> None:
    """Check `content` against the JSON Schema in the file `schema_path`, if there is one.

    Args:
        content: What is about to stand, or stands, in the file `path`.
        path: That file, for the error.
        schema_path: The schema; its references to other documents are not followed.

    Raises:
        DocumentError: when it does not fit, or the schema is none.
        MissingExtraError: when there is a schema and jsonschema is not installed.
        OSError: when the schema cannot be read.
    """
    schema = read_document(schema_path)
    if schema is None:
        return
    try:
        from jsonschema import exceptions, validators  # an extra, and slow to import
        from referencing import Registry
        from referencing.exceptions import Unresolvable
    except ImportError:
        raise MissingExtraError(f"{schema_path}: to check against a JSON Schema", "schema") from None
    kind = validators.validator_for(schema)
    try:
        kind.check_schema(schema)
        # A registry of its own: the default one would fetch what a reference names over the network.
        fault = exceptions.best_match(kind(schema, registry=Registry()).iter_errors(dict(content)))
    except exceptions.SchemaError as error:
        raise DocumentError(
            f"{schema_path} is not a JSON Schema: {error.json_path}: {error.message}", schema_path
        ) from None
    except Unresolvable as error:
        raise DocumentError(f"{schema_path} refers to what it does not contain: {error}", schema_path) from None
    if fault is not None:
        raise DocumentError(f"{path} does not conform to {schema_path.name}: {fault.json_path}: {fault.message}", path)


def _misplaced(path: Path, what: str, text: str, at: int) -> DocumentError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return DocumentError(f"{path} is not JSON at line {line}, column {column}: {what}", path, line, column)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _kind(value: object) -> str:
    if isinstance(value, list):
        return "a list"
    return "a text" if isinstance(value, str) else "null" if value is None else "a number or a truth value"


def _culprit(content: Mapping[str, Any]) -> str:
    """Say which part of a content is not valid JSON, by its place and never by its text."""
    try:
        return _faulty(content, "") or "it holds what JSON does not have"
    except RecursionError:
        return "it holds itself or is nested too deeply"


def _faulty(value: object, place: str) -> str | None:
    if isinstance(value, float) and not math.isfinite(value):
        return f"{place} is {value}"
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str | int | float | None):
                return f"a key of {place or 'it'} is a {type(key).__name__}, expected a text"
            if found := _faulty(item, f"{place}.{key}" if place else str(key)):
                return found
    if isinstance(value, list | tuple):
        for number, item in enumerate(value):
            if found := _faulty(item, f"{place}[{number}]"):
                return found
    return None
