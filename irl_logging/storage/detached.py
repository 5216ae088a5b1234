"""What is kept of a detached run between the commands that work on it: where its lines go and which step it is in.

A small file beside the run's lock, so that a command that only writes a line need not read the journal. When it was last
touched is the run's last sign of life. What a run is, and whether it has ended, is the journal's to say.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

from irl_logging.storage.files import publish

_SUFFIX: Final = ".json"


class Detached(NamedTuple):
    """A detached run as the commands that work on it know it; every text is redacted.

    Attributes:
        id: The run's id.
        workflow: Its slug.
        title: Its name as given.
        agent: Who runs it.
        log: The log file's path below the execution directory.
        step: The step that the run is in; None for none.
        steps: Steps that have started, as the results file lists them: `{"name", "started", "seconds"}`.
        more_steps: How many more there were.
        audit: The last link of the audit trail that the run has made, as the results file has it; None for none.
    """

    id: str
    workflow: str
    title: str
    agent: str
    log: str
    step: str | None = None
    steps: tuple[dict[str, Any], ...] = ()
    more_steps: int = 0
    audit: Mapping[str, str] | None = None


class DetachedRuns:
    """The files of detached runs.

    Args:
        directory: Where they are.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def ids(self) -> Iterator[str]:
        """Yield the id of each run that has a file."""
        with suppress(OSError), os.scandir(self._directory) as entries:
            yield from (entry.name.removesuffix(_SUFFIX) for entry in entries if entry.name.endswith(_SUFFIX))

    def save(self, known: Detached) -> None:
        """Write down what is known of a run; that is a sign of life.

        Raises:
            OSError: when it cannot be written.
        """
        publish(self.path(known.id), json.dumps(known._asdict()).encode(), durable=False)

    def load(self, run: str) -> Detached | None:
        """Return what is known of the run with this id; None when it has no file that can be read."""
        if run != Path(run).name:  # it comes from the environment, and is no path
            return None
        try:
            found = json.loads(self.path(run).read_bytes())
            return Detached(**found)._replace(steps=tuple(found["steps"]))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def touch(self, run: str) -> None:
        """Give a sign of life of the run with this id, if it has a file."""
        with suppress(OSError):
            os.utime(self.path(run))

    def seen(self, run: str) -> float | None:
        """Return when the run with this id gave its last sign of life, in seconds since 1970; None when it has no file."""
        try:
            return self.path(run).stat().st_mtime
        except OSError:
            return None

    def remove(self, run: str) -> None:
        """Forget the run with this id."""
        with suppress(OSError):
            self.path(run).unlink()

    def path(self, run: str) -> Path:
        """Return the file of the run with this id."""
        return self._directory / f"{run}{_SUFFIX}"
