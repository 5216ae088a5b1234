"""`irl result`: keys for the results file of an open run."""

from __future__ import annotations

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.pairs import pairs_of
from irl_logging.cli.working import RUN, working_on
from irl_logging.detached import recount


@click.command()
@click.argument("pairs", metavar="KEY=VALUE...", nargs=-1)
@click.option("-s", "--summary", metavar="TEXT", help="Text for the Results cell.")
@RUN
@click.pass_obj
def command(root: str | None, *, pairs: tuple[str, ...], summary: str | None, run_name: str | None) -> None:
    """Add keys to the run's results file in results/; later calls add to what is there.

    A VALUE that is valid JSON is stored as JSON (12, true, [1, 2], "12"), anything else as text. Numbers are the run's
    counters: without a summary the Results cell shows them until there is a file to show.
    """
    given = pairs_of(pairs)
    if not given and summary is None:
        raise click.UsageError("nothing was given: expected KEY=VALUE or --summary TEXT")
    counters = {
        key: value for key, value in given.items() if isinstance(value, int | float) and not isinstance(value, bool)
    }
    execution = execution_at(root)
    with working_on(execution, run_name) as run:
        recount(execution, run)
        run.result(
            summary=summary, data={key: value for key, value in given.items() if key not in counters}, **counters
        )
