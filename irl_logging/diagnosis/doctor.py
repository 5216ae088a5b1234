"""All findings together."""

from __future__ import annotations

from irl_logging.configured import default, given
from irl_logging.diagnosis import directory, process, repository, system
from irl_logging.diagnosis.finding import Finding
from irl_logging.execution import Execution


def examine(execution: Execution) -> list[Finding]:
    """Return the findings about an execution directory, the system under it and git around it."""
    return [*directory.look(execution), *system.look(execution.layout), *repository.look(execution.layout)]


def doctor(execution: Execution | None = None) -> list[Finding]:
    """Return what is in order and what is not, in this process and in the execution directory that it logs to.

    Args:
        execution: The directory; None is the one that `configure` opened, or that the surroundings name.

    Raises:
        ConfigurationError: when `execution` is something else, or the settings of the surroundings are wrong.
    """
    execution = given(execution) or default()
    return [*process.look(execution), *examine(execution)]
