"""Who runs: the agent or person shown in the manifest's Agent/User cell.

The first of: the argument, `IRL_AGENT`, the config file, the variables that known tools set for what they start, the
person behind a CI job, `git config user.name`, the user of the operating system.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from typing import Final

# Variable -> agent name. Each is set by the tool for the commands that it runs.
_AGENT_TOOLS: Final = (
    ("CLAUDECODE", "agent-claude-code"),
    ("CURSOR_AGENT", "agent-cursor"),
    ("GEMINI_CLI", "agent-gemini-cli"),
    ("CODEX_SANDBOX", "agent-codex"),
    ("OPENCODE", "agent-opencode"),
)
_CI_ACTORS: Final = (
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BUILDKITE_BUILD_CREATOR",
    "CIRCLE_USERNAME",
    "DRONE_COMMIT_AUTHOR",
)
_GIT_SECONDS: Final = 2.0


def agent_name(given: str | None = None, *, environ: Mapping[str, str] = os.environ) -> str:
    """Return who runs: `given`, else what the environment says, else the person (`human:<name>`).

    Args:
        given: A name from an argument or a setting; None or empty means to look further.
        environ: The environment to read.
    """
    if given:
        return given
    for variable, name in _AGENT_TOOLS:
        if environ.get(variable):
            return name
    for variable in _CI_ACTORS:
        if environ.get(variable):
            return f"ci:{environ[variable]}"
    return f"human:{_person()}"


@functools.cache
def _person() -> str:
    import subprocess  # slow to import, and needed only where nothing else names the agent

    try:
        answer = subprocess.run(
            ["git", "config", "user.name"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
        if answer.stdout.strip():
            return answer.stdout.strip()
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        pass  # no git, or a git that hangs: the operating system knows somebody too
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"
