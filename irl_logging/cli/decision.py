"""`irl decision`: a decision of an open run, in the audit trail."""

from __future__ import annotations

import click

from irl_logging.cli.opened import execution_at
from irl_logging.cli.pairs import value_of
from irl_logging.cli.working import RUN, working_on


@click.command()
@click.argument("outcome")
@click.argument("subject")
@click.option("--reason", metavar="TEXT", help="Why, in one sentence.")
@click.option("--by", metavar="WHO", help="Who decided. Default: the run's agent.")
@click.option("--evidence", metavar="JSON", help="What it is based on: JSON, or any text.")
@RUN
@click.pass_obj
def command(
    root: str | None,
    *,
    outcome: str,
    subject: str,
    reason: str | None,
    by: str | None,
    evidence: str | None,
    run_name: str | None,
) -> None:
    """Record a decision in the audit trail and in the run's log.

    OUTCOME is approved, rejected, flagged or another word; SUBJECT is what was decided on, such as an incident's id.
    """
    found = None if evidence is None else value_of(evidence)
    with working_on(execution_at(root), run_name) as run:
        run.decision(outcome, subject, by=by, reason=reason, evidence=found)
