"""Searching for secrets in files, and in the versions of files in git's history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from irl_logging.redaction import Redactor
from irl_logging.scanning.history import Repository, Version
from irl_logging.scanning.pieces import Place, redacted
from irl_logging.scanning.sources import unpacked

Failed = Callable[[str, str], None]
"""Is called with what could not be looked at (a path, or `commit:path`) and why."""


def in_files(files: Iterable[Path], redactor: Redactor, failed: Failed) -> Iterator[tuple[Path, list[Place]]]:
    """Yield each file with the places of its secrets; a file that is already gone is left out.

    Args:
        files: What to look at.
        redactor: The redactor whose rules apply.
        failed: Called for each file that could not be read to its end.
    """
    for file in files:
        try:
            with file.open("rb") as stream:
                found = _places(stream, file.name, str(file), redactor, failed)
        except FileNotFoundError:
            continue
        except OSError as error:
            failed(str(file), reason(error))
            continue
        yield file, found


def in_history(
    repository: Repository, paths: Iterable[Path], redactor: Redactor, failed: Failed
) -> Iterator[tuple[Version, list[Place]]]:
    """Yield each version of the files at and below `paths` with the places of its secrets.

    Args:
        repository: Whose history.
        paths: Files and directories; they need not be there any more.
        redactor: The redactor whose rules apply.
        failed: Called for each version that could not be read to its end.

    Raises:
        HistoryError: when git cannot list the versions.
    """
    with repository.contents() as opened:
        for version in repository.versions(paths):
            name = f"{version.commit}:{version.path}"
            stream = opened(version.blob)
            if stream is None:
                failed(name, "this clone does not have it")
                continue
            yield version, _places(stream, version.path, name, redactor, failed)


def _places(stream: IO[bytes], name: str, shown: str, redactor: Redactor, failed: Failed) -> list[Place]:
    """Return the places, of a damaged file those before the damage."""
    found: list[Place] = []
    try:
        for _ in redacted(unpacked(stream, name), redactor, found.append):
            pass
    except (OSError, RecursionError) as error:  # the latter: so many secrets in one another that no end was found
        failed(shown, reason(error))
    return found


def reason(error: Exception) -> str:
    """Return why something could not be done, without the name of the file."""
    return (isinstance(error, OSError) and error.strerror) or str(error)
