"""The journal: lifecycle events of an execution directory, one record a line, append-only and durable.

It is the truth; `workflows.json` and the README's tables are made from it. A record is `crc32 SPACE compact-JSON LF`, one
`write`, then `fdatasync`, and only then is the event acknowledged. Each host and boot has a segment of its own, so that
nobody appends to a tail that a power cut tore. The reader passes over what has no right checksum and never invents an
event. Redaction comes before: the journal writes what it is given.
"""

from __future__ import annotations

import json
import os
import re
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import JournalError
from irl_logging.lifecycle import SCHEMA_VERSION, RunState, apply
from irl_logging.line import render_time
from irl_logging.storage.files import FILE_MODE, sync_directory
from irl_logging.storage.liveness import boot_id, host, process_start

MAX_RECORD_BYTES: Final = 16_384
"""Bytes of a record at most; what is longer belongs into a results file."""

_FLAGS: Final = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
_sync = getattr(os, "fdatasync", os.fsync)


class Journal:
    """Appends to this host's and boot's segment and reads all segments.

    Args:
        directory: Where the segments are; it is made at the first append.
        durable: Sync each record before it is acknowledged. Without it a power cut can take acknowledged events;
            a killed process cannot.
    """

    def __init__(self, directory: Path, *, durable: bool = True) -> None:
        self._directory = directory
        self._durable = durable
        self._lock = threading.RLock()
        self._descriptor = -1
        self._owner = 0
        self._seq = 0
        self._reader = _Reader(directory)

    @property
    def segment(self) -> Path:
        """The segment that this process appends to."""
        name = re.sub(r"[^A-Za-z0-9.-]", "-", host())[:64] or "host"
        return self._directory / f"{name}-{boot_id()}.jsonl"

    def append(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Write one event and return it as it was written: stamped with version, number, time and process.

        Args:
            event: The event's own fields, redacted: `event`, `run`, `workflow` and so on.

        Raises:
            JournalError: when it could not be written and synced; it does not count as having happened.
            ValueError: when it holds NaN or infinity, or is longer than `MAX_RECORD_BYTES`.
        """
        with self._lock:
            record = self._stamped(event)
            data = encode(record)
            try:
                self._write(data)
            except OSError as error:
                self._close()
                try:  # a failed sync must not be tried again on its descriptor: the kernel has dropped the pages
                    self._write(data)
                except OSError:
                    self._close()
                    raise JournalError(
                        error.errno,
                        f"the event {event.get('event')} was not recorded: {error.strerror}",
                        str(self.segment),
                    ) from error
            return record

    def runs(self) -> dict[str, RunState]:
        """Return every run that the segments know of, by id; only what is new since the last call is read."""
        with self._lock:
            if self._reader.cut():
                self._reader = _Reader(self._directory)
            return self._reader.read()

    def position(self) -> object:
        """Return a value that changes whenever any segment grows."""
        return tuple(sorted((path.name, path.stat().st_size) for path in self._directory.glob("*.jsonl")))

    @property
    def damaged(self) -> int:
        """Records that could not be read so far."""
        return self._reader.damaged

    def close(self) -> None:
        """Let the descriptor go; the next append opens it again."""
        with self._lock:
            self._close()

    def _stamped(self, event: Mapping[str, Any]) -> dict[str, Any]:
        if self._owner != os.getpid():
            # A forked child has its parent's descriptor and numbers; it must have its own.
            self._descriptor, self._owner, self._seq = -1, os.getpid(), 0
        self._seq += 1
        return {
            "v": SCHEMA_VERSION,
            **event,
            "seq": self._seq,
            "time": render_time(time.time(), "microseconds"),
            "mono": round(time.monotonic(), 6),
            "boot": boot_id(),
            "host": host(),
            "pid": self._owner,
            "start": process_start(self._owner),
        }

    def _write(self, data: bytes) -> None:
        if self._descriptor < 0:
            self._open()
        size = os.fstat(self._descriptor).st_size
        if size and os.pread(self._descriptor, 1, size - 1) != b"\n":
            data = b"\n" + data  # the torn tail of a killed writer ends here
        written = os.write(self._descriptor, data)
        if written != len(data):
            os.write(self._descriptor, b"\n")
            raise OSError(28, "the record was written in part")
        if self._durable:
            _sync(self._descriptor)

    def _open(self) -> None:
        self._directory.mkdir(0o750, parents=True, exist_ok=True)
        new = not self.segment.exists()
        self._descriptor = os.open(self.segment, _FLAGS, FILE_MODE)
        if new and self._durable:
            sync_directory(self._directory)

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0 and self._owner == os.getpid():
            os.close(descriptor)


class _Reader:
    """Folds the segments into runs, from where the last reading ended."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._offsets: dict[str, int] = {}
        self._runs: dict[str, RunState] = {}
        self._seen: set[tuple[Any, ...]] = set()
        self.damaged = 0

    def cut(self) -> bool:
        """Return whether a segment is shorter than what was read of it, so that all must be read again."""
        return any(path.stat().st_size < self._offsets.get(path.name, 0) for path in self._segments())

    def read(self) -> dict[str, RunState]:
        """Return the runs, with what is new."""
        segments = self._segments()
        fresh = [event for path in segments for event in self._new_events(path)]
        # Segments are in order each; between them time is the only order there is.
        if len(segments) > 1:
            fresh.sort(key=lambda event: str(event.get("time", "")))
        for event in fresh:
            identity = (event.get("host"), event.get("boot"), event.get("pid"), event.get("start"), event.get("seq"))
            if identity not in self._seen:
                self._seen.add(identity)
                apply(self._runs, event)
        return dict(self._runs)

    def _segments(self) -> list[Path]:
        return sorted(self._directory.glob("*.jsonl"))

    def _new_events(self, path: Path) -> Iterator[dict[str, Any]]:
        offset = self._offsets.get(path.name, 0)
        with path.open("rb") as segment:
            segment.seek(offset)
            data = segment.read()
        end = data.rfind(b"\n") + 1
        self._offsets[path.name] = offset + end
        for line in data[:end].split(b"\n"):
            if line:
                event = decode(line)
                if event is None:
                    self.damaged += 1
                else:
                    yield event


def encode(event: Mapping[str, Any]) -> bytes:
    """Return the record of `event`: checksum, blank, compact JSON, line feed.

    Raises:
        ValueError: when it holds NaN or infinity, or is longer than `MAX_RECORD_BYTES`.
    """
    text = json.dumps(event, separators=(",", ":"), allow_nan=False, default=str).encode("ascii")
    record = b"%08x %s\n" % (zlib.crc32(text), text)
    if len(record) > MAX_RECORD_BYTES:
        raise ValueError(f"a lifecycle event of {len(record)} bytes is too long: expected {MAX_RECORD_BYTES} at most")
    return record


def decode(line: bytes) -> dict[str, Any] | None:
    """Return the event of one record without its line feed; None when its checksum is wrong or it is no record."""
    checksum, _, text = line.partition(b" ")
    try:
        if len(checksum) != 8 or int(checksum, 16) != zlib.crc32(text):
            return None
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
