"""The read model of logs: the records of a run or of any log, in order, wherever its files are now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from irl_logging.line import NO_STEP, LogLine, parse
from irl_logging.naming import slug
from irl_logging.storage.layout import Layout
from irl_logging.storage.pieces import content, pieces

_PART: Final = 1 << 20


def log_files(layout: Layout, log: str) -> list[Path]:
    """Return the files that a log consists of now, oldest first: rotated, packed, archived, or still being written.

    Args:
        layout: The execution directory's paths.
        log: Its path as `RunState.log` and `Run.log_file` have it, e.g. `logs/deploy-2026-02-08-001.log`.
    """
    return pieces(layout, log)


def lines(layout: Layout, log: str, *, workflow: str | None = None) -> Iterator[LogLine]:
    """Yield the records of a log, oldest first.

    Args:
        layout: The execution directory's paths.
        log: As for `log_files`; a log that several runs share gives the records of all of them.
        workflow: The workflow of lines that do not name one; None means the beginning of the file's name.

    Raises:
        ArchiveError: when a packed file is damaged or unpacks to too much; what stands before it has been yielded.
        OSError: when a file cannot be read.
    """
    name = workflow or slug(Path(log).name.partition(".")[0]) or NO_STEP
    for path in log_files(layout, log):
        yield from read(path, workflow=name)


def read(path: Path, *, workflow: str = NO_STEP) -> Iterator[LogLine]:
    """Yield the records of one log file, unpacked when its name ends in `.gz`; a large one is never in memory as a whole.

    Args:
        path: The file.
        workflow: The workflow of lines that do not name one.

    Raises:
        ArchiveError: when it is damaged or unpacks to too much.
        OSError: when it cannot be read.
    """
    waiting = bytearray()
    for block in content(path):
        waiting += block
        # A record begins at a bracket. Looked for in the new part only: the old one has been looked at.
        end = waiting.rfind(b"\n[", -len(block) - 1) + 1 if len(waiting) >= _PART else 0
        if end:
            yield from parse(waiting[:end].decode("utf-8", "replace"), workflow=workflow)
            del waiting[:end]
    yield from parse(waiting.decode("utf-8", "replace"), workflow=workflow)
