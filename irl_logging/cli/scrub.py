"""`irl scrub`: takes the secrets out of files in place, after a backup."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.scan import PATH, by_rule, from_here
from irl_logging.cli.terminal import safe
from irl_logging.execution import Execution
from irl_logging.notices import counted
from irl_logging.scanning.backup import Backup
from irl_logging.scanning.history import HistoryError, Repository
from irl_logging.scanning.pieces import Place
from irl_logging.scanning.rewriting import ScrubError
from irl_logging.scanning.scrubbing import Scrubber, being_written
from irl_logging.scanning.search import in_files, reason
from irl_logging.scanning.sources import files_in


class _Work:
    """One pass over files: what was rewritten, and what could not be."""

    def __init__(self, execution: Execution, *, force: bool, scrubber: Scrubber | None) -> None:
        self.done: list[Path] = []
        self.failures = 0
        self._busy = {} if force else being_written(execution.layout)
        self._scrubber = scrubber

    def take(self, file: Path, places: list[Place]) -> None:
        """Rewrite one file that has secrets."""
        found = by_rule(place.rule for place in places)
        run = self._busy.get(os.path.realpath(file))
        if run is not None:
            self.left(str(file), f"run {run} is writing it ({found}); scrub it when the run has ended, or use --force")
            return
        if self._scrubber is not None:
            try:
                self._scrubber.scrub(file)
            except (ScrubError, OSError) as error:
                self.left(str(file), f"{reason(error)} ({found})")
                return
        self.done.append(file)
        click.echo(f"{'would scrub' if self._scrubber is None else 'scrubbed'} {safe(str(file))}: {found}")

    def left(self, file: str, why: str) -> None:
        """Tell of a file that stays as it is."""
        self.failures += 1
        click.echo(f"irl: left unchanged: {safe(file)}: {safe(why)}", err=True)


@click.command()
@click.argument("paths", metavar="[PATH...]", nargs=-1, type=PATH)
@click.option("--dry-run", is_flag=True, help="Show what would be done, without doing it.")
@click.option(
    "--backup-dir",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to keep the original files. Default: irl_logging/scrubbed in ~/.local/state.",
)
@click.option(
    "--force", is_flag=True, help="Also rewrite logs of active runs; lines written meanwhile may change order."
)
@click.option("--environment", is_flag=True, help="Also remove the values of secrets in the environment.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    *,
    dry_run: bool,
    backup_dir: Path | None,
    force: bool,
    environment: bool,
) -> None:
    """Remove secrets from files in place, after a backup.

    PATH can be files and directories; the default is the whole execution directory. What `irl scan` finds is replaced
    by placeholders. JSON stays valid, the journal stays readable, compressed files stay compressed, and each file keeps
    its mode, owner and modification time.

    The original files are kept in a separate directory that only you can read. Git history is not rewritten. The exit
    code is 1 if any file had to be left unchanged.
    """
    execution = execution_at(ctx.obj, environment=environment)
    root = execution.layout.root
    scope = paths or ((from_here(root),) if root.is_dir() else ())
    backup = None if dry_run else Backup(backup_dir, [*scope, root])
    scrubber = Scrubber(execution.layout, execution.redactor, backup) if backup else None
    work = _Work(execution, force=force, scrubber=scrubber)
    looked = 0
    with scrubber or nullcontext():
        files = files_in(scope, lambda error: work.left(str(error.filename), reason(error)))
        for file, places in in_files(files, execution.redactor, work.left):
            looked += 1
            if places:
                work.take(file, places)
    if not work.done and not work.failures:
        click.echo(f"Nothing to do: no secrets in {counted(looked, 'file')}.")
    elif work.done and backup:
        click.echo(f"The original files are in {safe(str(backup.directory))}, which only you can read.")
        click.echo("They contain the secrets: remove them once nothing is missing.")
        _say_what_is_left(work.done)
    ctx.exit(1 if work.failures else 0)


def _say_what_is_left(done: list[Path]) -> None:
    click.echo("Revoke what was found: somebody may have read it.")
    try:
        committed = any(Repository.around(file) for file in done)
    except HistoryError:
        committed = True
    if committed:
        click.echo("Git's history still has what was committed: `irl scan --git` names the commits.")
