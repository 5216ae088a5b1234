"""`irl check`: whether README, workflows.json and what they name are right, for CI and pre-commit. Writes nothing.

With a run it says whether that run did what its workflow's directive asks.
"""

from __future__ import annotations

import json

import click

from irl_logging.checking import Check, check
from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless, safe
from irl_logging.compliance import differences, meant_run
from irl_logging.directives import DIRECTORY, directive_of
from irl_logging.execution import Execution
from irl_logging.redaction import Redactor
from irl_logging.storage.compaction import all_runs


@click.command()
@click.argument("run", metavar="[RUN]", required=False)
@click.option("--all", "everything", is_flag=True, help="Expect rows for all runs, not only recent ones.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing if all is well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_context
def command(ctx: click.Context, run: str | None, *, everything: bool, quiet: bool, as_json: bool) -> None:
    """Check that README.md and active/workflows.json agree with the journal, and that the files they name exist.

    Writes nothing. Without a journal, as in a fresh clone, rows cannot be compared; the tables and the files they name
    are checked all the same. Prints `file:line: what: which` for each difference; `irl sync` fixes rows. The exit code
    is 1 if there is a difference, else 0.

    With RUN (the beginning of a run's id, its log, or a workflow, meaning its latest run) it checks that run against
    directives/<workflow>.md: the log's name, the state updated, the run marked complete, the steps in order.
    """
    execution = execution_at(ctx.obj)
    if run is not None:
        ctx.exit(1 if _check_run(execution, run, quiet=quiet, as_json=as_json) else 0)
    found = check(execution.layout, completed_rows=execution.settings.completed_rows, everything=everything)
    root = execution.layout.root.name
    if as_json:
        click.echo(_as_json(found, execution.redactor))
    else:
        for difference in found.differences:
            click.echo(safe(f"{root}/{difference}"))
        if not found.differences and not quiet:
            click.echo(harmless(f"{root}/README.md {_all_right(found)}"))
    ctx.exit(1 if found.differences else 0)


def _check_run(execution: Execution, name: str, *, quiet: bool, as_json: bool) -> bool:
    """Tell what a run did otherwise than its directive asks, and return whether that is anything."""
    runs = all_runs(execution.layout) if execution.layout.used else {}  # `execution.runs` would end the dead ones
    run = meant_run(runs.values(), name)
    directive = directive_of(execution.repository, run.workflow)
    if directive is None:
        raise click.ClickException(f"there is no {DIRECTORY}/{run.workflow}.md that says what {run.workflow} has to do")
    path = f"{DIRECTORY}/{directive.path.name}"
    found = [execution.redactor.redact(it) for it in differences(execution.layout, run, directive)]
    if as_json:
        content = {"run": run.id, "workflow": run.workflow, "directive": path, "differences": found}
        click.echo(json.dumps({"version": 1, "as_asked": not found, **content}, indent=2))
    elif found:
        click.echo("\n".join(harmless(f"{path}: {run.id}: {it}") for it in found))
    elif not quiet:
        click.echo(harmless(f"{run.id} did what {path} asks"))
    return bool(found)


def _all_right(found: Check) -> str:
    if not found.journal:
        return "is in order; no journal here knows of a run, so its rows were not compared"
    return f"is up to date: {found.running} running, {found.ended} ended"


def _as_json(found: Check, redactor: Redactor) -> str:
    differences = [
        {"kind": it.kind, "file": it.file, "line": it.line or None, "text": redactor.redact(it.text)}
        for it in found.differences
    ]
    return json.dumps(
        {"version": 1, "up_to_date": not differences, "journal": found.journal, "differences": differences}, indent=2
    )
