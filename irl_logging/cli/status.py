"""`irl status`: what runs and what has ended lately, for people as a table and for programs as JSON."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import click

from irl_logging.cli import terminal
from irl_logging.cli.opened import execution_at
from irl_logging.errors import ManifestDeferred
from irl_logging.execution import Execution
from irl_logging.history import log_files
from irl_logging.lifecycle import RunState
from irl_logging.notices import notice
from irl_logging.storage.layout import Layout

RECENT = 10
"""Ended runs that are shown unless told otherwise."""

_WAIT = 2.0
_LOG = 5
"""The number of the column with the log, whose end tells it from others."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=RECENT,
    show_default=True,
    help="Ended runs to show, newest first.",
)
@click.pass_obj
def command(root: str | None, *, as_json: bool, limit: int) -> None:
    """Show what is running and what ended recently.

    Runs whose process is gone end as `⚠️ Crashed`; README.md and active/workflows.json are brought up to date.
    """
    execution = execution_at(root)
    deferred = brought_up_to_date(execution)
    runs = execution.runs()
    running = [run for run in runs if run.open]
    ended = sorted((run for run in runs if not run.open), key=lambda run: run.ended or "", reverse=True)[:limit]
    if as_json:
        click.echo(_as_json(execution, running, ended, deferred))
        return
    if not runs:
        click.echo(f"Nothing has run in {terminal.safe(str(execution.layout.root))} on this machine yet.")
    found = [replace(run, log=_log_now(execution.layout, run.log)) for run in ended]
    for line in shown(running, found, now=time.time()):
        click.echo(line)


def brought_up_to_date(execution: Execution) -> str | None:
    """Notice crashed runs and project what is pending; return why that had to be put off, None when it was done."""
    if not execution.layout.used:
        return None
    try:
        execution.sync(_WAIT)
    except ManifestDeferred as error:
        notice(f"manifest {execution.layout.root}", f"README.md is not up to date: {error.reason}")
        return error.reason
    return None


def shown(running: list[RunState], ended: list[RunState], *, now: float) -> list[str]:
    """Return the lines that show these runs to people, fitted to the terminal.

    Args:
        running: Open runs, newest first.
        ended: Ended runs, newest first.
        now: The time in seconds since 1970.
    """
    most = terminal.columns()
    lines: list[str] = []
    if running:
        heads = ("WORKFLOW", "STATUS", "STARTED", "STEP", "AGENT", "LOG")
        rows = [
            (run.title, run.status, terminal.ago(run.started, now), _step(run), run.agent, run.log) for run in running
        ]
        lines += terminal.table(heads, rows, most=most, colours=_colours(running), paths={_LOG})
    if running and ended:
        lines.append("")
    if ended:
        heads = ("WORKFLOW", "STATUS", "ENDED", "RESULT", "AGENT", "LOG")
        rows = [
            (run.title, run.status, terminal.ago(run.ended or "", now), _result(run), run.agent, run.log)
            for run in ended
        ]
        lines += terminal.table(heads, rows, most=most, colours=_colours(ended), paths={_LOG})
    return lines


def _log_now(layout: Layout, log: str) -> str:
    """Return where the end of a log is now; where it was if it is there, or gone."""
    if (layout.root / log).exists():
        return log
    files = log_files(layout, log)
    return layout.relative(files[-1]) if files else log


def _step(run: RunState) -> str:
    return " > ".join(run.steps) or run.last_step or "-"


def _result(run: RunState) -> str:
    return run.results_text if run.results_text != "-" else run.note or "-"


def _colours(runs: list[RunState]) -> dict[int, str | None]:
    if not terminal.coloured():
        return {}
    return {number: terminal.status_colour(run.status) for number, run in enumerate(runs)}


def _as_json(execution: Execution, running: list[RunState], ended: list[RunState], deferred: str | None) -> str:
    document = {
        "version": 1,
        "root": str(execution.layout.root),
        "manifest": {"up_to_date": deferred is None, "reason": deferred},
        "running": [_described(run) for run in running],
        "ended": [_described(run) for run in ended],
    }
    return terminal.json_text(document)


def _described(run: RunState) -> dict[str, Any]:
    return {
        "run": run.id,
        "workflow": run.workflow,
        "title": run.title,
        "agent": run.agent,
        "status": str(run.status),
        "started": run.started,
        "ended": run.ended,
        "step": run.steps[-1] if run.steps else None,
        "log": run.log,
        "summary": run.summary,
        "results": run.results,
        "counters": dict(run.counters),
        "note": run.note,
        "pid": run.pid,
        "host": run.host,
        "parent": run.parent,
        "fields": dict(run.fields),
    }
