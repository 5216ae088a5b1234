"""State files: JSON objects below `state/` that many processes read, change and never tear.

What stands in one is its owner's business. Every change is a read, a change and a publication under a lock of its own, so
that none is lost; what was published last is kept beside it for the day when somebody breaks the file by hand. A file's
time is that of the last change or confirmation: what says the same again is not written again.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from irl_logging import arguments
from irl_logging.errors import BusyError, ConfigurationError, DocumentError
from irl_logging.line import render_time
from irl_logging.naming import clean_slug
from irl_logging.redaction import Redactor
from irl_logging.storage.documents import check_schema, decode_document, encode_document, read_bytes, read_document
from irl_logging.storage.files import discard, publish
from irl_logging.storage.layout import DIRECTORY_MODE, Layout
from irl_logging.storage.locks import wait_lock

WAIT_SECONDS: Final = 30.0
"""How long a change waits for those of others, unless told otherwise."""

_SCHEMA: Final = ".schema"

# Which lock files this process's threads hold: a thread that waits for itself would wait to the limit.
_held: Final[set[tuple[int, int, Path]]] = set()


class StateFile:
    """One JSON object in `state/<name>.json`; `Execution.state` makes it.

    Reading takes no lock: a reader sees the content before a change or after it. All that is written is redacted.

    Args:
        layout: The execution directory's paths.
        redactor: Redacts everything that is written.
        name: The state's name, slugged; an ending `.json` is left out.
        durable: Sync each change to the disk before it counts as done.
        limit: Seconds that a change waits for others at most.

    Attributes:
        name: The name as it stands in the file's.
        path: The file.

    Raises:
        ConfigurationError: when the name is that of a schema.
    """

    def __init__(
        self, layout: Layout, redactor: Redactor, name: str, *, durable: bool = True, limit: float = WAIT_SECONDS
    ) -> None:
        self.name = clean_slug(str(name).removesuffix(".json"), redactor.redact)
        if self.name.endswith(_SCHEMA):
            raise ConfigurationError(
                f"state {self.name!r} would take the place of a schema: expected a name without {_SCHEMA!r} at its end"
            )
        self.path = layout.state / f"{self.name}.json"
        self._layout = layout
        self._redactor = redactor
        self._durable = durable
        self._limit = limit
        self._schema = layout.state / f"{self.name}{_SCHEMA}.json"
        self._copy = layout.last_states / f"{self.name}.json"
        self._lock_file = layout.last_states / f"{self.name}.lock"

    def __repr__(self) -> str:
        return f"StateFile({str(self.path)!r})"

    def read(self) -> dict[str, Any]:
        """Return what the file holds; nothing when there is no such file.

        Raises:
            DocumentError: when it is not a JSON object; it says where, and how to get the last good copy back.
            OSError: when it cannot be read.
        """
        return self._standing()[1]

    @contextmanager
    def edit(self) -> Iterator[dict[str, Any]]:
        """Change the content in a block: what the block makes of the dict is written when it ends, under one lock.

        Nobody else changes the file meanwhile, so `values["approved"] += 1` loses nothing. A block that raises changes
        nothing. Afterwards the dict is what was written.

        Raises:
            BusyError: when others hold the file for too long, or this thread is editing it already.
            DocumentError: when the file is broken, or what the block left is not valid JSON or does not fit the schema.
            OSError: when it cannot be written.
        """
        with self._locked():
            data, values = self._standing()
            before = encode_document(values) if data is not None else None
            yield values
            clean = self._write(values, before)
            values.clear()
            values.update(clean)

    def update(self, mapping: Mapping[str, Any] | None = None, /, **values: Any) -> dict[str, Any]:
        """Set some keys, leave the others as they are, and return the whole content as it was written.

        Args:
            mapping: Keys and values, for keys that are not identifiers; None for none.
            values: Keys and values.

        Raises:
            BusyError, DocumentError, OSError: as `edit`.
        """
        with self.edit() as content:
            content.update(arguments.mapping("mapping", mapping), **values)
        return content

    def replace(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """Make `mapping` the whole content, and return it as it was written; a broken file is kept aside.

        Raises:
            BusyError, DocumentError, OSError: as `edit`.
        """
        mapping = arguments.mapping("mapping", mapping)
        with self._locked():
            try:
                data, values = self._standing()
                before = encode_document(values) if data is not None else None
            except DocumentError:
                self._checked(mapping)
                self._put_aside()
                before = None
            return self._write(mapping, before)

    def checkpoint(self, date: dt.date | str | None = None) -> Path:
        """Keep the content as it is now as that of a day, `state/<name>-<date>.json`, and return that file.

        A second checkpoint of a day takes the place of the first.

        Args:
            date: The day, `2026-02-08` as text; None is today in UTC.

        Raises:
            ConfigurationError: when the date is none.
            FileNotFoundError: when there is no state to keep.
            BusyError, DocumentError, OSError: as `edit`.
        """
        day = _day(date)
        with self._locked():
            data, content = self._standing()
            if data is None:
                raise FileNotFoundError(f"there is no {self.path} to make a checkpoint of")
            path = self.path.with_name(f"{self.name}-{day}.json")
            publish(path, encode_document(self._clean(content)), durable=self._durable)
        return path

    def restore(self) -> Path | None:
        """Bring the last good copy back where the file is broken or gone, and return where the broken one is kept.

        A file that is right stays as it is.

        Returns:
            The broken file's new place beside the state; None when there was none to keep.

        Raises:
            FileNotFoundError: when there is no good copy.
            BusyError, OSError: as `edit`.
        """
        with self._locked():
            try:
                if self._standing()[0] is not None:
                    return None
            except DocumentError:
                pass
            data = read_bytes(self._copy)
            if data is None:
                raise FileNotFoundError(f"there is no good copy of {self.path}: this machine has not written it")
            decode_document(data, self._copy)
            aside = self._put_aside() if self.path.exists() else None
            publish(self.path, data, durable=self._durable)
        return aside

    def saved(self) -> str | None:
        """Return when the last good copy was made, ISO 8601 in UTC; None when there is none."""
        try:
            return render_time(self._copy.stat().st_mtime)
        except OSError:
            return None

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._layout.create_active()
        for directory in (self._layout.state, self._layout.last_states):
            directory.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        key = (os.getpid(), threading.get_ident(), self._lock_file)
        if key in _held:
            raise BusyError(f"{self.path} is being edited by this thread already: use the dict that `edit` gave")
        lock = wait_lock(self._lock_file, self._limit)
        if lock is None:
            raise BusyError(
                f"{self.path} was being changed by others for {self._limit:g} s: {self._lock_file} is locked"
            )
        _held.add(key)
        try:
            with lock:
                for left in self.path.parent.glob(f".{self.path.name}.{'[0-9a-f]' * 12}.tmp"):
                    discard(left)  # of a process that was killed while it had the lock
                yield
        finally:
            _held.discard(key)

    def _standing(self) -> tuple[bytes | None, dict[str, Any]]:
        data = read_bytes(self.path)
        if data is None:
            return None, {}
        try:
            return data, decode_document(data, self.path)
        except DocumentError as error:
            raise DocumentError(f"{error}; {self._offer()}", error.path, error.line, error.column) from None

    def _offer(self) -> str:
        saved = self.saved()
        if saved is None:
            return "fix it by hand, there is no copy of it"
        return f"fix it by hand, or restore the copy of {saved}: irl state restore {self.name}"

    def _clean(self, content: Mapping[str, Any]) -> dict[str, Any]:
        clean = self._redactor.redact_fields(content, document=True)
        if len(clean) != len(content):
            # The redactor fails closed, which is right for a line and would empty a state.
            raise DocumentError(f"{self.path} was not changed: the redactor could not go through the new content")
        return clean

    def _checked(self, content: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return the content redacted, and as it will stand, when it can."""
        clean = self._clean(content)
        data = encode_document(clean)
        if self._schema.exists():
            check_schema(decode_document(data, self.path), self.path, self._schema)
        return clean, data

    def _write(self, content: Mapping[str, Any], before: bytes | None) -> dict[str, Any]:
        clean, data = self._checked(content)
        if data != before:
            publish(self.path, data, durable=self._durable)
        else:
            os.utime(self.path)  # the same again is news, too: it says until when it was so
        if data != before or not self._copy.exists():
            # A copy and not a link: whoever breaks the file in place would break both.
            publish(self._copy, data, durable=False, mode=stat.S_IMODE(self.path.stat().st_mode))
        return clean

    def _put_aside(self) -> Path:
        now = render_time(time.time(), "microseconds").replace(":", "-")
        return self.path.rename(self.path.with_name(f"{self.path.name}.broken-{now}"))


def faults(layout: Layout) -> Iterator[DocumentError | OSError]:
    """Yield what is wrong with the JSON files in `state/` and `results/`, file by file.

    A state that has a schema has to fit it.

    Raises:
        MissingExtraError: when there is a schema and jsonschema is not installed.
    """
    for path in documents(layout):
        try:
            content = read_document(path)
            if content is not None and path.parent == layout.state and not path.stem.endswith(_SCHEMA):
                check_schema(content, path, path.with_name(f"{path.stem}{_SCHEMA}.json"))
        except (DocumentError, OSError) as error:
            yield error


def documents(layout: Layout) -> list[Path]:
    """Return the JSON files in `state/` and `results/`."""
    return [path for directory in (layout.state, layout.results) for path in sorted(directory.glob("[!.]*.json"))]


def _day(date: dt.date | str | None) -> str:
    if date is None:
        return render_time(time.time())[:10]
    try:
        return (date if isinstance(date, dt.date) else dt.date.fromisoformat(str(date))).strftime("%Y-%m-%d")
    except ValueError:
        raise ConfigurationError(f"date {date!r} is not a date: expected one such as 2026-02-08") from None
