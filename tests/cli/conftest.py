"""Running `irl`: in this process for detail, as a process of its own for signals, terminals and the entry point."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from irl_logging.cli.main import main

PROGRAM = (sys.executable, "-c", "from irl_logging.cli.main import main; main()")


@dataclass(frozen=True)
class Answer:
    """What a command left: exit code and the bytes of both streams."""

    code: int
    out: bytes
    err: bytes


@pytest.fixture
def irl(capfdbinary) -> Callable[..., Answer]:
    """Run a command in this process: `irl("run", "--workflow", "w", "--", "true")`."""

    def run(*arguments: str) -> Answer:
        capfdbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        out, err = capfdbinary.readouterr()
        return Answer(ended.value.code or 0, out, err)

    return run


@pytest.fixture
def irl_text(irl) -> Callable[..., tuple[int, str, str]]:
    """Run a command as `irl` does and return its exit code and the text of both streams."""

    def run(*arguments: str) -> tuple[int, str, str]:
        answer = irl(*arguments)
        return answer.code, answer.out.decode(), answer.err.decode()

    return run


@pytest.fixture
def start_irl(clean_environment, tmp_path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a command as a process of its own, with pipes unless told otherwise; it is gone when the test ends."""
    started = []

    def start(*arguments: str, env: dict[str, str] | None = None, cwd: Path = tmp_path, **options):
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = subprocess.Popen(
            [*PROGRAM, *arguments], env={**clean_environment, **(env or {})}, cwd=cwd, **{**streams, **options}
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture
def log_of(tmp_path) -> Callable[..., str]:
    """The text of the newest log of a workflow."""

    def read(workflow: str, root: Path = tmp_path) -> str:
        return max((root / "execution" / "logs").glob(f"{workflow}-*.log")).read_text("utf-8")

    return read


@pytest.fixture
def messages_of(log_of) -> Callable[..., list[str]]:
    """The messages of a workflow's newest log that have this step."""

    def read(workflow: str, step: str) -> list[str]:
        mark = f"[{workflow}] [{step}] "
        return [line.partition(mark)[2] for line in log_of(workflow).splitlines() if mark in line]

    return read


@pytest.fixture
def secret() -> str:
    """A made-up key of a model provider, put together here."""
    body = "".join(hashlib.sha256(os.urandom(16)).hexdigest() for _ in range(2))[:93]
    return "sk-" + f"ant-api03-{body}AA"
