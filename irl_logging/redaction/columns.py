"""Secrets in the columns of a table, whose header names them: rows of CSV, of `psql`, of a data frame."""

from __future__ import annotations

from irl_logging.redaction.keynames import Verdict, classify
from irl_logging.redaction.patterns import Lazy
from irl_logging.redaction.values import is_secret, mixed, random_looking

HEADER = r"(?i:passw(?:or)?d|pass|pwd|secret|token|key|credentials?)[\"'`*]*[ ]?(?:[,;|\t]|  |[ \t|]*\r?\n)"
_TELLING = Lazy(rb"(?i:pass|pwd|secret|token|key|cred)")
_SEPARATED = {
    sign: Lazy(rb"[^\n" + (b"\\" + sign if sign == b"|" else sign) + rb"]+") for sign in (b"|", b"\t", b";", b",")
}
_ALIGNED = Lazy(rb"[^\s]+(?: [^\s]+)*")
_NAME = Lazy(rb"[\w.#$-]{1,40}(?: [\w.#$-]{1,40})?\Z")
_BETWEEN = Lazy(rb"[-+=| :\t\r]*\Z")  # the line between header and rows
_GENERATED = Lazy(rb"(?:[a-z0-9]+-)+[a-z0-9]+\Z")  # what a cluster calls its things
_LONGEST = 400  # bytes of a header
_SHORTEST, _TOKEN = 6, 16  # bytes of a password and of a token in a cell
_BLANKS = b" \r\"'`"

Cells = list[tuple[int, int]]


def columns(data: bytes) -> list[tuple[int, int, str]]:
    """Return the cells of tables that stand under a name that tells of a secret."""
    found: list[tuple[int, int, str]] = []
    if b"\n" not in data:
        return found
    begins = width = 0
    pattern, telling = _ALIGNED, dict[int, Verdict]()
    for line in data.split(b"\n"):
        if not telling or not _BETWEEN.match(line):
            cells = _cells(pattern, line) if telling else []
            if telling and 0 <= len(cells) - width <= 1:  # a data frame's rows have a number more than its header
                found += [
                    (begins + start, begins + end, "password" if verdict is Verdict.PASSWORD else "secret-key-value")
                    for column, verdict in telling.items()
                    for start, end in (cells[column],)
                    if _holds_secret(verdict, line[start:end])
                ]
            else:
                pattern, width, telling = _header(line)
        elif not line.strip():
            telling = {}
        begins += len(line) + 1
    return found


def _header(line: bytes) -> tuple[Lazy[bytes], int, dict[int, Verdict]]:
    """Return how a header parts its cells, how many there are, and what each that tells says, by its place from the end."""
    if len(line) > _LONGEST or not _TELLING.search(line):
        return _ALIGNED, 0, {}
    pattern = next((cells for sign, cells in _SEPARATED.items() if sign in line), _ALIGNED)
    cells = _cells(pattern, line)
    names = [line[start:end].strip(b"*`\"' ") for start, end in cells]
    if len(names) < 2 or not all(map(_NAME.match, names)):
        return pattern, 0, {}
    said = {place - len(names): classify(name.decode("latin-1").replace(" ", "_")) for place, name in enumerate(names)}
    return pattern, len(names), {place: v for place, v in said.items() if Verdict.NO < v <= Verdict.PASSWORD}


def _cells(pattern: Lazy[bytes], line: bytes) -> Cells:
    """Return where the cells of a line are, without the blanks and quotes around them."""
    out: Cells = []
    for cell in pattern.finditer(line):
        text = cell.group()
        start = cell.start() + len(text) - len(text.lstrip(_BLANKS))
        end = max(start, cell.end() - len(text) + len(text.rstrip(_BLANKS)))
        if end > start or 0 < cell.start() < cell.end() < len(line):
            out.append((start, end))
    return out


def _holds_secret(verdict: Verdict, value: bytes) -> bool:
    """Return whether a cell is more than the name or the state of a secret."""
    if b" " in value or not mixed(value) or not is_secret(verdict, value, quoted=True):
        return False
    if verdict is Verdict.PASSWORD:
        return len(value) >= _SHORTEST
    return len(value) >= _TOKEN and random_looking(value) and not _GENERATED.match(value)
