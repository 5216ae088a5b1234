"""`irl clean`: old logs into the archive, old results away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePosixPath

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import safe
from irl_logging.notices import counted
from irl_logging.retention.cleaning import Cleaned, clean


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be done, without doing it.")
@click.option(
    "--logs-days",
    metavar="N",
    type=click.FloatRange(min=0),
    help="Archive logs after N days. Default: the setting logs_days, 30.",
)
@click.option(
    "--results-days",
    metavar="N",
    type=click.FloatRange(min=0),
    help="Remove results after N days. Default: the setting results_days, 90.",
)
@click.option("-v", "--verbose", is_flag=True, help="List each file.")
@click.pass_context
def command(
    ctx: click.Context, *, dry_run: bool, logs_days: float | None, results_days: float | None, verbose: bool
) -> None:
    """Compress old logs into archive/YYYY-MM, and remove old results.

    Only files named as this package names them are touched, and never one that an active run is writing. Rotated logs
    are compressed where they are. README rows are kept: they show the new path of an archived log, and `(expired)` for
    a removed file.

    The exit code is 1 if the README could not be updated; the next `irl clean` does it.
    """
    execution = execution_at(ctx.obj)
    done = clean(execution, logs_days=logs_days, results_days=results_days, dry_run=dry_run)
    for line in shown(done, dry_run=dry_run, verbose=verbose):
        click.echo(line)
    for name, why in done.left.items():
        click.echo(f"irl: left unchanged: {safe(name)}: {why}", err=True)
    if done.deferred:
        click.echo(f"irl: the README's links are not up to date: {safe(done.deferred)}", err=True)
        ctx.exit(1)


def shown(done: Cleaned, *, dry_run: bool, verbose: bool) -> list[str]:
    """Return the lines that say what was done, one for each kind; nothing to do is said too."""
    would = "would have " if dry_run else ""
    lines = []
    if done.archived:
        lines.append(f"{would}archived {counted(len(done.archived), 'log')}: {_places(done.archived)}")
        lines += _each(done.archived) if verbose else []
    if done.packed:
        lines.append(f"{would}packed {counted(len(done.packed), 'rotated log')}")
        lines += _each(done.packed) if verbose else []
    if done.removed:
        lines.append(f"{would}removed {counted(len(done.removed), 'results file')}")
        lines += [f"  {safe(name)}" for name in done.removed] if verbose else []
    if done.recovered:
        lines.append(
            f"{would}cleared away {counted(len(done.recovered), 'file')} that a killed pass had left unfinished"
        )
    if done.documents:
        lines.append(f"brought the links in {counted(done.documents, 'README')} up to date")
    return lines or ["Nothing to do."]


def _places(archived: Mapping[str, str]) -> str:
    counts = Counter(str(PurePosixPath(target).parent) for target in archived.values())
    return ", ".join(f"{safe(place)} ({count:,})" for place, count in sorted(counts.items()))


def _each(moved: Mapping[str, str]) -> list[str]:
    return [f"  {safe(source)} -> {safe(target)}" for source, target in moved.items()]
