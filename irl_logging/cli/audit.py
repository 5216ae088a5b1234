"""`irl audit`: who decided what, when and why, and whether the trail that says so is as it was written."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import click

from irl_logging.audit.decisions import APPROVED, FLAGGED, REJECTED, RecordedDecision
from irl_logging.audit.tally import GROUPS, Selection, Tally, grouped
from irl_logging.audit.verification import Verdict
from irl_logging.audit.verification import verify as examine
from irl_logging.cli import terminal
from irl_logging.cli.opened import execution_at
from irl_logging.line import parse_time
from irl_logging.notices import counted

SHOWN = 50
"""Decisions that are listed unless told otherwise."""

_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_COLOURS: Final[dict[str, str]] = {APPROVED: "green", REJECTED: "red", FLAGGED: "yellow"}


def _moment(_ctx: click.Context, _param: click.Parameter, text: str | None) -> dt.datetime | None:
    """Return the time in UTC that `text` names: a day, a time, or how long ago."""
    if text is None:
        return None
    if found := re.fullmatch(r"(\d{1,4})([mhdw])", text):
        return dt.datetime.now(dt.UTC) - dt.timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        return parse_time(text)
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is not a time: expected 2026-02-08, 2026-02-08T00:45:00Z, or how long ago, such as 24h"
        ) from None


@click.group(invoke_without_command=True)
@click.option("--by", metavar="PATTERN", help="Decided by, such as 'agent-*'.")
@click.option("--outcome", help="approved, rejected, flagged or any other word.")
@click.option("--workflow", metavar="PATTERN", help="In runs of this workflow.")
@click.option("--integration", metavar="PATTERN", help="For this integration.")
@click.option("--subject", metavar="PATTERN", help="About this subject, such as an incident id.")
@click.option(
    "--since",
    callback=_moment,
    metavar="WHEN",
    help="From this time on: 2026-02-08, a UTC time, or an age such as 24h or 7d.",
)
@click.option("--until", callback=_moment, metavar="WHEN", help="Before this time; same formats as --since.")
@click.option("--per", type=click.Choice(GROUPS), help="Show totals for each of these instead of the list.")
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    default=SHOWN,
    show_default=True,
    help="Newest decisions to list.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs, with all decisions.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    since: dt.datetime | None,
    until: dt.datetime | None,
    per: str | None,
    limit: int,
    as_json: bool,
    **patterns: str | None,
) -> None:
    """Show who decided what, when and why, and how much of it was approved.

    Reads all audit trails in logs/ and archive/, compressed ones too. The success rate is approved / (approved +
    rejected + flagged). `irl audit verify` checks that the trails have not been altered.
    """
    if ctx.invoked_subcommand is not None:
        return
    chosen = Selection(**patterns)
    decisions = [it for it in execution_at(ctx.obj).audit.decisions(since, until) if chosen.has(it)]
    if as_json:
        click.echo(terminal.json_text(_document(decisions)))
        return
    if not decisions:
        click.echo("No decisions.")
        return
    for line in _per(decisions, per) if per else _listed(decisions[max(0, len(decisions) - limit) :]):
        click.echo(line)
    if not per and 0 < limit < len(decisions):
        click.echo(f"... and {len(decisions) - limit} earlier")
    click.echo()
    click.echo(_summed_up(Tally.of(decisions)))


@command.command()
@click.option("--since", callback=_moment, metavar="WHEN", help="Verify from this day on; earlier lines are trusted.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
@click.pass_obj
def verify(root: str | None, *, since: dt.datetime | None, as_json: bool) -> None:
    """Check that the audit trail has not been altered; name each line that has.

    Each line is chained to the one before. The head of the chain is also noted in the journal and in the results files,
    so a truncated or rebuilt chain is found too. A line torn when its writer was killed is not counted as tampering.
    The exit code is 1 if anything was changed, removed or cut off.
    """
    verdict = examine(execution_at(root).audit, since.date() if since else None)
    if as_json:
        click.echo(terminal.json_text(_verdict(verdict)))
    else:
        for fault in verdict.faults:
            click.echo(terminal.harmless(str(fault)), err=True)
        for note in verdict.notes:
            click.echo(f"note: {terminal.harmless(str(note))}")
        end = "intact" if verdict.intact else f"NOT intact: {counted(len(verdict.faults), 'fault')}"
        checked = f"{counted(verdict.lines, 'line')} in {counted(verdict.files, 'file')}"
        click.echo(f"{checked}, {counted(verdict.witnesses, 'link')} known from elsewhere: {end}.")
    if not verdict.intact:
        raise SystemExit(1)


def _listed(decisions: list[RecordedDecision]) -> list[str]:
    heads = ("TIME", "OUTCOME", "SUBJECT", "BY", "WORKFLOW", "REASON")
    rows = [
        (it.time.strftime("%Y-%m-%dT%H:%M:%SZ"), it.outcome, it.subject, it.by, it.workflow, it.reason or "-")
        for it in decisions
    ]
    colours = {number: _COLOURS.get(it.outcome.lower()) for number, it in enumerate(decisions)}
    return terminal.table(heads, rows, most=terminal.columns(), colours=colours if terminal.coloured() else {})


def _per(decisions: list[RecordedDecision], group: str) -> list[str]:
    heads = (group.upper(), "APPROVED", "REJECTED", "FLAGGED", "OTHER", "SUCCESS")
    rows = []
    for key, tally in grouped(decisions, group).items():
        three = [tally.counts.get(outcome, 0) for outcome in (APPROVED, REJECTED, FLAGGED)]
        rows.append((key, *map(str, three), str(tally.total - sum(three)), _rate(tally)))
    return terminal.table(heads, rows, most=terminal.columns(), colours={})


def _summed_up(tally: Tally) -> str:
    counts = ", ".join(f"{count} {outcome}" for outcome, count in tally.counts.items())
    return terminal.harmless(f"{counted(tally.total, 'decision')}: {counts}; success rate {_rate(tally)}")


def _rate(tally: Tally) -> str:
    return "-" if tally.success_rate is None else f"{tally.success_rate:.1%}"


def _document(decisions: list[RecordedDecision]) -> dict[str, Any]:
    groups = {
        f"by_{group}": {key: tally.as_mapping() for key, tally in grouped(decisions, group).items()} for group in GROUPS
    }
    listed = [decision.as_mapping() for decision in decisions]
    return {"version": 1, "summary": Tally.of(decisions).as_mapping(), **groups, "decisions": listed}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    counts = {"intact": verdict.intact, "lines": verdict.lines, "files": verdict.files, "witnesses": verdict.witnesses}
    found = {"faults": verdict.faults, "notes": verdict.notes}
    return {"version": 1, **counts} | {
        name: [{"where": it.where, "what": it.text} for it in remarks] for name, remarks in found.items()
    }
