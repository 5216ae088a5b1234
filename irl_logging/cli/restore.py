"""`irl restore`: a backup checked, or put into place."""

from __future__ import annotations

from pathlib import Path

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.status import brought_up_to_date
from irl_logging.cli.terminal import safe
from irl_logging.execution import Execution
from irl_logging.retention.restore import restore, verify


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--verify", "only_verify", is_flag=True, help="Only verify the backup; write nothing.")
@click.option(
    "--into",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory to restore into, empty or new. Default: the execution directory.",
)
@click.option("--force", is_flag=True, help="Allow DIR to contain files; the old directory is kept under another name.")
@click.pass_obj
def command(root: str | None, file: Path, *, only_verify: bool, into: Path | None, force: bool) -> None:
    """Verify a backup and restore it, completely or not at all.

    FILE was written by `irl backup`. DIR appears only once everything has been read and verified; a failed restore
    changes nothing. Runs that were active at the time of the backup end as `⚠️ Crashed`, unless their process is still
    alive.
    """
    if only_verify:
        contents = verify(file)
        size = sum(size for size, _ in contents.files.values())
        click.echo(
            f"{safe(str(file))} is intact: {len(contents.files):,} files, {size:,} bytes, made at {contents.made}"
        )
        return
    target = into.absolute() if into is not None else execution_at(root, missing_ok=True).layout.root
    contents, aside = restore(file, target, force=force)
    click.echo(f"restored {len(contents.files):,} files, as they were at {contents.made}, into {safe(str(target))}")
    if aside is not None:
        click.echo(f"what was there is kept as {safe(str(aside))}")
    brought_up_to_date(Execution(target))
