"""`irl step`: the step that an open run is in from now on."""

from __future__ import annotations

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.working import RUN, working_on
from irl_logging.detached import enter_step


@click.command()
@click.argument("name")
@click.argument("message", nargs=-1)
@RUN
@click.pass_obj
def command(root: str | None, *, name: str, message: tuple[str, ...], run_name: str | None) -> None:
    """Begin the step NAME of a run: it ends the step before, and later lines carry its name.

    With MESSAGE it also writes a line.
    """
    if not name.strip():
        raise click.BadParameter("it is empty, expected a name", param_hint="'NAME'")
    with working_on(execution_at(root), run_name) as run:
        enter_step(run, name)
        if message:
            run.log("INFO", name, " ".join(message))
