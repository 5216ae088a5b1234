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
        ValueError: when it holds NaN or infinity, a key that is no text, or itself, which are no JSON.
    """
    try:
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str)
    except TypeError as error:
        raise ValueError(f"the content is no JSON: {error}") from error
    # A lone surrogate has no UTF-8, but JSON has an escape for it, and it looks like Python's.
    return text.encode("utf-8", "backslashreplace") + b"\n"


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


class ResultsFile:
    """The results file of one process that takes part in a run, and the counters that are in it.

    The first save takes a name that is new: `<stem>.json`, or `<stem>-002.json` and so on. A file that is there is never
    overwritten, also when several processes do this at once, and a forked child has a file of its own.

    Args:
        directory: Where results stand.
        stem: What the name starts with.
    """

    def __init__(self, directory: Path, stem: str) -> None:
        self.path: Path | None = None
        self._directory = directory
        self._stem = stem
        self._counters: Mapping[str, Any] = {}
        self._owner = os.getpid()

    def counters(self) -> Mapping[str, Any]:
        """Return the counters that this process has saved."""
        return self._counters if self._owner == os.getpid() else {}

    def save(self, counters: Mapping[str, Any], content: Mapping[str, Any]) -> Path:
        """Make `content` the file's content, whole, remember `counters`, and return the file's path.

        Raises:
            OSError: when it cannot be written; the old content stands.
            ValueError: when the content is no JSON.
        """
        data = encode_document(content)
        if self.path is None or self._owner != os.getpid():
            self.path, self._owner = self._create(data), os.getpid()
        else:
            publish(self.path, data, durable=False)
        self._counters = counters
        return self.path

    def _create(self, data: bytes) -> Path:
        for number in range(1, _MOST_TRIES):
            path = self._directory / (f"{self._stem}.json" if number == 1 else f"{self._stem}-{number:03d}.json")
            if not path.exists() and create_file(path, data):
                return path
        raise FileExistsError(f"no free name for {self._stem}.json in {self._directory} after {_MOST_TRIES} tries")
