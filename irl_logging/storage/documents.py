"""JSON documents and other new files: made once and whole, never over something that is there."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from irl_logging.storage.files import discard, publish, write_temporary

_MOST_TRIES = 100_000
_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})


def encode_document(content: Mapping[str, Any]) -> bytes:
    """Return `content` as indented JSON with a line feed at the end.

    Raises:
        ValueError: when it holds NaN or infinity, which are no JSON.
    """
    return json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str).encode() + b"\n"


def create_file(path: Path, data: bytes) -> bool:
    """Give `path` the content `data` unless something stands there, and say whether it was made.

    It appears whole, and only one of several processes makes it.

    Raises:
        OSError: when it cannot be written.
    """
    temporary = write_temporary(path, data, durable=False)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if path.exists():  # without links there is a moment between this look and the next line
            return False
        temporary.rename(path)
    finally:
        discard(temporary)
    return True


def add_results(directory: Path, stem: str, content: Mapping[str, Any]) -> Path:
    """Write `content` to a new file `<stem>.json`, or `<stem>-002.json` and so on, and return its path.

    A file that is there is never overwritten, also when several processes do this at once.

    Raises:
        OSError: when no file can be made.
        ValueError: when the content is no JSON.
    """
    data = encode_document(content)
    for number in range(1, _MOST_TRIES):
        path = directory / (f"{stem}.json" if number == 1 else f"{stem}-{number:03d}.json")
        if not path.exists() and create_file(path, data):
            return path
    raise FileExistsError(f"no free name for {stem}.json in {directory} after {_MOST_TRIES} tries")


def replace_results(path: Path, content: Mapping[str, Any]) -> None:
    """Give the results file at `path` new content, whole.

    Raises:
        OSError: when it cannot be written; the old content stands.
        ValueError: when the content is no JSON.
    """
    publish(path, encode_document(content), durable=False)
