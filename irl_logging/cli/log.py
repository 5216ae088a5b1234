"""`irl log`: one line, or every line of standard input, in the log of an open run."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

import click

from irl_logging.cli.capture import Stream
from irl_logging.cli.opened import execution_at
from irl_logging.cli.pairs import pairs_of
from irl_logging.cli.terminal import safe
from irl_logging.cli.working import RUN, detached_run, run_meant
from irl_logging.detached import current_step
from irl_logging.errors import ConfigurationError, RunEndedError, UnknownRunError
from irl_logging.execution import Execution
from irl_logging.line import as_level
from irl_logging.naming import clean_slug
from irl_logging.routing import NO_WORKFLOW
from irl_logging.scanning.pieces import CHUNK
from irl_logging.storage.log import RunLog


@click.command()
@click.argument("message", nargs=-1)
@click.option("-s", "--step", help="Default: the step that the run is in.")
@click.option("-l", "--level", default="INFO", show_default=True, help="DEBUG, INFO, WARN, ERROR or CRITICAL.")
@click.option("-f", "--field", "fields", metavar="KEY=VALUE", multiple=True, help="Follows the message; repeatable.")
@RUN
@click.pass_obj
def command(
    root: str | None,
    *,
    message: tuple[str, ...],
    step: str | None,
    level: str,
    fields: tuple[str, ...],
    run_name: str | None,
) -> None:
    """Write MESSAGE, or each line of standard input, to the log of a run, redacted.

    Values of environment variables whose names suggest a secret are redacted too. A line that belongs to no open run goes
    to logs/_unrouted-<date>.log, and standard error says so.
    """
    word, pairs = _level(level), pairs_of(fields)
    if not message and sys.stdin is None:  # closed: its number is for the next file that is opened
        raise click.UsageError("standard input is closed, and no message was given: expected one of them")
    execution = execution_at(root)
    lines, current = _lines(execution, run_name)

    def write(text: str) -> None:
        lines.write(time.time(), word, step or current, text, pairs)

    if message:
        write(" ".join(message))
    else:
        _each_line(execution, write)
    execution.close()
    if execution.stats()["dropped"]:
        raise SystemExit(1)  # a notice has said why


def _level(text: str) -> str:
    try:
        return as_level(text)
    except ConfigurationError as error:
        raise click.UsageError(str(error)) from None


def _lines(execution: Execution, name: str | None) -> tuple[RunLog, str | None]:
    """Return what writes the lines of the run that is meant, and the step that it is in."""
    known = detached_run(execution.layout.detached, name)
    if known is not None:
        execution.layout.detached.touch(known.id)
        return execution.logs.of(known), known.step
    try:
        state = run_meant(execution, name)
    except (UnknownRunError, RunEndedError) as error:
        if not execution.layout.root.is_dir():
            raise
        now = time.time()
        lines = execution.logs.unrouted(clean_slug(name or NO_WORKFLOW, execution.redactor.redact), now)
        click.echo(f"irl: {safe(f'{error}; the line is in {execution.layout.relative(lines.path)}')}", err=True)
        return lines, None
    return execution.logs.of(state), current_step(state)


def _each_line(execution: Execution, write: Callable[[str], None]) -> None:
    """Write what comes on standard input, line by line, as it comes."""
    if sys.stdin.isatty():
        click.echo("irl: no message was given: type lines, and Ctrl-D at the end", err=True)
    shown = os.open(os.devnull, os.O_WRONLY)
    source = sys.stdin.fileno()
    stream = Stream(os.dup(source), shown, execution.redactor, write)
    while data := os.read(source, CHUNK):
        stream.feed(data)
    stream.finish()
    os.close(shown)
