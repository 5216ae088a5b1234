"""`irl init`: the folders of an execution directory, and the specification's README where there is none."""

from __future__ import annotations

from pathlib import Path

import click

from irl_logging.cli.terminal import harmless
from irl_logging.manifest.template import template
from irl_logging.settings import load, repository_execution
from irl_logging.storage.files import create_file
from irl_logging.storage.layout import Layout


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def command(root: str | None, path: Path | None) -> None:
    """Make an execution directory, ready for the first run.

    PATH is the repository, or the execution directory itself. What is there already is left as it is; only what is
    missing is made.
    """
    where = repository_execution(path.absolute()) if path is not None else load({"root": root}).root
    layout = Layout(where)
    folders = (layout.root, layout.logs, layout.state, layout.results, layout.active)
    missing = [folder for folder in folders if not folder.is_dir()]
    layout.create()
    readme = create_file(layout.readme, template())
    if not missing and not readme:
        click.echo(f"Nothing to do: {harmless(str(where))} is complete.")
        return
    for folder in missing:
        click.echo(f"made {harmless(str(folder))}/")
    if readme:
        click.echo(f"made {harmless(str(layout.readme))}, where runs are shown")
    elif missing:
        click.echo(f"left {harmless(str(layout.readme))} as it is")
