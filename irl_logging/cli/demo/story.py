"""What happens in the demo: one workflow by itself, three in parallel, of which one fails and one is killed."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from irl_logging.cli.demo.repository import Repository
from irl_logging.context import ROOT_VARIABLE
from irl_logging.execution import Execution
from irl_logging.lifecycle import RunState

APPROVAL = "python scripts/approve_incidents.py"
HEALTH = "irl run --workflow health-monitoring --agent agent-health-monitor -- sh scripts/health_check.sh"
DEPLOY = "irl run --workflow deploy -- sh scripts/deploy.sh"
BASELINES = "python scripts/register_baselines.py"
"""The commands, as a user in the repository would type them."""

_LIMIT_SECONDS = 30.0
_LOOK_SECONDS = 0.02
_PROGRAMS = {
    "python": [sys.executable],
    "irl": [sys.executable, "-c", "from irl_logging.cli.main import main; main()"],
}


class DemoFailedError(RuntimeError):
    """A workflow of the demo did not do what it is there to show."""


class Story:
    """The commands of the demo, as processes in its repository.

    Args:
        repository: Where they run; it must be laid out.
        execution: Its execution directory.
    """

    def __init__(self, repository: Repository, execution: Execution) -> None:
        self._repository = repository
        self._execution = execution
        known = {name: value for name, value in os.environ.items() if not name.startswith("IRL_")}
        self._environ = {**known, **repository.environ, ROOT_VARIABLE: str(execution.layout.root)}

    def approve(self) -> RunState:
        """Run the approval to its end and return its run."""
        with self._running(APPROVAL) as process:
            said, _ = process.communicate(timeout=_LIMIT_SECONDS)
        if process.returncode:
            raise DemoFailedError(f"{APPROVAL} ended with {process.returncode}: {said.decode(errors='replace')}")
        return self._newest("incident-approval")

    @contextmanager
    def in_parallel(self) -> Iterator[subprocess.Popen[bytes]]:
        """Start the other three and give the one that waits for a person; when the block ends, the two have ended."""
        with self._running(BASELINES) as waiting, self._running(DEPLOY) as deploy:
            self._wait_for("baseline-registration", waiting, step="confirm")
            self._wait_for("deploy", deploy)
            with self._running(HEALTH) as health:  # last: it takes two seconds, in which it is to be seen running
                self._wait_for("health-monitoring", health)
                yield waiting
                for process in (health, deploy):
                    process.communicate(timeout=_LIMIT_SECONDS)

    def log_lines(self, run: RunState) -> list[str]:
        """Return the lines of a run's log."""
        return (self._execution.layout.root / run.log).read_text("utf-8").splitlines()

    def tables(self) -> list[str]:
        """Return the two tables of the README, each under its heading."""
        shown: list[str] = []
        wanted = False
        for line in self._execution.layout.readme.read_text("utf-8").splitlines():
            if line.startswith("## "):
                wanted = line in ("## Active Workflows", "## Completed Workflows")
                shown += [line] if wanted else []
            elif wanted and line.startswith("|"):
                shown.append(line)
            elif shown and shown[-1].startswith("|"):
                wanted = False  # the examples below the table are not the table
        return shown

    def results(self, run: RunState) -> tuple[Path, str]:
        """Return a run's results file and its content."""
        path = self._execution.layout.root / (run.results or "")
        return path, path.read_text("utf-8")

    def _newest(self, workflow: str) -> RunState:
        found = [run for run in self._execution.runs() if run.workflow == workflow]
        if not found:
            raise DemoFailedError(f"{workflow} has left no run in {self._execution.layout.root}")
        return found[0]

    def _wait_for(self, workflow: str, process: subprocess.Popen[bytes], *, step: str | None = None) -> None:
        """Wait until this process's run is there, and in `step`; one that has ended already is there, too."""
        deadline = time.monotonic() + _LIMIT_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            runs = [run for run in self._execution.runs() if run.workflow == workflow and run.pid == process.pid]
            if runs and (step is None or step in runs[0].steps):
                return
            time.sleep(_LOOK_SECONDS)
        if step is not None:
            raise DemoFailedError(f"{workflow} did not come to step {step}")

    @contextmanager
    def _running(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        program, *arguments = shlex.split(command)
        with subprocess.Popen(
            [*_PROGRAMS[program], *arguments],
            cwd=self._repository.root,
            env=self._environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
