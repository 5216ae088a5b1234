"""`irl init`: the folders of an execution directory, the specification's README where there is none, and files for git."""

from __future__ import annotations

from pathlib import Path

import click

from irl_logging.cli.terminal import safe
from irl_logging.git import WorkTree
from irl_logging.manifest.template import template
from irl_logging.notices import counted
from irl_logging.settings import load
from irl_logging.storage.files import create_file
from irl_logging.storage.gitfiles import DRIVER, DRIVER_COMMAND, write_git_files
from irl_logging.storage.layout import Layout
from irl_logging.whereabouts import repository_execution


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--git", is_flag=True, help="Also write git's files, and say how to configure git.")
@click.pass_obj
def command(root: str | None, path: Path | None, *, git: bool) -> None:
    """Create an execution directory, ready for the first run.

    PATH is the repository, or the execution directory itself. Existing files are left unchanged; only what is missing
    is created. `--git` also writes .gitattributes and active/.gitignore, which tell git which files stay on this
    machine and how to merge the README of two branches.
    """
    where = Path(repository_execution(str(path.absolute()))) if path is not None else load({"root": root}).root
    layout = Layout(where)
    made = _make(layout)
    if git:
        made += _tell_git(layout)
    for line in made or [f"Nothing to do: {where} is complete."]:
        click.echo(safe(line))
    if git:
        _say_how(layout)


def _make(layout: Layout) -> list[str]:
    """Make what is missing, and return what to say of it."""
    folders = (layout.root, layout.logs, layout.state, layout.results, layout.active)
    missing = [folder for folder in folders if not folder.is_dir()]
    layout.create()
    said = [f"made {folder}/" for folder in missing]
    if create_file(layout.readme, template()):
        said.append(f"made {layout.readme}, where runs are shown")
    elif missing:
        said.append(f"left {layout.readme} as it is")
    return said


def _tell_git(layout: Layout) -> list[str]:
    lines = write_git_files(layout)
    return [f"{counted(count, 'line')} added to {path}" for path, count in lines.items() if count]


def _say_how(layout: Layout) -> None:
    """Say what is left to do: git takes no command from a repository, and we do not write into its configuration."""
    tree = WorkTree.around(layout.root)
    if tree is None or not tree.setting(f"merge.{DRIVER}.driver"):
        click.echo("To let git merge the README of two branches row by row, run once in each clone:")
        click.echo(f"  git config merge.{DRIVER}.driver '{DRIVER_COMMAND}'")
