"""`irl redact`: a filter that takes secrets out of whatever goes through it."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import IO

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import safe
from irl_logging.redaction import Redactor, register_environment
from irl_logging.scanning.pieces import CHUNK, Place, redacted
from irl_logging.storage.files import write_all

BROKEN_PIPE = 141
"""Exit code when nobody reads the output any more; that of every filter in a shell."""


@click.command()
@click.argument("file", required=False, type=click.File("rb"), default="-")
@click.option("--explain", is_flag=True, help="Print which rule found something where (never what), not the text.")
@click.pass_obj
def command(root: str | None, file: IO[bytes], *, explain: bool) -> None:
    """Print FILE, or what comes in, with a placeholder for each secret.

    Lines come out as they come in, however many there are; a key block comes out when it has ended. Bytes that are no
    UTF-8 pass unchanged. Values of environment variables with names of secrets count as secrets.

    `--explain` prints `FILE:LINE:COLUMN: rule-id` for each secret. The exit code is 0, found or not; see `irl scan` for
    another one.
    """
    redactor = execution_at(root, missing_ok=True).redactor
    register_environment()
    try:
        if explain:
            _explain(file, redactor)
        else:
            _filter(file, redactor)
    except BrokenPipeError:
        leave_stdout()
        raise SystemExit(BROKEN_PIPE) from None


def _filter(file: IO[bytes], redactor: Redactor) -> None:
    # Read and written without buffers, so that a line is shown when it is there.
    for data in redacted(partial(os.read, file.fileno(), CHUNK), redactor):
        write_all(sys.stdout.fileno(), data)


def _explain(file: IO[bytes], redactor: Redactor) -> None:
    name = safe("<stdin>" if file.fileno() == 0 else file.name)

    def show(place: Place) -> None:
        click.echo(f"{name}:{place.line}:{place.column}: {place.rule}")

    for _ in redacted(partial(os.read, file.fileno(), CHUNK), redactor, show):
        pass
    sys.stdout.flush()


def leave_stdout() -> None:
    """Let the interpreter flush its stdout at exit into nothing, and not into the broken pipe."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
