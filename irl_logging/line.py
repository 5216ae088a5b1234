"""One log line as a value: `[TIMESTAMP] [LEVEL] [WORKFLOW] [STEP] message`, rendered and read back.

Pure: text in, text out. What a record is, where a line goes and what must not stand in it are the business of others
(`handler`, `storage.log`, `redaction`). One record is one line that starts with `[`; every further physical line of it
starts with a tab, so no text can forge a record.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from irl_logging.errors import ConfigurationError

NO_STEP: Final = "-"
"""What stands in the step's brackets when there is no step."""

_LEVEL_WORDS: Final = ((50, "CRITICAL"), (40, "ERROR"), (30, "WARN"), (20, "INFO"))
_READ_LEVELS: Final = {"WARNING": "WARN", "FATAL": "CRITICAL", "NOTICE": "INFO", "TRACE": "DEBUG"} | {
    word: word for word in ("DEBUG", "INFO", "WARN", "ERROR", "CRITICAL")
}

# Characters that a terminal or a pager acts on or does not show: C0 (tab and line feed are dealt with apart), DEL, C1,
# soft hyphen, zero-width and bidirectional controls, line and paragraph separators, interlinear marks, lone surrogates,
# tag characters.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_STAMP: Final = r"\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]"
_HEAD: Final = re.compile(
    _STAMP + r" \[([A-Za-z]+)\] \[([A-Za-z0-9][A-Za-z0-9._-]{0,63})\] \[([A-Za-z0-9._-]{1,64})\] ?"
)
_LEGACY: Final = re.compile(_STAMP + r" ?")
_BARE_VALUE: Final = re.compile(r"[^\s\"=\\]+")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One record as it was read from a log file.

    Attributes:
        time: When, in UTC.
        level: DEBUG, INFO, WARN, ERROR or CRITICAL.
        workflow: The workflow's slug; for a legacy line the one given to `parse`.
        step: The step's slug; None when the line has none.
        message: The text with its structured fields, line feeds restored.
        torn: True when the record was cut off by the next one: its writer was killed while writing.
    """

    time: dt.datetime
    level: str
    workflow: str
    step: str | None
    message: str
    torn: bool = False


def level_word(levelno: int) -> str:
    """Return the word that stands for a numeric logging level; a custom level gets the next lower word."""
    for number, word in _LEVEL_WORDS:
        if levelno >= number:
            return word
    return "DEBUG"


def as_level(text: str) -> str:
    """Return the word that lines use for a level as people write it (`warning`, `FATAL`, `Info`).

    Raises:
        ConfigurationError: when it is no known level.
    """
    try:
        return _READ_LEVELS[text.upper()]
    except (KeyError, AttributeError):
        raise ConfigurationError(
            f"level {text!r} is not known: expected one of {', '.join(sorted(_READ_LEVELS))}"
        ) from None


def render_time(epoch: float, timespec: str = "seconds") -> str:
    """Return `epoch` (seconds since 1970) as ISO 8601 UTC with `Z`.

    Args:
        epoch: Seconds since 1970-01-01 UTC.
        timespec: "seconds", "milliseconds" or "microseconds"; what is finer is cut off, not rounded.
    """
    text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(epoch))
    if timespec == "seconds":
        return text + "Z"
    micro = int((epoch % 1) * 1_000_000)
    return f"{text}.{micro // 1000:03d}Z" if timespec == "milliseconds" else f"{text}.{micro:06d}Z"


def parse_time(text: str) -> dt.datetime:
    """Return the UTC time that an ISO 8601 `text` names; a missing offset means UTC.

    Raises:
        ValueError: when it is no time.
    """
    when = dt.datetime.fromisoformat(text.replace(",", "."))
    return when.replace(tzinfo=dt.UTC) if when.tzinfo is None else when.astimezone(dt.UTC)


def render_head(timestamp: str, level: str, workflow: str, step: str | None) -> str:
    """Return the four bracketed fields and the blank after them; workflow and step are slugs."""
    return f"[{timestamp}] [{level}] [{workflow}] [{step or NO_STEP}] "


def escape(text: str) -> str:
    """Return `text` so that it stands in one record: line feeds get a tab, what cannot be seen becomes visible.

    Backslashes are left as they are: paths and patterns stay readable, and the JSON twin has the exact text.
    """
    if not text.isprintable():
        text = _UNSAFE.sub(_visible, text.replace("\r\n", "\n")).replace("\n", "\n\t")
    if "] [" in text:
        # A message that quotes a whole line must not read as a record after a torn one.
        text = _HEAD.sub(lambda found: "\\x5b" + found[0][1:], text)
    return text


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def render_fields(fields: Mapping[str, Any]) -> str:
    """Return `fields` in logfmt (`a=1 b="two words"`), in their order; empty for none.

    Text is bare when it holds no blank, quote, `=` or backslash, else a JSON string; None, True and False are JSON's words;
    mappings and sequences are compact JSON, anything else its `str`.
    """
    return " ".join(f"{render_key(key)}={render_value(value)}" for key, value in fields.items())


@functools.lru_cache(maxsize=1024)
def render_key(key: object) -> str:
    """Return a field's name as logfmt has it: without blanks, quotes and `=`, and never empty."""
    return re.sub(r"[\s\"=]+", "_", str(key)) or "_"


def render_value(value: object) -> str:
    """Return a field's value in logfmt, see `render_fields`."""
    kind = type(value)
    if kind is int or kind is float:
        return repr(value)
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (dict, list, tuple)):
        try:
            value = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
        except (TypeError, ValueError):
            value = str(value)
    text = str(value)
    return text if _BARE_VALUE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def cap(line: bytes, limit: int) -> bytes:
    """Return `line` (UTF-8, without its line feed) cut to about `limit` bytes at a character, with what was left out said.

    Args:
        line: The encoded line.
        limit: Bytes; 0 means no limit. The note `...(+N bytes)` comes on top.
    """
    if not limit or len(line) <= limit:
        return line
    cut = limit
    while cut and line[cut] & 0xC0 == 0x80:
        cut -= 1
    return line[:cut] + f"...(+{len(line) - cut} bytes)".encode()


def parse(text: str, *, workflow: str = NO_STEP) -> Iterator[LogLine]:
    """Yield the records of a log file's text, oldest first.

    Reads what `render_head` and `escape` write, lines of the specification's shell examples (`[TIMESTAMP] message`, read as
    INFO), every spelling of a level, times with fractions and offsets. A record that was torn by a killed writer ends where
    the next one starts. Text before the first record is skipped.

    Args:
        text: A file's content, or a part that starts at a record.
        workflow: The workflow of legacy lines, which do not name one.
    """
    lines = re.split(r"\r?\n", text)
    if lines and not lines[-1]:
        lines.pop()
    record: LogLine | None = None
    more: list[str] = []
    for physical in lines:
        for piece, torn in _records_in(physical):
            started = _start(piece, workflow)
            if started is None:
                more.append(piece.removeprefix("\t"))
                continue
            if record is not None:
                yield _finished(record, more, torn=torn)
            record, more = started, []
    if record is not None:
        yield _finished(record, more, torn=False)


def _records_in(physical: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of a physical line, each with whether the piece before it was torn by it."""
    start = 0
    for found in _HEAD.finditer(physical):
        if found.start() > start:
            yield physical[start : found.start()], start > 0
        start = found.start()
    yield physical[start:], start > 0


def _start(piece: str, workflow: str) -> LogLine | None:
    found = _HEAD.match(piece) or _LEGACY.match(piece)
    if found is None:
        return None
    try:
        when = parse_time(found[1])
    except ValueError:
        return None
    message = piece[found.end() :]
    if found.re is _LEGACY:
        return LogLine(when, "INFO", workflow, None, message)
    level = _READ_LEVELS.get(found[2].upper(), found[2].upper())
    return LogLine(when, level, found[3], None if found[4] == NO_STEP else found[4], message)


def _finished(record: LogLine, more: list[str], *, torn: bool) -> LogLine:
    if not more and not torn:
        return record
    message = "\n".join([record.message, *more])
    return LogLine(record.time, record.level, record.workflow, record.step, message, torn)
