"""An execution directory with an audit trail of known decisions, and ways to meddle with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from irl_logging import Execution
from irl_logging.audit.trails import AuditTrail


@pytest.fixture
def execution(tmp_path) -> Execution:
    return Execution(tmp_path / "execution", fsync=False, agent="agent-auto-approver")


@pytest.fixture
def trail(execution) -> AuditTrail:
    """Five decisions of two runs."""
    with execution.start("incident-approval", integration="finance_integration") as run:
        run.decision("approved", "incident-1", reason="simple field rename")
        run.decision("approved", "incident-2")
        run.decision("flagged", "incident-3", reason="TYPE_MISMATCH", evidence={"path": "amount"})
        run.result(approved=2, flagged=1)
    with execution.start("incident-approval") as run:
        run.decision("rejected", "incident-4", by="human:samson")
        run.decision("approved", "incident-5", by="human:samson")
    return execution.audit


@pytest.fixture
def file(trail) -> Path:
    """The file of the trail."""
    (found,) = trail.files()
    return found.path


@pytest.fixture
def meddle(file) -> Callable[[Callable[[list[bytes]], object]], None]:
    """Change the lines of the trail: the function gets them as a list, with their line feeds."""

    def change(what: Callable[[list[bytes]], object]) -> None:
        lines = file.read_bytes().splitlines(keepends=True)
        what(lines)
        file.write_bytes(b"".join(lines))

    return change
