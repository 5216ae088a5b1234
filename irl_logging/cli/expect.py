"""`irl expect`: what must hold for an open run to end as complete."""

from __future__ import annotations

import shutil

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.working import RUN, working_on


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--file", help="File that must exist and not be empty, below the repository or the execution directory.")
@click.option("--total", metavar="N", help="What the counters of `--of` must add up to: a number, or a counter's name.")
@click.option(
    "--of", multiple=True, metavar="COUNTER", help="Repeatable. Default: approved, rejected, flagged, skipped."
)
@click.option(
    "--limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="How long CMD may take.",
)
@RUN
@click.argument("argv", metavar="[-- CMD...]", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def command(
    root: str | None,
    *,
    file: str | None,
    total: str | None,
    of: tuple[str, ...],
    limit: float,
    run_name: str | None,
    argv: tuple[str, ...],
) -> None:
    """State what must hold for the run to end as complete; otherwise it ends as `⚠️ Overstated`.

    It is checked when the run is completed. CMD is run then, in the repository, and must exit with 0.
    """
    if argv and "/" not in argv[0] and shutil.which(argv[0]) is None:
        raise click.UsageError(f"there is no command {argv[0]!r}: expected -- CMD..., --file FILE or --total N")
    number = int(total) if total is not None and total.isdecimal() else total
    with working_on(execution_at(root), run_name) as run:
        run.expect(file=file, command=list(argv) or None, total=number, of=of, limit=limit)
