"""The results file of a run: flat keys that its program gave, written whole, never over a file that is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.storage.documents import encode_document
from irl_logging.storage.files import create_file, publish

_MOST_TRIES: Final = 100_000


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
