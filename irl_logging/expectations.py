"""What a completion is checked against: files, commands, counts that add up. Checked when a run ends as complete."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from irl_logging import arguments
from irl_logging.commands import Command
from irl_logging.errors import ConfigurationError
from irl_logging.storage.layout import Layout

DECIDED: Final = ("approved", "rejected", "flagged")
"""Counters of what was decided on."""

OUTCOMES: Final = (*DECIDED, "skipped")
"""Counters that together are what was listed."""

TOTALS: Final = ("listed", "total")
"""Counters that say how much there was in all."""

_SHOWN_BYTES: Final = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One requirement of a completion; exactly one of the first three is given.

    Attributes:
        file: A file that has to be there and not empty, below the repository or the execution directory.
        command: A command that has to exit with 0; it runs in the repository.
        total: What the counters `of` have to add up to: a number, or the name of a counter.
        of: Names of counters; empty means `OUTCOMES`.
        limit: Seconds that the command may take.
    """

    file: str | None = None
    command: Sequence[str] | None = None
    total: int | str | None = None
    of: Sequence[str] = ()
    limit: float = 60.0

    @classmethod
    def read(cls, content: Mapping[str, Any]) -> Self:
        """Return the expectation that the journal has as `content`."""
        return cls(**content)

    def as_mapping(self) -> dict[str, Any]:
        """Return it as the journal keeps it."""
        return {name: value for name, value in asdict(self).items() if value not in (None, (), [])}

    def unmet(self, directories: Collection[Path], counters: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return what is missing, as a part of a sentence and in detail for the log; None if nothing is.

        Args:
            directories: Where files may be; commands run in the first.
            counters: What the run has counted.
        """
        if self.file is not None:
            there = any(_has_content(directory / self.file) for directory in directories)
            return None if there else (f"{self.file} is missing or empty", "")
        if self.command is not None:
            return self._failed(next(iter(directories)))
        found = _off(counters, self.total, self.of or OUTCOMES)
        return (found, "") if found else None

    def _failed(self, directory: Path) -> tuple[str, str] | None:
        argv = list(self.command or ())
        name = shlex.join(argv)
        try:
            with Command(argv, directory=directory, limit=self.limit) as command:
                outcome = command.outcome(_SHOWN_BYTES)
        except (OSError, ValueError) as error:
            return f"`{name}` could not be started: {error}", ""
        if outcome.code == 0:
            return None
        what = f"took longer than {self.limit:g} s" if outcome.code is None else f"exited with {outcome.code}"
        said = "\n".join(text.decode("utf-8", "replace").strip() for text in (outcome.out, outcome.err) if text.strip())
        return f"`{name}` {what}", said


def expectations(
    file: str | os.PathLike[str] | None,
    command: Sequence[str] | None,
    total: int | str | None,
    of: Iterable[str],
    limit: float,
) -> list[Expectation]:
    """Return the arguments of `Run.expect` as separate, validated expectations.

    Raises:
        ConfigurationError: when nothing is expected, or not in a form that can be checked.
    """
    found = []
    if file is not None:
        found.append(Expectation(file=arguments.path("expected file", file)))
    if command is not None:
        if isinstance(command, str | bytes) or not isinstance(command, Iterable) or not list(command):
            raise ConfigurationError(f"expected command is {command!r}, expected a list such as ['pytest', '-q']")
        limit = arguments.seconds("limit", limit, none=False)
        found.append(Expectation(command=tuple(map(str, command)), limit=limit))
    if total is not None:
        if not _is_number(total) and not isinstance(total, str):
            raise ConfigurationError(f"total is {total!r}, expected a whole number or the name of a counter")
        found.append(Expectation(total=total, of=(of,) if isinstance(of, str) else arguments.names("of", of)))
    if not found:
        raise ConfigurationError("nothing is expected: give file=, command= or total=")
    return found


def missing(
    expected: Iterable[Expectation],
    layout: Layout,
    counters: Mapping[str, Any],
    say: Callable[[str], None],
) -> list[str]:
    """Return what a completion lacks, as parts of a sentence.

    Args:
        expected: Its requirements; in addition, counters must not contradict each other.
        layout: Where expected files are looked for.
        counters: What the run has counted.
        say: Called with each of them, and with a command's output.
    """
    lacks = []
    for expectation in expected:
        if unmet := expectation.unmet((layout.repository, layout.root), counters):
            what, said = unmet
            say(f"Not as expected: {what}" + (f"\n{said}" if said else ""))
            lacks.append(what)
    wrong = contradiction(counters)
    return [*lacks, wrong] if wrong and wrong not in lacks else lacks


def contradiction(counters: Mapping[str, Any]) -> str | None:
    """Return how the counted outcomes contradict the counted total; None when they do not, or not both were counted."""
    if not any(_is_number(counters.get(name)) for name in DECIDED):
        return None  # of 100 tests in total 3 may be skipped
    found = (_off(counters, name, OUTCOMES) for name in TOTALS if _is_number(counters.get(name)))
    return next(filter(None, found), None)


def _off(counters: Mapping[str, Any], total: int | str | None, names: Iterable[str]) -> str | None:
    """Return in what way counters do not add up to a total; None if they do."""
    wanted = counters.get(total) if isinstance(total, str) else total
    if not _is_number(wanted):
        return f"{total} was not counted"
    parts = {name: counters[name] for name in names if _is_number(counters.get(name))}
    if sum(parts.values()) == wanted:
        return None
    said = " + ".join(f"{value} {name}" for name, value in parts.items()) or "nothing"
    sum_of = f" = {sum(parts.values())}" if len(parts) > 1 else ""
    return f"{said}{sum_of}, but {wanted} {total if isinstance(total, str) else 'expected'}"


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _has_content(path: Path) -> bool:
    try:
        return path.is_file() and path.stat().st_size > 0
    except OSError:
        return False
