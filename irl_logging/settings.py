"""Settings: one list, one validation, wherever they come from.

Each setting is a keyword argument (`configure`, `Execution`, `WorkflowHandler`, ...), a variable `IRL_<NAME>` of the
environment, or a key of `[tool.irl_logging]` in the repository's `pyproject.toml`; the first of these that has it wins.
Which agent runs is found in `identity`, as it needs more than a setting.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypedDict

from irl_logging import arguments
from irl_logging.errors import ConfigurationError
from irl_logging.naming import DEFAULT_AUDIT_PATTERN, DEFAULT_LOG_PATTERN, LogPattern, slug
from irl_logging.whereabouts import DIRECTORY, found_from, is_execution, repository_execution

_PREFIX: Final = "IRL_"
_NEAR: Final = 0.7  # of 1: likeness from which on a name is taken for a misspelled one
_US: Final = b"irl_logging"
_NOT_US: Final = b"irl-logging"  # as package indexes spell it
_TRUE: Final = frozenset({"1", "true", "yes", "on"})
_FALSE: Final = frozenset({"0", "false", "no", "off", ""})
_NONE: Final = frozenset({"none", "null", "all"})
_NUMBERS: Final = {
    "completed_rows": "a whole number or 'all'",
    "max_line_bytes": "a whole number of bytes, 0 for no limit",
    "max_run_bytes": "a whole number of bytes, 0 for no limit",
    "rotate_bytes": "a whole number of bytes, 0 for never",
    "rotate_seconds": "a whole number of seconds, 0 for never",
    "logs_days": "a whole number of days",
    "results_days": "a whole number of days",
    "snapshot_seconds": "a whole number of seconds",
}
_FUNCTION: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*:[^\W\d]\w*(\.[^\W\d]\w*)*")
_REDACTION_KEYS: Final = frozenset({"disabled", "rules", "allow", "allow_keys", "allow_loggers"})


class OtherSettings(TypedDict, total=False):
    """The settings as keyword arguments, but for the root; see `Settings` for what each means."""

    agent: str | None
    log_pattern: str | None
    audit_pattern: str | None
    timespec: str | None
    json: bool | str | None
    fsync: bool | str | None
    completed_rows: int | str | None
    redaction: Mapping[str, Any] | None
    fast_records: bool | str | None
    max_line_bytes: int | str | None
    max_run_bytes: int | str | None
    rotate_bytes: int | str | None
    rotate_seconds: int | str | None
    logs_days: int | str | None
    results_days: int | str | None
    snapshots: Mapping[str, str] | None
    snapshot_seconds: int | str | None


class SettingsArgs(OtherSettings, total=False):
    """The settings as keyword arguments; see `Settings` for what each means."""

    root: str | os.PathLike[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Validated settings of one execution directory.

    Attributes:
        root: The execution directory itself.
        agent: Who the runs are by; None asks the environment (see `identity.agent_name`).
        log_pattern: Names of log files, see `naming.LogPattern`.
        audit_pattern: Names of the audit trail's files, one per day, with `{date}`.
        timespec: "seconds" or "milliseconds": the precision of times in lines. Tables always have seconds.
        json: True writes each record a second time, exact and with all fields, to a `.jsonl` beside the log.
        fsync: True syncs each lifecycle event to the disk before it is acknowledged. Lines are never synced.
        completed_rows: Rows that the README's Completed table keeps; None keeps all.
        redaction: `{"disabled": [rule ids], "rules": [rules], "allow": [patterns],
            "allow_loggers": {name: [patterns]}, "allow_keys": [names]}`, see `redaction.Redactor`.
        fast_records: True lets `configure` switch `logging` to records without caller, thread and process.
        max_line_bytes: Where a line is cut, in bytes; 0 never cuts.
        max_run_bytes: Bytes that a process may write for one run; what comes then is counted, not written. 0 for no limit.
        rotate_bytes: Size from which on a log is renamed and a new one begun, in bytes; 0 for never.
        rotate_seconds: Length of the periods, from midnight UTC, that have log files of their own; 0 for none.
        logs_days: Age from which on `irl clean` packs a log and moves it to the archive, in days.
        results_days: Age from which on `irl clean` removes a results file, in days.
        snapshots: Collectors of your own, name -> `"package.module:function"`; see `snapshots.finding`.
        snapshot_seconds: Seconds that a collector may take.
    """

    root: Path
    agent: str | None = None
    log_pattern: str = DEFAULT_LOG_PATTERN
    audit_pattern: str = DEFAULT_AUDIT_PATTERN
    timespec: str = "seconds"
    json: bool = False
    fsync: bool = True
    completed_rows: int | None = 50
    redaction: Mapping[str, Any] = field(default_factory=dict)
    fast_records: bool = False
    max_line_bytes: int = 65_536
    max_run_bytes: int = 0
    rotate_bytes: int = 0
    rotate_seconds: int = 0
    logs_days: int = 30
    results_days: int = 90
    snapshots: Mapping[str, str] = field(default_factory=dict)
    snapshot_seconds: int = 10


NAMES: Final = tuple(setting.name for setting in fields(Settings))
"""Every setting's name."""


def load(given: Mapping[str, Any] | None = None, *, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings for `given` keyword arguments, the environment and the repository's `pyproject.toml`.

    Args:
        given: Settings by name; None as a value means not given (for `completed_rows`, write "all" to keep all).
        environ: The environment to read.

    Raises:
        ConfigurationError: for an unknown name or a value that is of the wrong type.
    """
    given = {name: value for name, value in (given or {}).items() if value is not None}
    _check_names(given, "setting")
    variables = _variables(environ)
    start = _working_directory()
    configured, origin = _config_table(start)
    values: dict[str, Any] = {}
    for source, prefix in ((configured, f"{origin}: "), (variables, _PREFIX), (given, "")):
        for name, value in source.items():
            values[name] = _converted(name, value, prefix)
            if name == "root":
                # A path in a config file is meant from where the file stands.
                values[name] = (Path(origin).parent if source is configured else start) / values[name]
    root = repository_execution(str(values["root"])) if "root" in values else found_from(str(start))
    values["root"] = Path(root)
    return Settings(**values)


def origins(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return where each setting that is not an argument comes from: a variable, or the path of a config file.

    Args:
        environ: The environment to read.

    Raises:
        ConfigurationError: when the config file cannot be read.
    """
    configured, origin = _config_table(_working_directory())
    return dict.fromkeys(configured, origin) | {name: _PREFIX + name.upper() for name in _variables(environ)}


def misspelled(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return variables whose names nearly match a setting's, each with the name that was probably meant.

    Other variables that begin with `IRL_` may belong to other programs.
    """
    import difflib  # slow to import, and seldom needed

    known = [_PREFIX + name.upper() for name in NAMES]
    near = {
        name: difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        for name in environ
        if name.startswith(_PREFIX) and name not in known
    }
    return {name: close[0] for name, close in near.items() if close}


def execution_directory(path: Path) -> Path:
    """Return the execution directory that `path` names: its `execution/` when it has one, else `path` itself."""
    inside = path / DIRECTORY
    return inside if inside.is_dir() and not is_execution(str(path)) else path


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[_PREFIX + name.upper()] for name in NAMES if environ.get(_PREFIX + name.upper())}


def _is_collector(name: object, target: object) -> bool:
    return (
        isinstance(name, str) and isinstance(target, str) and slug(name) == name and bool(_FUNCTION.fullmatch(target))
    )


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        # It was removed under us. Nothing can be written there: the first try says so, and the program goes on.
        return Path()


def _config_table(start: Path) -> tuple[Mapping[str, Any], str]:
    for parent in (start, *start.parents):
        path = parent / "pyproject.toml"
        try:
            text = path.read_bytes()
        except OSError:
            continue  # there is none, or it is not for us to read
        if _US not in text and _NOT_US not in text:
            continue
        import tomllib  # slow to import, and few files have anything for us

        try:
            document = tomllib.loads(text.decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            if b"[tool." + _US not in text:
                continue
            raise ConfigurationError(f"{path} cannot be read as TOML: {error}") from None
        tools = document.get("tool")
        table = tools.get("irl_logging") if isinstance(tools, dict) else None
        if table is None and isinstance(tools, dict) and _NOT_US.decode() in tools:
            raise ConfigurationError(f"{path}: [tool.irl-logging] is not read: expected [tool.irl_logging]")
        if table is None:
            continue
        if not isinstance(table, dict):
            raise ConfigurationError(f"{path}: [tool.irl_logging] is {table!r}, expected a table of settings")
        _check_names(table, f"{path}: setting")
        return table, str(path)
    return {}, ""


def check_arguments(given: Mapping[str, Any], own: Sequence[str]) -> None:
    """Refuse keyword arguments that are not settings but nearly have the name of another argument of the callable.

    Args:
        given: What was passed as settings.
        own: The names of the callable's other arguments.

    Raises:
        ConfigurationError: when there is one.
    """
    for name in given:
        meant = None if name in NAMES else nearest(name, (*own, *NAMES))
        if meant in own:
            raise ConfigurationError(f"argument {name!r} is not known: did you mean {meant!r}?")


def nearest(name: str, known: Sequence[str]) -> str | None:
    """Return the `known` name that `name` may be a misspelling of; None if there is none."""
    import difflib  # as above

    close = difflib.get_close_matches(name, known, n=1, cutoff=_NEAR)
    return close[0] if close else None


def _check_names(given: Mapping[str, Any], what: str) -> None:
    for name in given:
        if name not in NAMES:
            meant = nearest(str(name), NAMES)
            hint = f"did you mean {meant!r}? " if meant else ""
            raise ConfigurationError(f"{what} {name!r} is not known: {hint}expected one of {', '.join(NAMES)}")


def _converted(name: str, value: Any, where: str) -> Any:
    """Return `value` as the setting's own type; texts come from ini files and the environment."""
    shown = f"{where}{name.upper() if where == _PREFIX else name}"

    def wrong(expected: str) -> ConfigurationError:
        return ConfigurationError(f"{shown} is {value!r}, expected {expected}")

    match name:
        case "root":
            return Path(arguments.path(shown, value)).expanduser()
        case "agent":
            if not isinstance(value, (str, os.PathLike)) or not str(value).strip():
                raise wrong("a name")
            return str(value)
        case "log_pattern":
            try:
                return LogPattern(str(value)).pattern
            except ConfigurationError as error:
                raise ConfigurationError(f"{shown}{str(error).removeprefix(name)}") from None
        case "audit_pattern":
            expected = (
                f"a file name ending in .log with {{date}} in it and nothing else, e.g. {DEFAULT_AUDIT_PATTERN!r}"
            )
            try:
                if LogPattern(str(value)).fields == ("date",):
                    return str(value)
            except ConfigurationError as error:
                raise wrong(expected) from error
            raise wrong(expected)
        case "timespec":
            if value not in ("seconds", "milliseconds"):
                raise wrong("'seconds' or 'milliseconds'")
            return value
        case "json" | "fsync" | "fast_records":
            if isinstance(value, bool):
                return value
            if str(value).strip().lower() in _TRUE | _FALSE:
                return str(value).strip().lower() in _TRUE
            raise wrong("true or false")
        case _ if name in _NUMBERS:
            if name == "completed_rows" and str(value).strip().lower() in _NONE:
                return None
            if isinstance(value, bool) or not str(value).strip().isdecimal():
                raise wrong(_NUMBERS[name])
            return int(value)
        case "snapshots":
            if not isinstance(value, Mapping) or not all(map(_is_collector, value.keys(), value.values())):
                raise wrong("a table of names and functions such as {deployments = 'tools.collect:deployments'}")
            return dict(value)
        case _:
            if not isinstance(value, Mapping) or set(value) - _REDACTION_KEYS:
                raise wrong(f"a table with some of {', '.join(sorted(_REDACTION_KEYS))}")
            return dict(value)
