"""The files that tell git which files concern this machine alone, and how those of two branches are merged.

Only lines are added to files in the work tree, beside what people have in them; git itself is not called.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from irl_logging.storage.files import publish
from irl_logging.storage.layout import NOT_FOR_GIT, Layout

DRIVER: Final = "irl"
"""What the attributes name the merge driver."""

DRIVER_COMMAND: Final = "irl merge-driver %O %A %B %P"
"""What git is to be configured to call; it does not take commands from a repository."""

ATTRIBUTES: Final = (
    b"# Branches that both ran something: tables are merged row by row, lines of a log are all kept.\n"
    b"# In each clone once: git config merge.irl.driver '%s'\n"
    b"/README.md merge=irl\n/archive/*/README.md merge=irl\n/logs/*.log merge=union\n/logs/*.jsonl merge=union\n"
) % DRIVER_COMMAND.encode()
"""`.gitattributes` of an execution directory."""


def write_git_files(layout: Layout) -> dict[Path, int]:
    """Write what is missing in `.gitattributes` and `active/.gitignore`, and return how many lines each got.

    Raises:
        OSError: when one cannot be written.
    """
    wanted = {layout.root / ".gitattributes": ATTRIBUTES, layout.active / ".gitignore": NOT_FOR_GIT}
    return {path: _complete(path, lines) for path, lines in wanted.items()}


def _complete(path: Path, wanted: bytes) -> int:
    """Add the lines that are missing; one that people have decided otherwise about stays out."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        publish(path, wanted, durable=False)
        return wanted.count(b"\n")
    decided = {_subject(line) for line in data.splitlines()}
    missing = [line for line in wanted.splitlines() if not line.startswith(b"#") and _subject(line) not in decided]
    if missing:
        newline = b"\r\n" if b"\r\n" in data else b"\n"
        gap = b"" if not data or data.endswith(b"\n") else newline
        publish(path, data + gap + b"".join(line + newline for line in missing), durable=False)
    return len(missing)


def _subject(line: bytes) -> bytes:
    """Return the pattern that a line is about, the same for `x` and `!x`."""
    return (line.strip().split() or [b""])[0].removeprefix(b"!")
