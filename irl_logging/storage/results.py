"""The results file of a run: flat keys that its program gave, written whole, never over a file that is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.storage.documents import encode_document
from irl_logging.storage.files import create_file, publish
from irl_logging.storage.worktrees import counterparts, taken

_MOST_TRIES: Final = 100_000


class ResultsFile:
    """The results file of one process that takes part in a run, and what its program gave for it.

    The first save takes a name that is new: `<stem>.json`, or `<stem>-002.json` and so on. A file that is there is never
    overwritten, also when several processes do this at once, and a forked child has a file of its own. A name that another
    worktree of the repository has is not new.

    Args:
        directory: Where results stand.
        stem: What the name starts with.
    """

    def __init__(self, directory: Path, stem: str) -> None:
        self.path: Path | None = None
        self._directory = directory
        self._stem = stem
        self._content: Mapping[str, Any] = {}
        self._owner = os.getpid()

    def content(self) -> Mapping[str, Any]:
        """Return what this process has saved, without what was put around it."""
        return self._content if self._owner == os.getpid() else {}

    def take_up(self, path: Path, content: Mapping[str, Any]) -> None:
        """Go on with the file at `path`, which another process has left with this content."""
        self.path, self._content, self._owner = path, content, os.getpid()

    def save(self, content: Mapping[str, Any], document: Mapping[str, Any]) -> Path:
        """Write `document`, whole, remember `content`, and return the file's path.

        Raises:
            OSError: when it cannot be written; the old content stands.
            ValueError: when the content is not valid JSON.
        """
        data = encode_document(document)
        if self.path is None or self._owner != os.getpid():
            self.path, self._owner = self._create(data), os.getpid()
        else:
            publish(self.path, data, durable=False)
        self._content = content
        return self.path

    def _create(self, data: bytes) -> Path:
        others = counterparts(self._directory)
        for number in range(1, _MOST_TRIES):
            path = self._directory / (f"{self._stem}.json" if number == 1 else f"{self._stem}-{number:03d}.json")
            if path.exists() or taken(path, others) or not create_file(path, data):
                continue
            if not taken(path, others):
                return path
            path.unlink()  # somebody there was at it at the same time, and may not have seen this one
        raise FileExistsError(f"no free name for {self._stem}.json in {self._directory} after {_MOST_TRIES} tries")
