"""`irl merge-driver`: what git calls to merge two branches' `execution/README.md`, row by row."""

from __future__ import annotations

from pathlib import Path

import click

from irl_logging.cli.terminal import safe
from irl_logging.git import merge_text
from irl_logging.manifest.merge import merge

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("path", required=False, default="README.md")
@click.pass_context
def command(ctx: click.Context, base: Path, ours: Path, theirs: Path, path: str) -> None:
    """Merge two branches' execution/README.md, or an archive of it, row by row; called by git.

    BASE, OURS and THEIRS are files with the three versions; the result replaces OURS. PATH is the file's name in the
    repository, for messages. `irl init --git` explains how to set this up.

    The exit code is 1 if the text around the tables conflicts; the conflicts are marked, and the tables are whole.
    """
    merged = merge(base.read_bytes(), ours.read_bytes(), theirs.read_bytes(), merge_text)
    ours.write_bytes(merged.document)
    for row in merged.doubled:
        _say(f"{path}: both branches changed the row of {row}: both rows are kept, remove one")
    if merged.conflicts:
        _say(f"{path}: the text around the tables conflicts; their rows are merged")
        ctx.exit(1)


def _say(text: str) -> None:
    click.echo(f"irl: {safe(text)}", err=True)
