"""`irl state`: the state files of an execution directory, for shells and for people who mend them."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.pairs import pairs_of
from irl_logging.cli.terminal import json_text, safe
from irl_logging.storage.documents import MAX_BYTES, decode_document
from irl_logging.storage.layout import Layout
from irl_logging.storage.state import documents, faults

NAME = click.argument("name")


@click.group()
def command() -> None:
    """Show, change, check and repair the JSON files in state/.

    NAME is a file's name without `.json`. Concurrent changes by several processes are all kept.
    """


@command.command()
@NAME
@click.pass_obj
def show(root: str | None, name: str) -> None:
    """Print the state NAME, redacted."""
    execution = execution_at(root)
    state = execution.state(name)
    content = state.read()
    if not content and not state.path.exists():
        raise click.ClickException(f"there is no {_shown(execution.layout, state.path)}{_others(execution.layout)}")
    click.echo(json_text(execution.redactor.redact_fields(content)))


@command.command("set")
@NAME
@click.argument("pairs", metavar="KEY=VALUE...", nargs=-1, required=True)
@click.pass_obj
def set_(root: str | None, name: str, pairs: tuple[str, ...]) -> None:
    """Set keys of the state NAME, leaving the others unchanged.

    A VALUE that is valid JSON is stored as JSON (12, true, null, [1, 2], "12"), anything else as text.
    """
    execution_at(root, missing_ok=True).state(name).update(pairs_of(pairs))


@command.command()
@NAME
@click.argument("file", required=False, type=click.File("rb"), default="-")
@click.pass_obj
def replace(root: str | None, name: str, file: IO[bytes]) -> None:
    """Replace the state NAME with the JSON object in FILE, or on standard input."""
    content = decode_document(file.read(MAX_BYTES + 1), Path(file.name))
    execution_at(root, missing_ok=True).state(name).replace(content)


@command.command()
@NAME
@click.option("--date", metavar="YYYY-MM-DD", help="Date of the copy. Default: today, in UTC.")
@click.pass_obj
def checkpoint(root: str | None, name: str, *, date: str | None) -> None:
    """Save a dated copy of the state NAME as `state/NAME-<date>.json`."""
    execution = execution_at(root)
    click.echo(_shown(execution.layout, execution.state(name).checkpoint(date)))


@command.command()
@NAME
@click.pass_obj
def restore(root: str | None, name: str) -> None:
    """Restore the last good copy of a broken or deleted state NAME; the broken file is kept."""
    execution = execution_at(root)
    state = execution.state(name)
    there = state.path.exists()
    saved = state.saved()
    aside = state.restore()
    file = _shown(execution.layout, state.path)
    if aside is None and there:
        click.echo(f"Nothing to do: {file} is valid.")
        return
    click.echo(f"{file} is restored from the copy of {saved}.")
    if aside is not None:
        click.echo(f"Its previous content is in {_shown(execution.layout, aside)}.")


@command.command()
@click.pass_obj
def check(root: str | None) -> None:
    """Check every JSON file in state/ and results/, and name each broken one.

    A state with a schema, `state/NAME.schema.json`, must match it. The exit code is 1 if anything is wrong.
    """
    layout = execution_at(root).layout
    wrong = 0
    for error in faults(layout):
        wrong += 1
        click.echo(safe(str(error)), err=True)
    looked = len(documents(layout))
    click.echo(f"{looked - wrong} of {looked} JSON files in state/ and results/ are valid.")
    if wrong:
        raise SystemExit(1)


def _shown(layout: Layout, path: Path) -> str:
    return safe(f"{layout.root.name}/{layout.relative(path)}")


def _others(layout: Layout) -> str:
    names = [path.stem for path in documents(layout) if path.parent == layout.state]
    return f"; there is {', '.join(names)}" if names else ""
