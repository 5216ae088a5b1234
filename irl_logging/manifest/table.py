"""Markdown tables in a document, found and edited as bytes.

A table is found by its heading and its header row, outside code fences and HTML comments. The document is a list of
lines that joined give its bytes again, whatever they are: nothing is decoded, and what is not edited is not touched.
What the rows mean is decided by `projection`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from irl_logging.errors import ManifestDeferred

_BOM: Final = b"\xef\xbb\xbf"
_HEADING: Final = re.compile(rb" {0,3}(#{1,6})(?:[ \t]+(.*?))??(?:[ \t]+#+)?[ \t]*\r?\n?\Z", re.DOTALL)
_UNDERLINE: Final = re.compile(rb" {0,3}(=+|-+)[ \t]*\r?\n?\Z")
_FENCE: Final = re.compile(rb" {0,3}(`{3,}(?=[^`]*\Z)|~{3,})", re.DOTALL)
_COMMENT: Final = re.compile(rb" {0,3}<!--")
_RAW: Final = re.compile(rb" {0,3}<(pre|script|style|textarea)(?=[\s>]|\Z)", re.IGNORECASE)
_CONFLICT: Final = re.compile(rb"(?:<{7}|>{7}|\|{7})(?: |\r?\n|\Z)")
_DELIMITER: Final = re.compile(rb" {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?\n?\Z")
_BLOCK: Final = re.compile(
    rb" {0,3}(?:#{1,6}(?:[ \t\r\n]|\Z)|>|`{3}|~{3}|[-*+](?:[ \t\r\n]|\Z)|\d{1,9}[.)](?:[ \t\r\n]|\Z)|</?[A-Za-z!?])"
    rb"| {4}|\t"
)
_OPENING: Final = frozenset({b"`", b"~", b"<"})
_MARKING: Final = frozenset({b"<", b">", b"|"})
_UNDERLINING: Final = frozenset({b"=", b"-"})
_PIPE: Final = re.compile(rb"(?<!\\)\|")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Table:
    """The place of a table in its document.

    Attributes:
        header: Index of the header row's line; the delimiter row is the line after it.
        stop: Index of the line after the last row.
        columns: The header cells in lower case, words separated by one blank, e.g. `"agent user"`.
        newline: The line end of the header row, which new rows take.
    """

    header: int
    stop: int
    columns: tuple[str, ...]
    newline: bytes

    @property
    def first(self) -> int:
        """Index of the first row's line; equals `stop` in a table without rows."""
        return self.header + 2


@dataclass(frozen=True, slots=True)
class _Section:
    name: str
    level: int
    start: int
    stop: int


class Document:
    """The lines of a Markdown document, each with its line end.

    Attributes:
        lines: The lines; joined they are the document.

    Raises:
        ManifestDeferred: when it holds conflict markers outside code fences.
    """

    def __init__(self, data: bytes) -> None:
        self.lines = data.splitlines(keepends=True)
        # A document without final newline stays so, wherever its last line comes to stand.
        self._open_end = bool(self.lines) and not self.lines[-1].endswith((b"\n", b"\r"))
        self._text, self._sections = _outline(self.lines)

    def __bytes__(self) -> bytes:
        return b"".join(self.lines)

    def find(self, heading: str, known: Sequence[str], telling: Sequence[str]) -> Table:
        """Return the one table under `heading`.

        Args:
            heading: The heading's words; case, level and markup do not matter.
            known: The column names that belong to the table, as `Table.columns` has them; the first must be there.
            telling: Columns of which at least one must be there.

        Raises:
            ManifestDeferred: when there is no such table, or more than one.
        """
        name = words(heading)
        sections = [section for section in self._sections if section.name == name]
        if not sections:
            raise ManifestDeferred(f"has no heading '{heading}': put it back, with the table under it")
        found = {table.header: table for section in sections for table in self._tables(section)}
        tables = [table for table in found.values() if known[0] in table.columns and set(telling) & set(table.columns)]
        if not tables:
            where = ", ".join(str(section.start + 1) for section in sections)
            raise ManifestDeferred(
                f"has no table with the columns {', '.join(known)} under '{heading}' (line {where}): put its header back"
            )
        if len(tables) > 1:
            where = ", ".join(str(table.header + 1) for table in tables)
            raise ManifestDeferred(f"has more than one table under '{heading}' (lines {where}): leave one")
        return tables[0]

    def tables(self) -> Iterator[Table]:
        """Yield all tables outside fences and comments, from the top."""
        return self._tables(_Section("", 0, 0, len(self.lines)))

    def under(self, heading: str, subheading: str | None = None) -> list[int]:
        """Return the indices of the lines under `heading`, or under `subheading` below it, outside fences and comments.

        Args:
            heading: The heading's words, as for `find`.
            subheading: Those of a heading in its section; None is the whole section.
        """
        outer = [section for section in self._sections if section.name == words(heading)]
        inner = [
            section
            for section in self._sections
            if subheading is not None
            and section.name == words(subheading)
            and any(around.start < section.start < around.stop for around in outer)
        ]
        found = outer if subheading is None else inner
        return sorted({at for it in found for at in range(it.start + 1, it.stop) if self._text[at]})

    def rows(self, table: Table) -> list[bytes]:
        """Return the rows of `table` as they stand, with their line ends."""
        return self.lines[table.first : table.stop]

    def replace(self, start: int, stop: int, lines: Iterable[bytes]) -> None:
        """Put `lines` in place of those from `start` to before `stop`; a missing line end is added, but for the last."""
        if not self._open_end:
            self.lines[start:stop] = lines
            return
        newline = newline_of(self.lines[0])
        self.lines[-1] += newline
        self.lines[start:stop] = [line if line.endswith((b"\n", b"\r")) else line + newline for line in lines]
        self.lines[-1] = self.lines[-1].rstrip(b"\r\n")

    def _tables(self, section: _Section) -> Iterator[Table]:
        index = section.start
        while index < section.stop - 1:
            header, below = self.lines[index], self.lines[index + 1]
            beneath = self._text[index] and self._text[index + 1] and _DELIMITER.match(below)
            if not beneath or _BLOCK.match(header):
                index += 1
                continue
            columns = tuple(words(cell.decode("utf-8", "replace")) for cell in split(header))
            if len(columns) < 2 or len(columns) != len(split(below)):
                index += 1
                continue
            stop = self._end_of_table(index + 2)
            yield Table(index, stop, columns, newline_of(header))
            index = stop

    def _end_of_table(self, index: int) -> int:
        """Return the index after the last row; a text line glued to a table is no row of ours to put rows behind."""
        last = index
        for at in range(index, len(self.lines)):
            line = self.lines[at]
            if line[:1] == b"|":
                last = at + 1
            elif not line.strip() or _BLOCK.match(line):
                break
            elif b"|" in line:
                last = at + 1
        return last


def split(row: bytes) -> list[bytes]:
    """Return the cells of a row, without the blanks around them; an escaped pipe does not end a cell."""
    text = row.strip()
    if text.startswith(b"|"):
        text = text[1:]
    if text.endswith(b"|") and not text.endswith(b"\\|"):
        text = text[:-1]
    cells = _PIPE.split(text) if b"\\|" in text else text.split(b"|")
    return [cell.strip() for cell in cells]


def render(cells: Iterable[str], newline: bytes) -> bytes:
    """Return the row with these escaped cells, compact, in one line; surrogates stand for bytes that are not UTF-8."""
    return f"| {' | '.join(cells)} |".encode(errors="surrogateescape") + newline


def _outline(lines: Sequence[bytes]) -> tuple[bytearray, list[_Section]]:
    """Return a flag for each line (1: neither in a fence nor in a comment) and the sections under the headings."""
    text = bytearray(len(lines))
    headings: list[tuple[int, int, str]] = []
    closing: re.Pattern[bytes] | None = None
    for index, line in enumerate(lines):
        if closing is not None:
            if closing.search(line):
                closing = None
            continue
        if line[:1] == b"|" and line[:7] != b"|||||||":
            text[index] = 1
            continue
        if index == 0:
            line = line.removeprefix(_BOM)  # noqa: PLW2901 - looked at without it, kept with it
        lead = line.lstrip(b" ")[:1]
        if lead in _OPENING or b"<!--" in line:
            closing = _opened(line)
            if closing is not None:
                continue
        if lead in _MARKING and _CONFLICT.match(line):
            raise ManifestDeferred(f"has a conflict marker at line {index + 1}: resolve the merge")
        text[index] = 1
        if lead != b"|":
            heading = _heading(lines, index, line, lead)
            if heading is not None:
                headings.append((index, *heading))
    return text, _sections(headings, len(lines))


def _sections(headings: Sequence[tuple[int, int, str]], end: int) -> list[_Section]:
    sections = []
    for at, (index, level, name) in enumerate(headings):
        stop = next((later for later, other, _ in headings[at + 1 :] if other <= level), end)
        sections.append(_Section(name, level, index, stop))
    return sections


def _opened(line: bytes) -> re.Pattern[bytes] | None:
    """Return what closes the fence, comment or raw HTML that `line` opens; None when it opens none."""
    fence = _FENCE.match(line)
    if fence:
        mark = fence[1]
        return re.compile(rb"\A {0,3}%s{%d,}[ \t]*\r?\n?\Z" % (mark[:1], len(mark)))
    comment = _COMMENT.match(line)
    if comment:
        return None if b"-->" in line[comment.end() :] else re.compile(rb"-->")
    raw = _RAW.match(line)
    if raw:
        end = rb"</(?:pre|script|style|textarea)>"
        return None if re.search(end, line, re.IGNORECASE) else re.compile(end, re.IGNORECASE)
    opened, closed = line.rfind(b"<!--"), line.rfind(b"-->")
    if opened > closed:
        # Opened inside a paragraph, it ends with the paragraph at the latest.
        return re.compile(rb"-->|\A[ \t]*\r?\n?\Z")
    return None


def _heading(lines: Sequence[bytes], index: int, line: bytes, lead: bytes) -> tuple[int, str] | None:
    if lead == b"#":
        found = _HEADING.match(line)
        return (len(found[1]), words((found[2] or b"").decode("utf-8", "replace"))) if found else None
    below = lines[index + 1].lstrip(b" ")[:1] if index + 1 < len(lines) else b""
    if below in _UNDERLINING and line.strip() and not _BLOCK.match(line):
        underline = _UNDERLINE.match(lines[index + 1])
        if underline:
            return (1 if underline[1].startswith(b"=") else 2), words(line.decode("utf-8", "replace"))
    return None


def words(text: str) -> str:
    """Return the words of `text` in small letters, one blank between two; markup and punctuation do not matter."""
    return " ".join(_WORD.findall(text.casefold()))


def newline_of(line: bytes) -> bytes:
    """Return the line end of `line`; a line feed when it has none."""
    return line[len(line.rstrip(b"\r\n")) :] or b"\n"
