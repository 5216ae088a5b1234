"""Reading the fenced blocks of a Markdown document, and running them as its reader would.

Every fenced block says in which language it is, and that decides what happens to it:

    python    is run by itself in a fresh directory and has to exit with 0
    bash      is run with `bash -eu` in the document's directory, which all its bash and console blocks share, in order
    console   lines after `$ ` are run like bash (lines after `> ` continue a command); the lines below a command are
              what it prints, both streams together. A command without lines below it may print anything.
    json, toml, yaml, ini    have to parse
    text, markdown           are looked at by people only

In expected output `...` stands for any text within a line, and a line with nothing else for any number of lines. Times,
dates, durations, process ids and the ids of runs match any other; how many blanks align a column does not matter. A
command that is meant to fail says so: `irl status --bad || echo "exit $?"`.

The directory has the repository's `conf/` in it, an empty home and a git identity named samson; `irl` and `python` are
the ones of this environment. A comment right before a block changes what happens to it:

    <!-- file: name -->       the block is not run but written to this file, for the blocks after it (which must use it)
    <!-- not run: reason -->  the block is left alone; the reasons that count are listed in test_documents.py
"""

from __future__ import annotations

import configparser
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

COMMAND_SECONDS = 60.0
OPTIONAL_TOOLS = ("cmark-gfm", "jq", "logrotate", "strace", "git")
SHOWN = frozenset({"text", "markdown"})

_COMMENT = re.compile(r"<!--\s*(not run|file)\b:?(.*?)-->", re.DOTALL)
_END_OF_COMMAND = "=== end of command ==="
_VARYING = (
    (re.compile(r"\b\d{8}T\d{6}Z-[0-9a-f]{8}\b"), "<run>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"), "<time>"),
    (re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)"), "<date>"),
    (re.compile(r"\b\d\d:\d\d(?::\d\d)?\b"), "<clock>"),
    (re.compile(r"(?<![\w.-])\d+(?:\.\d+)?\s?(?:µs|us|ms|s|min|m|h|d)\b(?:\s\d+\s?(?:ms|s|min|m|h)\b)*"), "<duration>"),
    (re.compile(r"\bpid[ =]\d+"), "pid <n>"),
    (re.compile(r"[ \t]+"), " "),
)


class SnippetError(AssertionError):
    """A snippet does not do what its document says."""


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block.

    Attributes:
        where: `document:line` of its first line of text.
        language: The first word after the fence.
        text: What stands between the fences.
        reason: Why it is not run; empty for one that is.
        file: The name of the file that it is written to; empty for one that is not.
    """

    where: str
    language: str
    text: str
    reason: str = ""
    file: str = ""


def blocks_of(document: Path) -> list[Block]:
    """Return the fenced blocks of a Markdown document, in order."""
    blocks = []
    comment = ""
    for token in MarkdownIt("commonmark").parse(document.read_text(encoding="utf-8")):
        where = f"{document.name}:{token.map[0] + 2}" if token.map else document.name
        if token.type == "code_block":
            raise SnippetError(f"{where}: an indented block says no language, so nobody runs it; fence it")
        if token.type == "fence":
            blocks.append(_block(where, token.info, token.content, comment))
        comment = token.content if token.type == "html_block" else ""
    return blocks


def _block(where: str, info: str, text: str, comment: str) -> Block:
    language = (info.split() or [""])[0]
    if language not in {"python", "bash", "console"} | SHOWN | PARSERS.keys():
        raise SnippetError(f"{where}: the language {language!r} is not known; see the list in tests/docs/snippets.py")
    found = _COMMENT.search(comment)
    if found is None:
        return Block(where, language, text)
    kind, value = found[1], found[2].strip()
    if not value:
        raise SnippetError(f"{where}: <!-- {kind}: ... --> needs {'a reason' if kind == 'not run' else 'a name'}")
    return Block(where, language, text, **{"reason" if kind == "not run" else "file": value})


def run_document(document: Path, directory: Path, *, conf: Path | None = None, home: Path | None = None) -> list[str]:
    """Run every block of a document below an empty directory; return one sentence for each block that was skipped.

    Args:
        document: The Markdown file.
        directory: An empty directory, where everything that the blocks make stays.
        conf: A directory that the reader has as `conf/`.
        home: The reader's home; `directory/home` unless given.

    Raises:
        SnippetError: when a block does not do what the document says.
    """
    reader = _Reader(directory, conf, home or directory / "home")
    skipped = []
    blocks = blocks_of(document)
    for number, block in enumerate(blocks):
        later = "".join(it.text for it in blocks[number + 1 :] if not it.reason)
        if block.file and block.file not in later:
            raise SnippetError(f"{block.where}: no block after this one uses the file {block.file}")
        if not block.reason:
            skipped += reader.take(block)
    return skipped


class _Reader:
    """Somebody who follows a document word by word: has directories, an environment and the files laid out so far."""

    def __init__(self, directory: Path, conf: Path | None, home: Path) -> None:
        self._directory = directory
        self._conf = conf
        self._home = home
        self._files: dict[str, str] = {}
        self._shared = self._fresh("document")
        home.mkdir(exist_ok=True)
        (home / ".gitconfig").write_text("[user]\n\tname = samson\n\temail = samson@example.invalid\n")

    def take(self, block: Block) -> list[str]:
        """Do what a block asks for; return why it was skipped, if it was."""
        if block.language in PARSERS:
            _parse(block)
        if block.file:
            self._files[block.file] = block.text
            _write(self._shared, block.file, block.text)
            return []
        if block.language in {"bash", "console"}:
            absent = [tool for tool in OPTIONAL_TOOLS if _names(block.text, tool) and not shutil.which(tool)]
            if absent:
                return [f"{block.where}: {', '.join(absent)} is not installed"]
            (self._bash if block.language == "bash" else self._console)(block)
        if block.language == "python":
            directory = self._fresh(f"python-{block.where.rpartition(':')[2]}")
            _write(directory, "example.py", block.text)
            self._run(block, [sys.executable, "example.py"], directory)
        return []

    def _fresh(self, name: str) -> Path:
        directory = self._directory / name
        directory.mkdir()
        if self._conf is not None:
            shutil.copytree(self._conf, directory / "conf")
        for file, text in self._files.items():
            _write(directory, file, text)
        return directory

    def _bash(self, block: Block) -> None:
        self._run(block, ["bash", "-euc", block.text], self._shared)

    def _console(self, block: Block) -> None:
        commands = _commands(block)
        mark = f"printf '\\n%s\\n' '{_END_OF_COMMAND}'"
        script = "\n".join(f"{command}\n{mark}" for command, _ in commands)
        outputs = self._run(block, ["bash", "-euc", script], self._shared).split(f"\n{_END_OF_COMMAND}\n")
        for (command, expected), output in zip(commands, outputs, strict=False):
            if expected and not matches(expected, output):
                raise SnippetError(
                    f"{block.where}: $ {command}\n--- the document says\n{expected}\n--- it prints\n{output}"
                )

    def _run(self, block: Block, command: list[str], directory: Path) -> str:
        """Run a command to its end, with all that it started; return what it printed on both streams."""
        printed = self._directory / "printed"
        with printed.open("wb") as stream:
            process = subprocess.Popen(
                command,
                cwd=directory,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = process.wait(COMMAND_SECONDS)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                _end_group(process)
        output = printed.read_text(encoding="utf-8", errors="replace")
        if code != 0:
            how = "did not end in time" if code is None else f"ended with {code}"
            raise SnippetError(
                f"{block.where}: the {block.language} block {how}:\n{block.text}--- it printed\n{output}"
            )
        return output

    def _environment(self) -> Mapping[str, str]:
        ours = {name: os.environ[name] for name in ("PYTHONPATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
        return ours | {
            "PATH": path,
            "HOME": str(self._home),
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "COLUMNS": "160",
            "PYTHONDONTWRITEBYTECODE": "1",
        }


def matches(expected: str, output: str) -> bool:
    """Whether output is what a document says it is, see the module's docstring for what may differ."""
    pattern = ""
    for line in _plain(expected):
        pattern += r"(?:.*\n)*?" if line == "..." else ".*".join(map(re.escape, line.split("..."))) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _plain(output))) is not None


def _plain(text: str) -> list[str]:
    for varying, name in _VARYING:
        text = varying.sub(name, text)
    return [line.strip() for line in text.strip("\n").split("\n")]


def _commands(block: Block) -> list[tuple[str, str]]:
    """Return each command of a console block with the lines below it."""
    commands: list[tuple[list[str], list[str]]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            commands.append(([line[2:]], []))
        elif not commands:
            raise SnippetError(f"{block.where}: a console block starts with a command after '$ '")
        elif not commands[-1][1] and (line.startswith("> ") or commands[-1][0][-1].endswith("\\")):
            commands[-1][0].append(line.removeprefix("> "))
        else:
            commands[-1][1].append(line)
    if not commands:
        raise SnippetError(f"{block.where}: the console block is empty")
    return [("\n".join(command), "\n".join(output).strip("\n")) for command, output in commands]


def _parse_ini(text: str) -> list[str]:
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    return parser.sections()


PARSERS: Mapping[str, Callable[[str], object]] = {
    "ini": _parse_ini,
    "json": json.loads,
    "toml": tomllib.loads,
    "yaml": yaml.safe_load,
}


def _parse(block: Block) -> None:
    try:
        PARSERS[block.language](block.text)
    except (ValueError, yaml.YAMLError, configparser.Error) as error:
        raise SnippetError(f"{block.where}: this is no {block.language}: {error}") from error


def _names(text: str, tool: str) -> bool:
    return re.search(rf"(?<![\w./-]){re.escape(tool)}(?![\w.-])", text) is not None


def _write(directory: Path, name: str, text: str) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End what a block has left running; the group is ours, and gone where nothing was left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
