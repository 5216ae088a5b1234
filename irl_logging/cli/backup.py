"""`irl backup`: the execution directory in one file."""

from __future__ import annotations

from pathlib import Path

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import safe
from irl_logging.git import WorkTree
from irl_logging.retention.backup import backup, remove_older


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--keep",
    metavar="N",
    type=click.IntRange(min=1),
    help="Keep only the newest N backups; FILE must be a directory.",
)
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@click.pass_obj
def command(root: str | None, file: Path | None, *, keep: int | None, force: bool) -> None:
    """Back up the execution directory; programs may keep writing to it meanwhile.

    FILE ends in .tar.gz, or in .tar.zst for zstd. If it is a directory, or not given, the backup is called
    execution-backup-<date>.tar.gz there. It contains a hash of each of its files, which `irl restore --verify FILE`
    checks.
    """
    file = file or Path()
    if keep is not None and not file.is_dir():
        raise click.UsageError(f"--keep needs a directory, and {safe(str(file))} is not one")
    if not file.is_dir() and not file.suffix:
        name = safe(str(file))
        raise click.UsageError(f"there is no directory {name}: expected one, or a file such as {name}.tar.gz")
    done = backup(execution_at(root).layout, file, force=force)
    if keep is not None:
        done.removed = remove_older(done.path, keep)
    click.echo(f"backed up {done.files:,} files ({done.size:,} bytes) into {safe(str(done.path))}")
    for path in done.removed:
        click.echo(f"removed {safe(str(path))}")
    tree = WorkTree.around(done.path.absolute())
    if tree is not None and not tree.ignored([done.path.absolute()]):
        advice = "keep backups outside the repository, or add them to .gitignore"
        click.echo(f"irl: `git add` would take {safe(str(done.path))}: {advice}", err=True)
    for name in done.left_out:
        click.echo(f"irl: left out, as it is a link or not a regular file: {safe(name)}", err=True)
