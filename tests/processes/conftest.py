"""Processes that a test starts, stops and kills, and what they left behind."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from irl_logging import Execution, RunState
from irl_logging.storage.events import decode

SECONDS = 30.0
AGENT = {"IRL_AGENT": "agent-tester"}  # else each process asks git who it is


class Started:
    """A running script that says on stdout how far it is."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.pid = process.pid

    def wait_for(self, word: str) -> str:
        """Return the first line that starts with `word`."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(word):
                return line.strip()
        pytest.fail(f"the process ended before it said {word!r}: {self.process.communicate()[1]}")

    def say(self, word: str) -> None:
        """Send one line to its stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str, str]:
        """Wait for its end and return exit code, the rest of stdout, and stderr."""
        stdout, stderr = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, stdout, stderr

    def kill(self, number: int = signal.SIGKILL) -> tuple[int, str, str]:
        """Send a signal and wait for the end."""
        self.process.send_signal(number)
        return self.end()


@pytest.fixture
def start_python(tmp_path: Path, clean_environment: dict[str, str]) -> Iterator[Callable[..., Started]]:
    """Start a script without waiting for it: `start_python(source, *arguments, cwd=, env=)`; killed at the end."""
    started: list[Started] = []

    def start(
        source: str,
        *arguments: str,
        cwd: Path = tmp_path,
        env: Mapping[str, str] | None = None,
        name: str = "script.py",
    ) -> Started:
        script = tmp_path / name
        if not script.exists():  # one that started before may be reading it
            script.write_text(source, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            cwd=cwd,
            env={**clean_environment, **AGENT, "PYTHONUNBUFFERED": "1", **(env or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # so that its children can be ended with it
        )
        started.append(Started(process))
        return started[-1]

    yield start
    for one in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(one.pid, signal.SIGKILL)
        one.process.communicate()


class Left:
    """What processes have left in an execution directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def states(self) -> list[RunState]:
        """All runs, the oldest first, after the dead ones were noticed."""
        return Execution(self.root).runs()[::-1]

    def only(self) -> RunState:
        """The one run that there is."""
        (state,) = self.states()
        return state

    def events(self, kind: str | None = None) -> list[dict[str, Any]]:
        """The journal's events in order, of one kind when it is given."""
        found = []
        for segment in sorted((self.root / "active" / "journal").glob("*.jsonl")):
            found += [decode(line) for line in segment.read_bytes().splitlines()]
        return [event for event in found if event is not None and kind in (None, event["event"])]

    def log(self, pattern: str = "*.log") -> list[str]:
        """The records of one log file without the time, `[LEVEL] [WORKFLOW] [STEP] message`."""
        (path,) = (self.root / "logs").glob(pattern)
        return re.split(r"\n\[[0-9T:.Z-]+\] ", "\n" + path.read_text("utf-8").removesuffix("\n"))[1:]

    def messages(self, pattern: str = "*.log") -> list[str]:
        """The records of one log file from the step on, without what differs from run to run."""
        found = [record.split("] ", 2)[2] for record in self.log(pattern)]
        return [re.sub(r" (duration|agent|run)=\S+", "", text) for text in found]

    def rows(self, heading: str) -> list[list[str]]:
        """The cells of a table of the README."""
        text = (self.root / "README.md").read_text("utf-8").split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
        tables = re.sub(r"(?ms)^```.*?^```", "", text)
        rows = [line.strip().strip("|").split("|") for line in tables.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in row] for row in rows[2:]]

    def results(self) -> dict[str, dict[str, Any]]:
        """The results files by name."""
        return {path.name: json.loads(path.read_text("utf-8")) for path in (self.root / "results").glob("*.json")}


@pytest.fixture
def left(tmp_path: Path) -> Left:
    """What the processes left in `execution/` of the test's directory."""
    return Left(tmp_path / "execution")


@pytest.fixture
def run_script(run_python: Callable[..., subprocess.CompletedProcess[str]]) -> Callable[..., Any]:
    """`run_python` for a script that begins with `configure("deploy")`."""

    def run(body: str, *arguments: str, env: Mapping[str, str] | None = None, **options: Any) -> Any:
        return run_python(PROLOGUE + body, *arguments, env={**AGENT, **(env or {})}, **options)

    return run


PROLOGUE = """\
import atexit, logging, os, signal, subprocess, sys, threading, time
import irl_logging
run = irl_logging.configure("deploy", level="INFO")
log = logging.getLogger("app")
"""
