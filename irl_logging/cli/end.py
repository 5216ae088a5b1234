"""`irl complete`, `irl fail`, `irl error`, `irl cancel`: the end of a run that was started by `irl start`."""

from __future__ import annotations

import re
from typing import Final

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless
from irl_logging.cli.working import RUN, run_meant
from irl_logging.detached import attached, leave_step, recount
from irl_logging.lifecycle import Status

_RUN_ID: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{1,8}")


def _command(name: str, status: Status, help_text: str) -> click.Command:
    @click.command(name, help=help_text)
    @click.argument("summary", nargs=-1)
    @RUN
    @click.pass_obj
    def command(root: str | None, *, summary: tuple[str, ...], run_name: str | None) -> None:
        _end(root, run_name, status, " ".join(summary) or None)

    return command


def _end(root: str | None, name: str | None, status: Status, summary: str | None) -> None:
    if summary and _RUN_ID.fullmatch(summary):
        raise click.UsageError(f"{summary} is the id of a run: expected a summary, or --run {summary}")
    execution = execution_at(root)
    state = run_meant(execution, name)
    if not state.detached:
        raise click.ClickException(
            f"run {state.id} of {state.title} ends with its process {state.pid}: let that end, or call the Python API there"
        )
    with attached(execution, state.id) as run:
        leave_step(run)
        recount(execution, run)
        run.end(status, summary)
    ended = next(it for it in execution.runs() if it.id == state.id)
    execution.close()
    said = ended.note if ended.status == Status.OVERSTATED else ended.results_text.removeprefix("-")
    click.echo(harmless(": ".join(filter(None, (f"{ended.id} of {ended.title} has ended as {ended.status}", said)))))
    if ended.status != status:
        raise SystemExit(1)


complete = _command(
    "complete",
    Status.COMPLETE,
    "End the run as `✓ Complete`. SUMMARY goes into the Results cell of the README.\n\n"
    "If something that was expected does not hold, it ends as `⚠️ Overstated`, and the exit code is 1.",
)
fail = _command(
    "fail", Status.FAILED, "End the run as `✗ Failed`: the work was done, with a negative outcome; SUMMARY says which."
)
error = _command("error", Status.ERROR, "End the run as `⚠️ Error`: something broke; SUMMARY says what.")
cancel = _command("cancel", Status.CANCELLED, "End the run as `⚠️ Cancelled`: somebody stopped it; SUMMARY says why.")
