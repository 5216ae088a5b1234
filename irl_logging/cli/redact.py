"""`irl redact`: a filter that takes secrets out of whatever goes through it."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import IO

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import BROKEN_PIPE, leave_stdout, safe
from irl_logging.redaction import Redactor
from irl_logging.scanning.pieces import CHUNK, Place, redacted
from irl_logging.storage.files import write_all


@click.command()
@click.argument("file", required=False, type=click.File("rb"), default="-")
@click.option("--explain", is_flag=True, help="Print where each secret is and which rule found it, not the text.")
@click.pass_obj
def command(root: str | None, file: IO[bytes], *, explain: bool) -> None:
    """Print FILE, or standard input, with a placeholder for each secret.

    Each line is printed as soon as it is read; a private key block is held until it ends. Bytes that are not UTF-8 pass
    through unchanged. Values of environment variables whose names suggest a secret are redacted too.

    `--explain` prints `FILE:LINE:COLUMN: rule-id` for each secret instead. The exit code is 0 whether or not anything
    was found; use `irl scan` to fail on secrets.
    """
    redactor = execution_at(root, missing_ok=True).redactor
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
