"""The execution directory that a command is about."""

from __future__ import annotations

from irl_logging.execution import Execution
from irl_logging.settings import load


def execution_at(root: str | None) -> Execution:
    """Return the execution directory that `--root` names; None finds it as the library does.

    Raises:
        ConfigurationError: when a setting is not of its kind.
    """
    return Execution(resolved=load({"root": root}))
