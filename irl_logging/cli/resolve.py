"""`irl resolve`: end a run by hand that no process will end."""

from __future__ import annotations

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless


@click.command()
@click.argument("run")
@click.option(
    "--as", "status", metavar="STATUS", required=True, help="complete, failed, error, cancelled, crashed, or '⚠️ ...'."
)
@click.option("--note", metavar="TEXT", help="Text for the Results cell.")
@click.option("--force", is_flag=True, help="End it even if its process is alive on this machine.")
@click.pass_obj
def command(root: str | None, *, run: str, status: str, note: str | None, force: bool) -> None:
    """Manually end a run: one whose machine will never come back, or one that should end with a status of your choice.

    RUN is the beginning of its id, its log as README.md shows it, or its workflow if that has only one open run. A
    final status cannot be changed.
    """
    state = execution_at(root).resolve(run, status, note=note, force=force)
    click.echo(harmless(f"{state.id} of {state.title} has ended as {state.status}: {state.summary or state.note}"))
