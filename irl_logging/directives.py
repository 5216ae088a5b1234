"""What a directive asks of its workflow's runs: the *Execution Logging* block and the steps of `directives/<workflow>.md`.

Directives are written by people for people and agents, so what is understood is used and the rest is skipped: the block
may be quoted, have a heading or a bold line above it, lack lines or have them in another order. Whether a run did what its
directive asks is found in `compliance`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from irl_logging.errors import ConfigurationError
from irl_logging.naming import LogPattern, slug
from irl_logging.notices import notice

DIRECTORY: Final = "directives"
"""Name of the directory of directives in a repository."""

_LARGEST: Final = 1 << 20
_QUOTE: Final = re.compile(r"^(?: {0,3}> ?)+")
_HEADING: Final = re.compile(r" {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE: Final = re.compile(r"\s*(```|~~~)")
_BLOCK: Final = re.compile(r"(?i)[\s*_#]*execution logging[\s*_:]*")
_BULLET: Final = re.compile(r"\s*[-*+]\s+[*_]*([^:`]+?)[*_]*:[*_]*\s*(.*)")
_CODE: Final = re.compile(r"`([^`]+)`")
_NUMBERED: Final = re.compile(r"(?i)(?:step\s+)?\d+[.):]?\s+(?:[-—–:]\s+)?(.+)")
_ITEM: Final = re.compile(r" {0,3}\d+[.)]\s+(.+)")
_FIELD: Final = re.compile(r"\[([^\[\]]+)\]|<([^<>]+)>|\{([^{}]+)\}")
_NAMES: Final = {"number": "seq", "sequence": "seq", "nnn": "seq", "yyyy_mm_dd": "date", "time": "timestamp"}


@dataclass(frozen=True, slots=True)
class Procedure:
    """A numbered step of a directive.

    Attributes:
        title: Its heading, or its first line.
        text: All that it says.
    """

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Directive:
    """What a directive asks for; None and empty where it does not say.

    Attributes:
        path: The file.
        log_pattern: How the log is to be named, as `naming.LogPattern` writes it.
        state: The state that is to be updated, without `.json`.
        complete: Whether the run is to be marked complete.
        procedure: Its steps, in order.
    """

    path: Path
    log_pattern: str | None = None
    state: str | None = None
    complete: bool = False
    procedure: tuple[Procedure, ...] = ()


def directive_of(repository: Path, workflow: str) -> Directive | None:
    """Return the directive of a workflow; None when there is none that can be read.

    Args:
        repository: The directory that `directives/` is in.
        workflow: A slug.
    """
    for name in dict.fromkeys((workflow, workflow.lower())):
        path = repository / DIRECTORY / f"{name}.md"
        try:
            if not path.is_file():  # a named pipe would hang who opens it
                continue
            with path.open("rb") as file:
                return _read(path, file.read(_LARGEST).decode("utf-8", "replace"))
        except OSError:
            continue
    return None


def pattern_for(directive: Directive | None, values: Mapping[str, Any], otherwise: LogPattern) -> LogPattern:
    """Return the pattern that a directive asks for, where it can be filled; else another one, after a notice.

    Args:
        directive: The workflow's; None for none.
        values: What there is to fill it with.
        otherwise: The pattern for all other cases.
    """
    if directive is None or directive.log_pattern is None:
        return otherwise
    try:
        pattern = LogPattern(directive.log_pattern)
    except ConfigurationError as error:
        notice(f"directive {directive.path}", f"{directive.path}: the log is named as usual: {error}", every=None)
        return otherwise
    missing = [name for name in pattern.fields if name != "seq" and values.get(name) is None]
    if not missing:
        return pattern
    fields = ", ".join(f"{name}=..." for name in missing)
    notice(
        f"directive {directive.path}",
        f"{directive.path} asks for a log {directive.log_pattern}, and the run has no {', '.join(missing)}: the log is "
        f"named as usual; give {fields} at the start of the run",
        every=None,
    )
    return otherwise


def _read(path: Path, text: str) -> Directive:
    lines = [_QUOTE.sub("", line) for line in text.splitlines()]
    asked = dict(_asked(lines))
    return Directive(path, asked.get("log"), asked.get("state"), "complete" in asked, tuple(_procedure(lines)))


def _asked(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what the lines of the *Execution Logging* block ask for, the first of a kind last."""
    found = []
    for line in _block(lines):
        bullet = _BULLET.match(line)
        if bullet is None:
            continue
        label, value = bullet[1].lower(), bullet[2]
        code = _CODE.search(value)
        path = (code[1] if code else value.strip()).replace("\\", "/")
        if "complete" in label:
            found.append(("complete", value))
        elif "state" in label and path.endswith(".json"):
            name = path.rpartition("/")[2].removesuffix(".json")
            found.append(("state", slug(name)))  # as the state's file is called
        elif "log" in label and path.endswith(".log"):
            found.append(("log", _FIELD.sub(_placeholder, path.rpartition("/")[2])))
    yield from reversed(found)


def _block(lines: list[str]) -> Iterator[str]:
    """Yield the lines below the words *Execution Logging*, to the next heading or, under a bold line, the list's end."""
    inside = listed = False
    for line in lines:
        heading = _HEADING.match(line)
        if _BLOCK.fullmatch(line):
            inside, listed = True, False
        elif inside and (heading or (listed and line.strip() and not line.startswith((" ", "\t", "-", "*", "+")))):
            return
        elif inside:
            listed = listed or _BULLET.match(line) is not None
            yield line


def _placeholder(found: re.Match[str]) -> str:
    name = re.sub(r"\W+", "_", (found[1] or found[2] or found[3]).strip().lower()).strip("_")
    return f"{{{_NAMES.get(name, name)}}}"


def _procedure(lines: list[str]) -> Iterator[Procedure]:
    """Yield the numbered steps: headings such as `### 1. List`, or else the items of the Procedure section's list."""
    headings: list[list[str]] = []
    items: list[list[str]] = []
    fenced = procedure = False
    current: list[str] = []
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
        if _BLOCK.fullmatch(line):
            current = []
        heading = None if fenced else _HEADING.match(line)
        item = None if fenced else _ITEM.match(line)
        if heading:
            numbered = _NUMBERED.fullmatch(heading[2])
            current = [numbered[1]] if numbered else []
            headings += [current] if numbered else []
            procedure = (procedure and len(heading[1]) > 2) or "procedure" in heading[2].lower()
        elif item and procedure and not headings:
            current = [item[1]]
            items.append(current)
        else:
            current.append(line)
    for title, *rest in headings or items:
        yield Procedure(title.strip(), "\n".join((title, *rest)))
