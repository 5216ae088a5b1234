"""What is shown on a terminal: text without secrets and made harmless, times that people read, and tables that fit."""

from __future__ import annotations

import json
import os
import shutil
import sys
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import click

import irl_logging
from irl_logging.line import parse_time

if TYPE_CHECKING:
    from irl_logging.redaction import Redactor

GAP: Final = "  "

BROKEN_PIPE: Final = 141
"""Exit code when nobody reads the output any more; that of every filter in a shell."""

_LEAST: Final = 8
_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "m"))
_STATUS_COLOURS: Final = {"✓": "green", "✗": "red", "⚠": "yellow", "R": "cyan"}

_redactor: Redactor | None = None


def redact_with(redactor: Redactor | None) -> None:
    """Let `safe` use the rules of the execution directory that the command is about; None for those of no directory."""
    global _redactor  # noqa: PLW0603 - the process runs one command
    _redactor = redactor


def has_rules() -> bool:
    """Say whether a command has come so far as to open the execution directory that it is about."""
    return _redactor is not None


def safe(text: str) -> str:
    """Return `text` as it can be shown: without secrets, and harmless. Names of files and errors may hold either."""
    return harmless(irl_logging.redact(text) if _redactor is None else _redactor.redact(text))


def harmless(text: str) -> str:
    """Return `text` on one line, with everything that a terminal would act on made visible."""
    if text.isprintable():
        return text
    return "".join(it if it.isprintable() else it.encode("unicode_escape").decode("ascii") for it in text)


def json_text(document: object) -> str:
    """Return `document` as indented JSON in which a terminal finds nothing to act on."""
    text = json.dumps(document, indent=2, ensure_ascii=False)
    # JSON lets controls of C1 and of bidirectional text stand as they are; a terminal would act on them.
    return "".join(it if it.isprintable() or it == "\n" else json.dumps(it)[1:-1] for it in text)


def ago(time: str, now: float) -> str:
    """Return how long before `now` (seconds since 1970) the ISO 8601 `time` was, such as `12s` or `3h`; `-` for none."""
    try:
        seconds = max(0, int(now - parse_time(time).timestamp()))
    except ValueError:
        return "-"
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size}{unit} ago"
    return f"{seconds}s ago"


def columns() -> int | None:
    """Return how many columns the terminal has; None when stdout is none, and nothing has to fit."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def coloured() -> bool:
    """Return whether colours are wanted; what is no terminal gets none anyway, click sees to that."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def leave_stdout() -> None:
    """Let the interpreter flush its stdout at exit into nothing, and not into the broken pipe."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)


def status_colour(status: str) -> str | None:
    """Return the colour of a status; None for one that has none."""
    return _STATUS_COLOURS.get(status[:1])


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    most: int | None,
    colours: Mapping[int, str | None],
    paths: Collection[int] = (),
) -> list[str]:
    """Return the lines of a table: heads and rows, left-aligned, each column as wide as its widest cell.

    Args:
        heads: The columns' names.
        rows: Cells; they are made harmless here.
        most: Columns of the terminal, which the lines are made to fit as far as names stay readable; None for no limit.
        colours: Colour of the second cell by row number; empty for no colours at all.
        paths: Numbers of columns whose cells are told apart by their ends: what is too long loses its beginning there.
    """
    cells = [[harmless(cell) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in [heads, *cells]) for at in range(len(heads))]
    if most is not None:
        _shrink(widths, most)
    lines = [_line(heads, widths, None, bold=bool(colours))]
    return lines + [_line(row, widths, colours.get(number), paths, bold=False) for number, row in enumerate(cells)]


def width(text: str) -> int:
    """Return how many columns a terminal gives `text`."""
    total = 0
    for character in text:
        if character == "\ufe0f":
            total += 1  # makes the narrow character before it a wide emoji
        elif not unicodedata.combining(character) and unicodedata.category(character) not in ("Mn", "Me", "Cf"):
            total += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return total


def _shrink(widths: list[int], most: int) -> None:
    """Take columns from the widest, one by one, until the line fits or nothing can be taken."""
    while sum(widths) + len(GAP) * (len(widths) - 1) > most:
        widest = max(range(len(widths)), key=widths.__getitem__)
        if widths[widest] <= _LEAST:
            return
        widths[widest] -= 1


def _line(
    cells: Sequence[str], widths: Sequence[int], colour: str | None, paths: Collection[int] = (), *, bold: bool
) -> str:
    shown = []
    for at, (cell, room) in enumerate(zip(cells, widths, strict=True)):
        text = _fitted(cell, room, from_start=at in paths)
        padded = text + " " * (room - width(text)) if at + 1 < len(cells) else text
        if bold:
            padded = click.style(padded, bold=True)
        elif colour and at == 1:
            padded = click.style(padded, fg=colour)
        shown.append(padded)
    return GAP.join(shown).rstrip()


def _fitted(text: str, room: int, *, from_start: bool = False) -> str:
    """Return `text`, cut with an ellipsis at its end, or its start, where it is wider than `room` columns."""
    if width(text) <= room:
        return text
    while width(text) >= room:
        text = text[1:] if from_start else text[:-1]
    return "…" + text if from_start else text + "…"
