"""The command `irl demo`: lets the story happen and shows what it left."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import click

from irl_logging.cli import snapshot, status, terminal
from irl_logging.cli.demo import story
from irl_logging.cli.demo.repository import Repository
from irl_logging.cli.opened import execution_at
from irl_logging.execution import Execution

_FIRST, _LAST = 4, 3
_NEXT = """\
  cd {directory}
  cat scripts/approve_incidents.py                 # one line of irl_logging, the rest is logging
  grep "agent-auto-approver" execution/logs/*.log
  jq '.approved / (.approved + .rejected + .flagged)' execution/results/*.json
  cat execution/logs/deploy-*.log                  # the output of a shell script, without its secrets
  sed -n '/^## State Snapshots/,/^---/p' execution/README.md
  irl run --workflow hello -- echo "any program, any language"
  irl start by-hand && irl log "one command at a time" && irl complete
  irl status"""


@click.command()
@click.argument("directory", default="demo", metavar="[DIR]", type=click.Path(path_type=Path))
def command(directory: Path) -> None:
    """Set up a small example repository in DIR (default: ./demo) and run real workflows in it.

    One script approves a dozen incidents whose payloads contain made-up secrets; three more workflows run in parallel,
    one fails and one is killed. Then it shows what they left behind. Run again, it starts over with the same incidents.
    """
    repository = Repository(directory.absolute())
    repository.lay_out()
    execution = execution_at(str(repository.root))
    actors = story.Story(repository, execution)
    click.echo(
        f"Laid out {directory}/: {repository.incidents} quarantined incidents of 2 integrations, "
        f"and {len(repository.planted)} made-up secrets in payloads and environment"
    )
    _prompt(story.APPROVAL)
    approval = actors.approve()
    _show_log(f"execution/{approval.log}", actors.log_lines(approval))
    for line in (story.HEALTH, story.DEPLOY, story.BASELINES):
        _prompt(f"{line} &")
    with actors.in_parallel() as waiting:
        _prompt("irl status")
        _show_status(execution)
        _prompt(f"kill -9 {waiting.pid}                # {story.BASELINES}")
        waiting.kill()
        waiting.wait()
    _prompt("irl status")
    _show_status(execution)
    _prompt("cat execution/README.md                # its two tables")
    for line in actors.tables():
        click.echo(terminal.harmless(line))
    path, text = actors.results(approval)
    _prompt(f"cat {path.relative_to(repository.root)}")
    click.echo(text.rstrip())
    _prompt("irl snapshot quarantine approvals    # the README's State Snapshots say so, too")
    for line in (
        line for taken in execution.snapshot("quarantine", "approvals") for line in snapshot.shown(execution, taken)
    ):
        click.echo(terminal.harmless(line))
    _conclude(repository, directory)


def _conclude(repository: Repository, directory: Path) -> None:
    leaks = repository.leaks()
    if leaks:
        raise click.ClickException(
            f"a planted secret is in {', '.join(str(path) for path in leaks)}; please report this"
        )
    click.echo(f"\nNone of the {len(repository.planted)} secrets is anywhere under {directory}/execution/. Try next:\n")
    programs = Path(sys.executable).parent
    if shutil.which("irl") is None and (programs / "irl").exists():  # as in the virtual environment of `make demo`
        click.echo(f'  export PATH="{programs}:$PATH"   # where irl is')
    click.echo(_NEXT.format(directory=directory))


def _show_status(execution: Execution) -> None:
    status.brought_up_to_date(execution)
    runs = execution.runs()
    running = [run for run in runs if run.open]
    ended = [run for run in runs if not run.open]
    ended.sort(key=lambda run: run.ended or "", reverse=True)
    for line in status.shown(running, ended[:4], now=time.time()):
        click.echo(line)


def _show_log(name: str, lines: list[str]) -> None:
    click.echo(click.style(name, bold=True) if terminal.coloured() else name)
    for line in lines[:_FIRST]:
        click.echo(terminal.harmless(line))
    click.echo(f"... {len(lines) - _FIRST - _LAST} more lines ...")
    for line in lines[-_LAST:]:
        click.echo(terminal.harmless(line))


def _prompt(text: str) -> None:
    line = f"$ {text}"
    click.echo("\n" + (click.style(line, bold=True) if terminal.coloured() else line))
