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
from irl_logging.cli.terminal import redact_with, safe
from irl_logging.errors import IrlLoggingError

_SECTIONS: Final = {
    "Get started": {
        "demo": ("irl_logging.cli.demo.command", "Set up an example repository and run real workflows in it."),
        "init": ("irl_logging.cli.init", "Create an execution directory, ready for the first run."),
        "run": ("irl_logging.cli.run", "Run any command, in any language, as a run of a workflow."),
    },
    "Log a run one command at a time": {
        "start": ("irl_logging.cli.start", "Start a run that goes on after this command."),
        "log": ("irl_logging.cli.log", "Write a line, or standard input, to a run's log."),
        "step": ("irl_logging.cli.step", "Begin the next step of a run."),
        "decision": ("irl_logging.cli.decision", "Record a decision in the audit trail."),
        "result": ("irl_logging.cli.result", "Add keys to a run's results file."),
        "expect": ("irl_logging.cli.expect", "State what must hold for a run to be complete."),
        "complete": ("irl_logging.cli.end:complete", "End a run as complete."),
        "fail": ("irl_logging.cli.end:fail", "End a run as failed: a negative outcome."),
        "error": ("irl_logging.cli.end:error", "End a run as an error: something broke."),
        "cancel": ("irl_logging.cli.end:cancel", "End a run as cancelled: somebody stopped it."),
    },
    "Inspect": {
        "status": ("irl_logging.cli.status", "Show what is running and what ended recently."),
        "audit": ("irl_logging.cli.audit", "Show who decided what, and why; verify the audit trail."),
        "snapshot": ("irl_logging.cli.snapshot", "Record current figures in state/ and in the README."),
        "state": ("irl_logging.cli.state", "Show, change, check and repair the JSON files in state/."),
    },
    "Keep the README accurate": {
        "check": ("irl_logging.cli.check", "Check that the README is accurate; for CI and hooks."),
        "sync": ("irl_logging.cli.sync", "Bring the README up to date now."),
        "resolve": ("irl_logging.cli.resolve", "Manually end a run that no process will end."),
        "doctor": ("irl_logging.cli.doctor", "Look for problems, and say how to fix them."),
        "merge-driver": ("irl_logging.cli.merge_driver", "Merge two branches' README row by row; called by git."),
    },
    "Keep secrets out": {
        "redact": ("irl_logging.cli.redact", "Replace the secrets in a file or pipe."),
        "scan": ("irl_logging.cli.scan", "Look for secrets in files and in git history."),
        "scrub": ("irl_logging.cli.scrub", "Remove secrets from files in place, after a backup."),
    },
    "Maintain": {
        "clean": ("irl_logging.cli.clean", "Compress and archive old logs; remove old results."),
        "backup": ("irl_logging.cli.backup", "Back up the execution directory."),
        "restore": ("irl_logging.cli.restore", "Verify a backup, or restore it."),
    },
}
"""Heading of `irl --help` -> name -> where it is (`module:name`, or a module's `command`), and its line; as users work."""

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
        module, _, name = _COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name or "command")
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
    help="The repository or its execution directory. Default: IRL_ROOT, the config file, or the nearest parent directory "
    "containing execution/.",
)
@click.pass_context
def irl(ctx: click.Context, root: str | None) -> None:
    """Run logs, secret redaction and an accurate README for a repository's workflows."""
    ctx.obj = root


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and end the process with its exit code: 2 for wrong usage, 1 for what could not be done.

    Args:
        argv: Arguments without the program's name; None are those of the process.
    """
    redact_with(None)
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
            _say(error.format_message() + _hint(error))
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except (IrlLoggingError, OSError) as error:
        _say(_refused(error))
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _hint(error: click.ClickException) -> str:
    """Return what helps who meant a text for an option."""
    if isinstance(error, click.NoSuchOption) and error.ctx is not None:
        texts = [it for it in error.ctx.command.params if isinstance(it, click.Argument) and it.nargs == -1]
        if texts:
            return " A text that begins with a dash goes after `--`."
    return ""


def _refused(error: IrlLoggingError | OSError) -> str:
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename}: {error.strerror}"  # without the number, which is for programs
    return str(error)


def _say(text: str) -> None:
    from irl_logging.cli.opened import open_for_mistakes  # here because only a mistake needs it

    open_for_mistakes()
    click.echo(f"irl: {safe(' '.join(text.split()))}", err=True)
