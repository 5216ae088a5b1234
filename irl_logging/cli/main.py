"""The entry point of `irl`: the group of commands, and how a mistake of its user is told.

A command's module is imported when the command is used, so that `irl --help` and the commands that scripts call for each
line do not pay for the others.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Final

import click

import irl_logging
from irl_logging.cli.terminal import safe
from irl_logging.errors import IrlLoggingError

_SECTIONS: Final = {
    "Begin": {
        "demo": ("irl_logging.cli.demo.command", "Lay out a small IRL repository and run real workflows over it."),
        "init": ("irl_logging.cli.init", "Make an execution directory, ready for the first run."),
        "run": ("irl_logging.cli.run", "Run a program in any language as a run of a workflow."),
    },
    "See how things stand": {
        "status": ("irl_logging.cli.status", "Show what runs and what has ended lately."),
        "audit": ("irl_logging.cli.audit", "Show who decided what and why; verify the audit trail."),
        "snapshot": ("irl_logging.cli.snapshot", "Say in state/ and in the README how things stand."),
        "state": ("irl_logging.cli.state", "Show, change, check and mend the JSON files in state/."),
    },
    "Keep the README true": {
        "check": ("irl_logging.cli.check", "Say whether the README tells the truth, for CI and hooks."),
        "sync": ("irl_logging.cli.sync", "Bring the README up to date, now."),
        "resolve": ("irl_logging.cli.resolve", "End a run by hand that no process will end."),
        "doctor": ("irl_logging.cli.doctor", "Look for what is not well, and say what to do about it."),
        "merge-driver": ("irl_logging.cli.merge_driver", "Merge two branches' README row by row; git calls it."),
    },
    "Keep secrets out": {
        "redact": ("irl_logging.cli.redact", "Take the secrets out of what goes through it."),
        "scan": ("irl_logging.cli.scan", "Look for secrets in files and in git's history."),
        "scrub": ("irl_logging.cli.scrub", "Take the secrets out of files in place, after a backup."),
    },
    "Keep it small and safe": {
        "clean": ("irl_logging.cli.clean", "Pack old logs into the archive and remove old results."),
        "backup": ("irl_logging.cli.backup", "Back the execution directory up."),
        "restore": ("irl_logging.cli.restore", "Check a backup, or put it into place."),
    },
}
"""Heading of `irl --help` -> name -> the module that has it as `command`, and its line; in the order of a user's work."""

_COMMANDS: Final = {name: found for section in _SECTIONS.values() for name, found in section.items()}
_WIDTH: Final = max(map(len, _COMMANDS))


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(_COMMANDS[cmd_name][0]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and (close := difflib.get_close_matches(args[0], _COMMANDS, n=1)):
            ctx.fail(f"No such command '{args[0]}'. Did you mean '{close[0]}'?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        for heading, commands in _SECTIONS.items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(_WIDTH), summary) for name, (_, summary) in commands.items()])


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(irl_logging.__version__, prog_name="irl")
@click.option(
    "--root",
    metavar="DIR",
    help="The repository, or its execution directory. Default: IRL_ROOT, the config file, or the nearest parent directory "
    "that has execution/.",
)
@click.pass_context
def irl(ctx: click.Context, root: str | None) -> None:
    """Run logs, redaction and a truthful README for the workflows of a repository."""
    ctx.obj = root


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code: 2 for wrong usage, 1 for what could not be done.

    Args:
        argv: Arguments without the program's name; None are those of the process.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a status has characters that an ASCII terminal has not
    try:
        code = irl.main(args=None if argv is None else list(argv), prog_name="irl", standalone_mode=False)
    except click.ClickException as error:
        # What was typed may hold a secret, and what is shown may be a public CI log.
        context = error.ctx if isinstance(error, click.UsageError) else None
        if context is not None and error.message == context.get_help():  # click >= 8.2, where no command is given
            click.echo(error.message, err=True)
        else:
            if context is not None:
                click.echo(context.get_usage(), err=True)
                click.echo(f"Try '{context.command_path} --help' for help.\n", err=True)
            _say(error.format_message())
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except (IrlLoggingError, OSError) as error:
        _say(_refused(error))
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _refused(error: IrlLoggingError | OSError) -> str:
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"  # without the number, which is for programs
    return str(error)


def _say(text: str) -> None:
    click.echo(f"irl: {safe(' '.join(text.split()))}", err=True)
