"""The entry point of `irl`, and the short way of `irl log`: an ordinary line is written before any command is imported.

Scripts and agents call `irl log` for each line, and importing the package takes ten times as long as what is left to do
where nothing is special: all settings are defaults, the run is a detached one, and the text is one that no rule of redaction
could change. In all other cases `cli.log` does the same, the long way. Nothing slow is imported here.
"""

from __future__ import annotations

import json
import os
import sys
import time

from irl_logging.ordinary import Ordinary, may_hold
from irl_logging.whereabouts import found_from, repository_execution, upward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

NO_STEP: Final = "-"
"""What stands in the brackets of the step where there is none."""

LEVELS: Final = ("DEBUG", "INFO", "WARN", "ERROR", "CRITICAL")
"""Levels as they stand in a line."""

_OPTIONS: Final = {"-s": "step", "--step": "step", "-l": "level", "--level": "level", "-r": "run", "--run": "run"}
_NOT_SETTINGS: Final = frozenset(("IRL_RUN", "IRL_ROOT", "IRL_AGENT"))
_OF_A_SLUG: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_LONGEST_SLUG: Final = 64
_LONGEST: Final = 4_096  # characters of a message; where lines are cut there is room for many more
_PACKAGE: Final = (b"irl_logging", b"irl-logging")


def main() -> None:
    """Run `irl` with the arguments of this process, and end it."""
    if sys.argv[1:2] == ["log"] and wrote(sys.argv[2:]):
        return
    from irl_logging.cli.main import main as run_command  # slow to import, as it is for people

    run_command()


def wrote(arguments: list[str]) -> bool:
    """Write the line that these arguments of `irl log` ask for, and return whether that was done; if not, nothing was."""
    given = _parsed(arguments)
    try:
        if given is None or not _defaults():
            return False
        active = os.path.join(_root(), "active")
        run = _run(os.path.join(active, "runs"), given.get("run"))
        if run is None:
            return False
        step = given.get("step") or run["step"] or NO_STEP
        if not (_is_plain(given["message"]) and (step == NO_STEP or _is_slug(step))):
            return False
        text = f"{step} {given['message']}"
        if not Ordinary().has(text) or may_hold(text, os.environ.values()):
            return False
        level = given.get("level", "INFO")
        return _append(active, run, f"[{level}] [{run['workflow']}] [{step}] {given['message']}\n")
    except (OSError, ValueError, KeyError, TypeError, ImportError):  # the last: no `fcntl` on this system, or no re2
        return False


def _parsed(arguments: list[str]) -> dict[str, str] | None:
    """Return the message and options; None where the long way has to tell what they are."""
    given: dict[str, str] = {}
    words = []
    left = iter(arguments)
    for argument in left:
        if argument in _OPTIONS:
            given[_OPTIONS[argument]] = next(left, "")
        elif argument.startswith("-"):
            return None
        else:
            words.append(argument)
    given["message"] = " ".join(words)
    known = given.get("level", "INFO") in LEVELS and all(given.values())
    return given if known and words else None


def _defaults() -> bool:
    """Return whether no setting but root and agent is made: not in the environment, and surely in no pyproject.toml."""
    if any(name.startswith("IRL_") and name not in _NOT_SETTINGS for name in os.environ):
        return False
    for directory in upward(os.getcwd()):
        try:
            with open(os.path.join(directory, "pyproject.toml"), "rb") as file:
                text = file.read()
        except OSError:
            continue
        if any(name in text for name in _PACKAGE) and any(map(_configures, text.splitlines())):
            return False
    return True


def _root() -> str:
    """Return the execution directory, as `settings` finds it."""
    named, here = os.environ.get("IRL_ROOT"), os.getcwd()
    return repository_execution(os.path.join(here, os.path.expanduser(named))) if named else found_from(here)


def _configures(line: bytes) -> bool:
    """Return whether a line of TOML may be about our settings, and not one that names the package as a dependency."""
    return any(name in line for name in _PACKAGE) and (b"tool" in line or not line.lstrip().startswith((b'"', b"'")))


def _run(directory: str, name: str | None) -> dict[str, Any] | None:
    """Return what is known of the detached run that is meant; None where that is not clear without the journal."""
    run_id = os.environ.get("IRL_RUN") if name is None else None
    ids = [run_id] if run_id else [entry[:-5] for entry in os.listdir(directory) if entry.endswith(".json")]
    found = []
    for one in ids:
        if not _is_slug(one):
            return None
        with open(os.path.join(directory, one + ".json"), "rb") as file:
            known = json.loads(file.read())
        if name is None or name in (known["workflow"], known["title"], known["log"]) or known["id"].startswith(name):
            found.append(known)
    return found[0] if len(found) == 1 else None


def _append(active: str, run: dict[str, Any], rest: str) -> bool:
    """Append a line to the log of a run, and give a sign of its life."""
    import fcntl

    line = f"[{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}] {rest}".encode("ascii")
    path = os.path.join(os.path.dirname(active), "logs", os.path.basename(run["log"]))  # as `logs` has it
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        # As all who write to a log: who packs it away waits for them, and then it is another file.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(descriptor), os.stat(path)):
            return False
        os.utime(os.path.join(active, "runs", run["id"] + ".json"))
        written = os.write(descriptor, line)
        if written not in (0, len(line)):
            os.write(descriptor, b"\n")  # the long way writes the line again
        return written == len(line)
    finally:
        os.close(descriptor)


def _is_plain(text: str) -> bool:
    """Return whether a text stands in a line as it is: nothing in it is escaped, cut or taken for the beginning of a line."""
    return text.isascii() and text.isprintable() and "] [" not in text and len(text) <= _LONGEST


def _is_slug(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_SLUG and _OF_A_SLUG.issuperset(text) and text[0].isalnum()
