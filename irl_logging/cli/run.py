"""`irl run`: a program in any language as a run of a workflow, its output as the lines of the run's log."""

from __future__ import annotations

import os
import shlex
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from functools import partial

import click

from irl_logging.cli.capture import Stream, relay
from irl_logging.cli.child import Child, supported
from irl_logging.cli.opened import execution_at
from irl_logging.cli.terminal import harmless, safe
from irl_logging.endings import exit_status
from irl_logging.errors import IrlLoggingError
from irl_logging.execution import Execution
from irl_logging.lifecycle import Status
from irl_logging.notices import end_not_recorded
from irl_logging.redaction import counting
from irl_logging.runs import Run

NOT_FOUND = 127
NOT_EXECUTABLE = 126
"""Exit codes of a command that did not start; those of every shell."""

NOT_RUN = 125
"""Exit code where the command was not tried, as `env`, `timeout` and `docker run` have it."""


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("-w", "--workflow", required=True, help="Name of the workflow.")
@click.option("--agent", help="Who runs it. Default: IRL_AGENT, the agent's own variables, or you.")
@click.option("--log-name", help="Start of the log file's name. Default: the workflow.")
@click.option("--step", help="Step to log instead of stdout and stderr.")
@click.argument("argv", metavar="-- CMD...", nargs=-1, required=True, type=click.UNPROCESSED)
@click.pass_obj
def command(
    root: str | None, workflow: str, agent: str | None, log_name: str | None, step: str | None, argv: tuple[str, ...]
) -> None:
    """Run any command, in any language, as a run of a workflow.

    What CMD writes to stdout and stderr is shown as it comes and logged with the steps `stdout` and `stderr`, both at
    INFO, since many programs report progress on stderr. Secrets are redacted in both places. A line that rewrites
    itself, such as a progress bar, is logged once; blank lines are skipped.

    CMD's exit code ends the run and is returned: 0 is complete; 130, 143, SIGINT and SIGTERM are cancelled; other codes
    are failed. A command that cannot be found (127) or executed (126), or that another signal kills (128 + its number),
    is an error. If a setting is invalid, CMD is not run (125). CMD writes to pipes, not to a terminal; Python is told
    not to buffer (PYTHONUNBUFFERED). It finds its run in IRL_RUN and IRL_ROOT.
    """
    if not workflow.strip():
        raise click.BadParameter("it is empty, expected a name", param_hint="'-w' / '--workflow'")
    if not supported:
        raise click.ClickException("irl run needs Linux or macOS: this system has no posix_spawn")
    try:
        execution = execution_at(root, missing_ok=True)
        run = _started(execution, workflow, agent, log_name, argv)
    except IrlLoggingError as error:
        raise _NotRunError(f"{error}; {argv[0]} was not run") from error
    try:
        code = _supervised(execution, run, argv, step)
    except OSError as error:
        code = _did_not_start(run, argv[0], error)
    execution.close()
    raise SystemExit(code)


class _NotRunError(click.ClickException):
    exit_code = NOT_RUN


def _started(execution: Execution, workflow: str, agent: str | None, log_name: str | None, argv: Sequence[str]) -> Run:
    tally: Counter[str] = Counter()
    try:
        # Redacted before its line feeds are made visible, so that a key block is still one.
        with counting(tally):
            message = f"Started {workflow}: {harmless(execution.redactor.redact(shlex.join(argv)))}"
        run = execution.start(workflow, agent=agent, log_name=log_name, message=message)
    except OSError as error:
        return execution.unstarted(workflow, error)
    run.lines.redacted.update(tally)
    return run


def _supervised(execution: Execution, run: Run, argv: Sequence[str], step: str | None) -> int:
    """Run the command to its end, end the run with it, and return the exit code."""
    environ = {"PYTHONUNBUFFERED": "1", **os.environ, **(run.environ() if run.owned else {})}
    with Child(argv, environ) as child, run.step(step) if step else nullcontext():
        names = {child.stdout: step or "stdout", child.stderr: step or "stderr"}
        streams = [
            Stream(source, target, execution.redactor, partial(run.log, "INFO", names[source]), run.lines.redacted)
            for source, target in ((child.stdout, 1), (child.stderr, 2))
        ]
        for stream in relay(streams, child.ended):
            name = names[stream.source]
            run.log("WARN", name, f"The command has ended, but a process it started still holds {name}: not waited for")
        code = child.code
        status, note = verdict(code)
        code = code if code >= 0 else 128 - code
        _end(run, status, note, code)
    return code


def verdict(code: int) -> tuple[Status, str | None]:
    """Return the status and the note that a command's end stands for.

    Args:
        code: The exit code, or the negative number of the signal that killed it.
    """
    if code >= 0:
        return exit_status(code)
    name = signal.Signals(-code).name if -code in signal.valid_signals() else f"signal {-code}"
    cancelled = -code in (signal.SIGINT, signal.SIGTERM)
    return Status.CANCELLED if cancelled else Status.ERROR, f"killed by {name}"


def _did_not_start(run: Run, name: str, error: OSError) -> int:
    found = not isinstance(error, FileNotFoundError)
    what = f"{error.strerror}: {name}" if found else f"command not found: {name}"
    click.echo(f"irl: {safe(what)}", err=True)
    code = NOT_EXECUTABLE if found else NOT_FOUND
    _end(run, Status.ERROR, what, code)
    return code


def _end(run: Run, status: Status, note: str | None, exit_code: int) -> None:
    try:
        run.end(status, note=note, exit_code=exit_code)
    except (IrlLoggingError, OSError) as error:
        end_not_recorded(run.id, error)
