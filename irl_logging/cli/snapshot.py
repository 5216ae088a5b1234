"""`irl snapshot`: how things stand, in `state/`, in the README and on the terminal."""

from __future__ import annotations

from collections.abc import Iterator

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless, json_text, table
from irl_logging.execution import Execution
from irl_logging.snapshots.section import scalars
from irl_logging.snapshots.taking import Snapshot


@click.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--list", "listed", is_flag=True, help="List the available snapshots without taking any.")
@click.option("--json", "as_json", is_flag=True, help="Print the states as JSON, by name.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; for cron.")
@click.pass_obj
def command(root: str | None, names: tuple[str, ...], *, listed: bool, as_json: bool, quiet: bool) -> None:
    """Take the snapshots NAME, or all of them: each writes a JSON file in state/ and fills its bullets in the README.

    `quarantine`, `registry`, `approvals` and `health` are built in; [tool.irl_logging.snapshots] and installed packages
    can add more. A snapshot that fails keeps its previous values, marked as stale, and the exit code is 1.
    """
    execution = execution_at(root)
    if listed:
        rows = [(it.name, f"state/{it.state}.json", it.origin) for it in execution.snapshots.known()]
        click.echo("\n".join(table(("NAME", "STATE", "FROM"), rows, most=None, colours={})))
        return
    taken = execution.snapshot(*names)
    if as_json:
        click.echo(json_text({it.name: execution.redactor.redact_fields(it.content) for it in taken}))
    elif not quiet:
        for line in (line for it in taken for line in shown(execution, it)):
            click.echo(harmless(execution.redactor.redact(line)))
    if any(it.problem for it in taken):
        raise SystemExit(1)


def shown(execution: Execution, snapshot: Snapshot) -> Iterator[str]:
    """Yield the lines that tell a snapshot: its file, then what the README's bullets say of it, and lists of texts."""
    mark = "  (stale)" if "stale" in snapshot.content else "  (not taken)" if snapshot.problem else ""
    yield f"{execution.layout.root.name}/{snapshot.state}{mark}"
    for label, text in scalars(snapshot.content):
        yield f"  {label}: {text}"
    for key, value in snapshot.content.items():
        if isinstance(value, list):
            yield from (f"  {key}: {text}" for text in value if isinstance(text, str))
