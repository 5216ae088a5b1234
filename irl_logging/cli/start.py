"""`irl start`: a run whose steps are commands of their own, until `irl complete` or another end."""

from __future__ import annotations

import os

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.pairs import pairs_of
from irl_logging.cli.terminal import safe
from irl_logging.context import RUN_VARIABLE
from irl_logging.detached import attached, detach, process


@click.command()
@click.argument("workflow")
@click.option("--agent", help="Who runs it. Default: IRL_AGENT, the agent's own variables, or you.")
@click.option("--log-name", help="Start of the log file's name. Default: the workflow.")
@click.option(
    "-f", "--field", "fields", metavar="KEY=VALUE", multiple=True, help="Value that belongs to the run; repeatable."
)
@click.option("-m", "--message", help="Text of the log's first line. Default: Started WORKFLOW.")
@click.option(
    "--pid",
    metavar="PID",
    type=click.IntRange(min=1),
    help="Process whose end, before the run's, means that it has crashed.",
)
@click.pass_obj
def command(
    root: str | None,
    *,
    workflow: str,
    agent: str | None,
    log_name: str | None,
    fields: tuple[str, ...],
    message: str | None,
    pid: int | None,
) -> None:
    """Start a run of WORKFLOW that goes on after this command, and print its id.

    `irl log`, `step`, `decision`, `result` and `expect` add to the run; `irl complete`, `fail`, `error` or `cancel` ends it.
    They find it by `--run`, by the variable IRL_RUN (`export IRL_RUN=$(irl start deploy)`), or as the only one that is open.

    A run that nothing is added to for an hour is shown as `⚠️ Stale` until something is; after a week it ends as `⚠️
    Crashed`. With `--pid $$` it ends so when the shell is gone.
    """
    if not workflow.strip():
        raise click.BadParameter("it is empty, expected a name", param_hint="'WORKFLOW'")
    execution = execution_at(root, missing_ok=True)
    tied_to = None if pid is None else process(pid)
    run = execution.start(workflow, agent=agent, log_name=log_name, message=message, fields=pairs_of(fields))
    detach(execution, run, tied_to=tied_to)
    try:
        click.echo(run.id)
    except OSError as error:  # nobody has its id: nobody would end it
        with attached(execution, run.id) as unknown:
            unknown.error(f"its id could not be printed: {error.strerror or error}")
        raise
    finally:
        execution.close()
    if around := os.environ.get(RUN_VARIABLE):
        text = f"{RUN_VARIABLE} still names {around}: commands for the new run need --run {run.id}, or set the variable to it"
        click.echo(f"irl: {safe(text)}", err=True)
