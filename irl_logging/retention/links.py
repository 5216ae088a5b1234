"""Where the manifest's Completed rows point after files were moved or removed.

Pure. Only the cells that name a file change, in rows of tables that say when a run ended; rows of runs that go on, prose
and examples in fences stay, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from irl_logging.manifest import cells
from irl_logging.manifest.table import Document, Table

EXPIRED: Final = ""
"""What `where` returns for a file that was removed because of its age."""

_MARK: Final = b" (expired)"
_TELLING: Final = "completed"
_COLUMNS: Final = frozenset({"results", "log", "log file", "logs"})
_PATH: Final = re.compile(rb"(?<![\w./-])(?:logs|results)/[\w.#&;-]*\w")
_PIPE: Final = re.compile(rb"(?<!\\)\|")


def relinked(document: bytes, where: Callable[[str], str | None]) -> bytes:
    """Return `document` with its links to files that were moved rewritten, and those to removed files marked.

    Args:
        document: A README with tables, or an archive of such rows.
        where: Returns the new path of a path below the execution directory, `EXPIRED`, or None when it is still right.

    Raises:
        ManifestDeferred: when the document holds conflict markers.
    """
    page = Document(document)
    for table in page.tables():
        if _TELLING not in table.columns:
            continue
        for index in range(table.first, table.stop):
            line = _relinked_row(table, page.lines[index], where)
            if line != page.lines[index]:
                page.replace(index, index + 1, [line])
    return bytes(page)


def _relinked_row(table: Table, line: bytes, where: Callable[[str], str | None]) -> bytes:
    if not _PATH.search(line):
        return line
    parts = _PIPE.split(line)
    first = int(line.lstrip().startswith(b"|"))
    for at, column in enumerate(table.columns, first):
        if column in _COLUMNS and at < len(parts):
            parts[at] = _relinked_cell(parts[at], where)
    return b"|".join(parts)


def _relinked_cell(cell: bytes, where: Callable[[str], str | None]) -> bytes:
    expired = False

    def moved(found: re.Match[bytes]) -> bytes:
        nonlocal expired
        now = where(cells.unescape(found[0].decode("utf-8", "replace")))
        expired = expired or now == EXPIRED
        return cells.escape(now, None).encode() if now else found[0]

    new = _PATH.sub(moved, cell)
    if expired and _MARK.strip() not in new:
        text = new.rstrip()
        new = text + _MARK + new[len(text) :]
    return new
