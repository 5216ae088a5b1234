"""`irl scan`: secrets in files that are there already, and in git's history, for CI and pre-commit."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import BROKEN_PIPE, leave_stdout, safe
from irl_logging.execution import Execution
from irl_logging.notices import counted
from irl_logging.scanning.history import HistoryError, Repository
from irl_logging.scanning.pieces import Place
from irl_logging.scanning.search import in_files, in_history, reason
from irl_logging.scanning.sources import files_in

PATH = click.Path(exists=True, path_type=Path)


@dataclass
class _Report:
    """What was found, shown as it is found unless it is to be JSON."""

    as_json: bool
    files: int = 0
    versions: int = 0
    findings: list[dict[str, str | int]] = field(default_factory=list)
    failures: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: str, places: Iterable[Place], commit: str | None = None) -> None:
        path = safe(path)
        for place in places:
            where: dict[str, str | int] = {"commit": commit} if commit else {}
            where |= {"path": path, "line": place.line, "column": place.column, "rule": place.rule}
            self.findings.append(where)
            if not self.as_json:
                click.echo(f"{':'.join(str(part) for part in list(where.values())[:-1])}: {place.rule}")

    def failed(self, path: str, why: str) -> None:
        self.failures.append({"path": safe(path), "reason": safe(why)})
        click.echo(f"irl: not examined: {safe(path)}: {safe(why)}", err=True)

    def summary(self, *, history: bool) -> str:
        looked = counted(self.files, "file") + (f" and {counted(self.versions, 'version')} in git" if history else "")
        if not self.findings:
            return f"No secrets in {looked}."
        return f"{counted(len(self.findings), 'finding')} in {looked}: {by_rule(it['rule'] for it in self.findings)}"

    def document(self) -> str:
        counts = Counter(str(it["rule"]) for it in self.findings)
        content = {
            "version": 1,
            "files": self.files,
            "versions": self.versions,
            "findings": self.findings,
            "counts": dict(counts.most_common()),
            "failures": self.failures,
        }
        return json.dumps(content, indent=2)


@click.command()
@click.argument("paths", metavar="[PATH...]", nargs=-1, type=PATH)
@click.option("--git", is_flag=True, help="Also search every version in the git history of PATH.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option("--environment", is_flag=True, help="Also look for the values of secrets in the environment.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[Path, ...], *, git: bool, as_json: bool, environment: bool) -> None:
    """Report where secrets are and which rule found them, never the secrets themselves.

    PATH can be files and directories; the default is the whole execution directory: README, logs, results, state,
    active, archive. Files ending in .gz, .bz2 and .xz are unpacked. Placeholders left by redaction do not count.

    Prints `path:line:column: rule-id` for each secret; with `--git` also `commit:path:line:column: rule-id`, where
    commit is the one that introduced it. The exit code is 1 if anything was found or could not be read, else 0.
    """
    execution = execution_at(ctx.obj, environment=environment)
    report = _Report(as_json)
    try:
        _look_at_files(report, execution, paths)
        if git:
            _look_at_history(report, execution, paths or (execution.layout.root,))
        click.echo(report.document() if as_json else report.summary(history=git))
        sys.stdout.flush()
    except BrokenPipeError:
        leave_stdout()
        ctx.exit(BROKEN_PIPE)
    ctx.exit(1 if report.findings or report.failures else 0)


def _look_at_files(report: _Report, execution: Execution, paths: tuple[Path, ...]) -> None:
    root = execution.layout.root
    if not paths and not root.is_dir():
        return

    def unlisted(error: OSError) -> None:
        report.failed(str(error.filename), reason(error))

    files = files_in(paths or (from_here(root),), unlisted)
    for file, places in in_files(files, execution.redactor, report.failed):
        report.files += 1
        report.add(str(file), places)


def _look_at_history(report: _Report, execution: Execution, paths: Iterable[Path]) -> None:
    repositories: dict[Path, tuple[Repository, list[Path]]] = {}
    try:
        for path in paths:
            repository = Repository.around(path)
            if repository is None:
                click.echo(f"irl: no history: {safe(str(path))} is not in a git repository", err=True)
            else:
                repositories.setdefault(repository.top, (repository, []))[1].append(path)
        for repository, inside in repositories.values():
            if repository.is_shallow():
                report.failed(str(repository.top), "the clone is shallow, so older commits are missing; fetch them all")
            for version, places in in_history(repository, inside, execution.redactor, report.failed):
                report.versions += 1
                report.add(version.path, places, version.commit)
    except HistoryError as error:
        report.failed(".git", str(error))


def from_here(path: Path) -> Path:
    """Return `path` relative to the working directory where it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def by_rule(rules: Iterable[object]) -> str:
    """Return how often each rule is there, `password 2, jwt 1`."""
    return ", ".join(f"{rule} {count}" for rule, count in Counter(rules).most_common())
