"""`irl sync`: README and workflows.json brought up to date, now."""

from __future__ import annotations

from collections import Counter

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless, safe
from irl_logging.errors import ManifestDeferred
from irl_logging.execution import Execution
from irl_logging.manifest.differences import row_differences
from irl_logging.notices import counted

LIMIT = 10.0
"""Seconds that others are waited for unless told otherwise."""

_DONE = {"row missing": "added", "row differs": "changed", "stale row": "moved out"}


@click.command()
@click.option("--all", "everything", is_flag=True, help="Restore the rows of all runs in the journal.")
@click.option(
    "--limit",
    metavar="SECONDS",
    type=click.FloatRange(min=0),
    default=LIMIT,
    show_default=True,
    help="How long to wait for other processes at most.",
)
@click.pass_obj
def command(root: str | None, *, everything: bool, limit: float) -> None:
    """Bring README.md and active/workflows.json up to date, and say what was done.

    Runs whose process is gone end as `⚠️ Crashed`. Rows lost to a merge or an undo are put back for fifteen minutes;
    after that the removal is taken as intended, unless `--all` is given. The exit code is 1, with the reason, if the
    update had to be postponed.
    """
    execution = execution_at(root)
    name = f"{execution.layout.root.name}/README.md"
    if not execution.layout.used:
        click.echo(safe(f"Nothing to do: nothing has run in {execution.layout.root} on this machine yet."))
        return
    crashed = len(execution.reap())
    before = _readme(execution)
    execution.sync(limit, everything=everything)
    done = _done(before, _readme(execution))
    if crashed:
        done.append(f"{counted(crashed, 'run')} noticed as crashed")
    if done:
        click.echo(harmless(f"{name} is brought up to date: {', '.join(done)}."))
    else:
        click.echo(harmless(f"Nothing to do: {name} is up to date."))


def _readme(execution: Execution) -> bytes:
    try:
        return execution.layout.readme.read_bytes()
    except OSError:
        return b""


def _done(before: bytes, after: bytes) -> list[str]:
    """Return what became of rows, e.g. `2 rows added`."""
    try:
        counts = Counter(_DONE[difference.kind] for difference in row_differences(before, after))
    except ManifestDeferred:
        return []
    return [f"{counted(count, 'row')} {what}" for what, count in counts.items()]
