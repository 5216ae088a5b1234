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
@click.option("--note", metavar="TEXT", help="What the Results cell says.")
@click.option("--force", is_flag=True, help="End it also when its process lives on this machine.")
@click.pass_obj
def command(root: str | None, *, run: str, status: str, note: str | None, force: bool) -> None:
    """End a run by hand: one of another machine that will never come back, or one that is to end with other words.

    RUN is the beginning of its id, its log as README.md shows it, or its workflow when no other run of that is open. What a
    run has ended as is final.
    """
    state = execution_at(root).resolve(run, status, note=note, force=force)
    click.echo(harmless(f"{state.id} of {state.title} has ended as {state.status}: {state.summary or state.note}"))
