"""The execution directory that a command is about."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from irl_logging.cli.terminal import has_rules, redact_with
from irl_logging.errors import ConfigurationError, IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.redaction import register_environment
from irl_logging.settings import load


def execution_at(root: str | None, *, missing_ok: bool = False, environment: bool = True) -> Execution:
    """Return the execution directory that `--root` names; None finds it as the library does.

    Values of the environment are secrets to a command, as its arguments may have been made of variables.

    Args:
        root: What `--root` names; None when it was not given.
        missing_ok: Whether the command makes what is not there. To all others a directory that somebody named and that
            is none is a mistake: "No secrets in 0 files" would be the answer to a typo.
        environment: False for a command that is told which values of the environment to look for.

    Raises:
        ConfigurationError: when a setting is of the wrong type, or the directory that was named is not there.
    """
    named, how = (root, "--root") if root else (os.environ.get("IRL_ROOT"), "IRL_ROOT")
    if named and not missing_ok and not Path(named).expanduser().is_dir():
        raise ConfigurationError(
            f"{how} names {named}, which is not a directory: expected a repository or its execution directory"
        )
    execution = Execution(resolved=load({"root": root}))
    if environment:
        register_environment()
    redact_with(execution.redactor)
    return execution


def open_for_mistakes() -> None:
    """Let a mistake be shown as the command would have: it may have come before any directory was opened."""
    if not has_rules():
        register_environment()
        with suppress(IrlLoggingError, OSError):  # the mistake may be in the settings
            execution_at(None, missing_ok=True)
