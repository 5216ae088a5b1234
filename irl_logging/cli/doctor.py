"""`irl doctor`: what is well and what is not, and what to do about it."""

from __future__ import annotations

import json
from collections import Counter

import click

from irl_logging.cli import terminal
from irl_logging.cli.opened import execution_at
from irl_logging.diagnosis.doctor import examine
from irl_logging.diagnosis.finding import Finding, Level
from irl_logging.notices import counted
from irl_logging.redaction import Redactor

_COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.PROBLEM: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_context
def command(ctx: click.Context, *, as_json: bool) -> None:
    """Check settings, manifest, journal, runs, files and git, and say how to fix what is wrong.

    Only a running process can tell whether its handler is still installed and what it could not write: call
    `irl_logging.doctor()` there. The exit code is 1 if there is a problem, else 0.
    """
    execution = execution_at(ctx.obj, missing_ok=True)
    findings = examine(execution)
    if as_json:
        click.echo(
            json.dumps({"version": 1, "findings": [_described(it, execution.redactor) for it in findings]}, indent=2)
        )
    else:
        for finding in findings:
            for line in _shown(finding):
                click.echo(line)
        counts = Counter(finding.level for finding in findings)
        click.echo(f"{counted(counts[Level.PROBLEM], 'problem')}, {counted(counts[Level.WARN], 'warning')}")
    ctx.exit(1 if any(finding.level == Level.PROBLEM for finding in findings) else 0)


def _shown(finding: Finding) -> list[str]:
    level = f"{finding.level:<7}"
    if terminal.coloured():
        level = click.style(level, fg=_COLOURS[finding.level])
    lines = [f"{level}  {finding.topic:<9}  {terminal.safe(finding.text)}"]
    if finding.remedy:
        lines.append(f"{'':<18}  -> {terminal.safe(finding.remedy)}")
    return lines


def _described(finding: Finding, redactor: Redactor) -> dict[str, str]:
    return {
        "level": str(finding.level),
        "topic": finding.topic,
        "text": redactor.redact(finding.text),
        "remedy": finding.remedy,
    }
