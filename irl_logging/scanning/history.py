"""What git remembers: each version of each file that any commit reachable from a ref, or from HEAD, brought.

Git is only asked, by its plumbing, whose output does not depend on anybody's configuration. Nothing is fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import IO, Any, Final, cast

from irl_logging.errors import IrlLoggingError
from irl_logging.git import LOCATIONS

_COMMIT: Final = re.compile(rb"[0-9a-f]{40,64}")
_FILES: Final = (b"100644", b"100755", b"120000")  # modes: file, program, symbolic link; not a submodule
# With no protocol allowed, nothing that this clone has not got is fetched.
_READ_ONLY: Final = {"GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "none", "LC_ALL": "C"}


class HistoryError(IrlLoggingError, RuntimeError):
    """There is a repository, but its history cannot be read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One content that a file has had.

    Args:
        commit: The commit that brought it, the first one if several did.
        path: The file's path in the repository.
        blob: Git's name for the content.
    """

    commit: str
    path: str
    blob: bytes


class Repository:
    """The history of a git repository, for reading.

    Args:
        top: Its top level.
    """

    def __init__(self, top: Path) -> None:
        self.top = top

    @classmethod
    def around(cls, path: Path) -> Repository | None:
        """Return the repository that `path` is in, whether the path exists or not; None when it is in none.

        Raises:
            HistoryError: when there is one and git is missing or refuses to read it.
        """
        path = path.absolute()
        here = next(parent for parent in (path, *path.parents) if parent.is_dir())
        if not any((parent / ".git").exists() for parent in (here, *here.parents)):
            return None
        return cls(Path(os.fsdecode(_asked(here, "rev-parse", "--show-toplevel").rstrip(b"\r\n"))))

    def is_shallow(self) -> bool:
        """Return whether older commits were never fetched."""
        return _asked(self.top, "rev-parse", "--is-shallow-repository").strip() == b"true"

    def ignores(self, path: Path) -> bool:
        """Return whether git is told to leave `path` alone."""
        return _ran(self.top, "check-ignore", "--quiet", "--", str(path)).returncode == 0

    def versions(self, paths: Iterable[Path]) -> Iterator[Version]:
        """Yield each content once that the files at and below `paths` have had, oldest commits first.

        Raises:
            HistoryError: when git cannot list them.
        """
        names = [os.path.relpath(os.path.realpath(path), os.path.realpath(self.top)) for path in paths]
        scope = ["--", *(name for name in names if not name.startswith(".."))]
        if len(scope) == 1:
            return
        commits = ["--literal-pathspecs", "rev-list", "--all", "--full-history", "--topo-order", "--reverse", *scope]
        changes = ["--literal-pathspecs", "diff-tree", "--stdin", "-r", "-m", "--root", "--no-renames", "-z", *scope]
        seen: set[bytes] = set()
        with _running(self.top, commits, changes) as output:
            for version in _parsed(output):
                if version.blob not in seen:
                    seen.add(version.blob)
                    yield version

    @contextmanager
    def contents(self) -> Iterator[Callable[[bytes], IO[bytes] | None]]:
        """Give a function that opens a blob; None for one that this clone has not got.

        A blob has to be done with before the next one is opened.
        """
        with _git(self.top, "cat-file", "--batch", stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            questions, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            blobs: list[_Blob] = []

            def opened(blob: bytes) -> IO[bytes] | None:
                if blobs:
                    blobs.pop().drain()
                try:
                    questions.write(blob + b"\n")
                    questions.flush()
                except BrokenPipeError as error:
                    raise HistoryError(_refused(self.top, b"")) from error
                head = answers.readline().split()
                if not head or head[-1] == b"missing":
                    return None
                blobs.append(_Blob(answers, int(head[-1])))
                return BufferedReader(blobs[0], 1 << 16)

            try:
                yield opened
            finally:
                process.kill()


class _Blob(RawIOBase):
    """The part of git's answer that is one blob."""

    def __init__(self, answers: IO[bytes], size: int) -> None:
        self._answers = answers
        self._rest = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Read some of what is left."""
        data = self._answers.read(min(len(buffer), self._rest))
        self._rest -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def drain(self) -> None:
        """Pass over what is left and the line feed behind it."""
        while self._rest > 0 and (data := self._answers.read(min(self._rest, 1 << 20))):
            self._rest -= len(data)
        self._answers.read(1)


def _parsed(output: IO[bytes]) -> Iterator[Version]:
    """Read what `git diff-tree --stdin -z` prints: a commit, then `:modes blobs kind` and a path for each change."""
    commit = ""
    change: list[bytes] = []
    for field in _fields(output):
        if change:
            _, mode, _, blob, _ = change
            if mode in _FILES:
                yield Version(commit, os.fsdecode(field), blob)
            change = []
        elif field.startswith(b":"):
            change = field.split()
        elif _COMMIT.fullmatch(field):
            commit = field.decode()


def _fields(output: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while data := output.read(1 << 16):
        *fields, rest = (rest + data).split(b"\0")
        yield from fields


@contextmanager
def _running(top: Path, *commands: Sequence[str]) -> Iterator[IO[bytes]]:
    """Run git commands in a pipeline and give the output of the last one.

    Raises:
        HistoryError: when one of them fails; not when the block ends before they do.
    """
    with ExitStack() as stack:
        errors = stack.enter_context(tempfile.TemporaryFile())
        source: Any = subprocess.DEVNULL
        processes: list[subprocess.Popen[bytes]] = []
        for command in commands:
            process = stack.enter_context(_git(top, *command, stdin=source, stdout=subprocess.PIPE, stderr=errors))
            stack.callback(process.kill)
            if processes:
                source.close()
            source = process.stdout
            processes.append(process)
        yield source
        if max(process.wait() for process in processes) > 0:
            errors.seek(0)
            raise HistoryError(_refused(top, errors.read()))


def _git(top: Path, *arguments: str, **streams: Any) -> subprocess.Popen[bytes]:
    environ = {name: value for name, value in os.environ.items() if name not in LOCATIONS} | _READ_ONLY
    command = ["git", "--no-replace-objects", "-C", str(top), *arguments]
    try:
        return subprocess.Popen(command, env=environ, **{"stderr": subprocess.DEVNULL, **streams})
    except OSError as error:
        raise HistoryError(f"the history of {top} cannot be read without git: {error.strerror}") from error


def _ran(top: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    with _git(top, *arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, errors = process.communicate()
    return subprocess.CompletedProcess(arguments, process.returncode, out, errors)


def _asked(top: Path, *arguments: str) -> bytes:
    answer = _ran(top, *arguments)
    if answer.returncode:
        raise HistoryError(_refused(top, answer.stderr))
    return bytes(answer.stdout)


def _refused(top: Path, errors: bytes) -> str:
    return f"git cannot read the history of {top}: {errors.decode('utf-8', 'replace').strip() or 'it does not say why'}"
