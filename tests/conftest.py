"""What every test stands on: process-wide state comes back by itself, and nothing is written outside `tmp_path`.

Each test starts in an empty directory of its own, in an environment that names no agent and no setting of ours. Whatever
it does to `logging`, hooks, signal handlers, context variables, structlog or the package's own configuration is undone
after it; pytest itself does so for warnings.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Variables that say who runs; with one of them set, the Agent/User cell would depend on who runs the tests.
AGENT_VARIABLES = (
    "BUILDKITE_BUILD_CREATOR",
    "CIRCLE_USERNAME",
    "CLAUDECODE",
    "CODEX_SANDBOX",
    "CURSOR_AGENT",
    "DRONE_COMMIT_AUTHOR",
    "GEMINI_CLI",
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "OPENCODE",
)
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGCHLD") if hasattr(signal, name)
)
RUN_SECONDS = 60.0
# What the package keeps for the process, and how each module lets go of it; in this order.
OURS = (
    ("config", "shutdown"),
    ("exits", "unwatch_all"),
    ("configured", "forget"),
    ("storage.sink", "forget"),
    ("notices", "forget"),
)


@pytest.fixture(autouse=True)
def own_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory, an empty home and an environment that says nothing about us."""
    home = tmp_path.parent / f"{tmp_path.name}-home"
    home.mkdir()
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("IRL_") or name in AGENT_VARIABLES]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture(autouse=True)
def process_state(own_directory: None) -> Iterator[None]:
    """Undo what a test did to the process: logging, hooks, signals, environment, structlog, us."""
    with contextlib.ExitStack() as undo:
        undo.callback(os.umask, os.umask(0o022))
        undo.callback(_restore_environment, dict(os.environ))
        undo.callback(_restore_hooks, sys.excepthook, threading.excepthook, sys.unraisablehook)
        undo.callback(_restore_signals, {number: signal.getsignal(number) for number in SIGNALS})
        undo.callback(_reset_structlog)
        undo.enter_context(_logging_restored())
        undo.callback(_forget_ours)
        yield


def _forget_ours() -> None:
    """Put the package back to where a process starts: nothing configured, watched, open or said."""
    for module, function in OURS:
        if loaded := sys.modules.get(f"irl_logging.{module}"):
            getattr(loaded, function)()
    if context := sys.modules.get("irl_logging.context"):
        context.scope.set(context.EMPTY)
    if (registry := sys.modules.get("irl_logging.redaction.registry")) and registry.KNOWN.values:
        registry.KNOWN.forget()


def _restore_environment(before: Mapping[str, str]) -> None:
    if os.environ != before:
        os.environ.clear()
        os.environ.update(before)


def _restore_hooks(*hooks: Callable[..., object]) -> None:
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def _restore_signals(handlers: Mapping[int, object]) -> None:
    for number, handler in handlers.items():
        if signal.getsignal(number) is not handler:
            signal.signal(number, handler)


def _reset_structlog() -> None:
    if structlog := sys.modules.get("structlog"):
        structlog.reset_defaults()
        structlog.contextvars.clear_contextvars()


@contextlib.contextmanager
def _logging_restored() -> Iterator[None]:
    manager = logging.root.manager
    before = {name: _settings(logger) for name, logger in _loggers().items()}
    factory, logger_class, disabled_level = logging.getLogRecordFactory(), logging.getLoggerClass(), manager.disable
    switches = (logging.raiseExceptions, logging.lastResort)
    names = (dict(logging._levelToName), dict(logging._nameToLevel))
    try:
        yield
    finally:
        logging.captureWarnings(False)
        for name, logger in _loggers().items():
            _restore(logger, before.get(name))
        manager.disable = disabled_level
        logging.setLogRecordFactory(factory)
        logging.setLoggerClass(logger_class)
        logging.raiseExceptions, logging.lastResort = switches
        for known, saved in zip((logging._levelToName, logging._nameToLevel), names, strict=True):
            known.clear()
            known.update(saved)
        for logger in _loggers().values():
            logger._cache.clear()


def _loggers() -> dict[str, logging.Logger]:
    known = logging.root.manager.loggerDict
    return {"": logging.root} | {name: it for name, it in known.items() if isinstance(it, logging.Logger)}


def _settings(logger: logging.Logger) -> tuple[object, ...]:
    return logger.level, list(logger.handlers), list(logger.filters), logger.propagate, logger.disabled


def _restore(logger: logging.Logger, settings: tuple[object, ...] | None) -> None:
    """Give a logger back its settings; one that a test has made gets those of a new logger."""
    level, handlers, filters, propagate, disabled = settings or (logging.NOTSET, [], [], True, False)
    for handler in [handler for handler in logger.handlers if handler not in handlers]:
        logger.removeHandler(handler)
        handler.close()
    logger.level = level  # not setLevel: the caches are cleared once, at the end
    logger.handlers[:] = handlers
    logger.filters[:] = filters
    logger.propagate, logger.disabled = propagate, disabled


@functools.cache
def _installed() -> bool:
    """Whether a fresh interpreter finds the package without our help."""
    return subprocess.run([sys.executable, "-I", "-c", "import irl_logging"], capture_output=True).returncode == 0


@pytest.fixture
def forked() -> Callable[[Callable[[], object]], int]:
    """A function that forks a child to do some work, and returns its pid.

    The child exits with 0 when the work returned and was not False. It never goes on with pytest's own work.
    """

    def fork(work: Callable[[], object]) -> int:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                code = 1 if work() is False else 0
            finally:
                os._exit(code)
        return child

    return fork


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """The environment of a process that knows nothing about us: PATH with this interpreter first, an empty HOME, UTF-8.

    The package is found as it is installed; PYTHONPATH names the repository only where it is not.
    """
    environment = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "HOME": os.environ["HOME"],
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name in ("SYSTEMROOT", "TMPDIR"):
        if name in os.environ:
            environment[name] = os.environ[name]
    if not _installed():
        environment["PYTHONPATH"] = str(ROOT)
    return environment


@pytest.fixture
def run_python(tmp_path: Path, clean_environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a script in an interpreter of its own: `run_python(source, *arguments, cwd=, env=, stdin=, timeout=)`.

    The script is `script.py` in the directory (so a run without a name is called `script`), which is `tmp_path` unless
    told otherwise. `env` is laid over the clean environment; None as a value removes a variable. Nothing is checked:
    the answer has `returncode`, `stdout` and `stderr`.
    """

    def run(
        source: str,
        *arguments: str,
        cwd: Path = tmp_path,
        env: Mapping[str, str | None] | None = None,
        stdin: str = "",
        timeout: float = RUN_SECONDS,
    ) -> subprocess.CompletedProcess[str]:
        script = Path(cwd) / "script.py"
        script.write_text(source, encoding="utf-8")
        merged = {**clean_environment, **(env or {})}
        return subprocess.run(
            [sys.executable, "script.py", *arguments],
            cwd=cwd,
            env={name: value for name, value in merged.items() if value is not None},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
        )

    return run


@pytest.fixture
def check_tree() -> Callable[[Path, Mapping[str, str | bytes | re.Pattern[str] | None]], None]:
    """Assert that exactly these files stand below a directory: `check_tree(root, {"logs/a.log": "text"})`.

    Keys are paths with `/`, empty directories do not count. A value is the whole content as text or bytes, a pattern
    that the whole text must match, or None for any content.
    """

    def check(root: Path, expected: Mapping[str, str | bytes | re.Pattern[str] | None]) -> None:
        found = {path.relative_to(root).as_posix(): path for path in Path(root).rglob("*") if not path.is_dir()}
        assert sorted(expected) == sorted(found)
        for name, content in expected.items():
            data = found[name].read_bytes()
            if isinstance(content, bytes):
                assert content == data, name
            elif isinstance(content, str):
                assert content == data.decode(), name
            elif content is not None:
                assert content.fullmatch(data.decode()), f"{name}: {data!r} does not match {content.pattern!r}"

    return check


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a figure in the summary of the run: `measured("12 cuts, 0 lost")`."""
    return lambda sentence: record_property("measured", sentence)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the tests have measured."""
    for reports in list(terminalreporter.stats.values()):
        for report in reports:
            for name, sentence in getattr(report, "user_properties", ()):
                if name == "measured" and report.when == "call":
                    terminalreporter.write_line(f"{report.nodeid.rpartition('/')[2]}: {sentence}")
